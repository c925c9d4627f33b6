"""数据质量规则: shares in basis points and their weighted mean, from whole counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sanyi.exchange.quality.codes import NOTHING_TO_SCORE, WEIGHTS_DO_NOT_ADD_UP, Dimension
from sanyi.kernel.money import Rounding, divide
from sanyi.kernel.refusals import RefusedError

WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """一个月的检查结果: counts of rows and cells; a row may be invalid and inconsistent at once."""

    month: str
    row_count: int
    cell_count: int
    filled_count: int
    invalid_count: int
    inconsistent_count: int
    late_count: int


def shares_bp(figures: MonthFigures) -> dict[Dimension, int]:
    """四项得分率（万分比，四舍五入）. Refuses a month without rows: unknown is not 100 %. Basis: README, our choice."""
    if figures.row_count <= 0:
        raise RefusedError(NOTHING_TO_SCORE(month=figures.month or "未知月份"))
    rows = figures.row_count
    return {
        Dimension.COMPLETENESS: _share_bp(figures.filled_count, figures.cell_count),
        Dimension.VALIDITY: _share_bp(rows - figures.invalid_count, rows),
        Dimension.CONSISTENCY: _share_bp(rows - figures.inconsistent_count, rows),
        Dimension.TIMELINESS: _share_bp(rows - figures.late_count, rows),
    }


def score_bp(shares: Mapping[Dimension, int], weights_bp: Mapping[str, int]) -> int:
    """综合得分（万分比，四舍五入）: the weighted mean. Refuses weights that do not add up to 10000."""
    total = sum(weights_bp.get(one.value, 0) for one in Dimension)
    if total != WHOLE_BP or len(weights_bp) != len(Dimension):
        raise RefusedError(WEIGHTS_DO_NOT_ADD_UP(total=sum(weights_bp.values())))
    return divide(sum(shares[one] * weights_bp[one.value] for one in Dimension), WHOLE_BP, Rounding.HALF_UP)


def _share_bp(part: int, whole: int) -> int:
    """Of nothing expected, everything is there."""
    return divide(part * WHOLE_BP, whole, Rounding.HALF_UP) if whole else WHOLE_BP
