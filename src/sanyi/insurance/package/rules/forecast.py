"""全年预测与预警 (forecast and early warning): a simple method that says which one it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanyi.insurance.package.codes import WarningLevel
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide

MONTHS = 12
SEASONAL, EVEN = "seasonal", "even"


@dataclass(frozen=True, slots=True)
class Forecast:
    """全年预测: ``method`` is seasonal (by last year's months), even (twelve equal months), or empty when unknown."""

    method: str
    month_count: int
    spent_fen: int
    year_fen: int | None
    balance_fen: int | None
    excess_bp: int | None
    level: WarningLevel


def forecast(
    budget_fen: int,
    spent_by_month: Mapping[int, int],
    last_year_by_month: Mapping[int, int],
    bands: Sequence[Mapping[str, Any]],
) -> Forecast:
    """全年预测: what has been spent, raised to twelve months by the same months of last year, else evenly.

    Seasonal: spent × (last year, all months) ÷ (last year, the same months), when all twelve are known. The level is
    that of the highest band that the excess over the budget reaches. Without a month, or at a budget of zero, unknown.
    """
    spent = sum(spent_by_month.values())
    count = len(spent_by_month)
    same = sum(last_year_by_month.get(month, 0) for month in spent_by_month)
    if not spent_by_month:
        return Forecast("", 0, 0, None, None, None, WarningLevel.UNKNOWN)
    if len(last_year_by_month) == MONTHS and same > 0:
        method, year = SEASONAL, divide(spent * sum(last_year_by_month.values()), same, Rounding.HALF_UP)
    else:
        method, year = EVEN, divide(spent * MONTHS, count, Rounding.HALF_UP)
    balance = budget_fen - year
    if budget_fen <= 0:
        return Forecast(method, count, spent, year, balance, None, WarningLevel.UNKNOWN)
    excess = divide(-balance * BASIS_POINTS_ALL, budget_fen, Rounding.HALF_UP)
    reached = [WarningLevel(row["level"]) for row in bands if excess >= int(row["from_bp"])]
    return Forecast(method, count, spent, year, balance, excess, reached[-1] if reached else WarningLevel.NONE)
