"""政策文件: a policy document is read into clauses, tasks, targets and values that a person then confirms."""
