"""标尺 (yardstick): what a stay of a group is expected to last and to cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from sanyi.kernel.money import Rounding, divide

E6 = 1_000_000
STAY_SCALE = 100


@dataclass(frozen=True, slots=True)
class GroupStatistics:
    """同组统计: of own stays. ``mean_stay_days_e2`` counts hundredths of a day."""

    stays_count: int
    mean_total_fen: int | None
    mean_stay_days_e2: int | None


@dataclass(frozen=True, slots=True)
class Expected:
    """预期值: and where it comes from."""

    value: int
    basis: str
    basis_en: str


@dataclass(frozen=True, slots=True)
class Yardstick:
    """标尺: own statistics by group, weights by group, and the cost of one weight; each part may be unknown."""

    groups: Mapping[str, GroupStatistics] = field(default_factory=dict)
    weights_e6: Mapping[str, int] = field(default_factory=dict)
    weight_cost_fen: int | None = None

    @classmethod
    def of_stays(cls, stays: pl.DataFrame, weights_e6: Mapping[str, int] | None = None) -> Yardstick:
        """由已分组病例统计: columns drg, total_fen, length_of_stay_days, weight_e6; only stays that have a group.

        The cost of one weight is the total cost of the stays with a weight over their total weight, rounded half up.
        """
        rows = stays.group_by("drg").agg(
            pl.len().alias("count"),
            pl.col("total_fen").sum().alias("cost"),
            pl.col("total_fen").count().alias("cost_count"),
            pl.col("length_of_stay_days").sum().alias("days"),
            pl.col("length_of_stay_days").count().alias("days_count"),
            pl.col("weight_e6").drop_nulls().first().alias("weight_e6"),
        )
        groups = {
            drg: GroupStatistics(count, _mean(cost, cost_count), _mean(days * STAY_SCALE, days_count))
            for drg, count, cost, cost_count, days, days_count, _ in rows.iter_rows()
        }
        weighted = stays.filter(pl.col("weight_e6").is_not_null() & pl.col("total_fen").is_not_null())
        cost, weight = int(weighted["total_fen"].sum()), int(weighted["weight_e6"].sum())
        own = {row[0]: row[6] for row in rows.iter_rows() if row[6] is not None}
        return cls(groups, dict(weights_e6 or {}) | own, _mean(cost * E6, weight))

    def cost_fen(self, drg: str, stays_count_min: int) -> Expected | None:
        """预期费用: the mean of own stays when there are enough, else weight times the cost of one weight."""
        own = self.groups.get(drg)
        if own is not None and own.stays_count >= stays_count_min and own.mean_total_fen:
            return Expected(own.mean_total_fen, *_own_basis(own))
        weight = self.weights_e6.get(drg)
        if not weight or not self.weight_cost_fen:
            return None
        value = divide(weight * self.weight_cost_fen, E6, Rounding.HALF_UP)
        return Expected(value, "权重×每权重费用", "weight × cost of one weight") if value > 0 else None

    def stay_days_e2(self, drg: str, stays_count_min: int) -> Expected | None:
        """预期住院日: the mean of own stays when there are enough; no weight says how long a stay lasts."""
        own = self.groups.get(drg)
        if own is None or own.stays_count < stays_count_min or not own.mean_stay_days_e2:
            return None
        return Expected(own.mean_stay_days_e2, *_own_basis(own))


def _own_basis(own: GroupStatistics) -> tuple[str, str]:
    return f"本地{own.stays_count}例同组病例均值", f"mean of {own.stays_count} own stays of the group"


def _mean(total: int, count: int) -> int | None:
    return divide(total, count, Rounding.HALF_UP) if count > 0 else None
