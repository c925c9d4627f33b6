"""办件: the base of every workflow: number, state, owner, deadline, timeline, evidence, to-do list, notices."""
