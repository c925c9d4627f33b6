"""紧急调阅: one record opened outside the scope, for a reason and some hours, and the review that follows."""
