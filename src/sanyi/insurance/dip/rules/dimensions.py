"""辅助目录的竞争规则 (DIP 3.0): which dimensions of a disease hold, and the factor of each class.

A dimension holds when the disease's CV is at least the limit, at least two of its classes have enough stays, and
splitting lowers the CV by at least the share asked for. The CV after splitting is that of the costs around the means of
their own classes, √(Σ squares within ÷ (n − k)) ÷ mean of all; classes with too few stays are taken together as one and
get no factor. The factor of a class is its mean over the mean of the disease, in millionths half up. Of the dimensions
that hold, a stay gets the greatest factor of its classes, one alone; ties go to the earlier dimension.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sanyi.insurance.dip.rules.scoring import E6, cv_square
from sanyi.kernel.money import Rounding, divide

ALL_BP = 10_000


@dataclass(frozen=True, slots=True)
class Sums:
    """合计: number, Σx and Σx² of the costs of a class."""

    stay_count: int
    cost_fen: int
    squares: int

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.stay_count + other.stay_count, self.cost_fen + other.cost_fen, self.squares + other.squares)


NOTHING = Sums(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Limits:
    """竞争规则的界值."""

    cv_e6: int
    reduction_bp: int
    min_count: int


def is_heterogeneous(whole: Sums, limits: Limits) -> bool:
    """组内差异是否够大: CV at least the limit."""
    square = cv_square(whole.stay_count, whole.cost_fen, whole.squares)
    return square is not None and square >= Fraction(limits.cv_e6, E6) ** 2


def factors_e6(classes: Mapping[str, Sums], limits: Limits) -> dict[str, int]:
    """辅助系数: of one dimension of one disease, by class; empty when the dimension does not hold."""
    whole = sum(classes.values(), NOTHING)
    if not is_heterogeneous(whole, limits):
        return {}
    large = {name: sums for name, sums in classes.items() if sums.stay_count >= limits.min_count and sums.cost_fen}
    rest = sum((sums for name, sums in classes.items() if name not in large), NOTHING)
    parts = [*large.values(), *([rest] if rest.stay_count else [])]
    if len(large) < 2 or not _is_lowered(whole, parts, limits.reduction_bp):
        return {}
    return {
        name: divide(sums.cost_fen * whole.stay_count * E6, sums.stay_count * whole.cost_fen, Rounding.HALF_UP)
        for name, sums in sorted(large.items())
    }


def _is_lowered(whole: Sums, parts: list[Sums], reduction_bp: int) -> bool:
    """Whether the CV around the means of the parts is lower by at least the share."""
    before = cv_square(whole.stay_count, whole.cost_fen, whole.squares)
    freedom = whole.stay_count - len(parts)
    if before is None or freedom <= 0:
        return False
    within = sum((one.squares - Fraction(one.cost_fen**2, one.stay_count) for one in parts), Fraction(0))
    after = Fraction(within * whole.stay_count**2, freedom * whole.cost_fen**2)
    return after <= before * Fraction(ALL_BP - reduction_bp, ALL_BP) ** 2
