"""病例组合分析: figures of institutions, departments, doctors, groups and tiers, with funnels that spare the small."""
