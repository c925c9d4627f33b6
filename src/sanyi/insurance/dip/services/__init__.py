"""DIP 服务: what other topics use: point values, deviation, corridor, and the scores of stays."""

from sanyi.insurance.dip.rules.deviation import (
    Deviation,
    deviation,
    deviation_exprs,
    factored_e4,
    factored_e4_expr,
)
from sanyi.insurance.dip.rules.point_value import (
    CorridorBand,
    Payee,
    Settled,
    YearSum,
    amount_fen,
    budget_point_value_e6,
    corridor_fen,
    corridor_of,
    cost_pool_fen,
    fund_due_fen,
    point_value_e6,
    settle,
)
from sanyi.insurance.dip.services.building import catalogue_of_run, start
from sanyi.insurance.dip.services.choice import assign, catalogue_on, held, spans, switches
from sanyi.insurance.dip.services.facts import stays, years_with_stays
from sanyi.insurance.dip.services.importing import (
    annotated_workbook,
    bytes_max,
    dip_import,
    is_under_way,
    receive,
)
from sanyi.insurance.dip.services.storing import catalogue, catalogues, content_of, store
from sanyi.insurance.dip.services.switching import open_proposal, proposals_of, propose
from sanyi.insurance.dip.services.trial import explain, try_stay

__all__ = [
    "explain",
    "held",
    "try_stay",
    "annotated_workbook",
    "assign",
    "bytes_max",
    "catalogue",
    "catalogue_of_run",
    "dip_import",
    "is_under_way",
    "open_proposal",
    "proposals_of",
    "propose",
    "receive",
    "start",
    "stays",
    "years_with_stays",
    "catalogue_on",
    "catalogues",
    "content_of",
    "spans",
    "store",
    "switches",
    "CorridorBand",
    "Deviation",
    "Payee",
    "Settled",
    "YearSum",
    "amount_fen",
    "budget_point_value_e6",
    "corridor_fen",
    "corridor_of",
    "cost_pool_fen",
    "deviation",
    "deviation_exprs",
    "factored_e4",
    "factored_e4_expr",
    "fund_due_fen",
    "point_value_e6",
    "settle",
]
