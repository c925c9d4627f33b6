"""编码映射: code tables, and from other editions onto insurance edition 2.0."""
