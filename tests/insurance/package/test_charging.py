"""What is charged to whom: flows, several consortia, single institutions, moves in June; frozen years, same bytes."""

from __future__ import annotations

from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance.package import jobs
from sanyi.insurance.package.codes import Flow
from sanyi.kernel.refusals import RefusedError
from tests.insurance.package.fund_year import Row, frame
from tests.insurance.package.test_rules import rules_of

RULES = rules_of()
TWO = {"G1": 2, "G2": 1}


def row(holder: str, institution: str, flow: Flow, fen: int, month: int = 1) -> Row:
    return (holder, institution, flow, f"2025-{month:02d}", 1, fen, fen + 1)


def charged(rows: list[Row], holders: dict[str, int] = TWO, singles: tuple[str, ...] = ()) -> dict[Any, int]:
    found = jobs.charge(frame(rows), holders, singles, RULES)
    return {(one["holder_code"], one["institution_code"], one["flow"]): one["charged_fen"]
            for one in found.iter_rows(named=True)}  # fmt: skip


def test_outsiders_are_not_charged_and_what_belongs_to_nobody_is_shared() -> None:
    rows = [
        row("G1", "H1", Flow.INSIDE, 100),
        row("G2", "H1", Flow.IN_COUNTY_OUTSIDE, 50),
        row("", "P1", Flow.PHARMACY, 10),
        row("", "P2", Flow.PHARMACY, 10),
        row("G1", "X9", Flow.OUTSIDE_COUNTY, 7),
        row("", "H1", Flow.OTHER_POOL, 1000),
    ]
    assert charged(rows) == {
        ("G1", "H1", "inside"): 100,
        ("G2", "H1", "in_county_outside"): 50,
        ("G1", "", "pharmacy"): 13,
        ("G2", "", "pharmacy"): 7,
        ("G1", "", "outside_county"): 7,
    }


def test_one_consortium_bears_what_belongs_to_nobody() -> None:
    assert charged([row("", "P1", Flow.PHARMACY, 11)], {"G1": 5}) == {("G1", "", "pharmacy"): 11}


def test_a_single_institution_with_an_indicator_bears_its_own_and_no_consortium_does() -> None:
    rows = [row("G1", "Z", Flow.IN_COUNTY_OUTSIDE, 30), row("", "Z", Flow.IN_COUNTY_OUTSIDE, 4)]
    found = charged(rows, singles=("Z",))
    assert found == {("Z", "Z", "inside"): 34}
    figures = jobs.month_figures(jobs.rows_of(jobs.charge(frame(rows), TWO, ["Z"], RULES), "Z"))
    assert (figures["charged_fen"], figures["direct_fen"]) == (34, 0)


def test_a_hospital_that_changes_the_consortium_in_june_is_charged_by_the_day_of_discharge() -> None:
    """The settlement names the holder of each case; both consortia keep their part of the hospital."""
    rows = [row("G1", "H1", Flow.INSIDE, 60, 5), row("G2", "H1", Flow.INSIDE, 40, 6)]
    assert charged(rows) == {("G1", "H1", "inside"): 60, ("G2", "H1", "inside"): 40}


@pytest.mark.parametrize(("basis", "fen"), [("inner", 100), ("item", 101)])
def test_the_charge_basis_is_policy(basis: str, fen: int) -> None:
    rules = RULES.replaced(charge_basis=basis)
    assert jobs.charge(frame([row("G1", "H1", Flow.INSIDE, 100)]), TWO, (), rules)["charged_fen"].to_list() == [fen]


def test_flows_that_the_county_does_not_charge_stay_out() -> None:
    rules = RULES.replaced(charged_flows=["inside", "other_pool"])
    rows = [row("G1", "H1", Flow.INSIDE, 100), row("G1", "P", Flow.PHARMACY, 5), row("G1", "H1", Flow.OTHER_POOL, 9)]
    found = jobs.charge(frame(rows), TWO, (), rules)
    assert found["flow"].to_list() == ["inside"]


def test_an_unknown_amount_is_refused_not_zero() -> None:
    rows = frame([row("G1", "H1", Flow.INSIDE, 100)]).with_columns(pl.lit(None, pl.Int64).alias("inner_value_fen"))
    with pytest.raises(RefusedError) as refused:
        jobs.charge(rows, TWO, (), RULES)
    assert [one.code for one in refused.value.refusals] == ["package.spend_unknown"]


def test_a_month_without_any_spending_is_a_month_of_nothing() -> None:
    found = jobs.charge(frame([]), TWO, (), RULES)
    assert found.is_empty() and jobs.month_figures(jobs.rows_of(found, "G1"))["charged_fen"] == 0


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["G1", "G2", "G9", ""]),
        st.sampled_from(["H1", "H2", "Z", "P"]),
        st.sampled_from(list(Flow)),
        st.sampled_from(["2025-01", "2025-06"]),
        st.integers(0, 9),
        st.integers(-(10**9), 10**9),
        st.integers(0, 10**9),
    ),
    max_size=12,
)


@given(ROWS, st.integers(0, 5), st.integers(1, 5))
def test_every_fen_is_charged_once_whatever_the_order(rows: list[Row], one: int, two: int) -> None:
    holders = {"G1": one, "G2": two}
    found = jobs.charge(frame(rows), holders, ["Z"], RULES)
    whole = sum(amount for _, _, flow, _, _, amount, _ in rows if flow != Flow.OTHER_POOL)
    assert found["charged_fen"].sum() == whole
    assert found.equals(jobs.charge(frame(rows[::-1]), holders, ["Z"], RULES))


def inputs(**more: Any) -> dict[str, Any]:
    return {
        "county_code": "990000000000", "year": 2025, "holder_code": "G1", "holder_kind": "consortium",
        "budget_fen": 1000, "adjustment_fen": 200, "deposit_fen": 60, "score_e4": 950_000, "unreasonable_fen": 0,
        "advances": [{"month": 1, "due_fen": 1140, "deducted_fen": 40}],
        "spend": [["H1", "inside", "2025-01", 3, 900, 800, 900], ["", "outside_county", "2025-01", 1, 100, 100, 100]],
        "members": [{"code": "H1", "tier": "county", "inner_value_fen": 900, "cost_fen": 800}],
        "settlement_number": "JS-1", "settlement_digest": "x", "rules": RULES.plain(), **more,
    }  # fmt: skip


def test_a_cleared_year_is_the_same_bytes_again() -> None:
    given_bytes = jobs.canonical(inputs())
    first = jobs.clear_year(given_bytes)
    assert first == jobs.clear_year(given_bytes.decode())
    found = orjson.loads(first)
    assert (found["cleared"]["surplus_fen"], found["cleared"]["retain_fen"]) == (200, 120)
    assert found["shares"] == [{"amount_fen": 120, "code": "H1", "tier": "county", "weight": 900}]
    assert found["direct_open_fen"] == 60
    # Entitled 1,000 + 120; advanced 1,140 with 40 of it paid to others, 60 more is still to be paid to others.
    assert found["due_fen"] == 1120 - 1140 - 60
    assert found["version"] == "package/1" and found["rules_digest"] == RULES.digest
    assert "overspend_bands" in found["assumed"], "a result says which of its values are assumed"


def test_later_policy_does_not_change_a_frozen_year() -> None:
    """Everything that decides lies in the inputs: another rule set there gives another result, nothing else does."""
    mild = jobs.canonical(inputs(rules=RULES.replaced(surplus_cap_bp=10_000).plain()))
    assert orjson.loads(jobs.clear_year(mild))["cleared"]["retain_fen"] == 200
