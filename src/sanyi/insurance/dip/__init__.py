"""病种分值（DIP）: catalogue of diseases with scores, cost deviation, point values; the pure part, without Django::

from sanyi.insurance.dip import deviation, settle, Payee

settle(pool_fen, [Payee("A", score_e4, coefficient_e6), ...])
"""

from sanyi.insurance.dip.rules.deviation import Deviation, deviation, deviation_exprs, factored_e4, factored_e4_expr
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

__all__ = [
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
