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
from sanyi.insurance.dip.services.choice import assign, catalogue_on, spans, switches
from sanyi.insurance.dip.services.storing import catalogue, catalogues, content_of, store

__all__ = [
    "assign",
    "catalogue",
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
