"""分组绩效: CMI, time and cost index against a slow, obvious calculation with fractions."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance.grouping import rules, tables
from sanyi.insurance.grouping.codes import Status

SCHEMA = {
    name: column.polars
    for name, column in ((column.name, column.type) for column in tables.GROUPED_STAY.columns)
    if name
    in {
        "institution_code",
        "status",
        "scheme",
        "adrg",
        "drg",
        "weight_e6",
        "length_of_stay_days",
        "total_fen",
        "fund_payment_fen",
    }
}
STAY = st.fixed_dictionaries(
    {
        "institution_code": st.sampled_from(["A", "B", "C"]),
        "status": st.sampled_from([Status.GROUPED.value, Status.GROUPED.value, Status.NOT_GROUPED.value]),
        "scheme": st.just("linfen_2022"),
        "adrg": st.just("ES3"),
        "drg": st.sampled_from(["ES31", "ES33", "ES35"]),
        "weight_e6": st.one_of(st.none(), st.integers(0, 20_000_000)),
        "length_of_stay_days": st.one_of(st.none(), st.integers(0, 400)),
        "total_fen": st.one_of(st.none(), st.integers(0, 10**11)),
        "fund_payment_fen": st.integers(-(10**9), 10**11),
    }
)


def frame_of(stays: list[dict[str, Any]]) -> pl.LazyFrame:
    return pl.DataFrame(stays, schema=SCHEMA).lazy()


def rounded(value: Fraction) -> int:
    return int((value * 2 + 1) // 2)


def slow_index(stays: list[dict[str, Any]], institution: str, field: str) -> int | None:
    """The definition, read aloud."""
    grouped = [stay for stay in stays if stay["status"] == Status.GROUPED.value and stay[field] is not None]
    county: dict[str, list[int]] = defaultdict(list)
    own: dict[str, list[int]] = defaultdict(list)
    for stay in grouped:
        county[stay["drg"]].append(stay[field])
        if stay["institution_code"] == institution:
            own[stay["drg"]].append(stay[field])
    known = [drg for drg in own if sum(county[drg]) > 0]
    count = sum(len(own[drg]) for drg in known)
    if not count:
        return None
    total = sum(rounded(Fraction(sum(own[drg]) * len(county[drg]) * 10**6, sum(county[drg]))) for drg in known)
    return rounded(Fraction(total, count))


@given(st.lists(STAY, min_size=1, max_size=40))
def test_indices_and_cmi_equal_the_definition(stays: list[dict[str, Any]]) -> None:
    for row in rules.performance(frame_of(stays)).collect().iter_rows(named=True):
        own = [stay for stay in stays if stay["institution_code"] == row["institution_code"]]
        weights = [stay["weight_e6"] for stay in own if stay["weight_e6"] is not None]
        assert row["stay_count"] == len(own)
        assert row["cmi_e6"] == (rounded(Fraction(sum(weights), len(weights))) if weights else None)
        assert row["time_index_e6"] == slow_index(stays, row["institution_code"], "length_of_stay_days")
        assert row["cost_index_e6"] == slow_index(stays, row["institution_code"], "total_fen")


@given(st.lists(STAY, min_size=1, max_size=40))
def test_the_parts_add_up_to_the_county(stays: list[dict[str, Any]]) -> None:
    parts, county = rules.performance(frame_of(stays)).collect(), rules.whole(frame_of(stays)).collect()
    for name in ("stay_count", "grouped_count", "weight_sum_e6", "total_fen", "fund_payment_fen"):
        assert parts[name].sum() == county[name][0]
    assert county["cost_index_e6"][0] in (None, 1_000_000) or abs(county["cost_index_e6"][0] - 1_000_000) <= 1


@given(st.lists(STAY, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(stays: list[dict[str, Any]], random: Any) -> None:
    mixed = stays[:]
    random.shuffle(mixed)
    assert rules.performance(frame_of(stays)).collect().equals(rules.performance(frame_of(mixed)).collect())


def test_the_result_keeps_its_contract() -> None:
    stay = dict.fromkeys(SCHEMA) | {"institution_code": "A", "status": Status.GROUPED.value, "drg": "ES31"}
    stays = [stay | {"length_of_stay_days": 3, "total_fen": 5, "fund_payment_fen": 1, "weight_e6": 7, "adrg": "ES3"}]
    frame = tables.PERFORMANCE.conform(rules.performance(frame_of(stays)).collect())
    assert tables.PERFORMANCE.check(frame) == []


@pytest.mark.parametrize(("own", "other", "expected"), [(3, 5, 750_000), (5, 3, 1_250_000), (4, 4, 1_000_000)])
def test_a_hospital_that_takes_less_time_has_an_index_below_one(own: int, other: int, expected: int) -> None:
    base = {"status": Status.GROUPED.value, "scheme": "s", "adrg": "ES3", "drg": "ES31", "weight_e6": 1}
    stays = [
        base | {"institution_code": code, "length_of_stay_days": days, "total_fen": 1, "fund_payment_fen": 0}
        for code, days in (("A", own), ("B", other))
    ]
    assert rules.performance(frame_of(stays)).collect()["time_index_e6"][0] == expected
