"""门诊结算逻辑检查: cross-field rules of one row, in the order in which they are asked. Pure Polars."""

from __future__ import annotations

import polars as pl

from sanyi.exchange.intake.tables import CERTIFICATE_IS_WRONG, RowCheck, Terms
from sanyi.exchange.outpatient_visits import codes, tables
from sanyi.kernel.refusals import RefusalKind


def checks(terms: Terms) -> tuple[RowCheck, ...]:
    """逻辑检查: all of them, in the documented order."""
    return (
        *certificate_checks(),
        *date_checks(terms),
        *place_checks(terms.county_code),
        *reversal_checks(),
        *money_checks(),
        *disease_checks(),
    )


def is_reversal() -> pl.Expr:
    """是否退费: an empty flag is an ordinary settlement."""
    return pl.col("is_reversal").fill_null(value=False)


def certificate_checks() -> tuple[RowCheck, ...]:
    """证件: the number itself. Basis: GB 11643-1999."""
    return (
        RowCheck(
            kind=codes.CERTIFICATE_WRONG,
            column="certificate_number",
            is_broken=pl.col(CERTIFICATE_IS_WRONG),
            needs=("certificate_number",),
            value=pl.col("certificate_number"),
        ),
    )


def date_checks(terms: Terms) -> tuple[RowCheck, ...]:
    """日期次序: visit, settlement, the day of sending."""
    received_on = pl.lit(terms.received_on)
    return (
        _day(codes.VISIT_TO_COME, "visited_on", pl.col("visited_on") > received_on, received_on),
        _day(codes.SETTLED_TO_COME, "settled_on", pl.col("settled_on") > received_on, received_on),
        RowCheck(
            kind=codes.SETTLED_BEFORE_VISIT,
            column="settled_on",
            is_broken=pl.col("settled_on") < pl.col("visited_on"),
            needs=("settled_on", "visited_on"),
            value=pl.col("settled_on").cast(pl.String),
            expected=pl.col("visited_on").cast(pl.String),
        ),
    )


def place_checks(county_code: str) -> tuple[RowCheck, ...]:
    """参保地与就医地: one of both is this county."""
    own = county_code[: codes.PLACE_DIGITS]
    insured, visited = (
        pl.col(name).str.slice(0, codes.PLACE_DIGITS) for name in ("insured_place_code", "institution_place_code")
    )
    return (
        RowCheck(
            kind=codes.NEITHER_HERE,
            column="insured_place_code",
            is_broken=(insured != own) & (visited != own),
            needs=("insured_place_code", "institution_place_code"),
            value=pl.col("insured_place_code"),
            expected=pl.lit(own),
        ),
    )


def reversal_checks() -> tuple[RowCheck, ...]:
    """退费: names what it reverses; amounts have one sign."""
    return (
        RowCheck(
            kind=codes.ORIGINAL_MISSING,
            column="original_settlement_id",
            is_broken=is_reversal() & pl.col("original_settlement_id").is_null(),
        ),
        *(
            RowCheck(
                kind=codes.SIGN_WRONG,
                column=name,
                is_broken=pl.when(is_reversal()).then(pl.col(name) > 0).otherwise(pl.col(name) < 0),
                needs=(name,),
                value=yuan_text(pl.col(name)),
            )
            for name in tables.MONEY_COLUMNS
        ),
    )


def money_checks() -> tuple[RowCheck, ...]:
    """金额: payments add up to the total to the fen; no part is more than its whole."""
    paid = ("fund_payment_fen", "account_payment_fen", "cash_payment_fen")
    total, payments = pl.col("total_fen"), pl.sum_horizontal(paid)
    return (
        RowCheck(
            kind=codes.PAYMENTS_DO_NOT_ADD_UP,
            column="total_fen",
            is_broken=payments != total,
            needs=("total_fen", *paid),
            value=yuan_text(payments),
            expected=yuan_text(total),
        ),
        _at_most(codes.POOLED_OVER_FUND, "pooled_fund_payment_fen", "fund_payment_fen"),
        _at_most(codes.IN_POLICY_OVER_TOTAL, "in_policy_fen", "total_fen"),
    )


def disease_checks() -> tuple[RowCheck, ...]:
    """病种: a visit for a listed chronic disease names it; a doubt only."""
    return (
        RowCheck(
            kind=codes.DISEASE_MISSING,
            column="special_disease_code",
            is_broken=(pl.col("visit_kind_code") == codes.CHRONIC_SPECIAL) & pl.col("special_disease_code").is_null(),
            needs=("visit_kind_code",),
            is_warning=True,
        ),
    )


def yuan_text(fen: pl.Expr) -> pl.Expr:
    """金额（元）: with two decimals and the sign."""
    whole = fen.abs()
    digits = (whole % 100).cast(pl.String).str.pad_start(2, "0")
    sign = pl.when(fen < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, (whole // 100).cast(pl.String), pl.lit("."), digits)


def _day(kind: RefusalKind, column: str, is_broken: pl.Expr, expected: pl.Expr) -> RowCheck:
    return RowCheck(
        kind=kind,
        column=column,
        is_broken=is_broken,
        needs=(column,),
        value=pl.col(column).cast(pl.String),
        expected=expected.cast(pl.String),
    )


def _at_most(kind: RefusalKind, part: str, whole: str) -> RowCheck:
    return RowCheck(
        kind=kind,
        column=part,
        is_broken=pl.col(part).abs() > pl.col(whole).abs(),
        needs=(part, whole),
        value=yuan_text(pl.col(part)),
        expected=yuan_text(pl.col(whole)),
    )
