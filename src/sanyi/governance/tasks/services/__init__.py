"""督查督办服务: what pages, interface and other topics may ask."""

from sanyi.governance.tasks.codes import Draw, Light, PackKind, Receiver
from sanyi.governance.tasks.services import (
    acting,
    board,
    charts,
    daily,
    duties,
    leads,
    ledger,
    lights,
    limits,
    links,
    packs,
    problems,
    rounds,
    story,
    writing,
)
from sanyi.governance.tasks.services.hooks import (
    register_documents_above,
    register_light_source,
    register_pages,
    register_standings,
)
from sanyi.governance.tasks.services.registering import register_tasks
from sanyi.governance.tasks.services.units import choose_unit, unmatched
from sanyi.governance.tasks.tables import DocumentStanding, LightEvidence, NewTask, TaskFacts, TaskSource

__all__ = [
    "Draw",
    "Light",
    "PackKind",
    "Receiver",
    "DocumentStanding",
    "LightEvidence",
    "NewTask",
    "TaskFacts",
    "TaskSource",
    "acting",
    "board",
    "charts",
    "choose_unit",
    "daily",
    "duties",
    "leads",
    "ledger",
    "lights",
    "limits",
    "links",
    "packs",
    "problems",
    "register_documents_above",
    "register_light_source",
    "register_pages",
    "register_standings",
    "register_tasks",
    "rounds",
    "story",
    "unmatched",
    "writing",
]
