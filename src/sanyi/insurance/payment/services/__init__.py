"""支付服务: facts and rules of a year, settlements and their results, closing and replay, special cases, statements.

For the consortium package: ``latest``, ``closed`` and ``spend``. For what-if: ``frozen_facts`` and ``frozen_rules`` of
a settlement, ``of_held`` (its facts), ``compute`` (another rule set over them) and ``table`` (what it was).
"""

from sanyi.insurance.payment.services.closing import (
    case_differences,
    close,
    differences,
    newer_inputs,
    obstacles,
    reopen,
    unpayable,
)
from sanyi.insurance.payment.services.explanation import steps_of
from sanyi.insurance.payment.services.held import SOURCES, Held, hold
from sanyi.insurance.payment.services.reading import (
    RESULTS,
    closed,
    found_case,
    get,
    in_force,
    institution_rows,
    latest,
    method_name,
    newest,
    owner_of,
    paid_case,
    settlements,
    spend,
    stay_count,
    table,
    years,
)
from sanyi.insurance.payment.services.replaying import Replay, frozen_facts, replay
from sanyi.insurance.payment.services.rule_sets import frozen_rules, rule_set
from sanyi.insurance.payment.services.runs import compute, last_day, period_of, running, start
from sanyi.insurance.payment.services.specials import (
    Room,
    apply,
    approved,
    capped_methods,
    decide,
    filing_until,
    of_stay,
    room,
    waiting,
)
from sanyi.insurance.payment.services.statements.building import assumed_values
from sanyi.insurance.payment.services.summaries import disease_share, summary_of
from sanyi.insurance.payment.services.year_facts import absent, absent_of, facts, of_held

__all__ = [
    "SOURCES",
    "filing_until",
    "capped_methods",
    "assumed_values",
    "absent_of",
    "RESULTS",
    "Held",
    "Replay",
    "Room",
    "absent",
    "apply",
    "approved",
    "case_differences",
    "close",
    "closed",
    "compute",
    "decide",
    "differences",
    "disease_share",
    "facts",
    "found_case",
    "frozen_facts",
    "frozen_rules",
    "get",
    "hold",
    "in_force",
    "institution_rows",
    "last_day",
    "latest",
    "method_name",
    "newer_inputs",
    "newest",
    "obstacles",
    "of_held",
    "of_stay",
    "owner_of",
    "paid_case",
    "period_of",
    "reopen",
    "replay",
    "room",
    "rule_set",
    "running",
    "settlements",
    "spend",
    "start",
    "stay_count",
    "steps_of",
    "summary_of",
    "table",
    "unpayable",
    "waiting",
    "years",
]
