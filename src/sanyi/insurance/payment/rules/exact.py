"""精确运算: quotients of columns in 128 bits, rounded half up once; sides of a comparison are never rounded."""

from __future__ import annotations

import polars as pl

WIDE = pl.Int128()
E4, E6, E8 = 10**4, 10**6, 10**8


def wide(value: pl.Expr | int) -> pl.Expr:
    """128 位整数: a column or number in which products of amounts, weights and rates do not overflow."""
    return value.cast(WIDE) if isinstance(value, pl.Expr) else pl.lit(value, dtype=WIDE)


def half_up(numerator: pl.Expr, denominator: pl.Expr | int) -> pl.Expr:
    """四舍五入的商: halves away from zero; null where a side is null or the denominator is zero."""
    below = wide(denominator)
    below = pl.when(below != 0).then(below)
    sign = numerator.sign() * below.sign()
    above, size = numerator.abs(), below.abs()
    return (sign * ((2 * above + size) // (2 * size))).cast(pl.Int64)


def ratio_e6(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """比值（显示用）: in millionths, half up; comparisons use the two sides themselves."""
    return half_up(wide(numerator) * E6, denominator)
