"""方案调整作业: workbooks of schemes, and the comparison of two schemes on the same stays; without Django."""
