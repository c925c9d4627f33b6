"""病例组合指标: the figures of grouping performance by any dimension, low-risk deaths and cost outliers beside them.

CMI, time and cost index are those of ``sanyi.insurance.grouping.performance``, against all given stays; there is no
second definition. Low-risk group (低风险组): mortality inside the group, of all stays with a known way of discharge,
below the policy's limit, in a group of at least so many stays. Level 3–4 share (三四级手术占比): of the stays with an
operation that the county's list holds, those whose highest level is 3 or 4; a stay counts once.
Outlier (高、低倍率病例): cost ÷ mean cost of the group
beyond the limits; groups with few stays are not judged. Quotients are rounded half up to millionths.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from sanyi.insurance.case_mix.rules.operation_levels import HIGH_FROM
from sanyi.insurance.case_mix.rules.policy import CostLimits, Limits
from sanyi.insurance.grouping import performance
from sanyi.insurance.grouping.codes import Status

GROUP = ("scheme", "drg")
SEPARATOR = "\x1f"
OTHERS, OWN = "", "="
ALL_BP, PER_MILLE, E6 = 10_000, 1_000, 1_000_000


def keyed(
    stays: pl.LazyFrame, keys: Sequence[str], institutions: Collection[str] | None, *, is_grouped_only: bool = False
) -> pl.LazyFrame:
    """标识: the stays with ``key``, made of the values of ``keys`` (nothing stands empty); others have an empty key.

    Stays outside ``institutions`` (None: no limit) stay in the table as what the others are compared with.
    """
    is_own = pl.lit(True) if institutions is None else pl.col("institution_code").is_in(sorted(institutions))
    if is_grouped_only:
        is_own = is_own & (pl.col("status") == Status.GROUPED.value)
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in keys]
    key = pl.concat_str([pl.lit(OWN), *parts], separator=SEPARATOR)
    return stays.with_columns(key=pl.when(is_own).then(key).otherwise(pl.lit(OTHERS)))


def parts_of(key: str) -> list[str]:
    """标识的各部分: the values that a key was made of."""
    return key.split(SEPARATOR)[1:]


def figures(stays: pl.LazyFrame) -> pl.LazyFrame:
    """各项指标: one row per key of one's own; needs ``is_low_risk``, ``is_dead``, ``cost_class`` and
    ``operation_level`` on the stays."""
    known = performance(stays.with_columns(institution_code=pl.col("key")))
    is_low_risk, is_dead = pl.col("is_low_risk").fill_null(False), pl.col("is_dead")
    added = stays.group_by("key").agg(
        (is_low_risk & is_dead.is_not_null()).sum().cast(pl.Int64).alias("low_risk_count"),
        (is_low_risk & is_dead.fill_null(False)).sum().cast(pl.Int64).alias("low_risk_death_count"),
        pl.col("cost_class").count().cast(pl.Int64).alias("cost_judged_count"),
        (pl.col("cost_class") == "high").sum().cast(pl.Int64).alias("cost_high_count"),
        (pl.col("cost_class") == "low").sum().cast(pl.Int64).alias("cost_low_count"),
        *_operations(),
    )
    both = known.rename({"institution_code": "key"}).join(added, on="key")
    rate = _rate_e6(pl.col("low_risk_death_count"), pl.col("low_risk_count"))
    share = _rate_e6(pl.col("operation_high_count"), pl.col("operation_count"))
    own = both.filter(pl.col("key") != OTHERS)
    return own.with_columns(low_risk_death_e6=rate, operation_high_e6=share).sort("key")


def _operations() -> tuple[pl.Expr, pl.Expr]:
    """手术病例: stays with an operation of the county's list, and with one of level 3 or 4; null without a list."""
    level = pl.col("operation_level")
    has_list = level.count() > 0
    return (
        pl.when(has_list).then((level > 0).sum().cast(pl.Int64)).alias("operation_count"),
        pl.when(has_list).then((level >= HIGH_FROM).sum().cast(pl.Int64)).alias("operation_high_count"),
    )


def with_outcome(stays: pl.LazyFrame, limits: Limits) -> pl.LazyFrame:
    """死亡: ``is_dead`` from the way of discharge; unknown where that is unknown."""
    return stays.with_columns(is_dead=pl.col("discharge_way_code").is_in(list(limits.death_ways)))


def risk_groups(stays: pl.LazyFrame, limits: Limits) -> pl.LazyFrame:
    """低风险组: scheme, drg, risk_count, risk_death_count, risk_death_e6, is_low_risk; from stays with ``is_dead``."""
    known = stays.filter(pl.col("status") == Status.GROUPED.value, pl.col("is_dead").is_not_null())
    counted = known.group_by(*GROUP).agg(
        pl.len().cast(pl.Int64).alias("risk_count"), pl.col("is_dead").sum().cast(pl.Int64).alias("risk_death_count")
    )
    is_low = pl.col("risk_death_count") * PER_MILLE < limits.low_risk_per_mille * pl.col("risk_count")
    return counted.with_columns(
        is_low_risk=is_low & (pl.col("risk_count") >= limits.low_risk_min_count),
        risk_death_e6=_rate_e6(pl.col("risk_death_count"), pl.col("risk_count")),
    )


def group_costs(stays: pl.LazyFrame) -> pl.LazyFrame:
    """同组费用: scheme, drg, group_fen and group_count of grouped stays with a cost."""
    grouped = stays.filter(pl.col("status") == Status.GROUPED.value).drop_nulls("total_fen")
    return grouped.group_by(*GROUP).agg(
        pl.col("total_fen").sum().alias("group_fen"), pl.len().cast(pl.Int64).alias("group_count")
    )


def cost_class(limits: CostLimits) -> pl.Expr:
    """费用倍率分类: low, normal or high of a stay with group_fen and group_count; null where nothing can be said.

    Exactly at a limit is normal. A weight that is unknown gets the widest limit.
    """
    cost = pl.col("total_fen").cast(pl.Int128) * pl.col("group_count") * ALL_BP
    mean = pl.col("group_fen").cast(pl.Int128)
    is_judged = (
        (pl.col("status") == Status.GROUPED.value)
        & (pl.col("group_count") >= limits.group_min_count)
        & (pl.col("group_fen") > 0)
        & pl.col("total_fen").is_not_null()
    )
    judged = (
        pl.when(cost < mean * limits.low_bp)
        .then(pl.lit("low"))
        .when(cost > mean * _high_bp(limits))
        .then(pl.lit("high"))
        .otherwise(pl.lit("normal"))
    )
    return pl.when(is_judged).then(judged).alias("cost_class")


def _high_bp(limits: CostLimits) -> pl.Expr:
    chosen = pl.lit(limits.high_bands[-1][1])
    for weight_max, limit in reversed(limits.high_bands):
        chosen = pl.when(pl.col("weight_e6") <= weight_max).then(pl.lit(limit)).otherwise(chosen)
    widest = max(limit for _, limit in limits.high_bands)
    return pl.when(pl.col("weight_e6").is_null()).then(pl.lit(widest)).otherwise(chosen).cast(pl.Int128)


def _rate_e6(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """part ÷ whole, half up; null for a whole of zero."""
    below = pl.when(whole > 0).then(whole)
    return (2 * part * E6 + below) // (2 * below)
