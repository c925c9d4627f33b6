"""Indicators: monthly sums institution by institution, and all values county by county, the same here and in Spark."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import polars as pl
import pytest

from sanyi.governance.indicators import jobs, tables
from sanyi.governance.indicators.codes import NodeKind
from sanyi.governance.indicators.jobs import institution_months
from sanyi.governance.indicators.rules.computing import RULES, Need
from sanyi.governance.indicators.rules.computing.bundle import Facts
from sanyi.governance.indicators.rules.definitions import read_definitions
from sanyi.kernel.runners import run_spark, run_table
from tests.governance.indicators.bundles import AT_TOWNSHIP, FOLDER, GROUP, LIMITS, stays

ROWS = 400


def some_stays(seed: int = 20251122) -> pl.DataFrame:
    """Stays of five institutions over two years, with gaps in every kind of fact."""
    chance = random.Random(seed)
    rows = []
    for _ in range(ROWS):
        number = chance.randrange(5)
        unit = AT_TOWNSHIP if number > 2 else {"group_code": GROUP if number else None}
        rows.append(
            unit
            | {
                "institution_code": f"H{number}",
                "discharged_on": date(2024, 1, 1) + timedelta(days=chance.randrange(731)),
                "total_fen": chance.choice([None, chance.randrange(10**10)]),
                "weight_e6": chance.choice([None, chance.randrange(5 * 10**6)]),
                "is_dead": chance.choice([None, True, False]),
                "operation_level": chance.choice([None, 0, 2, 3, 4]),
            }
        )
    return stays(rows)


@pytest.mark.spark
def test_table_equals_spark(spark: Any) -> None:
    table = some_stays()
    expected = run_table(institution_months, table)
    there = run_spark(institution_months, spark.createDataFrame(table.to_arrow()).repartition(2))
    found = tables.INDICATOR_MONTH.conform(pl.from_arrow(there.toArrow()))  # type: ignore[arg-type]
    assert expected.height > ROWS
    assert found.sort(found.columns).equals(expected.sort(expected.columns))


def test_one_stay_at_a_time_equals_the_table() -> None:
    table = some_stays().head(80)
    names = ("numerator", "denominator", "row_count", "missing_count")
    unit = [name for name in tables.INDICATOR_MONTH.column_names if name not in names]
    each = pl.concat([run_table(institution_months, table[place]) for place in range(table.height)])
    summed = each.group_by(unit).agg(pl.col(name).sum() for name in names).select(tables.INDICATOR_MONTH.column_names)
    whole = run_table(institution_months, table)
    assert whole.height > table.height
    assert summed.sort(unit).equals(whole.sort(unit))


PLACES = {"C1": "H", "C2": "K", "C3": "L"}  # county to the first letter of its institutions; the last has no stays
KINDS = dict.fromkeys(PLACES, NodeKind.COUNTY) | {GROUP: NodeKind.GROUP}
CATALOGUE = read_definitions((FOLDER / "data" / "definitions").glob("*.yaml"), RULES.keys())


def stays_of(county: str, seed: int) -> pl.DataFrame:
    """Stays of a county with groups of cases, whose institutions are its own."""
    chance = random.Random(seed)
    table = some_stays(seed)
    drgs = [chance.choice(["A1", "A2", "B1", None]) for _ in range(table.height)]
    own = pl.col("institution_code").str.replace("H", PLACES[county])
    groups = pl.Series(drgs, dtype=pl.String)
    is_low_risk = pl.col("is_dead").is_not_null()  # what lacks more than a little has no value
    number, total, day = pl.col("settlement_id"), pl.col("total_fen"), pl.col("discharged_on")
    return table.with_columns(
        own,
        pl.when(number.str.ends_with("7")).then(total).otherwise(total.fill_null(1)),
        pl.when(number.str.ends_with("5")).then(day.dt.offset_by("-9y")).otherwise(day),  # under older versions
        drg=groups,
        adrg=groups.str.slice(0, 1),
        is_low_risk=is_low_risk,
    )


def facts_of(county: str, seed: int) -> Facts:
    """Staff, counts of residents and stays outside of a county, at random."""
    chance = random.Random(seed)
    day = partial(chance.randrange, 700)
    people = [
        {
            "staff_id": f"D{number}", "kind": chance.choice(["doctor", "assistant_doctor", "nurse"]),
            "is_general_practitioner": chance.choice([True, False]), "title_level": "senior",
            "institution_code": PLACES[county], "is_primary": True, "relation": chance.choice(["primary", "posted"]),
            "home_level": "2", "starts_on": date(2023, 1, 1) + timedelta(days=day()), "ends_on": None,
        }
        for number in range(60)
    ]  # fmt: skip
    away = [
        {
            "settlement_id": f"X{number}", "institution_code": "Z", "insured_place_code": "1",
            "discharged_on": date(2024, 1, 1) + timedelta(days=day()),
            "insurance_type_code": chance.choice(["390", "310"]), "fund_payment_fen": day(),
        }
        for number in range(200)
    ]  # fmt: skip
    count = {"place_code": "1", "base": "resident", "counted_on": date(2023, 12, 31), "person_count": 9_000 + day()}
    parts = {"elderly_count": 1_000 + day(), "child_count": 500 + day()}
    return Facts(
        county_code=county,
        years=(2016, 2025),
        stays=tables.STAY_FACT.empty().lazy(),
        limits=LIMITS,
        available=frozenset(Need),
        staff=pl.LazyFrame(people, schema=tables.STAFF_FACT.polars_schema()),
        residents=pl.LazyFrame([count | parts], schema=tables.RESIDENT_COUNT.polars_schema()),
        outside_stays=pl.LazyFrame(away, schema=tables.OUTSIDE_STAY.polars_schema()),
    )


@pytest.mark.spark
def test_the_counties_of_a_province_in_one_job_give_what_each_gives_alone(spark: Any) -> None:
    bundles = {county: facts_of(county, seed) for seed, county in enumerate(PLACES)}
    rows = {county: stays_of(county, seed) for seed, county in enumerate(("C1", "C2"))}
    alone = [
        jobs.compute(
            replace(facts, stays=rows[county].lazy()) if county in rows else facts, CATALOGUE, KINDS
        ).with_columns(county_code=pl.lit(county))
        for county, facts in bundles.items()
    ]
    whole = pl.concat([frame.with_columns(county_code=pl.lit(county)) for county, frame in rows.items()])
    there = jobs.compute_counties(
        spark.createDataFrame(whole.to_arrow()).repartition(3), bundles.values(), CATALOGUE, KINDS
    )
    found = pl.from_arrow(there.toArrow())
    assert isinstance(found, pl.DataFrame)
    expected = pl.concat(alone).select(found.columns)
    assert found.schema == expected.schema
    key = ["county_code", *tables.INDICATOR_VALUE.natural_key]
    assert found.sort(key).equals(expected.sort(key))
    for county in rows:  # every rule has a value in both counties
        computed = found.filter(pl.col("status") == "computed", pl.col("county_code") == county)
        used = {CATALOGUE.get(code).version(version).rule for code, version in computed["code", "version"].iter_rows()}
        assert used == set(RULES)
