"""异地住院结算逻辑检查: cross-field rules of one row, in the order in which they are asked. Pure Polars."""

from __future__ import annotations

import polars as pl

from sanyi.exchange.intake.tables import CERTIFICATE_IS_WRONG, RowCheck, Terms
from sanyi.exchange.outside_stays import codes
from sanyi.kernel.refusals import RefusalKind


def checks(terms: Terms) -> tuple[RowCheck, ...]:
    """逻辑检查: all of them, in the documented order."""
    return (*certificate_checks(), *date_checks(terms), *place_checks(terms.county_code), *money_checks())


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
    """日期次序: admission, discharge, the day of sending."""
    discharged_on, received_on = pl.col("discharged_on"), pl.lit(terms.received_on)
    return (
        RowCheck(
            kind=codes.DISCHARGE_BEFORE_ADMISSION,
            column="discharged_on",
            is_broken=discharged_on < pl.col("admitted_on"),
            needs=("discharged_on", "admitted_on"),
            value=discharged_on.cast(pl.String),
            expected=pl.col("admitted_on").cast(pl.String),
        ),
        RowCheck(
            kind=codes.DISCHARGE_TO_COME,
            column="discharged_on",
            is_broken=discharged_on > received_on,
            needs=("discharged_on",),
            value=discharged_on.cast(pl.String),
            expected=received_on.cast(pl.String),
        ),
    )


def place_checks(county_code: str) -> tuple[RowCheck, ...]:
    """参保地与就医地: insured here, treated elsewhere; what was treated here is a settlement list already."""
    own = county_code[: codes.PLACE_DIGITS]
    insured, treated = pl.col("insured_place_code"), pl.col("institution_place_code")
    return (
        RowCheck(
            kind=codes.NOT_INSURED_HERE,
            column="insured_place_code",
            is_broken=insured.str.slice(0, codes.PLACE_DIGITS) != own,
            needs=("insured_place_code",),
            value=insured,
            expected=pl.lit(own),
        ),
        RowCheck(
            kind=codes.TREATED_HERE,
            column="institution_place_code",
            is_broken=treated.str.slice(0, codes.PLACE_DIGITS) == own,
            needs=("institution_place_code",),
            value=treated,
        ),
    )


def money_checks() -> tuple[RowCheck, ...]:
    """金额: no part is more than its whole."""
    return (
        _at_most(codes.FUND_OVER_TOTAL, "fund_payment_fen", "total_fen"),
        _at_most(codes.POOLED_OVER_FUND, "pooled_fund_payment_fen", "fund_payment_fen"),
        _at_most(codes.IN_POLICY_OVER_TOTAL, "in_policy_fen", "total_fen"),
    )


def _at_most(kind: RefusalKind, part: str, whole: str) -> RowCheck:
    return RowCheck(
        kind=kind,
        column=part,
        is_broken=pl.col(part) > pl.col(whole),
        needs=(part, whole),
        value=_yuan(part),
        expected=_yuan(whole),
    )


def _yuan(name: str) -> pl.Expr:
    """Yuan with two decimals; amounts are zero or more."""
    fen = pl.col(name)
    return pl.concat_str((fen // 100).cast(pl.String), pl.lit("."), (fen % 100).cast(pl.String).str.pad_start(2, "0"))
