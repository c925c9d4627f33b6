"""政策模拟 (what-if): last year under other rules, with nothing written to the books."""
