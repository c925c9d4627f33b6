"""明细核对: whether the lines of each settlement add up to it, per institution and month; differences are listed."""

from __future__ import annotations

import polars as pl

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.jobs.preparing import month_of

KEY = ["institution_code", "settlement_id"]
LINE = [*KEY, "line_number"]
BATCH = "_batch_number"


def check_lines(lines: pl.LazyFrame, stays: pl.LazyFrame, visits: pl.LazyFrame) -> pl.DataFrame:
    """明细核对: LINE_CHECK in one streaming pass over LINE_TO_CHECK, STAY_TO_PAY and VISIT_TO_PAY.

    A settlement with lines differs when they do not add up to its total; one without lines is counted as such. Lines of
    settlements that are not known are not looked at here. With ``_batch_number`` the lines are as the lake holds them:
    only settlements that several batches tell of are gone through line by line, the line of the greatest batch counts.
    """
    settled = pl.concat(
        [
            stays.select(*KEY, "total_fen", month=month_of("discharged_on")),
            visits.select(*KEY, "total_fen", month=month_of("visited_on")),
        ]
    )
    both = settled.join(_summed(lines).lazy(), on=KEY, how="left")
    has_lines = pl.col("_count").is_not_null()
    differs = has_lines & (pl.col("_lines") != pl.col("total_fen").fill_null(0))
    found = both.group_by("institution_code", "month").agg(
        settlement_count=pl.len().cast(pl.Int64),
        line_count=pl.col("_count").sum(),
        settled_fen=pl.col("total_fen").filter(has_lines).sum(),
        lines_fen=pl.col("_lines").sum(),
        differing_count=differs.sum().cast(pl.Int64),
        without_lines_count=(~has_lines).sum().cast(pl.Int64),
    )
    done = found.with_columns(difference_fen=pl.col("lines_fen") - pl.col("settled_fen")).collect(engine="streaming")
    return tables.LINE_CHECK.conform(done.select(tables.LINE_CHECK.column_names)).sort("institution_code", "month")


def _summed(lines: pl.LazyFrame) -> pl.DataFrame:
    """Sum and count of the lines of each settlement."""
    sums = {"_lines": pl.col("amount_fen").sum(), "_count": pl.len().cast(pl.Int64)}
    if BATCH not in lines.collect_schema().names():
        return lines.group_by(KEY).agg(**sums).collect(engine="streaming")
    batches = {"_first": pl.col(BATCH).min(), "_last": pl.col(BATCH).max()}
    whole = lines.group_by(KEY).agg(**sums, **batches).collect(engine="streaming")
    is_mixed = pl.col("_first") != pl.col("_last")
    once = whole.filter(~is_mixed).select(*KEY, *sums)
    mixed = whole.filter(is_mixed).select(KEY)
    if mixed.is_empty():
        return once
    known = lines.join(mixed.lazy(), on=KEY, how="semi").collect(engine="streaming")
    newest = known.filter(pl.col(BATCH) == pl.col(BATCH).max().over(LINE))
    return pl.concat([once, newest.group_by(KEY).agg(**sums)])
