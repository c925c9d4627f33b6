"""主键比对: repeated keys within a file, and what is new, changed or unchanged against the lake."""

from __future__ import annotations

import polars as pl

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.jobs.issues import NO_ISSUES, STEP_KEYS, issue_frame, joined
from sanyi.exchange.intake.tables import IntakeContract
from sanyi.exchange.lake.tables import BATCH_NUMBER, ROW_DIGEST

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


def repeated(contract: IntakeContract, keys: pl.DataFrame) -> pl.DataFrame:
    """重复主键: issues for rows of one natural key.

    ``keys`` has row_number, the key columns and digest of the rows without errors. Rows with the same content: the
    later ones are refused. With different content nobody can say which is right: all of them are.
    """
    key = list(contract.contract.natural_key)
    if not keys.select(key).is_duplicated().any():
        return NO_ISSUES
    shown = pl.concat_str([pl.col(name).cast(pl.String) for name in key], separator="，")
    twice = keys.filter(pl.len().over(key) > 1).with_columns(
        (pl.col("digest").n_unique().over(key) > 1).alias("_differ"),
        pl.col("row_number").min().over(key).alias("_first"),
        (pl.col("row_number").rank("ordinal").over(key) - 1).alias("_place"),
        pl.col("row_number").sort().implode().over(key).alias("_rows"),
        shown.alias("_key"),
    )
    is_first = pl.col("_place") == 0
    other = pl.when(is_first).then(pl.col("_rows").list.get(1)).otherwise(pl.col("_first"))
    twice = twice.with_columns(other.cast(pl.String).alias("_other"))
    value, expected = pl.col("_key"), pl.col("_other")
    differing, same = twice.filter("_differ"), twice.filter(~pl.col("_differ") & ~is_first)
    return joined(
        issue_frame(differing, key[-1], codes.KEY_ROWS_DIFFER, STEP_KEYS, value=value, expected=expected),
        issue_frame(same, key[-1], codes.KEY_TWICE, STEP_KEYS + 1, value=value, expected=expected),
    )


def compared(contract: IntakeContract, keys: pl.DataFrame, current: pl.LazyFrame | None) -> pl.DataFrame:
    """与现行数据比对: ``keys`` with a column ``state`` (new, changed, unchanged).

    ``current`` is the lake's current view, or None when the table does not exist yet. Only rows of the organisations
    that occur are read.
    """
    if current is None or keys.is_empty():
        return keys.with_columns(pl.lit(NEW).alias("state"))
    key = list(contract.contract.natural_key)
    kept = current.select(*key, pl.col(ROW_DIGEST).alias("_kept")).join(
        keys.lazy().select(key).unique(), on=key, how="semi"
    )
    joined = keys.join(kept.collect(), on=key, how="left", maintain_order="left")
    state = (
        pl.when(pl.col("_kept").is_null())
        .then(pl.lit(NEW))
        .when(pl.col("_kept") == pl.col("digest"))
        .then(pl.lit(UNCHANGED))
        .otherwise(pl.lit(CHANGED))
    )
    return joined.with_columns(state.alias("state")).drop("_kept")


def narrowed(contract: IntakeContract, keys: pl.DataFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    """缩小范围: rows of the lake that belong to the organisations of these keys, before superseded ones are found."""
    name = contract.contract.organisation_column
    wanted = keys[name].unique().to_list()
    return rows.filter(pl.col(name).is_in(wanted))


def current_of(contract: IntakeContract, rows: pl.LazyFrame) -> pl.LazyFrame:
    """现行行: of some rows of the lake the one of the greatest batch number for each natural key."""
    key = list(contract.contract.natural_key)
    newest = rows.group_by(key).agg(pl.col(BATCH_NUMBER).max())
    return rows.join(newest, on=[*key, BATCH_NUMBER], how="semi")
