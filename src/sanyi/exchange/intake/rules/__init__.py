"""接入规则: texts of cells to typed values, headers to columns. Pure: no files, no Django."""
