"""What is posted for any clearing: every document balances, and payment brings every account of the holder to zero."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance.package import jobs
from sanyi.insurance.package.models import PackageYear
from sanyi.insurance.package.rules.advance import schedule
from sanyi.insurance.package.services import accounts, clearings
from tests.insurance.package.test_charging import inputs

AMOUNT = st.integers(0, 10**12)


@st.composite
def years(draw: Any) -> dict[str, Any]:
    """Any year: budget, change, months advanced, spending inside and outside, score, unreasonable part."""
    budget = draw(AMOUNT)
    adjustment = draw(st.integers(-budget, 10**11))
    plan = schedule(budget, 9500)
    months = draw(st.integers(0, 12))
    deducted = draw(st.integers(0, plan.due_fen[0]))
    due = [
        {"month": one + 1, "due_fen": plan.due_fen[one], "deducted_fen": 0 if one else deducted}
        for one in range(months)
    ]
    inside, outside = draw(AMOUNT), draw(AMOUNT)
    return inputs(
        budget_fen=budget,
        adjustment_fen=adjustment,
        deposit_fen=schedule(budget + adjustment, 9500).deposit_fen,
        score_e4=draw(st.integers(0, 1_000_000)),
        unreasonable_fen=draw(AMOUNT),
        advances=due,
        spend=[
            ["H1", "inside", "2025-01", 1, inside, inside, inside],
            ["", "outside_county", "2025-01", 1, outside, outside, outside],
        ],
        members=[
            {"code": "H1", "tier": "county", "inner_value_fen": inside, "cost_fen": draw(AMOUNT)},
            {"code": "T1", "tier": "township", "inner_value_fen": 0, "cost_fen": 0},
        ],
    )


@given(years())
def test_after_payment_nothing_is_left_with_the_holder(given_year: dict[str, Any]) -> None:
    row = PackageYear(
        year=2025, holder_code="G1", budget_fen=given_year["budget_fen"], adjustment_fen=given_year["adjustment_fen"]
    )
    result = orjson.loads(jobs.clear_year(jobs.canonical(given_year)))
    targets = clearings.cleared_targets(row, result)
    targets |= clearings.paid_targets(row, targets, result["cleared"]["entitled_fen"])
    assert all(sum(target.values()) == 0 for target in targets.values())
    advanced = sum(one["due_fen"] for one in given_year["advances"])
    deducted = sum(one["deducted_fen"] for one in given_year["advances"])
    before = {
        accounts.own(accounts.ADVANCED, "G1"): advanced + given_year["deposit_fen"],
        accounts.own(accounts.DEPOSIT, "G1"): -given_year["deposit_fen"],
        accounts.BANK: row.adjusted_fen - (advanced - deducted),
        accounts.OTHERS: -deducted,
        accounts.POOL: -row.adjusted_fen,
    }
    left = accounts.net(before, *targets.values())
    heads = {account.partition(".")[0] for account in left}
    assert heads <= {accounts.BANK, accounts.OTHERS, accounts.POOL, accounts.FORFEITED, accounts.SPENT, accounts.KEPT,
                     accounts.SHARED}  # fmt: skip
    # The bank keeps exactly what is still to be paid to others; the pool has paid what the holder was entitled to.
    assert left.get(accounts.BANK, 0) == -left.get(accounts.OTHERS, 0) == result["direct_fen"]
    assert -left.get(accounts.POOL, 0) == result["cleared"]["entitled_fen"]
    paid = targets["package.payment"].get(accounts.BANK, 0)
    assert -paid == result["due_fen"]
    assert sum(one["amount_fen"] for one in result["shares"]) == (
        result["cleared"]["retain_fen"] or -result["cleared"]["holder_share_fen"]
    )


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(-5, 5)),
       st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(-5, 5)))  # fmt: skip
def test_a_difference_and_its_way_back_cancel(one: dict[str, int], two: dict[str, int]) -> None:
    there = accounts.net(one, {account: -amount for account, amount in two.items()})
    back = accounts.net(two, {account: -amount for account, amount in one.items()})
    assert accounts.net(there, back) == {}
