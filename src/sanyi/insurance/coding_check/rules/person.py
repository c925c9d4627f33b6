"""人口学信息检查: what the grouper's record check wants, and whether ages agree with each other and with the birth."""

from __future__ import annotations

from collections.abc import Iterator

from sanyi.insurance.coding_check.codes import person
from sanyi.insurance.coding_check.codes.kind import Finding
from sanyi.insurance.coding_check.rules.record import Record
from sanyi.insurance.coding_check.rules.thresholds import Thresholds
from sanyi.insurance.coding_check.tables import SEX_ZH, STAY_TO_CHECK
from sanyi.kernel.dates import age_days, age_years

NEWBORN_DAYS_MAX = 28
"""新生儿天龄上限: fixed by the record check of every CHS-DRG scheme (rule 4), not by local policy."""
YEAR_DAYS_MIN, YEAR_DAYS_MAX = 365, 366
_BOUNDED = ("age_years", "age_days", "newborn_weight_grams", "length_of_stay_days", "icu_minutes", "total_fen")


def person_findings(record: Record, thresholds: Thresholds) -> Iterator[Finding]:
    """人口学信息问题: in the order sex, age, bounds, newborn, agreement."""
    if record.sex not in SEX_ZH:
        yield person.SEX_MISSING("sex")
    if record.age is None:
        yield person.AGE_MISSING("age_years")
    yield from _out_of_bounds(record)
    yield from _newborn(record, thresholds)
    yield from _agreement(record)
    yield from _against_birth(record)


def _out_of_bounds(record: Record) -> Iterator[Finding]:
    """Bounds are those of the contract of the settlement list."""
    for name in _BOUNDED:
        value, column = getattr(record, name), STAY_TO_CHECK.column(name)
        low, high = column.minimum, column.maximum
        if value is None or (low is None or value >= low) and (high is None or value <= high):
            continue
        words = {"label": column.zh, "label_en": column.en, "minimum": low, "maximum": high}
        yield person.VALUE_IMPOSSIBLE(name, value=value, **words)


def _newborn(record: Record, thresholds: Thresholds) -> Iterator[Finding]:
    if record.age != 0:
        return
    days, weight = record.age_days, record.newborn_weight_grams
    if days is None:
        yield person.AGE_DAYS_MISSING("age_days")
    elif days <= NEWBORN_DAYS_MAX and weight is None:
        yield person.NEWBORN_WEIGHT_MISSING("newborn_weight_grams", age_days=days, limit=NEWBORN_DAYS_MAX)
    elif days <= NEWBORN_DAYS_MAX and weight is not None:
        low, high = thresholds.newborn_weight_min_grams, thresholds.newborn_weight_max_grams
        if not low <= weight <= high:
            yield person.NEWBORN_WEIGHT_UNUSUAL("newborn_weight_grams", value=weight, minimum=low, maximum=high)


def _agreement(record: Record) -> Iterator[Finding]:
    """Years and days of one age: n years are n·365 to (n + 1)·366 - 1 days."""
    years, days = record.age_years, record.age_days
    if years is None or days is None or years < 0 or days < 0:
        return
    if not years * YEAR_DAYS_MIN <= days < (years + 1) * YEAR_DAYS_MAX:
        yield person.AGE_INCONSISTENT("age_days", years=years, days=days)


def _against_birth(record: Record) -> Iterator[Finding]:
    born_on, admitted_on = record.born_on, record.admitted_on
    if born_on is None or admitted_on is None or admitted_on < born_on:
        return
    years, days = age_years(born_on, admitted_on), age_days(born_on, admitted_on)
    given = (("age_years", record.age_years, years), ("age_days", record.age_days, days))
    for name, stated, expected in given:
        if stated is not None and stated != expected:
            column = STAY_TO_CHECK.column(name)
            words = {
                "label": column.zh,
                "label_en": column.en,
                "born_on": str(born_on),
                "admitted_on": str(admitted_on),
            }
            yield person.AGE_NOT_BIRTH(name, given=stated, expected=expected, **words)
