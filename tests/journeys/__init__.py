"""浏览器旅程: what people do on the site, in a real browser, against a small demonstration county."""
