"""病种分值 (DIP): catalogues built or imported, scores, auxiliary catalogues, and the grouping of stays."""
