"""病组付费: what a case is worth by rate, or how many points it has, for one edition of the rules.

Rate: standard = RW × rate × coefficient, never rounded; low outliers are paid their cost, high ones the standard and a
share of the cost above the threshold. Points: RW × 100 × coefficient; low: base × r without coefficient and never more
than the normal points; high: × (1 + (r − high) × share). Then a special case replaces the result, then the quota rule.
"""

from __future__ import annotations

import polars as pl

from sanyi.insurance.payment.codes import DrgForm, Outlier, OutlierReference, Unpayable, UnstableRule
from sanyi.insurance.payment.rules.coefficients import NAMES as COEFFICIENTS
from sanyi.insurance.payment.rules.coefficients import PRICE_TIER, coefficient_e6
from sanyi.insurance.payment.rules.exact import E4, E6, E8, half_up, ratio_e6, wide
from sanyi.insurance.payment.rules.finishing import (
    IS_SPECIAL,
    finished,
    lacks_overall_mean,
    points_of,
    reason_of,
    special_points,
    special_price,
)
from sanyi.insurance.payment.rules.outliers import Thresholds, outlier_class, thresholds
from sanyi.insurance.payment.rules.policy_rows import first_of, listed, whole, wrong
from sanyi.insurance.payment.rules.rule_set import Edition

RATE_NAMES = ("drg_form", "rates", "weights", "outlier", "special_case_form", *COEFFICIENTS)
POINT_NAMES = (
    "drg_form", "pools", "pool_basis", "weights", "outlier", "special_case_form", "overall_mean_fen", *COEFFICIENTS,
)  # fmt: skip
STANDARD_SCALE = 10**16
"""RW (e6) × rate (e6 yuan) × coefficient (e6) in fen: 10^18 less the hundred fen of a yuan."""
COST, STANDARD = pl.col("_cost_fen"), pl.col("_standard")
BY_RATE: dict[Unpayable, pl.Expr] = {
    Unpayable.COST_UNKNOWN: COST.is_null(),
    Unpayable.NO_WEIGHT: pl.col("weight_e6").is_null(),
    Unpayable.NO_TIER: pl.col(PRICE_TIER).is_null()
    & (pl.col("rate_e6").is_null() | pl.col("coefficient_e6").is_null()),
    Unpayable.NO_RATE: pl.col("rate_e6").is_null(),
    Unpayable.NO_COEFFICIENT: pl.col("coefficient_e6").is_null(),
}


def drg_form(edition: Edition) -> DrgForm:
    """病组付费形式: of the edition; refuses any other word."""
    if edition.get("drg_form") not in list(DrgForm):
        raise wrong("drg_form", "应为 rate 或 point", "rate or point is wanted")
    return DrgForm(edition.get("drg_form"))


def with_weight(frame: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """权重: the county's own weight of a group where it has one, else the published one; unknown stays null."""
    own = edition.get("weights")
    if not own:
        return frame
    found = first_of(own, "weight_e6", "weights")
    return frame.with_columns(weight_e6=pl.coalesce(found, pl.col("weight_e6")))


def priced(frame: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """病组计价: DRG cases of one edition with group, coefficient, outlier, and price (rate) or points (point)."""
    form = drg_form(edition)
    same = edition.get("same_price_groups")
    is_same = listed(same, "same_price_groups")
    anchor = whole(same, "anchor_tier", "same_price_groups") if same else None
    limits = thresholds(edition, form)
    known = frame.with_columns(group_code=pl.col("_group"), is_same_price=is_same).with_columns(
        pl.when(is_same).then(pl.lit(anchor, dtype=pl.Int64)).otherwise(pl.col("tier")).alias(PRICE_TIER)
    )
    known = known.with_columns(coefficient_e6=coefficient_e6(edition, pl.col("is_same_price")))
    if form is DrgForm.RATE:
        return _by_rate(known, edition, limits)
    return _by_points(known, edition, limits)


def _by_rate(frame: pl.DataFrame, edition: Edition, limits: Thresholds | None) -> pl.DataFrame:
    known = frame.with_columns(rate_e6=first_of(edition.get("rates"), "rate_e6", "rates", tier=PRICE_TIER))
    known = known.with_columns(
        _standard=wide(pl.col("weight_e6")) * wide(pl.col("rate_e6")) * wide(pl.col("coefficient_e6"))
    )
    is_by_mean = limits is not None and limits.reference is OutlierReference.GROUP_MEAN
    above = wide(pl.col("group_mean_fen")) if is_by_mean else STANDARD
    below = 1 if is_by_mean else STANDARD_SCALE
    known = _classed(known, limits, above, below)
    price = _rate_price(limits, above, below)
    if _pays_mean(edition):
        price = pl.when(pl.col("is_unstable")).then(pl.col("group_mean_fen")).otherwise(price)
    reason = reason_of({**BY_RATE, **_no_reference(edition, limits)}, pl.lit(False))
    known = known.with_columns(standard_fen=half_up(STANDARD, STANDARD_SCALE), unpayable_reason=reason)
    price = pl.when(IS_SPECIAL).then(pl.col("special_amount_fen")).otherwise(price)
    return finished(known, price_fen=price).drop("_standard")


def _rate_price(limits: Thresholds | None, above: pl.Expr, below: int) -> pl.Expr:
    normal = half_up(STANDARD, STANDARD_SCALE)
    if limits is None:
        return normal
    low = pl.when(wide(COST) * STANDARD_SCALE < STANDARD).then(COST).otherwise(normal)
    beyond = wide(COST) * below * E4 - wide(limits.high_bp) * above
    scale = STANDARD_SCALE // below
    high = half_up(STANDARD * E8 + beyond * limits.high_share_bp * scale, STANDARD_SCALE * E8)
    return _by_class(low, normal, high)


def _by_points(frame: pl.DataFrame, edition: Edition, limits: Thresholds | None) -> pl.DataFrame:
    mean = pl.col("group_mean_fen")
    known = _classed(frame.with_columns(base_points_e4=pl.col("weight_e6")), limits, wide(mean), 1)
    base = wide(pl.col("base_points_e4"))
    normal = half_up(base * wide(pl.col("coefficient_e6")), E6)
    points = normal
    if limits is not None:
        low = pl.min_horizontal(half_up(base * wide(COST), wide(mean)), normal)
        beyond = (wide(COST) * E4 - wide(limits.high_bp) * wide(mean)) * limits.high_share_bp
        full = wide(mean) * E8 + beyond
        points = _by_class(low, normal, half_up(base * wide(pl.col("coefficient_e6")) * full, wide(mean) * E8 * E6))
    overall = edition.get("overall_mean_fen")
    if _pays_mean(edition):
        points = pl.when(pl.col("is_unstable")).then(points_of(mean, overall, E6)).otherwise(points)
    reasons: dict[Unpayable, pl.Expr] = {name: test for name, test in BY_RATE.items() if name is not Unpayable.NO_RATE}
    reasons[Unpayable.NO_TIER] = pl.col(PRICE_TIER).is_null() & pl.col("coefficient_e6").is_null()
    reason = reason_of({**reasons, **_no_reference(edition, limits)}, lacks_overall_mean(edition))
    points = pl.when(IS_SPECIAL).then(special_points(edition, E6)).otherwise(points)
    return finished(known.with_columns(unpayable_reason=reason), points_e4=points, price_fen=special_price(edition))


def _classed(frame: pl.DataFrame, limits: Thresholds | None, above: pl.Expr, below: int) -> pl.DataFrame:
    return frame.with_columns(
        outlier=outlier_class(COST, above, pl.lit(below), limits),
        ratio_e6=ratio_e6(wide(COST) * below, above) if limits else pl.lit(None, dtype=pl.Int64),
        reference_fen=half_up(above, below) if limits else pl.lit(None, dtype=pl.Int64),
    )


def _by_class(low: pl.Expr, normal: pl.Expr, high: pl.Expr) -> pl.Expr:
    is_of = pl.col("outlier")
    return pl.when(is_of == Outlier.LOW.value).then(low).when(is_of == Outlier.HIGH.value).then(high).otherwise(normal)


def _pays_mean(edition: Edition) -> bool:
    return (edition.get("unstable_groups") or {}).get("rule") == UnstableRule.MEAN


def _no_reference(edition: Edition, limits: Thresholds | None) -> dict[Unpayable, pl.Expr]:
    """Where a mean is needed that is not known."""
    test = pl.lit(False)
    if limits is not None and limits.is_refused_without:
        test = test | (pl.col("outlier") == Outlier.UNJUDGED.value)
    if _pays_mean(edition):
        is_unknown = pl.col("group_mean_fen").is_null()
        if drg_form(edition) is DrgForm.POINT and not edition.get("overall_mean_fen"):
            is_unknown = pl.lit(True)
        test = test | (pl.col("is_unstable") & is_unknown)
    return {Unpayable.NO_REFERENCE: test}
