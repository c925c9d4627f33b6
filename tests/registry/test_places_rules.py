"""区划代码规则, held against every shipped row."""

from __future__ import annotations

import polars as pl
import pytest

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.places import jobs, rules
from sanyi.registry.places.codes import CommitteeType, Level, TownshipType


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("000000000000", Level.NATION, None),
        ("140000000000", Level.PROVINCE, "000000000000"),
        ("140800000000", Level.PREFECTURE, "140000000000"),
        ("140830000000", Level.COUNTY, "140800000000"),
        ("140830100000", Level.TOWNSHIP, "140830000000"),
        ("140830100200", Level.VILLAGE, "140830100000"),
        ("441900003000", Level.TOWNSHIP, "441900000000"),
    ],
)
def test_the_code_tells_level_and_parent(code: str, level: Level, parent: str | None) -> None:
    assert rules.level_of(code) is level
    assert rules.parent_code(code) == parent
    assert rules.checked_code(code) == code


@pytest.mark.parametrize(
    "text", ["", "14083", "1408300000000", "14083000000a", "１４０８３０００００００", "140830000200"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="不是区划代码"):
        rules.checked_code(text)


def test_the_chain_ends_at_the_nation() -> None:
    assert rules.chain_codes("140830100200") == (
        "140830100200",
        "140830100000",
        "140830000000",
        "140800000000",
        "140000000000",
        "000000000000",
    )


@pytest.mark.parametrize(
    ("code", "area", "inside"),
    [
        ("140830100200", "140830100000", True),
        ("140830100000", "140830100000", True),
        ("140830101000", "140830100000", False),
        ("140829999999", "140830000000", False),
        ("140831000000", "140830000000", False),
        ("140830999999", "140830000000", True),
        ("350881000000", "000000000000", True),
    ],
)
def test_what_lies_in_an_area(code: str, area: str, inside: bool) -> None:
    assert rules.is_within(code, area) is inside


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("001", TownshipType.SUBDISTRICT),
        ("099", TownshipType.SUBDISTRICT),
        ("100", TownshipType.TOWN),
        ("199", TownshipType.TOWN),
        ("200", TownshipType.TOWNSHIP),
        ("399", TownshipType.TOWNSHIP),
        ("400", TownshipType.FUNCTIONAL_ZONE),
        ("599", TownshipType.FUNCTIONAL_ZONE),
    ],
)
def test_the_number_tells_the_kind_of_township(number: str, kind: TownshipType) -> None:
    assert rules.township_type(f"140830{number}000") is kind
    assert rules.committee_type(f"140830{number}000") is None


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("001", CommitteeType.RESIDENTIAL),
        ("199", CommitteeType.RESIDENTIAL),
        ("200", CommitteeType.VILLAGE),
        ("399", CommitteeType.VILLAGE),
        ("400", CommitteeType.RESIDENTIAL),
        ("499", CommitteeType.RESIDENTIAL),
        ("500", CommitteeType.VILLAGE),
    ],
)
def test_the_number_tells_the_kind_of_committee(number: str, kind: CommitteeType) -> None:
    assert rules.committee_type(f"140830100{number}") is kind
    assert rules.township_type(f"140830100{number}") is None


def test_one_by_one_and_in_columns_the_answers_are_the_same() -> None:
    frame = jobs.divisions()
    shipped = frame.with_columns(pl.col("committee_type").replace({"other": None}))
    for row in shipped.iter_rows(named=True):
        code = row["code"]
        assert row["level"] == rules.level_of(code)
        assert row["parent_code"] == rules.parent_code(code)
        assert row["township_type"] == (rules.township_type(code) or "")
        if row["committee_type"] is not None:
            assert row["committee_type"] == (rules.committee_type(code) or "")


def test_the_shipped_tree_is_whole() -> None:
    frame = jobs.divisions()
    assert frame.height == 44_699 + 3_120 + 1
    assert frame["code"].n_unique() == frame.height
    assert set(frame["parent_code"].drop_nulls()) <= set(frame["code"])
    assert frame.filter(pl.col("name").str.strip_chars().str.len_chars() == 0).is_empty()
    counts = dict(frame.group_by("level").len().iter_rows())
    assert counts == {
        "nation": 1,
        "province": 31,
        "prefecture": 342,
        "county": 2975,
        "township": 41351,
        "village": 3120,
    }


def test_fourteen_counties_come_with_their_villages() -> None:
    counties = jobs.counties_with_villages()
    assert len(counties) == 14
    assert {"140830000000", "370682000000", "350881000000", "350426000000"} <= set(counties)
    assert {feature["properties"]["code"] for feature in jobs.outlines()} == set(counties)


def test_points_and_counts_belong_to_known_places() -> None:
    codes = set(jobs.divisions()["code"])
    assert set(jobs.township_points()["code"]) <= codes
    assert set(jobs.population()["code"]) <= codes
    assert jobs.population().filter(pl.col("source") == "").is_empty()


def test_a_county_without_villages_is_refused() -> None:
    with pytest.raises(RefusedError, match="没有随附"):
        jobs.divisions_of("110101000000")
