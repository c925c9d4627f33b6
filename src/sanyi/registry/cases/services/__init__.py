"""办件服务: register charts, open and act on cases, to-do lists, evidence and notices."""

from sanyi.registry.cases.models import Case, CaseEvent, Evidence
from sanyi.registry.cases.services.acting import (
    act,
    attach,
    change_data,
    escalate_overdue,
    next_number,
    open_case,
    possible_acts,
)
from sanyi.registry.cases.services.charts import ChartEntry, entries, entry_of, register_chart
from sanyi.registry.cases.services.evidence import evidence_bytes_max, path_of
from sanyi.registry.cases.services.lookup import get
from sanyi.registry.cases.services.notices import latest, mark_read, remind, unread_count
from sanyi.registry.cases.services.todo import may_read, todo, todo_count, visible
from sanyi.registry.runs.services import periodic

periodic("cases.escalate_overdue", every_seconds=60)(escalate_overdue)

__all__ = [
    "Case",
    "CaseEvent",
    "ChartEntry",
    "Evidence",
    "act",
    "attach",
    "change_data",
    "entries",
    "entry_of",
    "escalate_overdue",
    "evidence_bytes_max",
    "get",
    "latest",
    "mark_read",
    "may_read",
    "next_number",
    "open_case",
    "path_of",
    "possible_acts",
    "register_chart",
    "remind",
    "todo",
    "todo_count",
    "unread_count",
    "visible",
]
