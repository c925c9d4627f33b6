"""治理: models of all topics, re-exported so that the area has one line of migrations."""
