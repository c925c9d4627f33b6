"""费用偏差 (cost deviation): the score paid for a stay whose cost is far from last year's mean of the disease.

r = cost ÷ previous-year mean at the same tier. r < low: score · r; low ≤ r ≤ high: score; r > high:
score · (r − high + 1). The test is on the standard score; the institution's coefficient comes afterwards, special
review may replace the result.
r is never rounded; the score is rounded half up to ten-thousandths once. An unknown mean is said and paid as normal.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sanyi.insurance.dip.codes import MEAN_NOT_POSITIVE, Band
from sanyi.kernel.money import Rounding, divide
from sanyi.kernel.refusals import RefusedError

E4 = 10_000


@dataclass(frozen=True, slots=True)
class Deviation:
    """费用偏差结果: band, the ratio to four decimals for showing (None: unknown), and the score paid."""

    band: Band
    ratio_e4: int | None
    score_e4: int


def deviation(score_e4: int, cost_fen: int, mean_fen: int | None, *, low_bp: int, high_bp: int) -> Deviation:
    """费用偏差: of one stay. Refuses a mean that is not positive; ``None`` is unknown."""
    if mean_fen is None:
        return Deviation(Band.UNKNOWN, None, score_e4)
    if mean_fen <= 0:
        raise RefusedError(MEAN_NOT_POSITIVE(mean=mean_fen))
    ratio_e4 = divide(cost_fen * E4, mean_fen, Rounding.HALF_UP)
    cost = cost_fen * E4
    if cost < low_bp * mean_fen:
        return Deviation(Band.LOW, ratio_e4, divide(score_e4 * cost_fen, mean_fen, Rounding.HALF_UP))
    if cost > high_bp * mean_fen:
        above = cost - (high_bp - E4) * mean_fen
        return Deviation(Band.HIGH, ratio_e4, divide(score_e4 * above, E4 * mean_fen, Rounding.HALF_UP))
    return Deviation(Band.NORMAL, ratio_e4, score_e4)


def deviation_exprs(
    score_e4: pl.Expr, cost_fen: pl.Expr, mean_fen: pl.Expr, *, low_bp: pl.Expr | int, high_bp: pl.Expr | int
) -> dict[str, pl.Expr]:
    """费用偏差（列）: ``band``, ``ratio_e4``, ``score_e4`` as ``deviation`` gives them; exact in 128 bits.

    A mean that is null or not positive is unknown here; a score of null stays null.
    """
    mean = pl.when(mean_fen > 0).then(mean_fen).cast(pl.Int128)
    cost, score = cost_fen.cast(pl.Int128), score_e4.cast(pl.Int128)
    low, high = (one if isinstance(one, pl.Expr) else pl.lit(one) for one in (low_bp, high_bp))
    is_low = cost * E4 < low.cast(pl.Int128) * mean
    is_high = cost * E4 > high.cast(pl.Int128) * mean
    above = cost * E4 - (high.cast(pl.Int128) - E4) * mean
    return {
        "band": pl.when(mean.is_null() | cost.is_null())
        .then(pl.lit(Band.UNKNOWN.value))
        .when(is_low)
        .then(pl.lit(Band.LOW.value))
        .when(is_high)
        .then(pl.lit(Band.HIGH.value))
        .otherwise(pl.lit(Band.NORMAL.value)),
        "ratio_e4": half_up_expr(cost * E4, mean).cast(pl.Int64),
        "score_e4": pl.when(is_low)
        .then(half_up_expr(score * cost, mean))
        .when(is_high)
        .then(half_up_expr(score * above, E4 * mean))
        .otherwise(score)
        .cast(pl.Int64),
    }


def half_up_expr(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """四舍五入相除（列，128 位）: both not negative; null for a denominator that is null or zero."""
    below = pl.when(denominator > 0).then(denominator)
    return (2 * numerator + below) // (2 * below)


def factored_e4(score_e4: int, factor_e6: int | None) -> int:
    """标准分值: base score × the factor of the auxiliary catalogue, half up to ten-thousandths; None is no factor."""
    return score_e4 if factor_e6 is None else divide(score_e4 * factor_e6, 1_000_000, Rounding.HALF_UP)


def factored_e4_expr(score_e4: pl.Expr, factor_e6: pl.Expr) -> pl.Expr:
    """标准分值（列）: the same results as ``factored_e4``."""
    product = score_e4.cast(pl.Int128) * factor_e6.fill_null(1_000_000)
    return half_up_expr(product, pl.lit(1_000_000, dtype=pl.Int128)).cast(pl.Int64)
