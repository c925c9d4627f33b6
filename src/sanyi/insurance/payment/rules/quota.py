"""总量控制病组: cases of a group beyond its yearly quota, in the order of discharge, take a price factor."""

from __future__ import annotations

import polars as pl

from sanyi.insurance.payment.codes import Method
from sanyi.insurance.payment.rules.exact import E4
from sanyi.insurance.payment.rules.policy_rows import GROUP, rows_of, whole
from sanyi.insurance.payment.rules.rule_set import Edition
from sanyi.kernel.money import Rounding, divide

KEY = "quota_groups"
ORDER = ["discharged_on", "institution_code", "settlement_id"]


def quotas(edition: Edition) -> dict[str, int]:
    """总控人次: group to quota, the county's share of a prefecture's quota rounded down to whole cases."""
    value = edition.get(KEY)
    if value is None:
        return {}
    share_bp = value.get("county_share_bp", E4)
    rows = rows_of(value.get("groups"), KEY)
    return {str(row["group"]): divide(whole(row, "quota", KEY) * share_bp, E4, Rounding.DOWN) for row in rows}


def marked(frame: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """总控标记: with ``is_over_quota`` and the factor; the order of rows does not matter.

    Counted are the county's insured whose stays DRG pays, one by one by day of discharge, institution and settlement.
    A reversal takes back what the stay it reverses was given, and is not counted.
    """
    limits = quotas(edition)
    factor = whole(edition.get(KEY), "price_factor_bp", KEY) if limits else E4
    if not limits:
        return frame.with_columns(is_over_quota=pl.lit(False), _quota_factor_bp=pl.lit(factor, dtype=pl.Int64))
    counted = frame.filter(
        pl.col("method") == Method.DRG.value, pl.col(GROUP).is_in(list(limits)), ~pl.col("is_reversal")
    ).sort(ORDER)
    quota = pl.col(GROUP).replace_strict(list(limits), list(limits.values()), return_dtype=pl.Int64)
    over = counted.filter(pl.int_range(1, pl.len() + 1).over(GROUP) > quota).select(
        "institution_code", _original="settlement_id", is_over_quota=pl.lit(True)
    )
    original = pl.coalesce("reversed_settlement_id", "settlement_id")
    found = frame.with_columns(_original=original).join(
        over, on=["institution_code", "_original"], how="left", maintain_order="left"
    )
    return found.drop("_original").with_columns(
        pl.col("is_over_quota").fill_null(False), _quota_factor_bp=pl.lit(factor, dtype=pl.Int64)
    )
