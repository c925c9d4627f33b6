"""机构: every institution and bureau of a county, its parents, and its dated membership in a medical group."""
