"""督查督办页面: the board, one task, units, rounds, packs, milestones, quarterly problems, printing."""

from sanyi.governance.tasks.pages import board, entering, packs, printing, problems, rounds, task
from sanyi.governance.tasks.pages.table import routes

__all__ = ["board", "entering", "packs", "printing", "problems", "rounds", "routes", "task"]
