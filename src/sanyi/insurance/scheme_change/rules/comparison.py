"""新旧方案比较: what changes for the same stays between two schemes; whole-table rules, exact.

Input ``stays``: institution_code, settlement_id, total_fen (null: unknown), and for each side (old, new) its group and
status; ``weights``: drg, weight_e6. A stay's group is its DRG, or its status where it has none. A CMI is the sum of
weights over the number of stays with a weight, in millionths, rounded half up; unknown where no stay has one.
"""

from __future__ import annotations

import polars as pl

from sanyi.insurance.grouping.codes import Status

SIDES = ("old", "new")
GROUPED, AMBIGUOUS = Status.GROUPED.value, Status.AMBIGUOUS.value
INT = pl.Int64


def labelled(stays: pl.DataFrame) -> pl.DataFrame:
    """组名: ``old_group`` and ``new_group``, the DRG or (without one) the status."""
    has_group = {side: pl.col(f"{side}_status").is_in([GROUPED, AMBIGUOUS]) for side in SIDES}
    return stays.with_columns(
        pl.when(has_group[side]).then(pl.col(f"{side}_drg")).otherwise(pl.col(f"{side}_status")).alias(f"{side}_group")
        for side in SIDES
    )


def weighted(stays: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """加权: ``old_weight_e6`` and ``new_weight_e6`` of each stay that was grouped; null where none is known."""
    for side, weights in zip(SIDES, (old, new), strict=True):
        named = weights.select(pl.col("drg").alias(f"{side}_drg"), pl.col("weight_e6").alias(f"{side}_weight_e6"))
        stays = stays.join(named, on=f"{side}_drg", how="left", maintain_order="left").with_columns(
            pl.when(pl.col(f"{side}_status") == GROUPED).then(f"{side}_weight_e6").alias(f"{side}_weight_e6")
        )
    return stays


def migration(stays: pl.DataFrame) -> pl.DataFrame:
    """迁移矩阵: one row per pair of groups: stays, cost, weight of either side and sums of weights, largest first.

    The stays add up to all stays; the same scheme twice gives pairs of equal groups alone.
    """
    keys = ["old_group", "new_group"]
    found = stays.group_by(keys).agg(
        pl.len().cast(INT).alias("stay_count"),
        pl.col("total_fen").sum().alias("total_fen"),
        pl.col("total_fen").is_null().sum().cast(INT).alias("cost_unknown_count"),
        *(pl.col(f"{side}_weight_e6").first() for side in SIDES),
        *(pl.col(f"{side}_weight_e6").sum().alias(f"{side}_weight_sum_e6") for side in SIDES),
    )
    is_known = pl.col("old_weight_e6").is_not_null() & pl.col("new_weight_e6").is_not_null()
    return found.with_columns(
        weight_change_e6=pl.when(is_known).then(pl.col("new_weight_sum_e6") - pl.col("old_weight_sum_e6")),
        is_changed=pl.col("old_group") != pl.col("new_group"),
    ).sort("stay_count", *keys, descending=[True, False, False])


def institutions(stays: pl.DataFrame) -> pl.DataFrame:
    """机构影响: stays, grouped stays, sums of weights and CMI of either scheme, one row per institution."""
    return _figures(stays.group_by("institution_code")).sort("institution_code")


def whole(stays: pl.DataFrame) -> dict[str, int | None]:
    """合计: the same figures over all stays, with counts of ungrouped and ambiguous stays."""
    row = _figures(stays.group_by(pl.lit(0).alias("institution_code"))).drop("institution_code").to_dicts()
    counts = stays.select(
        pl.col("total_fen").is_null().sum().cast(INT).alias("cost_unknown_count"),
        (pl.col("old_group") != pl.col("new_group")).sum().cast(INT).alias("changed_count"),
    ).to_dicts()
    return (row[0] if row else {}) | counts[0]


def homogeneity(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """组内同质性: for every group of either side its stays, mean cost, CV and stability before and after.

    ``old`` and ``new`` are groups as measured by relative_weights: drg, kept_count, mean_fen, cv_e6, state.
    """
    parts = []
    for side, frame in zip(SIDES, (old, new), strict=True):
        wanted = {name: f"{side}_{name}" for name in ("kept_count", "mean_fen", "cv_e6", "state")}
        parts.append(frame.select("drg", *(pl.col(name).alias(alias) for name, alias in wanted.items())))
    both = parts[0].join(parts[1], on="drg", how="full", coalesce=True)
    difference = pl.col("new_cv_e6") - pl.col("old_cv_e6")
    return both.with_columns(cv_change_e6=difference, change=_change(difference)).sort("drg")


def _change(difference: pl.Expr) -> pl.Expr:
    was, is_now = pl.col("old_state"), pl.col("new_state")
    return (
        pl.when(was.is_null())
        .then(pl.lit("new"))
        .when(is_now.is_null())
        .then(pl.lit("gone"))
        .when((was == "stable") & (is_now != "stable"))
        .then(pl.lit("lost"))
        .when((was != "stable") & (is_now == "stable"))
        .then(pl.lit("gained"))
        .when(difference.is_null())
        .then(pl.lit("unknown"))
        .when(difference > 0)
        .then(pl.lit("wider"))
        .when(difference < 0)
        .then(pl.lit("narrower"))
        .otherwise(pl.lit("same"))
    )


def _figures(grouped: object) -> pl.DataFrame:
    aggregates = [pl.len().cast(INT).alias("stay_count"), pl.col("total_fen").sum().alias("total_fen")]
    for side in SIDES:
        status, weight = pl.col(f"{side}_status"), pl.col(f"{side}_weight_e6")
        aggregates += [
            (status == GROUPED).sum().cast(INT).alias(f"{side}_grouped_count"),
            (status == AMBIGUOUS).sum().cast(INT).alias(f"{side}_ambiguous_count"),
            (~status.is_in([GROUPED, AMBIGUOUS])).sum().cast(INT).alias(f"{side}_ungrouped_count"),
            weight.count().cast(INT).alias(f"{side}_weighted_count"),
            weight.sum().alias(f"{side}_weight_sum_e6"),
        ]
    found: pl.DataFrame = grouped.agg(aggregates)  # type: ignore[attr-defined]
    cmi = {
        f"{side}_cmi_e6": _half_up(pl.col(f"{side}_weight_sum_e6"), pl.col(f"{side}_weighted_count")) for side in SIDES
    }
    found = found.with_columns(**cmi)
    return found.with_columns(cmi_change_e6=pl.col("new_cmi_e6") - pl.col("old_cmi_e6"))


def _half_up(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """Sums of weights are not negative; null without a stay that has a weight."""
    whole_number = pl.when(below > 0).then(below)
    return (2 * above + whole_number) // (2 * whole_number)
