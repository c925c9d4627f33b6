"""Stays outside the county: graver ones leave more often, nobody is in two places, and intake refuses none."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest

from sanyi.demo.outside_stays import SEVERITIES, OutsideStays
from sanyi.demo.settlement_lists import as_form
from sanyi.exchange.intake.tables import registered
from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY
from tests.demo.conftest import RESIDENTS, SEED, Made, made
from tests.exchange.checking import checked


@cache
def away(short: str, resident_count: int, chunk: int = 40_000) -> pl.DataFrame:
    """The stays outside of a whole county."""
    county = made(short, resident_count, SEED).county
    outside = OutsideStays(county)
    return pl.concat([outside.of(part.residents, part.stays) for part in county.chunks(chunk)])


def test_about_nine_tenths_stay_and_the_graver_leave_more(ruicheng: Made) -> None:
    outside = away("ruicheng", RESIDENTS)
    assert 0.04 < outside.height / (outside.height + ruicheng.stays.height) < 0.12
    keys = outside["settlement_id"].str.slice(7).cast(pl.Int64)
    bounds = ruicheng.county.profile.figure("outside_severity")
    weight = pl.col("weight_e6")
    severity = sum((weight >= bound).cast(pl.Int64) for bound in bounds)
    known = ruicheng.stays.select("key", severity=severity, left=pl.col("key").is_in(keys.implode()))
    shares = known.group_by("severity").agg(pl.col("left").mean()).sort("severity")["left"].to_list()
    assert len(shares) == len(SEVERITIES) and shares == sorted(shares) and shares[-1] > 4 * shares[0]


def test_nobody_is_in_two_beds_or_travels_after_death(ruicheng: Made) -> None:
    outside = away("ruicheng", RESIDENTS)
    person = ruicheng.residents.select("person_no", certificate_number="id_number").drop_nulls()
    both = outside.join(person, on="certificate_number").join(
        ruicheng.stays.select("person_no", "discharge_way", home_from="admitted_on", home_to="discharged_on"),
        on="person_no",
    )
    assert both.height >= outside.height
    overlapping = (pl.col("home_from") <= pl.col("discharged_on")) & (pl.col("home_to") >= pl.col("admitted_on"))
    assert both.filter(overlapping).is_empty()
    assert both.filter((pl.col("discharge_way") == "5") & (pl.col("discharged_on") > pl.col("home_to"))).is_empty()
    assert (outside["admitted_on"] >= outside["born_on"]).all()
    assert outside["certificate_number"].str.starts_with("99").all()


def test_the_same_rows_in_pieces_of_any_size() -> None:
    small, large = (away("zhangping", 6_000, chunk).sort("settlement_id") for chunk in (1_500, 40_000))
    assert small.height > 30 and small.equals(large)


@pytest.mark.parametrize("short", ["ruicheng", "laiyang", "zhangping", "youxi"])
def test_intake_takes_every_row(short: str) -> None:
    outside = away(short, 6_000)
    content = as_form(outside, OUTSIDE_STAY).write_csv().encode()
    county = made(short, 6_000, SEED).county.profile.county_code
    late = made(short, 6_000, SEED).county.profile.last_day
    with checked(content, contract=registered()[OUTSIDE_STAY.name], county_code=county, received_on=late) as found:
        assert found.codes() == [] and found.rows.height == outside.height > 0
