"""编码质控作业: settlement lists in, findings, summaries and a workbook out; without Django."""
