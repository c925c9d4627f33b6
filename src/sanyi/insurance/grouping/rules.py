"""分组绩效规则: case-mix index, time and cost index of institutions against all stays of the same table.

Definitions: 国家卫生健康委 DRG 绩效评价指标 (服务能力：CMI；服务效率：时间消耗指数、费用消耗指数). For institution h
and group k with n stays: index = Σₖ nₖ · (mean of h in k / mean of all in k) / Σₖ nₖ, over the grouped stays. A group
whose mean over all stays is zero says nothing and is left out. Each quotient is rounded half up to millionths.
"""

from __future__ import annotations

import polars as pl

from sanyi.insurance.grouping.codes import Status

E6 = 1_000_000
GROUP = ("scheme", "adrg", "drg")


def performance(stays: pl.LazyFrame) -> pl.LazyFrame:
    """分组绩效: one row per institution (contract PERFORMANCE) from grouped stays; the county is all given stays.

    Null means that nothing can be said: no stay with a weight (CMI), no grouped stay (indices).
    """
    totals = stays.group_by("institution_code").agg(*_totals())
    indices = _indices(stays)
    return (
        totals.join(indices, on="institution_code", how="left")
        .with_columns(_quotient_e6(pl.col("weight_sum_e6"), pl.col("weighted_count"), scale=1).alias("cmi_e6"))
        .sort("institution_code")
    )


def contributions(stays: pl.LazyFrame, institution_code: str) -> pl.LazyFrame:
    """构成: the groups that an institution's figures add up from, one row per group, the most frequent first.

    ``own_`` columns are the institution's, ``all_`` those of all given stays; ``time_ratio_e6`` and ``cost_ratio_e6``
    are the mean of the institution over the mean of all, as they enter the indices, weighted by ``stay_count``.
    """
    grouped = stays.filter(pl.col("status") == Status.GROUPED.value)
    sums = [
        pl.len().cast(pl.Int64).alias("stay_count"),
        pl.col("length_of_stay_days").sum().alias("days"),
        pl.col("length_of_stay_days").count().cast(pl.Int64).alias("days_count"),
        pl.col("total_fen").sum().alias("fen"),
        pl.col("total_fen").count().cast(pl.Int64).alias("fen_count"),
    ]
    own = grouped.filter(pl.col("institution_code") == institution_code).group_by(*GROUP)
    county = grouped.group_by(*GROUP).agg(*sums)
    both = own.agg(*sums, pl.col("weight_e6").first()).join(county, on=list(GROUP), suffix="_all")
    return both.select(
        *GROUP,
        "stay_count",
        "weight_e6",
        own_days_e2=_mean(pl.col("days"), pl.col("days_count"), 100),
        all_days_e2=_mean(pl.col("days_all"), pl.col("days_count_all"), 100),
        own_fen=_mean(pl.col("fen"), pl.col("fen_count"), 1),
        all_fen=_mean(pl.col("fen_all"), pl.col("fen_count_all"), 1),
        time_ratio_e6=_ratio("days"),
        cost_ratio_e6=_ratio("fen"),
    ).sort("stay_count", "drg", descending=[True, False])


def whole(stays: pl.LazyFrame) -> pl.LazyFrame:
    """合计: the same figures for all stays as one row; its indices are 1 by definition where they exist."""
    return performance(stays.with_columns(pl.lit("").alias("institution_code"))).drop("institution_code")


def _totals() -> list[pl.Expr]:
    is_grouped = pl.col("status") == Status.GROUPED.value
    return [
        pl.len().cast(pl.Int64).alias("stay_count"),
        is_grouped.sum().cast(pl.Int64).alias("grouped_count"),
        pl.col("drg").filter(is_grouped).n_unique().cast(pl.Int64).alias("drg_count"),
        pl.col("weight_e6").count().cast(pl.Int64).alias("weighted_count"),
        pl.col("weight_e6").sum().alias("weight_sum_e6"),
        pl.col("length_of_stay_days").sum().alias("length_of_stay_sum_days"),
        pl.col("total_fen").sum().alias("total_fen"),
        pl.col("fund_payment_fen").sum().alias("fund_payment_fen"),
    ]


def _indices(stays: pl.LazyFrame) -> pl.LazyFrame:
    grouped = stays.filter(pl.col("status") == Status.GROUPED.value)
    wanted = {"time_index_e6": "length_of_stay_days", "cost_index_e6": "total_fen"}
    sums = [pl.col(source).sum().alias(name) for name, source in wanted.items()]
    counts = [pl.col(source).count().cast(pl.Int64).alias(f"_{name}_count") for name, source in wanted.items()]
    own = grouped.group_by("institution_code", *GROUP).agg(*sums, *counts)
    county = grouped.group_by(*GROUP).agg(*sums, *counts)
    both = own.join(county, on=list(GROUP), suffix="_all")
    return both.group_by("institution_code").agg(_index(name) for name in wanted)


def _index(name: str) -> pl.Expr:
    """Σ over groups of (own sum · count of all / sum of all), divided by the institution's stays in those groups."""
    is_known = pl.col(f"{name}_all") > 0
    share_e6 = _quotient_e6(
        pl.col(name).cast(pl.Int128) * pl.col(f"_{name}_count_all"), pl.col(f"{name}_all"), scale=E6
    )
    count = pl.col(f"_{name}_count").filter(is_known).sum()
    return _quotient_e6(share_e6.filter(is_known).sum(), count, scale=1).alias(name)


def _mean(total: pl.Expr, count: pl.Expr, scale: int) -> pl.Expr:
    return _quotient_e6(total, count, scale=scale)


def _ratio(name: str) -> pl.Expr:
    """Mean of the institution over mean of all, in millionths."""
    own = pl.col(name).cast(pl.Int128) * pl.col(f"{name}_count_all")
    return _quotient_e6(own, pl.col(f"{name}_all").cast(pl.Int128) * pl.col(f"{name}_count"), scale=E6)


def _quotient_e6(numerator: pl.Expr, denominator: pl.Expr, *, scale: int) -> pl.Expr:
    """numerator · scale / denominator, rounded half up, null for a denominator of zero; exact in 128 bits, both ≥ 0."""
    above, below = numerator.cast(pl.Int128) * scale, denominator.cast(pl.Int128)
    below = pl.when(below > 0).then(below)
    return ((2 * above + below) // (2 * below)).cast(pl.Int64)
