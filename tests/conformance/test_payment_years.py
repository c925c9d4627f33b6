"""Payment in Spark: the whole year of the counties of a province, visits, capitation and spending included."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from sanyi.insurance.payment.jobs import YearFacts, digest, settle_year
from sanyi.insurance.payment.jobs.county_years import COUNTY, frames_of, settle_county_years
from sanyi.insurance.payment.rules.rule_set import RuleSet
from tests.conformance.test_payment import COUNTIES, PLACES, county
from tests.insurance.payment import years

KINDS = ("general", "chronic_special", "day_tcm", "pharmacy", "emergency")


def facts_of(code: str, seed: int) -> tuple[YearFacts, RuleSet]:
    """A county whose persons visit on many days, at every institution, some signed and some not."""
    stays, rules = county(code, seed)
    visits = years.visits(
        *(
            {
                "institution_code": PLACES[number % len(PLACES)]["institution_code"],
                "person_id": f"P{number % 7}",
                "visit_kind": KINDS[number % len(KINDS)],
                "visited_on": date(years.YEAR, 1, 1) + timedelta(days=(number * seed) % 365),
                "is_outside_county": number % 11 == 0,
                "fund_payment_fen": 5_000 + number,
                "patient_fen": 5_000 - number,
            }
            for number in range(120)
        )
    )
    signed = years.signed(*({"person_id": f"P{number}", "is_chronic": number % 2 == 0} for number in range(4)))
    places = years.institutions(*PLACES)
    return YearFacts(stays.lazy(), places, visits=visits.lazy(), signed=signed.lazy()), rules


def with_county(code: str, frame: pl.LazyFrame | None) -> pl.DataFrame:
    assert frame is not None
    return frame.collect().with_columns(pl.lit(code).alias(COUNTY))


@pytest.mark.spark
def test_the_whole_year_of_every_county_has_the_bytes_of_each_alone(spark: Any) -> None:
    given = {code: facts_of(code, seed) for code, seed in COUNTIES.items()}
    stays = pl.concat([with_county(code, facts.stays) for code, (facts, _) in given.items()])
    visits = pl.concat([with_county(code, facts.visits) for code, (facts, _) in given.items()])
    there = settle_county_years(
        spark.createDataFrame(stays.to_arrow()).repartition(3),
        spark.createDataFrame(visits.to_arrow()).repartition(3),
        given.values(),
    )
    rows = pl.from_arrow(there.toArrow())
    assert isinstance(rows, pl.DataFrame)
    alone = {code: settle_year(facts, rules) for code, (facts, rules) in given.items()}
    expected = {(code, name): value for code, year in alone.items() for name, value in year.digests().items()}
    assert {(row[COUNTY], row["table"]): row["digest"] for row in rows.iter_rows(named=True)} == expected
    assert {(code, name): digest(frame) for code, name, frame in frames_of(rows)} == expected
    assert all(year.visits["visit_count"].sum() and year.spend.height for year in alone.values())
