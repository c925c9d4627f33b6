"""医保: insurance."""
