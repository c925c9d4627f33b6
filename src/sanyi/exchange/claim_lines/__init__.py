"""费用明细 (claim lines): contract of the item lines of settlements."""
