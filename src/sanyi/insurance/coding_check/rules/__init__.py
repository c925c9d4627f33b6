"""编码质控规则: pure functions from one stay to its findings; a table is the same functions, row by row."""
