"""方案调整规则: conditions in words, the check of a scheme, and what changes between two schemes."""
