"""费用明细逻辑检查: cross-field rules of one row, and lines held against their settlements. Pure Polars.

Quantity and price have four decimals each: their product is in 10^-8 yuan, a million of which is a fen.
"""

from __future__ import annotations

import polars as pl

from sanyi.exchange.claim_lines import codes, tables
from sanyi.exchange.intake.tables import RowCheck, Terms

KEY = "exchange.claim_lines."
_PER_FEN = 1_000_000
_HALF = _PER_FEN // 2


def checks(terms: Terms) -> tuple[RowCheck, ...]:
    """逻辑检查: all of them, in the documented order."""
    return (
        *date_checks(terms),
        *sign_checks(),
        *product_checks(terms.value(KEY + "amount_tolerance_fen")),
        *part_checks(),
    )


def date_checks(terms: Terms) -> tuple[RowCheck, ...]:
    """日期: nothing is charged after the day of sending."""
    return (
        RowCheck(
            kind=codes.OCCURRED_TO_COME,
            column="occurred_on",
            is_broken=pl.col("occurred_on") > pl.lit(terms.received_on),
            needs=("occurred_on",),
            value=pl.col("occurred_on").cast(pl.String),
            expected=pl.lit(terms.received_on).cast(pl.String),
        ),
    )


def sign_checks() -> tuple[RowCheck, ...]:
    """正负: a refund is negative in everything, a charge in nothing."""
    quantity = pl.col("quantity_e4")
    return (
        RowCheck(
            kind=codes.QUANTITY_ZERO,
            column="quantity_e4",
            is_broken=(quantity == 0) & (pl.col("amount_fen") != 0),
            needs=("quantity_e4", "amount_fen"),
            value=yuan_text(pl.col("amount_fen")),
        ),
        *(
            RowCheck(
                kind=codes.SIGN_WRONG,
                column=name,
                is_broken=pl.when(quantity < 0).then(pl.col(name) > 0).otherwise(pl.col(name) < 0),
                needs=(name, "quantity_e4"),
                value=yuan_text(pl.col(name)),
            )
            for name in ("amount_fen", *tables.PART_COLUMNS)
        ),
    )


def product_checks(tolerance_fen: int) -> tuple[RowCheck, ...]:
    """数量乘单价: the amount to within the tolerance; where no price is given, it is not asked."""
    return (
        RowCheck(
            kind=codes.AMOUNT_NOT_THE_PRODUCT,
            column="amount_fen",
            is_broken=(product_fen() - pl.col("amount_fen")).abs() > tolerance_fen,
            needs=("amount_fen", "quantity_e4", "unit_price_e4"),
            value=yuan_text(pl.col("amount_fen")),
            expected=yuan_text(product_fen()),
        ),
    )


def part_checks() -> tuple[RowCheck, ...]:
    """构成: the four parts are the amount; a single one is never more."""
    amount, parts = pl.col("amount_fen"), pl.sum_horizontal(tables.PART_COLUMNS)
    return (
        RowCheck(
            kind=codes.PARTS_DO_NOT_ADD_UP,
            column="amount_fen",
            is_broken=parts != amount,
            needs=("amount_fen", *tables.PART_COLUMNS),
            value=yuan_text(parts),
            expected=yuan_text(amount),
        ),
        *(
            RowCheck(
                kind=codes.PART_OVER_AMOUNT,
                column=name,
                is_broken=pl.col(name).abs() > amount.abs(),
                needs=(name, "amount_fen"),
                value=yuan_text(pl.col(name)),
                expected=yuan_text(amount),
            )
            for name in tables.PART_COLUMNS
        ),
    )


def product_fen() -> pl.Expr:
    """数量乘单价（分）: rounded half away from zero, in wide integers."""
    product = pl.col("quantity_e4").cast(pl.Int128) * pl.col("unit_price_e4").cast(pl.Int128)
    rounded = ((product.abs() + _HALF) // _PER_FEN).cast(pl.Int64, strict=False)
    return pl.when(product < 0).then(-rounded).otherwise(rounded)


def differences(lines: pl.LazyFrame, settlements: pl.LazyFrame) -> pl.LazyFrame:
    """明细与结算不符: settlements whose lines do not add up to their total.

    ``settlements`` has institution_code, settlement_id and total_fen. Answers with these, lines_fen and line_count; a
    settlement without lines is not named, since lines may come later.
    """
    key = ["institution_code", "settlement_id"]
    sums = lines.group_by(key).agg(pl.col("amount_fen").sum().alias("lines_fen"), pl.len().alias("line_count"))
    joined = settlements.select(*key, "total_fen").join(sums, on=key, how="inner")
    return joined.filter(pl.col("lines_fen") != pl.col("total_fen")).sort(key)


def yuan_text(fen: pl.Expr) -> pl.Expr:
    """金额（元）: with two decimals and the sign."""
    whole = fen.abs()
    digits = (whole % 100).cast(pl.String).str.pad_start(2, "0")
    sign = pl.when(fen < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, (whole // 100).cast(pl.String), pl.lit("."), digits)
