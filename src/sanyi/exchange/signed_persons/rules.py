"""签约居民逻辑检查: cross-field rules of one row, and who counts as signed on a day. Pure Polars."""

from __future__ import annotations

from datetime import date

import polars as pl

from sanyi.exchange.intake.tables import CERTIFICATE_BORN_ON, CERTIFICATE_IS_WRONG, RowCheck, Terms
from sanyi.exchange.lake.tables import PERSON_KEY
from sanyi.exchange.signed_persons import codes

KEY = "exchange.signed_persons."


def checks(terms: Terms) -> tuple[RowCheck, ...]:
    """逻辑检查: all of them, in the documented order."""
    return (*certificate_checks(), *date_checks(terms.value(KEY + "period_max_days")))


def certificate_checks() -> tuple[RowCheck, ...]:
    """证件: the number itself, then the date of birth against it. Basis: GB 11643-1999."""
    return (
        RowCheck(
            kind=codes.CERTIFICATE_WRONG,
            column="certificate_number",
            is_broken=pl.col(CERTIFICATE_IS_WRONG),
            needs=("certificate_number",),
            value=pl.col("certificate_number"),
        ),
        RowCheck(
            kind=codes.BIRTH_AGAINST_CERTIFICATE,
            column="born_on",
            is_broken=pl.col("born_on") != pl.col(CERTIFICATE_BORN_ON),
            needs=("born_on", "certificate_number"),
            value=pl.col("born_on").cast(pl.String),
            expected=pl.col(CERTIFICATE_BORN_ON).cast(pl.String),
        ),
    )


def date_checks(longest_days: int) -> tuple[RowCheck, ...]:
    """日期次序: birth, start, end; a period longer than agreements are made for is a doubt."""
    starts_on, ends_on = pl.col("starts_on"), pl.col("ends_on")
    days = (ends_on - starts_on).dt.total_days() + 1
    return (
        RowCheck(
            kind=codes.ENDS_BEFORE_START,
            column="ends_on",
            is_broken=ends_on < starts_on,
            needs=("ends_on", "starts_on"),
            value=ends_on.cast(pl.String),
            expected=starts_on.cast(pl.String),
        ),
        RowCheck(
            kind=codes.BORN_AFTER_START,
            column="born_on",
            is_broken=pl.col("born_on") > starts_on,
            needs=("born_on", "starts_on"),
            value=pl.col("born_on").cast(pl.String),
            expected=starts_on.cast(pl.String),
        ),
        RowCheck(
            kind=codes.PERIOD_LONG,
            column="ends_on",
            is_broken=days > longest_days,
            needs=("ends_on", "starts_on"),
            value=days.cast(pl.String),
            expected=pl.lit(str(longest_days)),
            is_warning=True,
        ),
    )


def signed_on(agreements: pl.LazyFrame, day: date) -> pl.LazyFrame:
    """某日签约: one agreement per person among those that run on a day; of several the one that began last.

    Ties go to the smaller institution and agreement, so that nobody is paid for twice.
    """
    running = agreements.filter(pl.lit(day).is_between(pl.col("starts_on"), pl.col("ends_on")))
    ordered = running.sort(
        PERSON_KEY, "starts_on", "institution_code", "agreement_id", descending=[False, True, False, False]
    )
    return ordered.unique(PERSON_KEY, keep="first", maintain_order=True)
