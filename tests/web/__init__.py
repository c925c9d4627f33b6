"""网站的测试: tests of the web area."""
