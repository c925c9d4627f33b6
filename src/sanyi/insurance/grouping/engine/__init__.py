"""分组引擎: compiles a scheme's ordered rules to whole numbers and runs them; no code belongs to a single scheme."""
