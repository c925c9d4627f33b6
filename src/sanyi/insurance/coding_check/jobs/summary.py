"""质控汇总: checked stays and findings by department, doctor and kind."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sanyi.kernel.money import divide_half_up_expr

ALL_BP = 10_000
BY_DEPARTMENT = ("institution_code", "department_code")
BY_DOCTOR = ("institution_code", "department_code", "doctor_code")


def summary(stays: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """汇总: one row per group: stays_count, refused_stays_count (any to be mended), warned_stays_count (any to be
    verified and none to be mended), clean_stays_count, clean_share_bp, and the findings of each severity.

    The share is rounded half up. Groups with most stays to be mended come first.
    """
    is_refused, is_warned = pl.col("refuse_count") > 0, pl.col("warn_count") > 0
    counted = stays.group_by(by).agg(
        pl.len().cast(pl.Int64).alias("stays_count"),
        is_refused.sum().cast(pl.Int64).alias("refused_stays_count"),
        (is_warned & ~is_refused).sum().cast(pl.Int64).alias("warned_stays_count"),
        (~is_warned & ~is_refused).sum().cast(pl.Int64).alias("clean_stays_count"),
        *(pl.col(name).sum() for name in ("refuse_count", "warn_count", "info_count")),
    )
    share = divide_half_up_expr(pl.col("clean_stays_count") * ALL_BP, pl.col("stays_count")).alias("clean_share_bp")
    return counted.with_columns(share).sort("refused_stays_count", *by, descending=[True, *[False] * len(by)])


def by_kind(findings: pl.DataFrame) -> pl.DataFrame:
    """分种类汇总: severity, kind, findings_count, stays_count; the most frequent first."""
    stay = pl.struct("institution_code", "settlement_id")
    counted = findings.group_by("severity", "kind").agg(
        pl.len().cast(pl.Int64).alias("findings_count"), stay.n_unique().cast(pl.Int64).alias("stays_count")
    )
    return counted.sort("findings_count", "kind", descending=[True, False])
