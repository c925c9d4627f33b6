"""规则声明: what a computed rule says of itself, so that one job can compute all of them in one pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from sanyi.governance.indicators.codes import Reason
from sanyi.kernel.labels import Labelled


class Need(Labelled):
    """所需事实: the tables and parts of the bundle that a rule cannot do without."""

    SETTLEMENT_LIST = "settlement_list", "医保结算清单", "Settlement lists"
    GROUPED_STAY = "grouped_stay", "分组病例", "Grouped stays"
    LOW_RISK = "low_risk", "低风险组", "Low-risk groups"
    OPERATION_LEVELS = "operation_levels", "手术级别目录", "Operation levels"
    OUTSIDE_STAY = "outside_stay", "异地住院结算", "Settlements outside the county"
    STAFF = "staff", "人员登记", "Staff registry"
    RESIDENTS = "residents", "人口数", "Counts of residents"


REASONS = {
    Need.LOW_RISK: Reason.NO_LOW_RISK,
    Need.OPERATION_LEVELS: Reason.NO_OPERATION_LEVELS,
    Need.OUTSIDE_STAY: Reason.NO_OUTSIDE_STAYS,
    Need.STAFF: Reason.NO_STAFF,
    Need.RESIDENTS: Reason.NO_RESIDENTS,
}
"""缺什么的原因: what is said when a need is not there; stays without rows are simply no rows."""


class Quantity(Labelled):
    """分子分母的量: what the whole number counts; ``scale`` of them make one of the printed unit."""

    COUNT = "count", "例（人、组）", "Count"
    FEN = "fen", "元", "Yuan"
    DAYS = "days", "天", "Days"
    MILLIONTHS = "millionths", "百万分之一", "Millionths"

    @property
    def scale(self) -> int:
        """几个作一: of the printed unit."""
        return {"fen": 100, "millionths": 1_000_000}.get(self.value, 1)


@dataclass(frozen=True, slots=True)
class RowRule:
    """逐行规则: whole numbers per row that add up. ``counts`` says which rows are in question, ``is_missing`` which of
    these lack what is needed (they are left out of both sums). A total is the numerator alone, over one."""

    name: str
    zh: str
    numerator: pl.Expr
    denominator: pl.Expr
    counts: pl.Expr
    is_missing: pl.Expr
    needs: tuple[Need, ...] = (Need.SETTLEMENT_LIST,)
    numerator_quantity: Quantity = Quantity.COUNT
    denominator_quantity: Quantity = Quantity.COUNT
    is_county_only: bool = False
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class TableFunction:
    """整表规则: a function of the whole bundle to numerators and denominators per node and period."""

    name: str
    zh: str
    function: Callable[..., Any]
    needs: tuple[Need, ...] = (Need.SETTLEMENT_LIST,)
    numerator_quantity: Quantity = Quantity.COUNT
    denominator_quantity: Quantity = Quantity.COUNT
    is_county_only: bool = False
    has_rows: bool = False


Rule = RowRule | TableFunction
