"""接入作业: files to rows, rows to checked tables. No Django."""
