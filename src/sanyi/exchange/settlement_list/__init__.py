"""结算清单: the national settlement list as a contract of facts."""
