"""指标值: numerator × multiplier ÷ denominator in millionths of the indicator's own unit, half up, exactly."""

from __future__ import annotations

import polars as pl

from sanyi.governance.indicators.codes import E6
from sanyi.governance.indicators.rules.computing.declaration import Rule
from sanyi.kernel.money import Rounding, divide


def value_e6(numerator: int, denominator: int, multiplier: int, rule: Rule) -> int:
    """指标值: of one pair of numbers; refuses a denominator of zero."""
    above = numerator * multiplier * E6 * rule.denominator_quantity.scale
    return divide(above, denominator * rule.numerator_quantity.scale, Rounding.HALF_UP)


def value_e6_expr(numerator: pl.Expr, denominator: pl.Expr, factor: pl.Expr, scale: pl.Expr) -> pl.Expr:
    """指标值（列）: numerator · factor ÷ (denominator · scale), halves away from zero, in 128 bits; null where the
    denominator is zero."""
    above, below = numerator.cast(pl.Int128) * factor.cast(pl.Int128), denominator.cast(pl.Int128) * scale
    below = pl.when(below > 0).then(below)
    sign = pl.when(above < 0).then(pl.lit(-1, dtype=pl.Int128)).otherwise(pl.lit(1, dtype=pl.Int128))
    size = above * sign
    return (sign * ((2 * size + below) // (2 * below))).cast(pl.Int64)
