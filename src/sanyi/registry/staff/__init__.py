"""人员: health staff with licence, title, posts and dated affiliations."""
