"""读取语法 (the grammar): pure functions from lines to clauses, units, quantities, tasks and targets."""
