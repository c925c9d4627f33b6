"""网站与命令行: settings, base templates, sign-in, home pages, command line."""
