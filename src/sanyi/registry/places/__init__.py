"""区划: the tree of divisions with outlines, points and counts of population."""
