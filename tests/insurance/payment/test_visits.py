"""Visits: summed once, paid by one method, charged to the team signed with; capitation to the fen (PAY-08)."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.jobs import YearResult, settle_year, sum_visits
from sanyi.insurance.payment.rules.explaining import explained_team, explained_visits
from sanyi.kernel.refusals import RefusedError
from tests.insurance.payment import years

ORDER = [
    {"id": "out", "applies": "visit", "method": "other_pool", "when": {"is_insured_here": False}},
    {"id": "away", "applies": "visit", "method": "outside", "when": {"is_outside_county": True}},
    {"id": "tcm", "applies": "visit", "method": "tcm_day", "when": {"kinds": ["day_tcm"], "has_tcm_hall": True}},
    {"id": "head", "applies": "visit", "method": "capitation", "when": {"kinds": ["general"], "is_signed": True}},
]
TERMS: dict[str, Any] = {
    "base_fen": 12_000, "factors": [{"is_chronic": True, "factor_e6": 1_800_000}], "prepay_bp": 9_500,
    "retain_bp": 8_000, "fund_share_bp": 6_000, "is_scored": False,
}  # fmt: skip
PLACES: list[dict[str, Any]] = [{"institution_code": "H1", "has_tcm_hall": True}, {"institution_code": "H2"}]


def settled(
    visits: list[dict[str, Any]], signed: list[dict[str, Any]], through_month: int | None = None, **terms: Any
) -> YearResult:
    rules = years.rules(method_order=ORDER, capitation=TERMS | terms, assumed=["capitation"])
    facts = years.facts([], PLACES, visits=years.visits(*visits).lazy(), signed=years.signed(*signed).lazy())
    return settle_year(facts, rules, through_month=through_month)


def test_pay_08_three_thousand_persons_of_whom_seven_hundred_chronic() -> None:
    persons = [{"person_id": f"P{number}", "is_chronic": number < 700} for number in range(3_000)]
    team = settled([], persons).capitation.to_dicts()[0]
    assert (team["pool_fen"], team["monthly_fen"]) == (42_720_000, 3_382_000)
    assert (team["person_count"], team["person_month_count"], team["chronic_month_count"]) == (3_000, 36_000, 8_400)
    assert team["surplus_fen"] == 42_720_000
    assert team["is_assumed"]


def test_visits_anywhere_in_the_county_are_charged_to_the_team() -> None:
    result = settled(
        [
            {},
            {"institution_code": "H2", "fund_payment_fen": 2_500},
            {"person_id": "P2"},
            {"visit_kind": "emergency"},
            {"is_outside_county": True, "institution_code": "X1"},
        ],
        [{}],
    )
    team = result.capitation.to_dicts()[0]
    assert (team["own_fen"], team["elsewhere_fen"], team["charged_fen"]) == (6_000, 2_500, 8_500)
    assert (team["surplus_fen"], team["retained_fen"], team["team_bears_fen"]) == (3_500, 2_800, 0)
    assert team["due_fen"] == 8_800
    by_method = dict(result.visits.group_by("method").agg(pl.col("visit_count").sum()).iter_rows())
    assert by_method == {"capitation": 2, "fee_for_service": 2, "outside": 1}
    flows = result.spend.filter(pl.col("kind") == "capitation").to_dicts()
    assert [(row["inner_value_fen"], row["case_count"], row["flow"]) for row in flows] == [(2_800, 0, "inside")]


def test_overspend_is_shared_with_the_fund() -> None:
    team = settled([{"fund_payment_fen": 20_001}], [{}]).capitation.to_dicts()[0]
    assert (team["surplus_fen"], team["retained_fen"], team["team_bears_fen"]) == (-8_001, 0, 3_200)
    assert team["due_fen"] == 20_001 - 3_200


@pytest.mark.parametrize(
    ("signed", "months"),
    [
        ({"starts_on": date(2024, 5, 1)}, 12),
        ({"starts_on": date(2025, 3, 1)}, 10),
        ({"starts_on": date(2025, 3, 2)}, 9),
        ({"ends_on": date(2025, 6, 1)}, 6),
        ({"ends_on": date(2025, 5, 31)}, 5),
    ],
)
def test_a_month_counts_when_signed_on_its_first_day(signed: dict[str, Any], months: int) -> None:
    team = settled([], [signed]).capitation.to_dicts()[0]
    assert (team["person_month_count"], team["pool_fen"]) == (months, 1_000 * months)


def test_of_two_teams_the_latest_signed_counts() -> None:
    signed = [{}, {"team_code": "T2", "institution_code": "H2", "starts_on": date(2025, 7, 1)}]
    visits = [{"visited_on": date(2025, 6, 30)}, {"visited_on": date(2025, 7, 1)}]
    teams = {row["team_code"]: row for row in settled(visits, signed).capitation.to_dicts()}
    assert {code: row["person_month_count"] for code, row in teams.items()} == {"T1": 6, "T2": 6}
    assert (teams["T1"]["own_fen"], teams["T2"]["own_fen"], teams["T2"]["elsewhere_fen"]) == (6_000, 0, 6_000)


def test_pre_settlement_counts_the_months_so_far() -> None:
    visits = [{"visited_on": date(2025, 2, 28)}, {"visited_on": date(2025, 3, 1)}]
    result = settled(visits, [{}], through_month=2)
    team = result.capitation.to_dicts()[0]
    assert (team["person_month_count"], team["pool_fen"], team["charged_fen"]) == (2, 2_000, 6_000)
    assert result.visits["visit_count"].sum() == 1
    assert result.visit_sums["visit_count"].sum() == 2  # the sums are of the whole year, so that they serve again


def test_retention_by_score_needs_the_score_at_the_years_end() -> None:
    rules = years.rules(method_order=ORDER, capitation=TERMS | {"is_scored": True})
    given = {"visits": years.visits().lazy(), "signed": years.signed({}).lazy()}
    with pytest.raises(RefusedError) as refused:
        settle_year(years.facts([], PLACES, **given), rules)
    assert refused.value.refusals[0].code == "payment.score_missing"
    assert settle_year(years.facts([], PLACES, **given), rules, through_month=11).capitation.height == 1
    scored = years.frame(
        tables.ADJUSTMENT, [{}], {"institution_code": "H1", "assessment_fen": -5, "prepaid_fen": 100, "score_bp": 9_000}
    )
    result = settle_year(years.facts([], PLACES, adjustments=scored, **given), rules)
    assert result.capitation["retained_fen"].to_list() == [8_640]  # 12,000 × 80 % × 90 %
    assert result.institution_years["due_fen"].to_list() == [8_640 - 5 - 100]


def test_day_treatment_of_tcm_by_outpatient_rules_where_there_is_a_hall() -> None:
    visits = [{"visit_kind": "day_tcm"}, {"visit_kind": "day_tcm", "institution_code": "H2"}]
    found = settled(visits, [{}]).visits.select("institution_code", "method", "inner_value_fen").rows()
    assert found == [("H1", "tcm_day", 6_000), ("H2", "fee_for_service", 6_000)]


def test_pharmacies_other_pools_and_unknown_amounts_are_told_apart() -> None:
    visits: list[dict[str, Any]] = [
        {"institution_code": "P9", "visit_kind": "pharmacy"},
        {"is_insured_here": False},
        {"fund_payment_fen": None, "visit_kind": "emergency"},
    ]
    result = settled(visits, [])
    assert dict(result.spend.select("flow", "case_count").iter_rows()) == {
        "inside": 1, "other_pool": 1, "pharmacy": 1,
    }  # fmt: skip
    assert result.visits.filter(pl.col("visit_kind") == "emergency")["unknown_count"].to_list() == [1]
    assert result.institution_years["unpayable_count"].sum() == 1


def test_sums_given_again_settle_to_the_same_bytes_and_none_are_refused() -> None:
    rules = years.rules(method_order=ORDER, capitation=TERMS)
    first = settled([{}, {"institution_code": "H2"}], [{}])
    again = years.facts([], PLACES, visits=None, visit_sums=first.visit_sums, signed=years.signed({}).lazy())
    assert settle_year(again, rules).visits.drop("is_assumed").equals(first.visits.drop("is_assumed"))
    with pytest.raises(RefusedError) as refused:
        sum_visits(None, None, years.institutions(), rules)
    assert refused.value.refusals[0].code == "payment.visits_missing"


def test_a_refund_takes_a_visit_back() -> None:
    back = {name: -years.VISIT[name] for name in ("total_fen", "fund_payment_fen", "patient_fen")}
    team = settled([{}, back], [{}]).capitation.to_dicts()[0]
    assert (team["charged_fen"], team["surplus_fen"]) == (0, 12_000)


def test_visits_and_teams_say_which_row_and_how_much() -> None:
    rules = years.rules(method_order=ORDER, capitation=TERMS, assumed=["capitation"])
    given: list[dict[str, Any]] = [
        {},
        {"institution_code": "H2", "fund_payment_fen": None},
        {"visit_kind": "emergency"},
    ]
    result = settled(given, [{}])
    texts = [[one.zh for one in explained_visits(row, rules)] for row in result.visits.to_dicts()]
    assert any("第 4 行“head”首先适用，由“门诊按人头”计付" in text for text in texts[1] + texts[0])
    assert any("计入团队 T1 的人头总额" in text for text in texts[1] + texts[0])
    assert [text for one in texts for text in one if "1 人次金额不明" in text]
    assert [text for one in texts for text in one if "没有适用的行" in text]
    team = {one.name: one for one in explained_team(result.capitation.to_dicts()[0], rules)}
    assert list(team) == ["persons", "pool", "charged", "shared", "due"]
    assert "＝120.00元" in team["pool"].zh and team["pool"].is_assumed
    assert "结余留用 80%" in team["shared"].zh and "40%" in team["shared"].en
