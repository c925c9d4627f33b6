"""The cases of computing, as the file tells them: the three worked examples and every edge."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
import yaml

from sanyi.governance.indicators import tables
from sanyi.governance.indicators.rules.computing import Need
from tests.governance.indicators import bundles
from tests.governance.indicators.bundles import AT_TOWNSHIP, COUNTY, FOLDER, HOSPITAL, TOWNSHIP, facts, short, version

CASES = yaml.safe_load((FOLDER / "cases" / "computing.yaml").read_text(encoding="utf-8"))
FIRST = date(2025, 1, 1)


def cases(part: str) -> Any:
    return pytest.mark.parametrize("case", CASES[part], ids=[case["name"] for case in CASES[part]])


def _posted(name: str, starts_on: date, days: int, posting: dict[str, Any]) -> dict[str, Any]:
    return {
        "staff_id": name, "kind": "doctor", "is_general_practitioner": False,
        "title_level": posting.get("title_level", "intermediate"), "institution_code": TOWNSHIP,
        "is_primary": posting.get("is_primary", True), "relation": "posted",
        "home_level": posting.get("home_level", "2"), "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=days - 1),
    }  # fmt: skip


def _postings(given: list[dict[str, Any]]) -> pl.LazyFrame:
    rows = []
    for group, posting in enumerate(given):
        days = posting.get("days") or posting["months"] * 30
        for number in range(posting["count"]):
            name = f"D{group}{number:03d}"
            rows.append(_posted(name, FIRST, days, posting))
            if "then_days" in posting:
                rows.append(_posted(name, FIRST + timedelta(days=days + 10), posting["then_days"], posting))
    return pl.LazyFrame(rows, schema=tables.STAFF_FACT.polars_schema())


def _residents(count: int | None) -> pl.LazyFrame:
    row = {"place_code": "1", "base": "resident", "counted_on": date(2024, 12, 31), "person_count": count}
    return pl.LazyFrame([row] if count else [], schema=tables.RESIDENT_COUNT.polars_schema())


@cases("posted_physicians")
def test_posted_physicians(case: dict[str, Any]) -> None:
    known = facts([], staff=_postings(case["postings"]), residents=_residents(case["residents"]))
    found = bundles.values(known, version("posted_physicians", case["multiplier"]))[COUNTY]
    assert short(found) == case["expect"]
    if case["residents"]:
        assert found["basis"] == "resident 2024-12-31"


@cases("fund")
def test_funds_in_the_county_and_at_primary_institutions(case: dict[str, Any]) -> None:
    rows = [
        {"fund_payment_fen": case["hospital_fen"]},
        {"fund_payment_fen": case["primary_fen"], **AT_TOWNSHIP},
        {"fund_payment_fen": 77, "is_insured_here": False, "is_primary": None},  # insured elsewhere
    ]
    away = {
        "settlement_id": "X", "institution_code": "Z", "insured_place_code": "1", "discharged_on": date(2025, 5, 1),
        "fund_payment_fen": case["outside_fen"],
    }  # fmt: skip
    has_outside = case["outside_fen"] is not None
    outside = pl.LazyFrame([away] if has_outside else [], schema=tables.OUTSIDE_STAY.polars_schema())
    needs = frozenset(Need) if has_outside else frozenset(Need) - {Need.OUTSIDE_STAY}
    known = facts(rows, outside_stays=outside, available=needs)
    assert short(bundles.values(known, version("in_county_fund_share", 100))[COUNTY]) == case["in_county"]
    primary = bundles.values(known, version("primary_share_of_fund", 100))[COUNTY]
    assert short(primary) == case["primary"]
    assert (primary["row_count"], primary["missing_count"]) == (2, 1)


@cases("index")
def test_time_index(case: dict[str, Any]) -> None:
    rows = []
    for number, group in enumerate(case["groups"]):
        own = [{"drg": f"A{number}", "length_of_stay_days": group["own_days"]}] * group["own_count"]
        mean = group["all_mean_days"]  # as many others as make the county's mean
        other = 2 * mean - group["own_days"]
        others = [{"drg": f"A{number}", "length_of_stay_days": other, **AT_TOWNSHIP}] * group["own_count"]
        rows += own + others
    found = bundles.values(facts(rows), version("time_index"))
    assert short(found[HOSPITAL]) == case["expect"]
    assert found[COUNTY]["value_e6"] == 1_000_000


@cases("missing")
def test_what_is_missing(case: dict[str, Any]) -> None:
    rows = [{"total_fen": 100}] * case["known"] + [{"total_fen": None}] * case["missing"]
    found = bundles.values(facts(rows), version("cost_per_discharge", limit_bp=case["limit_bp"]))[COUNTY]
    assert (found["reason"] or found["status"]) == case["expect"]
    assert found["missing_count"] == case["missing"]
