"""方案调整: import a grouping scheme from a workbook, compare it with the one in force, and switch by a case."""
