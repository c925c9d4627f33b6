"""病种分值付费: deviation on the standard score (with its auxiliary factor), then the coefficient, then special cases.

r = cost ÷ last year's mean of the disease at the tier. r < low: score × r; r > high: score × ((r − high) + 1).
Standard score, score after deviation and points have four decimals each, half up, as `insurance/dip` shows them.
"""

from __future__ import annotations

import polars as pl

from sanyi.insurance.payment.codes import Outlier, Unpayable
from sanyi.insurance.payment.rules.coefficients import NAMES as COEFFICIENTS
from sanyi.insurance.payment.rules.coefficients import PRICE_TIER, coefficient_e6
from sanyi.insurance.payment.rules.exact import E4, E6, half_up, ratio_e6, wide
from sanyi.insurance.payment.rules.finishing import (
    IS_SPECIAL,
    finished,
    lacks_overall_mean,
    reason_of,
    special_points,
    special_price,
)
from sanyi.insurance.payment.rules.policy_rows import whole
from sanyi.insurance.payment.rules.rule_set import Edition

NAMES = ("dip_pools", "pool_basis", "deviation", "special_case_form", "overall_mean_fen", *COEFFICIENTS)
KEY, SCORE_SCALE = "deviation", 10**7
COST, MEAN, SCORE = pl.col("_cost_fen"), pl.col("dip_mean_fen"), pl.col("dip_score_e4")
STANDARD = half_up(wide(SCORE) * wide(pl.col("dip_factor_e6").fill_null(E6)), E6)


def priced(frame: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """病种分值计价: DIP cases of one edition with disease, coefficient, deviation class and points."""
    is_same = pl.col("is_dip_primary_care").fill_null(False)
    known = frame.with_columns(pl.col("tier").alias(PRICE_TIER), group_code=pl.col("dip_row"), is_same_price=is_same)
    coefficient = pl.when(is_same).then(pl.lit(E6, dtype=pl.Int64)).otherwise(coefficient_e6(edition, pl.lit(False)))
    known = known.with_columns(
        coefficient_e6=coefficient, base_points_e4=STANDARD, outlier=_deviation(edition), reference_fen=MEAN,
        ratio_e6=ratio_e6(wide(COST), wide(MEAN)),
    )  # fmt: skip
    tests = {
        Unpayable.COST_UNKNOWN: COST.is_null(),
        Unpayable.NO_SCORE: SCORE.is_null(),
        Unpayable.NO_TIER: pl.col("tier").is_null() & pl.col("coefficient_e6").is_null(),
        Unpayable.NO_COEFFICIENT: pl.col("coefficient_e6").is_null(),
        Unpayable.NO_REFERENCE: (pl.col("outlier") == Outlier.UNJUDGED.value) & pl.lit(_is_refused(edition)),
    }
    known = known.with_columns(unpayable_reason=reason_of(tests, lacks_overall_mean(edition)))
    points = pl.when(IS_SPECIAL).then(special_points(edition, SCORE_SCALE)).otherwise(_points(edition))
    return finished(known, points_e4=points, price_fen=special_price(edition))


def _is_refused(edition: Edition) -> bool:
    return (edition.get(KEY) or {}).get("without_reference") == "refuse"


def _deviation(edition: Edition) -> pl.Expr:
    limits = edition.get(KEY)
    if limits is None:
        return pl.lit(Outlier.NONE.value)
    low, high = whole(limits, "low_bp", KEY), whole(limits, "high_bp", KEY)
    return (
        pl.when(MEAN.is_null() | (MEAN <= 0))
        .then(pl.lit(Outlier.UNJUDGED.value))
        .when(wide(COST) * E4 < wide(MEAN) * low)
        .then(pl.lit(Outlier.LOW.value))
        .when(wide(COST) * E4 > wide(MEAN) * high)
        .then(pl.lit(Outlier.HIGH.value))
        .otherwise(pl.lit(Outlier.NORMAL.value))
    )


def _points(edition: Edition) -> pl.Expr:
    limits = edition.get(KEY)
    deviated = STANDARD
    if limits is not None:
        full = wide(COST) * E4 + wide(MEAN) * (E4 - whole(limits, "high_bp", KEY))
        low = half_up(wide(STANDARD) * wide(COST), wide(MEAN))
        high = half_up(wide(STANDARD) * full, wide(MEAN) * E4)
        is_of = pl.col("outlier")
        chosen = pl.when(is_of == Outlier.LOW.value).then(low).when(is_of == Outlier.HIGH.value).then(high)
        deviated = chosen.otherwise(STANDARD)
    return half_up(wide(deviated) * wide(pl.col("coefficient_e6")), E6)
