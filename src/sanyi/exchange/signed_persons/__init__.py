"""签约居民 (signed persons): contract of agreements with teams of family doctors."""
