"""演示县: the demonstration county."""
