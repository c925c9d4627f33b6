"""指标页面: importing the package declares every page of the topic."""
