"""分配 (splitting): a sum in proportion to weights, to the last fen; the residual goes to the largest share."""

from __future__ import annotations

from collections.abc import Mapping

from sanyi.insurance.package.codes import HOLDERS_MISSING
from sanyi.kernel.money import Rounding, divide
from sanyi.kernel.refusals import RefusedError


def split_to_largest(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """按权分配: each part rounded half up; what is left over goes to the largest weight, ties to the smallest code.

    The parts add up to the total and do not depend on the order of the weights; the split of a negative total is the
    negative of that of its opposite. Refuses weights that are all zero or none.
    """
    whole = sum(weights.values())
    if whole <= 0 or min(weights.values()) < 0:
        raise RefusedError(HOLDERS_MISSING())
    parts = {code: divide(total * weights[code], whole, Rounding.HALF_UP) for code in sorted(weights)}
    largest = min(weights, key=lambda code: (-weights[code], code))
    parts[largest] += total - sum(parts.values())
    return parts
