"""The calculation by hand: a rate, a weight, a coefficient and a method changed, and what each comes to, to the fen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from sanyi.insurance.payment import RuleSet, settle_year
from sanyi.insurance.what_if import jobs
from sanyi.insurance.what_if.codes import Part
from sanyi.insurance.what_if.rules import applying
from sanyi.insurance.what_if.rules.changes import Change
from tests.insurance.payment import years

RATES = "insurance.payment.rates"
PLACES = [{"institution_code": "H1", "tier": 2}, {"institution_code": "H2", "tier": 1}]
STAYS: list[dict[str, Any]] = [
    {"institution_code": "H1", "drg": "FV25", "weight_e6": 1_000_000},
    {"institution_code": "H1", "drg": "GD25", "weight_e6": 2_000_000, "total_fen": 2_100_000, "patient_fen": 600_000},
    {"institution_code": "H2", "drg": "FV25", "weight_e6": 1_000_000, "total_fen": 900_000, "patient_fen": 200_000},
]


def with_changes(base: RuleSet, *changes: Change) -> list[RuleSet]:
    steps, rules = [], base
    for group in applying.steps_of(changes):
        for change in group:
            rules = applying.with_change(rules, change)
        steps.append(rules)
    return steps


def computed(*changes: Change, base: RuleSet | None = None) -> jobs.Effect:
    rules = base or years.rules()
    facts = years.facts(STAYS, PLACES, visits=years.visits({"institution_code": "H2"}).lazy())
    return jobs.compute(facts, rules, with_changes(rules, *changes))[0]


def rows(found: jobs.Effect, part: Part, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in found.tables[part.value]]


def test_a_higher_rate_by_hand() -> None:
    """10,000 → 11,000 per weight: H1 gets 3 × 1,000 more, H2 1 × 1,000; the patients' parts stay theirs."""
    found = computed(Change(RATES, (0, "rate_e6"), 11_000_000_000))
    assert rows(found, Part.INSTITUTION, "institution_code", "base_fund_fen", "new_fund_fen", "difference_fen") == [
        ("H1", 700_000 + 1_400_000, 800_000 + 1_600_000, 300_000),
        ("H2", 800_000 + 6_000, 900_000 + 6_000, 100_000),
    ]
    assert rows(found, Part.TIER, "tier", "difference_fen") == [(1, 100_000), (2, 300_000)]
    assert rows(found, Part.GROUP, "method", "group_code", "difference_fen") == [
        ("drg", "FV25", 200_000),
        ("drg", "GD25", 200_000),
    ]
    assert rows(found, Part.METHOD, "method", "difference_fen")[0] == ("drg", 400_000)
    summary = found.summary
    assert (summary["base_fund_fen"], summary["new_fund_fen"], summary["difference_fen"]) == (
        2_906_000,
        3_306_000,
        400_000,
    )
    assert (summary["case_count"], summary["amount_changed_count"], summary["method_changed_count"]) == (3, 3, 0)
    assert summary["is_assumed"]


def test_two_changes_are_told_apart_in_their_order() -> None:
    """First the rate, then GD25 by item: the group of 2.0 gains 2,000 by the rate and loses 3,000 by the item."""
    by_item = [{"id": "item", "method": "fee_for_service", "when": {"groups": ["GD25"]}}, *years.ORDER]
    found = computed(
        Change(RATES, (0, "rate_e6"), 11_000_000_000), Change("insurance.payment.method_order", (), by_item)
    )
    steps = dict(rows(found, Part.GROUP, "group_code", "steps"))
    assert steps == {"FV25": [200_000, 0], "GD25": [200_000, 700_000 - 1_600_000]}
    assert found.summary["steps"] == [400_000, -900_000]
    assert found.summary["difference_fen"] == -500_000
    assert found.summary["method_changed_count"] == 1


def test_a_change_from_july_leaves_march_alone() -> None:
    july = {"discharged_on": date(2025, 7, 1), "admitted_on": date(2025, 6, 22)}
    facts = years.facts([STAYS[0], {**STAYS[0], **july}], PLACES)
    base = years.rules()
    steps = with_changes(base, Change(RATES, (0, "rate_e6"), 11_000_000_000, date(2025, 7, 1)))
    found, results = jobs.compute(facts, base, steps)
    assert found.summary["difference_fen"] == 100_000
    assert results[-1].cases.sort("discharged_on")["inner_value_fen"].to_list() == [700_000, 800_000]


def test_weights_are_a_change_like_any_other() -> None:
    """GD25 at 2.2 instead of 2.0 is 0.2 × 10,000 more; the uniform factor 1.1 is the same for every group."""
    base = years.rules(weights=[])
    table = [{"groups": ["GD25"], "weight_e6": 2_200_000}]
    found = computed(Change("insurance.payment.weights", (), table), base=base)
    assert dict(rows(found, Part.GROUP, "group_code", "difference_fen")) == {"FV25": 0, "GD25": 200_000}


def test_the_same_rules_change_nothing_and_rows_may_come_in_any_order() -> None:
    base = years.rules()
    facts = years.facts(STAYS, PLACES)
    mixed = years.facts(list(reversed([{"settlement_id": f"S{n}"} | row for n, row in enumerate(STAYS, 1)])), PLACES)
    same, _ = jobs.compute(facts, base, [base])
    again, _ = jobs.compute(mixed, base, [base])
    assert same.summary["difference_fen"] == 0 and same.summary["amount_changed_count"] == 0
    assert same.tables == again.tables


def test_sums_of_visits_of_the_base_serve_the_scenario() -> None:
    base = years.rules()
    facts = years.facts(STAYS, PLACES, visits=years.visits({"institution_code": "H2"}).lazy())
    first = settle_year(facts, base)
    kept = replace(facts, visits=None, visit_sums=first.visit_sums)
    higher = with_changes(base, Change(RATES, (0, "rate_e6"), 11_000_000_000))
    assert jobs.compute(kept, base, higher)[0] == jobs.compute(facts, base, higher)[0]
    assert jobs.compute(facts, base, higher, base_result=first)[0] == jobs.compute(facts, base, higher)[0]


@pytest.mark.parametrize("value", [{"x": 1}, "rate"])
def test_a_rule_set_that_cannot_be_used_is_refused(value: Any) -> None:
    from sanyi.kernel.refusals import RefusedError

    with pytest.raises(RefusedError) as error:
        computed(Change("insurance.payment.method_order", (), value))
    assert error.value.refusals[0].code == "payment.value_wrong"


def test_a_group_that_loses_its_weight_is_not_payable_and_never_zero() -> None:
    places = [{"institution_code": "H1", "tier": 2}, {"institution_code": "H2", "tier": None}]
    facts = years.facts(STAYS, places)
    base = years.rules(rates=[{"rate_e6": 10_000_000_000}])
    by_tier = with_changes(base, Change(RATES, (), [{"tiers": [2], "rate_e6": 10_000_000_000}]))
    found, results = jobs.compute(facts, base, by_tier)
    lost = results[-1].cases.filter(pl.col("institution_code") == "H2")
    assert lost["inner_value_fen"].to_list() == [None]
    assert found.summary["new_unpayable_count"] > found.summary["base_unpayable_count"]
