"""病种分值: weighted means of three years, RW and score, coefficient of variation; exact fractions, rounded once.

m_i = Σ weight · mean of the year ÷ Σ weight, over the years in which the disease has stays: a missing year drops out of
both sums and the row says which years it has. M likewise over all stays. RW = m_i ÷ M; score = RW × scale, or
m_i ÷ m of the benchmark disease × scale. Scores have four decimals, RW six, half up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from sanyi.kernel.money import Rounding, divide

E4, E6 = 10_000, 1_000_000


@dataclass(frozen=True, slots=True)
class YearCost:
    """一年费用: how many stays, and what they cost together."""

    stay_count: int
    cost_fen: int


def weighted_mean(years: Mapping[int, YearCost], weights: Iterable[tuple[int, int]]) -> Fraction | None:
    """加权均费: of the years (counted back: 1 is the last) that have stays; None when none has."""
    above, below = Fraction(0), 0
    for years_back, weight in weights:
        year = years.get(years_back)
        if year is not None and year.stay_count and weight:
            above += weight * Fraction(year.cost_fen, year.stay_count)
            below += weight
    return Fraction(above, below) if below else None


def weight_e6(mean: Fraction, mean_of_all: Fraction) -> int:
    """相对权重 (RW): mean of the disease over mean of all, in millionths."""
    return _half_up(Fraction(mean * E6, mean_of_all))


def score_e4(mean: Fraction, base: Fraction, scale: int) -> int:
    """病种分值: mean of the disease over the base (all stays, or the benchmark disease) × scale, four decimals."""
    return _half_up(Fraction(mean * scale * E4, base))


def mean_fen(cost_fen: int, count: int) -> int | None:
    """均费: to the fen; None without stays."""
    return divide(cost_fen, count, Rounding.HALF_UP) if count else None


def cv_square(count: int, cost_fen: int, squares: int) -> Fraction | None:
    """变异系数的平方: n(nΣx² − (Σx)²) ÷ ((n − 1)(Σx)²); None for fewer than two stays or no cost."""
    if count < 2 or not cost_fen:
        return None
    return Fraction(count * (count * squares - cost_fen**2), (count - 1) * cost_fen**2)


def root_e6(square: Fraction) -> int:
    """平方根: in millionths, half up, from an exact square."""
    return (isqrt(4 * E6 * E6 * square.numerator // square.denominator) + 1) // 2


def whole_fen(value: Fraction) -> int:
    """取整到分."""
    return _half_up(value)


def _half_up(value: Fraction) -> int:
    return divide(value.numerator, value.denominator, Rounding.HALF_UP)
