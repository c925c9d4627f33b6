"""治理: governance of the reform."""
