"""裁剪规则: which stays count for the weights, and why the others do not.

First the scope (length of stay, early death or transfer), then extreme costs inside each group, on the stays in scope.
Percentiles are those of linear interpolation, (n−1)·p from the smallest (what spreadsheets call PERCENTILE.INC): with
P2.5–P97.5 a group of 25 loses its two ends, 8 %. A cost equal to a bound stays. Everything is exact in 128 bits.
Basis: 各地病组权重测算办法; the figures are policy values.
"""

from __future__ import annotations

import polars as pl

from sanyi.insurance.relative_weights.codes import COLUMN_MISSING, OUT_OF_SCOPE, VALUE_UNKNOWN, Method, Reason
from sanyi.insurance.relative_weights.rules.options import Options, Trimming
from sanyi.kernel.refusals import RefusedError

E6, ALL_BP = 1_000_000, 10_000
SMALLEST_FEN, NEEDED = 0, ("drg", "total_fen")


def marked(stays: pl.DataFrame, options: Options) -> pl.DataFrame:
    """去留标记: the stays with ``reason`` (kept or why not), ``low_bound_fen`` and ``high_bound_fen``, in their order.

    Needs drg and total_fen; length_of_stay_days where days are limited; stay_minutes and discharge_way_code where
    early leaving is excluded. Refuses a missing column or value. The bounds are for showing, rounded half up; the
    decision is exact. They are null for groups that are not trimmed.
    """
    _require(stays, options)
    scoped = stays.with_columns(_scope(options).alias("reason"))
    bounded = scoped.join(_bounds(scoped, options.trimming), on="drg", how="left", maintain_order="left")
    cost = pl.col("total_fen").cast(pl.Int128) * E6
    reason = (
        pl.when(pl.col("reason").is_in([one.value for one in OUT_OF_SCOPE]))
        .then("reason")
        .when(cost < pl.col("_low_e6"))
        .then(pl.lit(Reason.COST_LOW.value))
        .when(cost > pl.col("_high_e6"))
        .then(pl.lit(Reason.COST_HIGH.value))
        .otherwise(pl.lit(Reason.KEPT.value))
    )
    shown = {f"{side}_bound_fen": _half_up(pl.col(f"_{side}_e6")) for side in ("low", "high")}
    return bounded.with_columns(reason=reason, **shown).drop("_low_e6", "_high_e6")


def _require(stays: pl.DataFrame, options: Options) -> None:
    wanted = [*NEEDED]
    if options.stay_min_days is not None or options.stay_max_days is not None:
        wanted.append("length_of_stay_days")
    if options.early_leaving_hours is not None:
        wanted += ["stay_minutes", "discharge_way_code"]
    for column in wanted:
        if column not in stays.columns:
            raise RefusedError(COLUMN_MISSING(column=column))
        is_wrong = pl.col(column).is_null()
        if stays.schema[column].is_numeric():
            is_wrong = is_wrong | (pl.col(column) < SMALLEST_FEN)
        count = int(stays.select(is_wrong.sum()).item())
        if count:
            raise RefusedError(VALUE_UNKNOWN(column=column, count=count))


def _scope(options: Options) -> pl.Expr:
    """What leaves the base before any cost is looked at."""
    never = pl.lit(False)
    days = pl.col("length_of_stay_days")
    is_short = days < options.stay_min_days if options.stay_min_days is not None else never
    is_long = days > options.stay_max_days if options.stay_max_days is not None else never
    is_early = never
    if options.early_leaving_hours is not None:
        within = pl.col("stay_minutes") <= options.early_leaving_hours * 60
        is_early = within & pl.col("discharge_way_code").is_in(list(options.early_leaving_ways))
    return (
        pl.when(is_short)
        .then(pl.lit(Reason.SHORT_STAY.value))
        .when(is_long)
        .then(pl.lit(Reason.LONG_STAY.value))
        .when(is_early)
        .then(pl.lit(Reason.EARLY_LEAVING.value))
        .otherwise(pl.lit(Reason.KEPT.value))
    )


def _bounds(scoped: pl.DataFrame, trimming: Trimming) -> pl.DataFrame:
    """Bounds of cost per group in millionths of a fen, null where the group is not trimmed."""
    inside = scoped.filter(pl.col("reason") == Reason.KEPT.value)
    costs = inside.group_by("drg").agg(
        pl.col("total_fen").sort().alias("costs"), pl.len().cast(pl.Int64).alias("count")
    )
    is_trimmed = (pl.col("count") >= trimming.group_min_count) & pl.lit(trimming.method != Method.NONE.value)
    low, high = _percentile_e6(trimming.low_bp), _percentile_e6(trimming.high_bp)
    # The fence is a whole number of hundredths and percentiles end in two zeros, so that this division leaves nothing.
    fence = (high - low) // 100 * trimming.fence_e2
    return costs.select(
        "drg",
        pl.when(is_trimmed).then(low - fence).alias("_low_e6"),
        pl.when(is_trimmed).then(high + fence).alias("_high_e6"),
    )


def _percentile_e6(share_bp: int) -> pl.Expr:
    """百分位: of the sorted costs, by linear interpolation, in millionths of a fen; exact."""
    place = (pl.col("count") - 1) * share_bp
    index, rest = place // ALL_BP, place % ALL_BP
    above = pl.min_horizontal(index + 1, pl.col("count") - 1)
    lower = pl.col("costs").list.get(index).cast(pl.Int128)
    upper = pl.col("costs").list.get(above).cast(pl.Int128)
    return (lower * (ALL_BP - rest) + upper * rest) * (E6 // ALL_BP)


def _half_up(value_e6: pl.Expr) -> pl.Expr:
    return ((2 * value_e6 + E6) // (2 * E6)).cast(pl.Int64)
