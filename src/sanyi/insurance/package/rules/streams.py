"""四打包 (four packages): release of public-health and fiscal money by people served and health results."""

from __future__ import annotations

from sanyi.insurance.package.codes import AMOUNT_NEGATIVE, TARGET_MISSING
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide
from sanyi.kernel.refusals import RefusedError

E6 = 1_000_000
QUARTERS = 4


def quarter_fen(amount_fen: int, quarter: int) -> int:
    """季度金额: a fourth of the year's, half up; the last quarter takes the rounding back."""
    each = divide(amount_fen, QUARTERS, Rounding.HALF_UP)
    return each if quarter < QUARTERS else amount_fen - each * (QUARTERS - 1)


def release(due_fen: int, *, base_bp: int, served_count: int, target_count: int, factor_e6: int) -> int:
    """按服务人数和健康结果拨付: a basic share at once, the rest × people served (at most all) × f(score).

    Rounded once, half up. Refuses a missing target: unknown is not zero.
    """
    if target_count <= 0:
        raise RefusedError(TARGET_MISSING())
    if served_count < 0 or due_fen < 0:
        raise RefusedError(AMOUNT_NEGATIVE(what="服务人数", what_en="The people served", value=served_count))
    served = min(served_count, target_count)
    base = due_fen * base_bp * target_count * E6
    linked = due_fen * (BASIS_POINTS_ALL - base_bp) * served * factor_e6
    return divide(base + linked, BASIS_POINTS_ALL * target_count * E6, Rounding.HALF_UP)
