"""登录会话: sign-in, sign-out, password, language and the role one works in."""
