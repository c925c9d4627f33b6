"""金额 (money): whole fen, named rounding, splitting without remainder.

Amounts are ``int`` fen (分), shares are basis points (万分比, 10,000 = all), weights and rates are integers whose scale
is in their name (``weight_e6``). Nothing here is a float. Each function on one number has a twin on a Polars column
(``*_expr``) that gives the same results, negatives included; a unit test compares them.

Bounds. Polars wraps silently beyond int64, so amounts are held to ``FEN_MAX`` at the door. Within it every ``*_expr``
here is exact as long as its own result fits int64: products are never formed before they are divided.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

import polars as pl

from sanyi.kernel import codes
from sanyi.kernel.refusals import RefusedError

FEN_MAX = 10**14
"""One trillion yuan (1 万亿元), far above a province's yearly fund and far below the int64 limit."""

BASIS_POINTS_ALL = 10_000

_YUAN = re.compile(r"([+-]?)(?:¥)?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
_YUAN_EXPR = r"^([+-]?)¥?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2})0*)?$"


class Rounding(StrEnum):
    """舍入方式: symmetric about zero except FLOOR and CEILING, so that a reversal cancels its original exactly."""

    HALF_UP = "half_up"  # 四舍五入: halves go away from zero
    HALF_EVEN = "half_even"  # 四舍六入五成双: halves go to the even neighbour
    DOWN = "down"  # 去尾: towards zero
    UP = "up"  # 进一: away from zero
    FLOOR = "floor"  # 向下取整: towards minus infinity
    CEILING = "ceiling"  # 向上取整: towards plus infinity


def divide(numerator: int, denominator: int, rounding: Rounding) -> int:
    """整数相除并舍入: numerator / denominator as a whole number. Refuses a denominator of zero."""
    if denominator == 0:
        raise RefusedError(codes.DIVISION_BY_ZERO())
    is_negative = (numerator < 0) != (denominator < 0)
    quotient, remainder = divmod(abs(numerator), abs(denominator))
    rest = abs(denominator) - remainder
    match rounding:
        case Rounding.HALF_UP:
            is_more = remainder >= rest
        case Rounding.HALF_EVEN:
            is_more = remainder > rest or (remainder == rest and quotient % 2 == 1)
        case Rounding.DOWN:
            is_more = False
        case Rounding.UP:
            is_more = remainder > 0
        case Rounding.FLOOR:
            is_more = remainder > 0 and is_negative
        case _:  # CEILING
            is_more = remainder > 0 and not is_negative
    magnitude = quotient + is_more
    return -magnitude if is_negative else magnitude


def share_fen(amount_fen: int, share_bp: int, rounding: Rounding) -> int:
    """按比例计算金额: ``share_bp`` basis points of ``amount_fen``."""
    return divide(amount_fen * share_bp, BASIS_POINTS_ALL, rounding)


def scale_fen(amount_fen: int, factor: int, scale: int, rounding: Rounding) -> int:
    """按系数计算金额: amount × factor / scale, for example ``scale_fen(rate_fen, weight_e6, 10**6, HALF_UP)``."""
    return divide(amount_fen * factor, scale, rounding)


def split_fen(total_fen: int, weights: Sequence[int]) -> list[int]:
    """按权重分配金额（最大余数法）: parts in proportion to the weights that add up to the total exactly.

    Each part is rounded towards zero, then the fen left over go to the largest remainders, ties to the earlier
    position. A negative total gives the negative of the split of its opposite. Refuses negative weights, and weights
    that are all zero or none.
    """
    for position, weight in enumerate(weights, start=1):
        if weight < 0:
            raise RefusedError(codes.WEIGHT_NEGATIVE(position=position, weight=weight))
    whole = sum(weights)
    if whole == 0:
        raise RefusedError(codes.SPLIT_WITHOUT_WEIGHTS(total=format_yuan(total_fen)))
    sign = -1 if total_fen < 0 else 1
    parts, remainders = [], []
    for weight in weights:
        part, remainder = divmod(abs(total_fen) * weight, whole)
        parts.append(part)
        remainders.append(remainder)
    left_over = abs(total_fen) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda position: (-remainders[position], position))
    for position in by_remainder[:left_over]:
        parts[position] += 1
    return [sign * part for part in parts]


def parse_yuan(text: str | int | Decimal) -> int:
    """读取以元为单位的金额: yuan as written by people, to fen.

    Accepts full-width digits, a ¥ sign, thousands separators in their right places and a trailing 元; decimals beyond
    the second only when they are zeros. Refuses anything else, and amounts beyond ``FEN_MAX``.
    """
    written = str(text)
    cleaned = unicodedata.normalize("NFKC", written).strip().removesuffix("元").strip()
    found = _YUAN.fullmatch(cleaned)
    if not found or not cleaned.isascii() and "¥" not in cleaned:
        raise RefusedError(codes.YUAN_UNREADABLE(text=written))
    sign, whole, decimals = found[1], found[2].replace(",", ""), (found[3] or "").rstrip("0")
    if len(decimals) > 2:
        raise RefusedError(codes.YUAN_TOO_FINE(text=written))
    if len(whole.lstrip("0")) > len(str(FEN_MAX)):
        raise RefusedError(codes.AMOUNT_OUT_OF_BOUNDS(text=written, limit=format_yuan(FEN_MAX)))
    fen = int(whole) * 100 + int(decimals.ljust(2, "0"))
    if fen > FEN_MAX:
        raise RefusedError(codes.AMOUNT_OUT_OF_BOUNDS(text=written, limit=format_yuan(FEN_MAX)))
    return -fen if sign == "-" else fen


def format_yuan(fen: int) -> str:
    """金额的书写形式: fen as yuan with two decimals and thousands separators, ``-1,234.50``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def divide_expr(numerator: pl.Expr, denominator: pl.Expr | int, rounding: Rounding) -> pl.Expr:
    """整数相除并舍入（列）: the same results as ``divide``; null where a side is null or the denominator is zero.

    The columns must be integers. Null is how a zero denominator shows: a rulebook refuses it by name of the step.
    """
    above = numerator.cast(pl.Int64)
    below = _column(denominator)
    below = pl.when(below != 0).then(below)
    sign = above.sign() * below.sign()
    magnitude, size = above.abs(), below.abs()
    quotient = magnitude // size
    remainder = magnitude - quotient * size
    more = _more_expr(rounding, quotient, remainder, size - remainder, sign)
    return sign * (quotient + more.cast(pl.Int64))


def divide_half_up_expr(numerator: pl.Expr, denominator: pl.Expr | int) -> pl.Expr:
    """四舍五入相除（列）: ``divide_expr`` with HALF_UP."""
    return divide_expr(numerator, denominator, Rounding.HALF_UP)


def share_fen_expr(amount_fen: pl.Expr, share_bp: pl.Expr | int, rounding: Rounding) -> pl.Expr:
    """按比例计算金额（列）: the same results as ``share_fen``."""
    return scale_fen_expr(amount_fen, share_bp, BASIS_POINTS_ALL, rounding)


def scale_fen_expr(amount_fen: pl.Expr, factor: pl.Expr | int, scale: int, rounding: Rounding) -> pl.Expr:
    """按系数计算金额（列）: the same results as ``scale_fen``, exact whenever the result itself fits int64.

    The product amount × factor is never formed: both are split by the scale first. ``scale`` is from 1 to 2·10^9.
    """
    if not 1 <= scale <= 2 * 10**9:
        raise ValueError(f"scale {scale} is outside 1 to 2·10^9")
    amount, by = amount_fen.cast(pl.Int64), _column(factor)
    sign = amount.sign() * by.sign()
    amount, by = amount.abs(), by.abs()
    amount_whole, amount_rest = amount // scale, amount % scale
    by_whole, by_rest = by // scale, by % scale
    whole = amount_whole * by + amount_rest * by_whole
    product = amount_rest * by_rest
    quotient, remainder = product // scale, product % scale
    more = _more_expr(rounding, whole + quotient, remainder, scale - remainder, sign)
    return sign * (whole + quotient + more.cast(pl.Int64))


def parse_yuan_expr(text: pl.Expr) -> pl.Expr:
    """读取以元为单位的金额（列）: fen where ``parse_yuan`` accepts a plain half-width text, null where it would refuse.

    Full-width digits are for ``parse_yuan``: call it on the rows this leaves null to get the sentence or the amount.
    """
    cleaned = text.str.strip_chars().str.strip_suffix("元").str.strip_chars()
    sign, whole = cleaned.str.extract(_YUAN_EXPR, 1), cleaned.str.extract(_YUAN_EXPR, 2)
    decimals = cleaned.str.extract(_YUAN_EXPR, 3).fill_null("").str.pad_end(2, "0")
    digits = whole.str.replace_all(",", "", literal=True) + decimals
    fen = digits.cast(pl.Int64, strict=False)
    fen = pl.when(fen <= FEN_MAX).then(fen)
    return pl.when(sign == "-").then(-fen).otherwise(fen)


def _more_expr(rounding: Rounding, quotient: pl.Expr, remainder: pl.Expr, rest: pl.Expr, sign: pl.Expr) -> pl.Expr:
    """Whether the magnitude goes up by one; ``rest`` is the divisor less the remainder."""
    match rounding:
        case Rounding.HALF_UP:
            return remainder >= rest
        case Rounding.HALF_EVEN:
            return (remainder > rest) | ((remainder == rest) & (quotient % 2 == 1))
        case Rounding.DOWN:
            return remainder < 0
        case Rounding.UP:
            return remainder > 0
        case Rounding.FLOOR:
            return (remainder > 0) & (sign < 0)
        case _:  # CEILING
            return (remainder > 0) & (sign > 0)


def _column(value: pl.Expr | int) -> pl.Expr:
    return value.cast(pl.Int64) if isinstance(value, pl.Expr) else pl.lit(value, dtype=pl.Int64)
