"""费用倍率: low and high outliers of DRG, against the standard or the group's mean, with thresholds by weight.

Sides are compared exactly: r < low is low, r > high is high; a case at a threshold is normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from sanyi.insurance.payment.codes import DrgForm, Outlier, OutlierReference
from sanyi.insurance.payment.rules.exact import E4, wide
from sanyi.insurance.payment.rules.policy_rows import rows_of, whole, wrong
from sanyi.insurance.payment.rules.rule_set import Edition

KEY = "outlier"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """倍率界限: ``low_bp``, ``high_bp`` (a column, by weight) and ``high_share_bp``; what they refer to."""

    reference: OutlierReference
    is_refused_without: bool
    low_bp: int
    high_bp: pl.Expr
    high_share_bp: int


def thresholds(edition: Edition, form: DrgForm) -> Thresholds | None:
    """读取倍率界限: None when the county classes no outliers. Refuses a reference that the form does not have."""
    value = edition.get(KEY)
    if value is None:
        return None
    if value.get("reference") not in list(OutlierReference):
        raise wrong(KEY, "参照应为 standard 或 group_mean", "the reference is standard or group_mean")
    reference = OutlierReference(value["reference"])
    if form is DrgForm.POINT and reference is OutlierReference.STANDARD:
        raise wrong(KEY, "点数法没有支付标准，参照应为 group_mean", "points have no standard; refer to group_mean")
    return Thresholds(
        reference=reference,
        is_refused_without=value.get("without_reference") == "refuse",
        low_bp=whole(value, "low_bp", KEY),
        high_bp=_high_bp(value),
        high_share_bp=whole(value, "high_share_bp", KEY),
    )


def outlier_class(cost: pl.Expr, above: pl.Expr, below: pl.Expr, limits: Thresholds | None) -> pl.Expr:
    """倍率类别（列）: of a cost against a reference of ``above`` / ``below`` fen."""
    if limits is None:
        return pl.lit(Outlier.NONE.value)
    side = wide(cost) * wide(below) * E4
    return (
        pl.when(above.is_null() | (above <= 0))
        .then(pl.lit(Outlier.UNJUDGED.value))
        .when(side < wide(above) * limits.low_bp)
        .then(pl.lit(Outlier.LOW.value))
        .when(side > wide(above) * wide(limits.high_bp))
        .then(pl.lit(Outlier.HIGH.value))
        .otherwise(pl.lit(Outlier.NORMAL.value))
    )


def _high_bp(value: Any) -> pl.Expr:
    bands = rows_of(value.get("high_bands"), KEY)
    if not bands or "weight_to_e6" in bands[-1]:
        raise wrong(KEY, "高倍率界限的最后一档不写权重上限", "the last band of high thresholds has no upper weight")
    found = pl.lit(whole(bands[-1], "high_bp", KEY), dtype=pl.Int64)
    for band in reversed(bands[:-1]):
        fits = pl.col("weight_e6") <= whole(band, "weight_to_e6", KEY)
        found = pl.when(fits).then(pl.lit(whole(band, "high_bp", KEY), dtype=pl.Int64)).otherwise(found)
    return found
