"""病例组合规则: figures by dimension, low-risk groups, cost outliers, funnels."""
