"""与公布权重比较: difference and rank of own and published weights, group by group, and the groups without data."""

from __future__ import annotations

import polars as pl

from sanyi.insurance.relative_weights.codes import State


def compared(groups: pl.DataFrame, published: pl.DataFrame) -> pl.DataFrame:
    """权重比较: ``groups`` of a measurement beside ``published`` (drg, weight_e6), one row per group of either.

    ``difference_e6`` is own minus published. Ranks go from the greatest weight down, ties share the lower number, and
    count the groups that have both; ``rank_difference`` above zero: the own weight stands further down. A published
    group without stays is there with state ``no_data``. Refuses nothing: an unpublished weight stays null.
    """
    known = (
        published.select("drg", published_weight_e6="weight_e6")
        .drop_nulls()
        .unique("drg", keep="first", maintain_order=True)
    )
    both = groups.join(known, on="drg", how="full", coalesce=True)
    counts = [pl.col(name).fill_null(0) for name in _COUNTS]
    has_both = pl.col("weight_e6").is_not_null() & pl.col("published_weight_e6").is_not_null()
    ranked = both.with_columns(
        *counts,
        pl.col("state").fill_null(State.NO_DATA.value),
        difference_e6=pl.col("weight_e6") - pl.col("published_weight_e6"),
        own_rank=_rank("weight_e6", has_both),
        published_rank=_rank("published_weight_e6", has_both),
    )
    return ranked.with_columns(rank_difference=pl.col("own_rank") - pl.col("published_rank")).sort("drg")


def published_cmi_e6(groups: pl.DataFrame) -> int | None:
    """公布权重下的 CMI: of the stays that count and whose group has a published weight; millionths half up."""
    known = groups.drop_nulls("published_weight_e6")
    rows = known.select("kept_count", "published_weight_e6").rows()
    count = sum(number for number, _ in rows)
    total = sum(number * weight for number, weight in rows)
    return (2 * total + count) // (2 * count) if count else None


_COUNTS = ("stay_count", "out_of_scope_count", "trimmed_count", "kept_count", "cost_fen")


def _rank(column: str, has_both: pl.Expr) -> pl.Expr:
    return pl.when(has_both).then(pl.col(column)).rank("min", descending=True).cast(pl.Int64)
