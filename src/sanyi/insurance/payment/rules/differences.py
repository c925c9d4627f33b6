"""结算差额: case by case, what a later calculation differs by from an earlier one; its reverse takes it back."""

from __future__ import annotations

import polars as pl

from sanyi.insurance.payment import tables

KEY = ["institution_code", "settlement_id"]


def differences(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """结算差额: PAYMENT_DIFFERENCE of cases whose fund due is not the same; a case that is not payable counts as null.

    Where one side has no amount the whole of the other is the difference.
    """
    old, new = before.select(*KEY, before_fen="inner_value_fen"), after.select(*KEY, after_fen="inner_value_fen")
    both = old.join(new, on=KEY, how="full", coalesce=True)
    found = both.with_columns(difference_fen=pl.col("after_fen").fill_null(0) - pl.col("before_fen").fill_null(0))
    changed = found.filter(pl.col("before_fen").ne_missing(pl.col("after_fen")))
    return tables.PAYMENT_DIFFERENCE.conform(changed.select(tables.PAYMENT_DIFFERENCE.column_names)).sort(KEY)
