"""方案调整表: the form of the workbook, and what a comparison leaves in the lake."""
