"""内核 (kernel): money, dates, policy, tables, rules, refusals and workflows, pure. See README.md."""
