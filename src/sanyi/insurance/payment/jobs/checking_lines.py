"""明细核对: whether the lines of each settlement add up to it, per institution and month; differences are listed."""

from __future__ import annotations

import polars as pl

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.jobs.preparing import month_of

KEY = ["institution_code", "settlement_id"]


def check_lines(lines: pl.LazyFrame, stays: pl.LazyFrame, visits: pl.LazyFrame) -> pl.DataFrame:
    """明细核对: LINE_CHECK in one streaming pass over LINE_TO_CHECK, STAY_TO_PAY and VISIT_TO_PAY.

    A settlement with lines differs when they do not add up to its total; one without lines is counted as such. Lines
    of settlements that are not known are not looked at here: intake has refused or quarantined them.
    """
    settled = pl.concat(
        [
            stays.select(*KEY, "total_fen", month=month_of("discharged_on")),
            visits.select(*KEY, "total_fen", month=month_of("visited_on")),
        ]
    )
    summed = lines.group_by(KEY).agg(_lines=pl.col("amount_fen").sum(), _count=pl.len().cast(pl.Int64))
    both = settled.join(summed, on=KEY, how="left")
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
