"""首页: what a person in a role sees first: what to do, how things stand, where to go."""
