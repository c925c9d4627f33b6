"""整表规则（人员与人口）: staff on the last day of a period, or posted during a year, per so many residents.

The denominator is the latest count of residents on or before the last day, of the first base that has one; its base
and date stand beside the value. A value without a count does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from sanyi.governance.indicators.rules.computing.bundle import Facts
from sanyi.governance.indicators.rules.computing.declaration import Need, TableFunction

DOCTORS = ("doctor", "assistant_doctor")
SKILLED = ("intermediate", "associate", "senior")
UPPER_LEVELS = ("2", "3")
OWN, POSTED = "primary", "posted"
_NEEDS = (Need.STAFF, Need.RESIDENTS)


def _per_residents(facts: Facts, asked: Callable[[pl.LazyFrame, date, date], pl.LazyFrame]) -> pl.LazyFrame:
    """``asked(staff, first_on, last_on)`` gives the persons in question of a period, with ``is_counted`` (unknown:
    null) where not all of them count."""
    rows = []
    for period in facts.periods:
        residents = facts.residents_on(period.last_on)
        if residents is None:
            continue
        found = asked(facts.staff, period.first_on, period.last_on)
        if "is_counted" not in found.collect_schema():
            found = found.with_columns(is_counted=pl.lit(True))
        persons = found.group_by("staff_id").agg(pl.col("is_counted").max()).collect()["is_counted"]
        count, basis = residents
        known = persons.len() - persons.null_count()
        rows.append((facts.county_code, period.name, int(persons.sum()), count, known, persons.null_count(), basis))
    names = ("node_code", "period", "numerator", "denominator", "row_count", "missing_count", "basis")
    kinds = (pl.String, pl.String, *(4 * (pl.Int64,)), pl.String)
    return pl.LazyFrame(rows, dict(zip(names, kinds, strict=True)), orient="row")


def _on(staff: pl.LazyFrame, last_on: date) -> pl.LazyFrame:
    """Whoever has a primary institution on a day."""
    holds = (pl.col("starts_on") <= last_on) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= last_on))
    return staff.filter((pl.col("relation") == OWN) & holds)


def doctors_per_1000(facts: Facts) -> pl.LazyFrame:
    """每千人口执业（助理）医师数."""
    return _per_residents(facts, lambda staff, _, last_on: _on(staff, last_on).filter(pl.col("kind").is_in(DOCTORS)))


def general_practitioners_per_10000(facts: Facts) -> pl.LazyFrame:
    """每万人口全科医生数: doctors whose licence says general practice; without a category of licence it is unknown."""

    def asked(staff: pl.LazyFrame, _: date, last_on: date) -> pl.LazyFrame:
        doctors = _on(staff, last_on).filter(pl.col("kind").is_in(DOCTORS))
        return doctors.with_columns(is_counted="is_general_practitioner")

    return _per_residents(facts, asked)


def nurses_per_1000(facts: Facts) -> pl.LazyFrame:
    """每千人口注册护士数."""
    return _per_residents(facts, lambda staff, _, last_on: _on(staff, last_on).filter(pl.col("kind") == "nurse"))


def posted_physicians(facts: Facts) -> pl.LazyFrame:
    """每万人口派驻基层的中级及以上职称医师数: GOV-01.

    Doctors of intermediate title or above whose own institution is of level two or above, posted to primary
    institutions; the days of all postings in the period are added (a day once), and from so many on a doctor counts.
    """
    least = facts.limits.posting_months * facts.limits.posting_month_days

    def counted(staff: pl.LazyFrame, first_on: date, last_on: date) -> pl.LazyFrame:
        starts_on = pl.max_horizontal(pl.col("starts_on"), pl.lit(first_on))
        ends_on = pl.min_horizontal(pl.col("ends_on").fill_null(last_on), pl.lit(last_on))
        posted = staff.filter(
            pl.col("relation") == POSTED,
            pl.col("is_primary"),
            pl.col("kind") == "doctor",
            pl.col("title_level").is_in(SKILLED),
            pl.col("home_level").is_in(UPPER_LEVELS),
        )
        within = posted.select("staff_id", starts_on=starts_on, ends_on=ends_on).filter(
            pl.col("starts_on") <= pl.col("ends_on")
        )
        each = within.select("staff_id", day=pl.date_ranges("starts_on", "ends_on")).explode("day")
        return each.group_by("staff_id").agg(pl.col("day").n_unique()).filter(pl.col("day") >= least)

    return _per_residents(facts, counted)


def elderly_share(facts: Facts) -> pl.LazyFrame:
    """65岁及以上人口占比: of the residents' registry."""
    return _registry_share(facts, "elderly_count")


def child_share(facts: Facts) -> pl.LazyFrame:
    """7岁以下人口占比: of the residents' registry."""
    return _registry_share(facts, "child_count")


def _registry_share(facts: Facts, part: str) -> pl.LazyFrame:
    counts = facts.residents.filter(pl.col(part).is_not_null()).sort("counted_on").collect()
    rows = []
    for period in facts.periods:
        known = counts.filter(pl.col("counted_on") <= period.last_on).tail(1).to_dicts()
        rows += [
            (facts.county_code, period.name, row[part], row["person_count"], row["person_count"], 0) for row in known
        ]
    names = ("node_code", "period", "numerator", "denominator", "row_count", "missing_count")
    kinds = (pl.String, pl.String, *(4 * (pl.Int64,)))
    return pl.LazyFrame(rows, dict(zip(names, kinds, strict=True)), orient="row")


def _rule(name: str, zh: str, function: Callable[[Facts], pl.LazyFrame]) -> TableFunction:
    return TableFunction(name, zh, function, _NEEDS, is_county_only=True)


STAFF: tuple[TableFunction, ...] = (
    _rule("doctors_per_1000", "每千人口执业（助理）医师数", doctors_per_1000),
    _rule("general_practitioners_per_10000", "每万人口全科医生数", general_practitioners_per_10000),
    _rule("nurses_per_1000", "每千人口注册护士数", nurses_per_1000),
    _rule("posted_physicians", "每万人口派驻基层中级及以上医师数", posted_physicians),
    TableFunction("elderly_share", "65岁及以上人口占比", elderly_share, (Need.RESIDENTS,), is_county_only=True),
    TableFunction("child_share", "7岁以下人口占比", child_share, (Need.RESIDENTS,), is_county_only=True),
)
