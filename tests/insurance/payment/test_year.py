"""A year: changes of scheme and membership, months, year's ends, where the fund's money goes, and the rule set."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sanyi.insurance import payment as topic
from sanyi.insurance.payment import tables
from sanyi.insurance.payment.codes import Method
from sanyi.insurance.payment.jobs import check_lines, settle_year
from sanyi.insurance.payment.rules.catalogue import catalogue_count
from sanyi.insurance.payment.rules.explaining import explained
from sanyi.insurance.payment.rules.quota import quotas
from sanyi.insurance.payment.rules.rule_set import NAMES, RuleSet
from sanyi.insurance.payment.services.summaries import disease_share
from sanyi.kernel.policy import PolicyBook
from sanyi.kernel.refusals import RefusedError
from tests.insurance.payment import years

BOOK = PolicyBook.load(Path(topic.__file__).parent / "policy")
RUICHENG, LAIYANG, ZHANGPING, YOUXI = "140830000000", "370682000000", "350881000000", "350426000000"
POINT: dict[str, Any] = {"drg_form": "point", "pool_basis": "fund", "pools": [{"pool": "drg", "fund_fen": 1_200_000}]}


def code_of(refused: pytest.ExceptionInfo[RefusedError]) -> str:
    return refused.value.refusals[0].code


def test_the_day_of_discharge_decides_which_scheme_applies() -> None:
    rules = years.editions(
        (date(2025, 1, 1), {}), (date(2025, 7, 1), {"rates": [{"rate_e6": 8_000_000_000}]}), assumed=["rates"]
    )
    rows = [
        {"admitted_on": date(2025, 6, 20), "discharged_on": date(2025, 6, 30), "patient_fen": 0},
        {
            "admitted_on": date(2025, 6, 20),
            "discharged_on": date(2025, 7, 1),
            "settled_on": date(2025, 7, 9),
            "patient_fen": 0,
        },
    ]
    cases = settle_year(years.facts(rows), rules).cases
    assert cases["price_fen"].to_list() == [1_000_000, 800_000]
    assert cases["edition_starts_on"].to_list() == [date(2025, 1, 1), date(2025, 7, 1)]
    first = explained(cases.to_dicts()[1], rules)
    assert "2025-07-01" in first[0].zh
    assert [step.is_assumed for step in first if step.name == "standard"] == [True]


def test_a_hospital_that_changes_its_consortium_in_june() -> None:
    places: list[dict[str, Any]] = [
        {"ends_on": date(2025, 6, 14), "consortium_code": "G1", "tier": 1},
        {"starts_on": date(2025, 6, 15), "consortium_code": "G2", "tier": 2},
    ]
    rows = [{"discharged_on": date(2025, 6, 14)}, {"discharged_on": date(2025, 6, 15)}]
    visits = years.visits({"visited_on": date(2025, 6, 14)}, {"visited_on": date(2025, 6, 15)})
    result = settle_year(years.facts(rows, places, visits=visits.lazy()), years.rules())
    assert result.cases.select("consortium_code", "holder_code", "tier").rows() == [("G1", "G1", 1), ("G2", "G2", 2)]
    assert result.institutions.filter(pl.col("kind") == "stay")["consortium_code"].to_list() == ["G1", "G2"]
    assert result.visits["consortium_code"].to_list() == ["G1", "G2"]
    assert set(result.spend["flow"]) == {"inside"}


def test_where_the_funds_money_goes() -> None:
    places: list[dict[str, Any]] = [
        {},
        {"institution_code": "H2", "consortium_code": None},
        {"institution_code": "H3", "consortium_code": "G2"},
    ]
    rows: list[dict[str, Any]] = [
        {"holder_code": "G1"},
        {"institution_code": "H2", "holder_code": "G1"},
        {"institution_code": "H3", "holder_code": "G1"},
        {"institution_code": "H2"},
        {"is_insured_here": False},
    ]
    outside = years.frame(
        tables.OUTSIDE_TO_PAY,
        [{"settlement_id": "X1"}, {"settlement_id": "X2", "fund_payment_fen": None}],
        {
            "institution_code": "X",
            "holder_code": "G1",
            "discharged_on": date(2025, 5, 1),
            "total_fen": 9,
            "fund_payment_fen": 5,
        },
    )
    result = settle_year(years.facts(rows, places, outside_stays=outside.lazy()), years.rules())
    found = result.spend.select("holder_code", "institution_code", "flow", "case_count", "unpayable_count").rows()
    assert set(found) == {
        ("G1", "H1", "inside", 1, 0),
        ("G1", "H2", "in_county_outside", 1, 0),
        ("G1", "H3", "in_county_outside", 1, 0),
        ("", "H2", "in_county_outside", 1, 0),
        ("G1", "H1", "other_pool", 1, 0),
        ("G1", "X", "outside_county", 2, 1),
    }
    assert result.spend["item_fund_fen"].sum() == 5 * 700_000 + 5
    years_of = dict(result.institution_years.select("institution_code", "inner_value_fen").iter_rows())
    assert years_of == {"H1": 700_000, "H2": 1_400_000, "H3": 700_000}  # the other pool's stay is not among them


def test_pre_settlement_shares_the_pool_of_the_months_so_far() -> None:
    rows = [{"discharged_on": date(2025, month, 1)} for month in (1, 2, 3)]
    whole = settle_year(years.facts(rows), years.rules(**POINT))
    assert whole.cases["inner_value_fen"].to_list() == [400_000] * 3
    until = settle_year(years.facts(rows), years.rules(**POINT), through_month=2)
    assert until.cases["inner_value_fen"].to_list() == [100_000] * 2
    assert until.pools["paid_fen"].to_list() == [200_000]
    same = settle_year(years.facts(rows), years.rules(**POINT), through_month=12)
    assert same.digest == whole.digest
    for month in (0, 13):
        with pytest.raises(RefusedError) as refused:
            settle_year(years.facts(rows), years.rules(**POINT), through_month=month)
        assert code_of(refused) == "payment.through_month_wrong"


def test_a_pool_raised_in_mid_year_counts_from_the_day_of_the_rise() -> None:
    raised = POINT | {"pools": [{"pool": "drg", "fund_fen": 2_400_000}]}
    rules = years.editions((date(2025, 1, 1), POINT), (date(2025, 7, 1), raised))
    assert settle_year(years.facts([{}]), rules).pools["fund_fen"].to_list() == [2_400_000]
    assert settle_year(years.facts([{}]), rules, through_month=6).pools["fund_fen"].to_list() == [600_000]


@pytest.mark.parametrize(
    ("total", "adjusted"),
    [(799_999, -200_001), (800_000, 0), (1_000_000, 0), (1_000_001, 1), (1_200_000, 140_000), (1_300_000, 140_000)],
)
def test_the_corridor_at_the_years_end(total: int, adjusted: int) -> None:
    bands = [
        {"pay": "cost", "to_bp": 8_000},
        {"pay": "amount", "to_bp": 10_000},
        {"pay": "shared", "to_bp": 12_000, "fund_share_bp": 7_000},
        {"pay": "none"},
    ]
    rules = years.rules(corridor={"methods": ["drg"], "bands": bands})
    result = settle_year(years.facts([{"total_fen": total}]), rules)
    assert result.institution_years["corridor_fen"].to_list() == [adjusted]
    assert result.institution_years["due_fen"].to_list() == [700_000 + adjusted]
    assert result.spend.filter(pl.col("kind") == "corridor")["inner_value_fen"].to_list() == [adjusted]


def test_the_corridor_names_its_bands_or_is_refused() -> None:
    rules = years.rules(corridor={"methods": ["drg"], "bands": [{"pay": "half"}]})
    with pytest.raises(RefusedError) as refused:
        settle_year(years.facts([{}]), rules)
    assert code_of(refused) == "payment.value_wrong"


def test_the_share_paid_by_drg_or_disease() -> None:
    rows: list[dict[str, Any]] = [
        {}, {"drg": None, "fund_payment_fen": 300_000}, {"is_insured_here": False}, {"weight_e6": None},
    ]  # fmt: skip
    cases = settle_year(years.facts(rows), years.rules()).cases
    share = {"numerator_fen": 700_000, "denominator_fen": 1_000_000, "share_bp": 7_000}  # the last is not payable yet
    assert disease_share(cases) == share
    assert disease_share(cases.clear())["share_bp"] is None


def test_results_keep_their_contracts_and_groups_their_profit() -> None:
    rows: list[dict[str, Any]] = [{"total_fen": 900_000}, {"total_fen": 1_100_000}, {"institution_code": "H2"}]
    visits = years.visits({}).lazy()
    result = settle_year(years.facts(rows, [{}, {"institution_code": "H2"}], visits=visits), years.rules())
    for contract, frame in result.frames():
        mistakes = [
            one for one in contract.check(frame) if one.code != "table.value_missing"
        ]  # an empty text is "none"
        assert mistakes == [], contract.name
        assert frame.equals(frame.sort(contract.natural_key))
    found = result.groups.select("case_count", "over_cost_count", "under_cost_count", "profit_fen").rows()
    assert found == [(2, 1, 1, 0), (1, 0, 0, 0)]


def test_lines_that_do_not_add_up_are_listed_by_institution_and_month() -> None:
    stays = years.stays({}, {"discharged_on": date(2025, 4, 1)}, {})
    visits = years.visits({"settlement_id": "V1"})
    lines = [("S1", 600_000), ("S1", 400_000), ("S2", 999_999), ("V1", 10_000)]
    frame = years.frame(
        tables.LINE_TO_CHECK,
        [{"settlement_id": code, "amount_fen": fen} for code, fen in lines],
        {"institution_code": "H1"},
    )
    found = check_lines(frame.lazy(), stays.lazy(), visits.lazy())
    assert found.rows() == [
        ("H1", "2025-03", 3, 3, 1_010_000, 1_010_000, 0, 0, 1),
        ("H1", "2025-04", 1, 1, 1_000_000, 999_999, -1, 1, 0),
    ]


def test_of_a_corrected_line_the_newest_counts() -> None:
    rows = [("S1", 1, 1, 600_000), ("S1", 2, 1, 300_000), ("S1", 2, 2, 400_000), ("S2", 1, 1, 1_000_000)]
    names = ("settlement_id", "line_number", "_batch_number", "amount_fen")
    lines = pl.DataFrame(rows, schema=names, orient="row").with_columns(institution_code=pl.lit("H1"))
    found = check_lines(lines.lazy(), years.stays({}, {}).lazy(), years.visits().lazy())
    assert found.select("line_count", "lines_fen", "difference_fen", "differing_count").rows() == [(3, 2_000_000, 0, 0)]


@pytest.mark.parametrize("county", [RUICHENG, LAIYANG, ZHANGPING, YOUXI])
def test_every_county_settles_under_its_own_file_and_says_what_is_assumed(county: str) -> None:
    rules = RuleSet.from_book(BOOK, county, 2025)
    assert set(rules.editions[0].values) == set(NAMES)
    assert RuleSet.from_bytes(rules.to_bytes()) == rules
    assert rules.digest == RuleSet.from_book(BOOK, county, 2025).digest
    rows: list[dict[str, Any]] = [
        {"dip_score_e4": 8_000_000},
        {"institution_code": "H2", "dip_score_e4": 8_000_000, "dip_row": "I10.x"},
        {"institution_code": "H2", "main_diagnosis_code": "K35.900", "procedure_codes": "47.0100"},
        {"department_code": "A15", "length_of_stay_days": 40, "admitted_on": date(2025, 1, 29)},
        {"weight_e6": None},
    ]
    places = [{}, {"institution_code": "H2", "tier": 1}]
    visits = years.visits({}, {"visit_kind": "day_tcm", "institution_code": "H2"}).lazy()
    result = settle_year(years.facts(rows, places, visits=visits, signed=years.signed({}).lazy()), rules)
    assert result.unpayable_count == 0
    assert result.cases["is_assumed"].all()
    methods = set(result.cases["method"]) | set(result.visits["method"])
    expected = {
        RUICHENG: {"drg", "single_disease", "per_diem", "fee_for_service", "capitation", "tcm_day"},
        LAIYANG: {"drg", "per_diem", "fee_for_service", "tcm_day"},
        ZHANGPING: {"drg", "dip", "per_diem", "fee_for_service", "capitation", "tcm_day"},
        YOUXI: {"drg", "per_diem", "fee_for_service", "capitation", "tcm_day"},
    }
    assert methods == expected[county]


def test_the_published_lists_are_there_in_full() -> None:
    laiyang = RuleSet.from_book(BOOK, LAIYANG, 2025).editions[0]
    assert len(laiyang.get("same_price_groups")["groups"]) == 23
    assert len(laiyang.get("quota_groups")["groups"]) == 26
    assert quotas(laiyang)["BR25"] == 2_220  # 19,988 × 11.11 %, whole cases
    youxi = RuleSet.from_book(BOOK, YOUXI, 2025).editions[0]
    assert len(youxi.get("unstable_groups")["groups"]) == 107
    ruicheng = RuleSet.from_book(BOOK, RUICHENG, 2025).editions[0]
    listed, priced = catalogue_count(ruicheng, Method.SINGLE_DISEASE)
    assert listed >= 100 <= priced


def test_a_rule_set_is_changed_for_a_trial_and_nothing_else_is() -> None:
    rules = years.editions((date(2025, 1, 1), {}), (date(2025, 7, 1), {"clip_negative": True}))
    changed = rules.changed("drg_form", "point", starts_on=date(2025, 7, 1))
    assert [one.get("drg_form") for one in changed.editions] == ["rate", "point"]
    assert changed.editions[1].sources["drg_form"]["document"] == "试算"
    assert changed.digest != rules.digest == RuleSet.from_bytes(rules.to_bytes()).digest
    with pytest.raises(LookupError):
        rules.edition(date(2026, 1, 1))
    with pytest.raises(RefusedError) as refused:
        RuleSet.from_bytes(b"[]")
    assert code_of(refused) == "payment.rules_unreadable"


def test_a_county_without_policy_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        RuleSet.from_book(BOOK, RUICHENG, 2001)
    assert code_of(refused) == "payment.no_values"
