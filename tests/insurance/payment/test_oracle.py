"""Payment: random years agree with the slow judge; what must hold of any year."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanyi.insurance.payment.jobs import differences, settle_year
from sanyi.insurance.payment.jobs.settling import settle_stays
from sanyi.insurance.payment.rules.pools import share_pool
from tests.insurance.payment import years
from tests.oracles import payment as oracle

TIERS: dict[str, int | None] = {"H1": 2, "H2": 1, "H3": 3, "H4": None}
PLACES = [{"institution_code": code, "tier": tier} for code, tier in TIERS.items()]
STAGES = [{"to_day": 3, "rate_fen": 26_000}, {"to_day": 8, "rate_fen": 21_000}, {"rate_fen": 17_000}]
AMOUNTS = (
    "total_fen", "patient_fen", "other_fund_fen", "fund_payment_fen", "own_expense_fen", "pre_self_pay_fen",
    "refused_fen", "special_amount_fen",
)  # fmt: skip
CATALOGUE = {
    "version": "1",
    "rows": [
        {"id": "D1", "diagnoses": ["K35"], "procedures": ["47.0"], "prices": [{"tiers": [1, 2], "price_fen": 520_011}]},
        {"id": "D2", "diagnoses": ["K35", "J18"], "is_conservative": True, "prices": [{"price_fen": 210_000}]},
    ],
}


def policy(chance: random.Random) -> dict[str, Any]:
    """A county's policy drawn at random."""
    form = chance.choice(["rate", "point"])
    tiers = [
        {"tiers": [1], "coefficient_e6": chance.randrange(600_000, 10**6)},
        {"tiers": [2, 3], "coefficient_e6": 10**6},
    ]
    return {
        "method_order": [
            {"id": "1", "method": "other_pool", "when": {"is_insured_here": False}},
            {"id": "2", "method": "per_diem", "when": {"departments": ["A15"], "days_from": 5}},
            {"id": "3", "method": "single_disease", "when": {"catalogue": "single_disease"}},
            {"id": "4", "method": "dip", "when": {"has_score": True}},
            {"id": "5", "method": "drg", "when": {"has_weight": True}},
            {"id": "6", "method": "fee_for_service"},
        ],
        "drg_form": form,
        "fund_form": "F2" if form == "point" else chance.choice(["F1", "F2"]),
        "clip_negative": chance.choice([True, False]),
        "net_standard_terms": [
            {"tiers": [1], "deductible_fen": 20_000, "ratio_bp": 8_511},
            {"deductible_fen": 50_001, "ratio_bp": 7_003},
        ],
        "rates": [
            {"insurance_types": ["310"], "rate_e6": chance.randrange(10**9, 10**10)},
            {"tiers": [1, 2], "rate_e6": chance.randrange(10**9, 10**10)},
        ],
        "tier_coefficients": tiers,
        "institution_coefficients": [{"institutions": ["H1"], "coefficient_e6": chance.randrange(800_000, 1_200_000)}],
        "outlier": {
            "reference": "standard" if form == "rate" else "group_mean",
            "low_bp": chance.choice([3_500, 4_000]),
            "high_bands": [{"weight_to_e6": 10**6, "high_bp": 30_000}, {"high_bp": 20_000}],
            "high_share_bp": chance.choice([10_000, 7_000]),
        },
        "same_price_groups": {"anchor_tier": 1, "groups": ["B"]},
        "quota_groups": {"price_factor_bp": 7_001, "groups": [{"group": "A", "quota": 3}, {"group": "C", "quota": 0}]},
        "per_diem": [{"id": "p", "stages": STAGES, "cap_bp": 11_000}],
        "single_disease": CATALOGUE,
        "deviation": {"low_bp": 5_000, "high_bp": 20_000},
        "pool_basis": chance.choice(["fund", "total_cost"]),
        "pools": [
            {"pool": "employees", "insurance_types": ["310"], "fund_fen": chance.randrange(10**8, 10**9)},
            {"pool": "residents", "fund_fen": chance.randrange(10**8, 10**9)},
        ],
        "dip_pools": [{"pool": "dip", "fund_fen": chance.randrange(10**8, 10**9)}],
    }  # fmt: skip


def stay(chance: random.Random, number: int) -> dict[str, Any]:
    """A stay drawn at random."""
    day = date(2025, 1, 1) + timedelta(days=chance.randrange(365))
    total = chance.randrange(1, 3_000_000)
    patient = chance.randrange(total)
    length = chance.choice([0, 1, 4, 5, 9, 12])
    return {
        "settlement_id": f"S{number:04d}",
        "institution_code": chance.choice(list(TIERS)),
        "insurance_type_code": chance.choice(["310", "390"]),
        "is_insured_here": chance.random() > 0.1,
        "admitted_on": day - timedelta(days=length),
        "discharged_on": day,
        "length_of_stay_days": max(length, 1),
        "leave_days": chance.choice([None, 0, 1]),
        "department_code": chance.choice(["A15", "A04", "A50"]),
        "main_diagnosis_code": chance.choice(["K35.9", "J18.9", "I10", "I10", "I10"]),
        "procedure_codes": chance.choice([None, "", "47.01", "54.1|47.09", "54.1"]),
        "drg": chance.choice("ABC"),
        "weight_e6": chance.choice([None, 10**6, chance.randrange(1, 5 * 10**6)]),
        "dip_score_e4": chance.choice([None, None, chance.randrange(1, 10**7)]),
        "dip_mean_fen": chance.choice([None, chance.randrange(1, 10**6)]),
        "dip_factor_e6": chance.choice([None, chance.randrange(10**6, 2 * 10**6)]),
        "group_mean_fen": chance.choice([None, chance.randrange(1, 10**6)]),
        "special_amount_fen": chance.choice([None] * 9 + [total]),
        "total_fen": total,
        "patient_fen": patient,
        "other_fund_fen": chance.choice([0, 1_000]),
        "fund_payment_fen": total - patient,
        "own_expense_fen": chance.randrange(10_000),
        "pre_self_pay_fen": chance.randrange(10_000),
        "refused_fen": chance.choice([0, 0, total // 7]),
    }


def drawn(seed: int, count: int = 60) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    chance = random.Random(seed)
    return [stay(chance, number) for number in range(count)], policy(chance)


@pytest.mark.parametrize("seed", range(6))
def test_random_years_agree_with_the_judge(seed: int) -> None:
    rows, chosen = drawn(seed, 80)
    cases, _ = settle_stays(years.stays(*rows).lazy(), years.institutions(*PLACES), years.rules(**chosen))
    judged = oracle.settle(rows, chosen, TIERS)
    assert cases.height == len(judged)
    for found in cases.to_dicts():
        expected = judged[found["settlement_id"]]
        wanted = {
            "method": expected["method"],
            "unpayable_reason": expected.get("reason"),
            "price_fen": expected.get("price_fen"),
            "inner_value_fen": expected["inner_value_fen"],
            "is_over_quota": expected["is_over_quota"],
        }
        if expected.get("outlier", "any") != "any":
            wanted["outlier"] = expected["outlier"]
        assert {name: found[name] for name in wanted} == wanted, expected


def test_the_judge_rounds_as_decimals_do() -> None:
    assert oracle.rounded(Fraction(5, 2)) == 3
    assert oracle.rounded(Fraction(-5, 2)) == -3
    assert oracle.as_decimal(Fraction(100_000_000, 8_930_000), 6) == Decimal("11.198208")


@pytest.mark.parametrize("seed", range(20, 22))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    rows, chosen = drawn(seed)
    rules = years.rules(**chosen)
    first = settle_year(years.facts(rows, PLACES), rules)
    random.Random(seed).shuffle(rows)
    assert settle_year(years.facts(rows, PLACES[::-1]), rules).digest == first.digest


@pytest.mark.parametrize("seed", range(30, 32))
def test_reversals_take_back_exactly_what_was_paid(seed: int) -> None:
    rows, chosen = drawn(seed)
    chosen |= {"pools": [{"pool": "drg", "fund_fen": 1}], "dip_pools": [], "drg_form": "rate"}
    chosen["outlier"] |= {"reference": "standard"}
    for row in rows:
        row["dip_score_e4"] = None
    back = [
        row
        | {name: None if row[name] is None else -row[name] for name in AMOUNTS}
        | {"settlement_id": "R" + row["settlement_id"], "reversed_settlement_id": row["settlement_id"]}
        for row in rows
    ]
    result = settle_year(years.facts([*rows, *back], PLACES), years.rules(**chosen))
    sums = result.cases.select(pl.col("inner_value_fen", "price_fen", "item_fund_fen", "total_fen").sum()).row(0)
    assert sums == (0, 0, 0, 0)
    assert result.cases["inner_value_fen"].drop_nulls().len() > 60
    assert result.institution_years["due_fen"].to_list() == [0] * result.institution_years.height


points = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(1, 10**11), min_size=1)


@settings(max_examples=200, deadline=None)
@given(points, st.integers(1, 10**11))
def test_parts_add_up_to_the_pool_and_more_points_are_not_less_money(given_points: dict[str, int], pool: int) -> None:
    shared = share_pool(given_points, pool)
    assert sum(shared.amounts_fen.values()) == pool
    rest = {code: amount for code, amount in shared.amounts_fen.items() if code != shared.residual_institution_code}
    by_points = sorted(rest, key=lambda code: given_points[code])
    assert all(rest[low] <= rest[high] for low, high in zip(by_points, by_points[1:], strict=False))
    # the residual is what rounding the value to six decimals and each amount to a fen can come to, and no more
    assert abs(shared.residual_fen) <= sum(given_points.values()) // (2 * 10**8) + len(given_points)


@settings(max_examples=100, deadline=None)
@given(points, st.integers(10**6, 10**11), st.integers(1, 10**9))
def test_one_institution_with_more_points_gets_no_less_of_the_same_pool(
    given_points: dict[str, int], pool: int, more: int
) -> None:
    code = min(given_points)
    before = share_pool(given_points, pool)
    after = share_pool(given_points | {code: given_points[code] + more}, pool)
    slack = abs(before.residual_fen) + abs(after.residual_fen) + sum(given_points.values()) // 10**8 + more // 10**8 + 2
    assert after.amounts_fen[code] >= before.amounts_fen[code] - slack


def test_a_case_with_more_points_is_worth_no_less() -> None:
    rows, chosen = drawn(41, 120)
    chosen |= {"drg_form": "point", "pool_basis": "total_cost", "fund_form": "F2"}
    chosen["outlier"] |= {"reference": "group_mean"}
    cases, pools = settle_stays(years.stays(*rows).lazy(), years.institutions(*PLACES), years.rules(**chosen))
    assert pools["paid_fen"].to_list() == pools["pool_fen"].to_list()
    shared = cases.filter(pl.col("point_value_e6").is_not_null(), pl.col("residual_fen") == 0)
    assert shared.height > 20
    for _, group in shared.group_by("point_value_e6"):
        prices = group.sort("points_e4", "price_fen")["price_fen"].to_list()
        assert prices == sorted(prices)


def test_differences_are_exact_and_their_reverse_takes_them_back() -> None:
    rows, chosen = drawn(51)
    before, _ = settle_stays(years.stays(*rows).lazy(), years.institutions(*PLACES), years.rules(**chosen))
    changed = [row | {"refused_fen": 0} for row in rows[3:]]
    after, _ = settle_stays(years.stays(*changed).lazy(), years.institutions(*PLACES), years.rules(**chosen))
    there, back = differences(before, after), differences(after, before)
    assert there.height > 3
    assert there["difference_fen"].to_list() == [-value for value in back["difference_fen"]]
    sums = (before["inner_value_fen"].sum(), there["difference_fen"].sum(), after["inner_value_fen"].sum())
    assert int(sums[0]) + int(sums[1]) == int(sums[2])
