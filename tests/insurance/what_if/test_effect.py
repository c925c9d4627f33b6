"""The effect: two results side by side by hand, parts that add up to their total, contributions to their difference."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance.what_if.codes import Part
from sanyi.insurance.what_if.rules import effect, measuring

SUMS = {"case_count": pl.Int64, "unpayable_count": pl.Int64, "price_fen": pl.Int64, "fund_fen": pl.Int64}


def table(rows: dict[Any, int], key: str = "institution_code") -> pl.DataFrame:
    filled = [(code, 1, 0, fund * 2, fund) for code, fund in rows.items()]
    kind = pl.Int64 if key == "tier" else pl.String
    return pl.DataFrame(filled, schema={key: kind, **SUMS}, orient="row")


def test_two_changes_by_hand() -> None:
    found = effect.compared(
        Part.INSTITUTION, [table({"A": 100, "B": 50}), table({"A": 130, "B": 50}), table({"A": 120, "C": 7})]
    )
    assert found.select("institution_code", "base_fund_fen", "new_fund_fen", "difference_fen", "steps").rows() == [
        ("A", 100, 120, 20, [30, -10]),
        ("B", 50, 0, -50, [0, -50]),
        ("C", 0, 7, 7, [0, 7]),
    ]
    assert effect.totals(found)["difference_fen"] == -23


def test_a_tier_that_nobody_registered_keeps_its_row() -> None:
    found = effect.compared(Part.TIER, [table({3: 10, None: 4}, "tier"), table({3: 11, None: 1}, "tier")])
    assert dict(found.select("tier", "difference_fen").iter_rows()) == {3: 1, None: -3}


@given(st.lists(st.dictionaries(st.sampled_from("ABCDE"), st.integers(-(10**12), 10**12)), min_size=2, max_size=5))
def test_contributions_add_up_to_the_difference(results: list[dict[str, int]]) -> None:
    found = effect.compared(Part.INSTITUTION, [table(rows) for rows in results])
    assert found.filter(pl.col("steps").list.sum() != pl.col("difference_fen")).is_empty()
    assert effect.totals(found)["difference_fen"] == sum(results[-1].values()) - sum(results[0].values())


def test_the_share_of_a_change_is_rounded_half_away_from_zero() -> None:
    assert [effect.share_bp(difference, 20_000) for difference in (1, -1, 3, 20_000)] == [1, -1, 2, 10_000]
    assert effect.share_bp(5, 0) is None
    assert effect.share_bp(50, -100) == -5000


def test_the_biggest_gains_and_losses() -> None:
    rows = [{"name": name, "difference_fen": fen} for name, fen in (("a", 5), ("b", -9), ("c", 0), ("d", 7), ("e", -1))]
    gained, lost = effect.winners(rows, 1)
    assert [row["name"] for row in gained] == ["d"] and [row["name"] for row in lost] == ["b"]
    assert [row["name"] for row in effect.winners(rows, 9)[1]] == ["b", "e"]


def cases(rows: list[tuple[str, str, str, int | None]]) -> pl.DataFrame:
    filled = [
        ("H", settlement, method, "none", "paid" if fund is not None else "not_payable", group, fund, fund)
        for settlement, method, group, fund in rows
    ]
    columns = ("institution_code", "settlement_id", "method", "outlier", "status", "group_code")
    schema = dict.fromkeys(columns, pl.String) | {"price_fen": pl.Int64, "inner_value_fen": pl.Int64}
    return pl.DataFrame(filled, schema=schema, orient="row")


BEFORE = cases([("1", "drg", "FV25", 100), ("2", "drg", "FV25", 50), ("3", "drg", "GD25", 30)])
AFTER = cases([("1", "dip", "I10", 90), ("2", "dip", "I10", None), ("3", "drg", "GD25", 30)])


def test_stays_that_change_are_counted_once_for_each_way() -> None:
    assert effect.changed_cases(BEFORE, AFTER) == {
        "case_count": 3,
        "amount_changed_count": 2,
        "method_changed_count": 2,
        "outlier_changed_count": 0,
        "status_changed_count": 1,
    }


def test_groups_of_the_base_hold_the_same_stays_on_both_sides() -> None:
    group_of = measuring.shown_groups(BEFORE)
    empty = pl.DataFrame(
        schema={
            "institution_code": pl.String, "method": pl.String, "tier": pl.Int64, "case_count": pl.Int64,
            "unpayable_count": pl.Int64, "price_fen": pl.Int64, "inner_value_fen": pl.Int64,
        }
    )  # fmt: skip
    years = pl.DataFrame(schema={"institution_code": pl.String, "corridor_fen": pl.Int64, "capitation_fen": pl.Int64})
    parts = [measuring.measured(one, empty, years, group_of)[Part.GROUP] for one in (BEFORE, AFTER)]
    assert effect.compared(Part.GROUP, parts).select(
        "group_code", "base_fund_fen", "new_fund_fen", "new_unpayable_count"
    ).rows() == [("FV25", 150, 90, 1), ("GD25", 30, 30, 0)]
