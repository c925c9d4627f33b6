"""整表规则（住院）: what does not add up over rows: distinct groups, indices against the county, growth, shares with
settlements outside the county. Each gets the bundle and gives numerator, denominator, rows per node and period.
"""

from __future__ import annotations

import polars as pl

from sanyi.governance.indicators.rules.computing.bundle import Facts
from sanyi.governance.indicators.rules.computing.declaration import Need, Quantity, TableFunction
from sanyi.governance.indicators.rules.computing.stays import GROUPED

GROUP = ["scheme", "adrg", "drg"]
AT = ["node_code", "period"]
E6 = 1_000_000


def groups_covered(facts: Facts) -> pl.LazyFrame:
    """病组覆盖数: distinct groups of grouped stays."""
    cells = facts.cells().filter(pl.col("status") == GROUPED)
    counted = pl.col("drg").n_unique().cast(pl.Int64).alias("numerator")
    found = facts.spread(cells).group_by(AT).agg(counted, pl.col("stay_count").sum().alias("row_count"))
    return found.with_columns(denominator=pl.lit(1, dtype=pl.Int64), missing_count=pl.lit(0, dtype=pl.Int64))


def time_index(facts: Facts) -> pl.LazyFrame:
    """时间消耗指数: GOV-03; days of the node in each group against the county's mean of the same period."""
    return _index(facts, "days")


def cost_index(facts: Facts) -> pl.LazyFrame:
    """费用消耗指数: the same with charges."""
    return _index(facts, "fen")


def _index(facts: Facts, name: str) -> pl.LazyFrame:
    """Σ over groups of (own sum · count of all ÷ sum of all) in millionths, each half up; over the stays counted.

    A group whose mean over all is zero says nothing and is left out. The same formula as grouping performance.
    """
    counted = f"{name}_count"
    sums = [pl.col(name).sum(), pl.col(counted).sum(), pl.col("stay_count").sum()]
    cells = facts.cells().filter(pl.col("status") == GROUPED)
    own = facts.spread(cells).group_by(*AT, *GROUP).agg(*sums)
    county = facts.over_periods(cells).group_by("period", *GROUP).agg(*sums)
    both = own.join(county, on=["period", *GROUP], suffix="_all", nulls_equal=True)
    is_known = pl.col(f"{name}_all") > 0
    below = pl.when(is_known).then(pl.col(f"{name}_all").cast(pl.Int128))
    above = pl.col(name).cast(pl.Int128) * pl.col(f"{counted}_all") * E6
    share = ((2 * above + below) // (2 * below)).cast(pl.Int64)
    return both.group_by(AT).agg(
        share.filter(is_known).sum().alias("numerator"),
        pl.col(counted).filter(is_known).sum().alias("denominator"),
        pl.col(counted).filter(is_known).sum().alias("row_count"),
        (pl.col("stay_count").sum() - pl.col(counted).sum()).alias("missing_count"),
    )


def cost_growth(facts: Facts) -> pl.LazyFrame:
    """次均费用增长率: mean charge per discharge of this period against the year before, both rounded to the fen.

    Nothing is said where the year before has fewer months with discharges than this one.
    """
    sums = facts.over_nodes(facts.monthly("cost_per_discharge"), is_with_before=True)
    mean = _half_up(pl.col("numerator"), pl.col("denominator"))
    now = sums.with_columns(mean=mean)
    last = now.select("node_code", pl.col("period_after").alias("period"), "mean", "month_count")
    both = now.join(last, on=AT, how="inner", suffix="_before")
    return both.filter(pl.col("month_count_before") >= pl.col("month_count")).select(
        *AT,
        (pl.col("mean") - pl.col("mean_before")).alias("numerator"),
        pl.col("mean_before").alias("denominator"),
        "row_count",
        "missing_count",
    )


def _half_up(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    return pl.when(below > 0).then((2 * above + below) // (2 * below))


def in_county_inpatient_share(facts: Facts) -> pl.LazyFrame:
    """县域内住院量占比: discharges of the county's insured in the county over all their discharges."""
    return _in_county(facts, pl.lit(1, dtype=pl.Int64), resident_only=False)


def resident_in_county_inpatient_share(facts: Facts) -> pl.LazyFrame:
    """城乡居民参保人县域内住院量占比: the same of those in the residents' insurance."""
    return _in_county(facts, pl.lit(1, dtype=pl.Int64), resident_only=True)


def in_county_fund_share(facts: Facts) -> pl.LazyFrame:
    """住院基金县域内支出占比: GOV-02; funds paid for stays in the county over those paid for all stays."""
    return _in_county(facts, pl.col("fund_payment_fen"), resident_only=False)


def _in_county(facts: Facts, amount: pl.Expr, *, resident_only: bool) -> pl.LazyFrame:
    """Inside over inside and outside together, for the county.

    Nothing is said of a period in which there is a quarter with stays inside and none outside: what was not sent would
    look as if nobody had left.
    """
    wanted = pl.col("insurance_type_code") == "390" if resident_only else pl.lit(True)
    here = facts.over_periods(facts.stays.filter(wanted)).with_columns(amount=amount)
    is_missing = pl.col("is_insured_here").is_null() | pl.col("amount").is_null()
    quarter = pl.col("discharged_on").dt.year() * 4 + pl.col("discharged_on").dt.quarter()
    inside = here.group_by("period").agg(
        quarter.n_unique().alias("quarter_count"),
        pl.col("amount").filter(pl.col("is_insured_here") & ~is_missing).sum().alias("numerator"),
        (pl.col("is_insured_here") & ~is_missing).sum().cast(pl.Int64).alias("row_count"),
        is_missing.sum().cast(pl.Int64).alias("missing_count"),
    )
    away = facts.over_periods(facts.outside_stays.filter(wanted)).with_columns(amount=amount)
    outside = away.group_by("period").agg(
        quarter.n_unique().alias("quarter_count"),
        pl.col("amount").sum().alias("outside"),
        pl.col("amount").count().cast(pl.Int64).alias("outside_count"),
        pl.col("amount").null_count().cast(pl.Int64).alias("outside_missing_count"),
    )
    both = inside.join(outside, on="period", how="inner", suffix="_outside")
    return both.filter(pl.col("quarter_count_outside") >= pl.col("quarter_count")).select(
        pl.lit(facts.county_code).alias("node_code"),
        "period",
        "numerator",
        (pl.col("numerator") + pl.col("outside")).alias("denominator"),
        (pl.col("row_count") + pl.col("outside_count")).alias("row_count"),
        pl.col("missing_count") + pl.col("outside_missing_count"),
    )


_OUTSIDE = (Need.SETTLEMENT_LIST, Need.OUTSIDE_STAY)
_GROUPED = (Need.SETTLEMENT_LIST, Need.GROUPED_STAY)
WHOLES: tuple[TableFunction, ...] = (
    TableFunction("groups_covered", "病组覆盖数", groups_covered, _GROUPED),
    TableFunction("time_index", "时间消耗指数", time_index, _GROUPED, numerator_quantity=Quantity.MILLIONTHS),
    TableFunction("cost_index", "费用消耗指数", cost_index, _GROUPED, numerator_quantity=Quantity.MILLIONTHS),
    TableFunction(
        "cost_growth",
        "次均住院费用增长率",
        cost_growth,
        numerator_quantity=Quantity.FEN,
        denominator_quantity=Quantity.FEN,
    ),
    TableFunction(
        "in_county_inpatient_share", "县域内住院量占比", in_county_inpatient_share, _OUTSIDE, is_county_only=True
    ),
    TableFunction(
        "resident_in_county_inpatient_share",
        "城乡居民参保人县域内住院量占比",
        resident_in_county_inpatient_share,
        _OUTSIDE,
        is_county_only=True,
    ),
    TableFunction(
        "in_county_fund_share",
        "住院基金县域内支出占比",
        in_county_fund_share,
        _OUTSIDE,
        numerator_quantity=Quantity.FEN,
        denominator_quantity=Quantity.FEN,
        is_county_only=True,
    ),
)
