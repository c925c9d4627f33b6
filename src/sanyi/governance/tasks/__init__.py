"""督查督办: tasks of documents with units, evidence, deadlines and lights; rounds, packs, problem reports."""
