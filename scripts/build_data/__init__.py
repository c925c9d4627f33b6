"""Builds the data files that the package ships from the published source tables."""
