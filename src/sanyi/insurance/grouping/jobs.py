"""分组作业: settlement lists in, grouped stays out; table to table, without Django.

Each stay is grouped by the scheme in force on its day of discharge; a stay without a scheme is counted, not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce

import polars as pl

from sanyi.insurance.grouping import tables
from sanyi.insurance.grouping.grouper import group_frame

MINUTES_PER_HOUR = 60
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Period:
    """方案期间: which scheme and which weights apply from a day to a day (included; None: still)."""

    starts_on: date
    ends_on: date | None
    scheme: str
    is_assumed: bool
    mode: str = "strict"
    is_translated: bool = False


def overlaid(base: Iterable[Period], over: Iterable[Period]) -> tuple[Period, ...]:
    """期间叠加: the periods of ``base`` except where one of ``over`` holds (of two of these the later given wins).

    Days without a scheme in both stay without one; neighbours with the same scheme become one period.
    """
    found = list(base)
    for one in over:
        found = [part for period in found for part in _without(period, one)] + [one]
    return _joined(sorted(found, key=lambda period: period.starts_on))


def _without(period: Period, cut: Period) -> Iterable[Period]:
    """The days of a period before and after another."""
    if period.starts_on < cut.starts_on:
        before = cut.starts_on - timedelta(days=1)
        yield replace(period, ends_on=before if period.ends_on is None else min(period.ends_on, before))
    if cut.ends_on is not None and (period.ends_on is None or period.ends_on > cut.ends_on):
        yield replace(period, starts_on=max(period.starts_on, cut.ends_on + timedelta(days=1)))


def _joined(periods: Iterable[Period]) -> tuple[Period, ...]:
    found: list[Period] = []
    for period in periods:
        last = found[-1] if found else None
        is_same = last is not None and replace(last, starts_on=period.starts_on, ends_on=period.ends_on) == period
        if last is not None and is_same and last.ends_on == period.starts_on - timedelta(days=1):
            found[-1] = replace(last, ends_on=period.ends_on)
        else:
            found.append(period)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Grouping:
    """分组结果: rows of GROUPED_STAY, and how many stays had no scheme on their day."""

    stays: pl.DataFrame
    without_scheme_count: int


def facts_of(settlements: pl.DataFrame) -> pl.DataFrame:
    """分组所用事实: the columns the grouper reads, from rows of the settlement list as they stand in the lake.

    A child under one year has ``age_days`` and no ``age_years`` in the form: its age is 0. The weight is that at
    admission, else at birth. Several codes are joined by ``|``. Intensive care is in whole hours.
    """
    return settlements.select(
        "sex",
        age=pl.when(pl.col("age_years").is_null() & pl.col("age_days").is_not_null())
        .then(0)
        .otherwise(pl.col("age_years")),
        age_days="age_days",
        weight=pl.coalesce("newborn_admission_weight_grams", "newborn_birth_weight_grams"),
        dept="discharge_department_code",
        los="length_of_stay_days",
        leaving="discharge_way_code",
        dx=pl.col("diagnosis_codes").fill_null(""),
        px=pl.col("procedure_codes").fill_null(""),
        icu_hours=pl.col("icu_minutes") // MINUTES_PER_HOUR,
    )


def group(
    settlements: pl.DataFrame,
    *,
    periods: Iterable[Period],
    weights: pl.DataFrame,
    fund_columns: Iterable[str],
    source_version: int,
    run_number: int,
    report: Report | None = None,
) -> Grouping:
    """分组: all rows, period by period. ``weights`` has scheme, drg, weight_e6; ``report(done, total)`` is called."""
    discharged_on = pl.col("discharged_at").dt.date()
    parts, done = [tables.GROUPED_STAY.empty()], 0
    for period in periods:
        ends_on = period.ends_on or date.max
        within = settlements.filter(discharged_on.is_between(period.starts_on, ends_on))
        if within.height:
            parts.append(_grouped(within, period, weights, tuple(fund_columns), source_version, run_number))
        done += within.height
        if report is not None:
            report(done, settlements.height)
    stays = pl.concat(parts)
    return Grouping(stays, settlements.height - stays.height)


def _grouped(
    settlements: pl.DataFrame,
    period: Period,
    weights: pl.DataFrame,
    fund_columns: tuple[str, ...],
    source_version: int,
    run_number: int,
) -> pl.DataFrame:
    results = group_frame(
        facts_of(settlements), period.scheme, period.mode, translate=period.is_translated, with_trace=True
    ).select("status", "mdc", "adrg", "drg", *tables.TRACE_COLUMNS)
    published = weights.filter(pl.col("scheme") == period.scheme).select("drg", "weight_e6")
    frame = (
        _copied(settlements, fund_columns)
        .hstack(results)
        .join(published, on="drg", how="left", maintain_order="left")
        .with_columns(
            scheme=pl.lit(period.scheme),
            is_scheme_assumed=pl.lit(period.is_assumed),
            mode=pl.lit(period.mode),
            source_version=pl.lit(source_version, dtype=pl.Int64),
            run_number=pl.lit(run_number, dtype=pl.Int64),
        )
    )
    return tables.GROUPED_STAY.conform(frame)


def _copied(settlements: pl.DataFrame, fund_columns: tuple[str, ...]) -> pl.DataFrame:
    """What lists and figures show of a stay, so that they need no join."""
    funds = reduce(lambda total, name: total + pl.col(name).fill_null(0), fund_columns, pl.lit(0, dtype=pl.Int64))
    return settlements.select(
        "settlement_id",
        "institution_code",
        "person_id",
        "sex",
        "age_years",
        "insurance_type_code",
        "doctor_code",
        "length_of_stay_days",
        "total_fen",
        discharged_on=pl.col("discharged_at").dt.date(),
        department_code="discharge_department_code",
        main_diagnosis_code=_first("diagnosis_codes"),
        main_procedure_code=_first("procedure_codes"),
        fund_payment_fen=funds,
        source_batch_number="_batch_number",
    )


def _first(column: str) -> pl.Expr:
    """The first of several codes; null when there is none."""
    first = pl.col(column).str.split("|").list.first()
    return pl.when(first != "").then(first)
