"""Budget, advance, clearing, sharing, forecast: cases at every edge, the slow judge, and what must hold of any year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance import package as topic
from sanyi.insurance.package.codes import SharingMethod, Tier
from sanyi.insurance.package.rules import advance, budget, clearing, forecast, sharing, streams
from sanyi.insurance.package.rules.package_rules import NAMES, PackageRules
from sanyi.insurance.package.rules.splitting import split_to_largest
from sanyi.kernel.policy import PolicyBook
from sanyi.kernel.refusals import RefusedError
from tests.oracles import package as oracle

FOLDER = Path(topic.__file__).parent
BOOK = PolicyBook.load(FOLDER / "policy")
NATION = "000000000000"
BUDGET, DEPOSIT = 35_530_000_000, 1_776_500_000


def cases_of(name: str) -> list[Any]:
    cases = yaml.safe_load((FOLDER / "cases" / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in cases]


def plain(value: Any) -> Any:
    if hasattr(value, "items"):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, (tuple, list)) else value


def rules_of(county: str = NATION, year: int = 2025) -> PackageRules:
    on = date(year, 1, 1)
    found = {name: BOOK.value(f"insurance.package.{name}", jurisdiction=county, on=on) for name in NAMES}
    return PackageRules(
        county,
        year,
        {name: plain(one.value) for name, one in found.items()},
        {name: {"is_assumed": one.is_assumed, "document": one.document} for name, one in found.items()},
    )


def cleared(county: str = NATION, **asked: Any) -> clearing.Cleared:
    rules = rules_of(county)
    given = {"budget_fen": BUDGET, "deposit_fen": DEPOSIT, "unreasonable_fen": 0, **asked}
    return clearing.clear(
        **given,
        surplus_cap_bp=rules.whole("surplus_cap_bp"),
        score_bands=rules.get("score_bands"),
        bands=rules.get("overspend_bands"),
        is_unreasonable_first=rules.get("unreasonable_first"),
    )


def computed(case: dict[str, Any]) -> dict[str, Any]:
    asked = case["given"]
    match case["kind"]:
        case "income":
            found = budget.income_budget(**asked, deductions=rules_of().get("deductions"))
            named = {one.code: one.amount_fen for one in found.deductions}
            return {"income_fen": found.income_fen, "budget_fen": found.budget_fen, **named}
        case "history":
            return {"budget_fen": budget.history_budget(**asked)}
        case "schedule":
            changes = [advance.BudgetVersion(*one) for one in asked.pop("changes", [])]
            plan = advance.schedule(**asked, changes=changes)
            return {"first_fen": plan.due_fen[0], "last_fen": plan.due_fen[-1], "deposit_fen": plan.deposit_fen}
        case "principles":
            return {"kept": [one.principle.value for one in budget.principles(**asked) if one.is_kept]}
        case "indicators":
            providers = [budget.Provider(code, rural, tuple(spends)) for code, rural, spends in asked["providers"]]
            return {"parts": budget.provider_indicators(asked["budget_fen"], providers, (1, 1, 1), asked["rural_bp"])}
        case _:
            holders = {code: (months, risk) for code, (months, risk) in asked["holders"].items()}
            return {"parts": budget.split_budget(asked["budget_fen"], holders)}


@pytest.mark.parametrize("case", cases_of("budget"))
def test_budget(case: dict[str, Any]) -> None:
    case = {**case, "given": dict(case["given"])}
    if "refused" in case:
        with pytest.raises(RefusedError) as refused:
            computed(case)
        assert [one.code for one in refused.value.refusals] == [case["refused"]]
        return
    found = computed(case)
    assert {name: found[name] for name in case["expect"]} == case["expect"]


@pytest.mark.parametrize("case", cases_of("clearing"))
def test_clearing(case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(RefusedError) as refused:
            cleared(**case["given"])
        assert [one.code for one in refused.value.refusals] == [case["refused"]]
        return
    found = cleared(case.get("county", NATION), **case["given"])
    expect = dict(case["expect"])
    if "bands" in expect:
        assert [band.amount_fen for band in found.bands] == expect.pop("bands")
    assert {name: getattr(found, name) for name in expect} == expect
    assert found.fund_share_fen + found.holder_share_fen == max(0, -found.surplus_fen)
    assert found.retain_fen + found.returned_fen == max(0, found.surplus_fen)


@pytest.mark.parametrize("case", cases_of("sharing"))
def test_sharing(case: dict[str, Any]) -> None:
    asked = case["given"]
    members = [sharing.Member(code, Tier(tier), value, cost) for code, tier, value, cost in asked["members"]]

    def share() -> dict[str, int]:
        method = SharingMethod(asked["method"])
        shares = rules_of().get("tier_shares")
        found = sharing.share(asked["amount_fen"], members[::-1], method=method, tier_shares=shares)
        return {one.code: one.amount_fen for one in found}

    if "refused" in case:
        with pytest.raises(RefusedError) as refused:
            share()
        assert [one.code for one in refused.value.refusals] == [case["refused"]]
        return
    assert share() == case["expect"]


@pytest.mark.parametrize("case", cases_of("forecast"))
def test_forecast_and_release(case: dict[str, Any]) -> None:
    asked = case["given"]
    if case["kind"] == "forecast":
        bands = rules_of().get("warning_bands")
        found = forecast.forecast(asked["budget_fen"], asked["spent"], asked.get("last_year", {}), bands)
        assert {name: getattr(found, name) for name in case["expect"]} == case["expect"]
    elif "refused" in case:
        with pytest.raises(RefusedError) as refused:
            streams.release(**asked)
        assert [one.code for one in refused.value.refusals] == [case["refused"]]
    else:
        assert streams.release(**asked) == case["expect"]["amount_fen"]


@pytest.mark.parametrize("amount", [0, 1, 2, 3, 1001, 427_200_01])
def test_quarters_add_up(amount: int) -> None:
    assert sum(streams.quarter_fen(amount, quarter) for quarter in (1, 2, 3, 4)) == amount


COUNTIES = {
    "140830000000": ("history", False, "芮城县"),
    "370682000000": ("income", False, "莱政办字〔2024〕28号"),
    "350881000000": ("income", False, "漳政办〔2022〕11号"),
    "350426000000": ("income", True, "明医改秘〔2024〕2号"),
}


@pytest.mark.parametrize("county", sorted(COUNTIES))
def test_each_county_runs_by_its_own_document(county: str) -> None:
    rules = rules_of(county)
    rules.check()
    base, is_sanming, document = COUNTIES[county]
    assert rules.base == base
    assert any(str(source["document"]).startswith(document) for source in rules.sources.values())
    assert (rules.get("overspend_bands")[0]["fund_bp"] == 0) is is_sanming
    assert (len(rules.streams) == 4) is is_sanming
    assert "financing_fen" in rules.assumed(), "what no document gives is assumed, and said to be"
    assert PackageRules.from_bytes(rules.to_bytes()).digest == rules.digest
    cited = {name for name in NAMES if not rules.sources[name]["is_assumed"]}
    assert (
        cited
        == {
            "140830000000": {"budget_base"},
            "370682000000": {"unreasonable_first"},
            "350881000000": {"unreasonable_first"},
            "350426000000": {"overspend_bands", "surplus_cap_bp", "four_packages"},
        }[county]
    )


def test_what_a_year_says_is_that_of_its_first_day() -> None:
    assert rules_of("350881000000", 2020).get("financing_fen") == 80_000
    assert rules_of("350881000000", 2021).get("financing_fen") == 110_000
    assert rules_of("140830000000", 2023).base == "income"


WRONG = [
    ("tier_shares", {"county": 6000, "township": 3000, "village": 999}),
    ("tier_shares", {"county": 11000, "township": -1000, "village": 0}),
    ("overspend_bands", [{"to_bp": 500, "fund_bp": 7000}]),
    ("overspend_bands", [{"to_bp": 500, "fund_bp": 7000}, {"to_bp": 400, "fund_bp": 5000}, {"fund_bp": 0}]),
    ("overspend_bands", []),
    ("score_bands", [{"from_e4": 600000, "share": "score"}]),
    ("score_bands", [{"from_e4": 0, "share": "none"}, {"from_e4": 600000, "share": "score"}]),
    ("prepay_bp", 10_001),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_tables_are_refused(name: str, value: Any) -> None:
    with pytest.raises(RefusedError) as refused:
        rules_of().replaced(**{name: value}).check()
    assert refused.value.refusals[0].code == "package.rules_wrong"
    assert name in refused.value.refusals[0].message("zh")


def fen(value: Decimal) -> int:
    return int(value * 100)


def yuan(value: int) -> Decimal:
    return Decimal(value) / 100


AMOUNTS = st.integers(0, 10**13)


@given(AMOUNTS, st.integers(0, 10**13), st.integers(0, 1_000_000), st.integers(0, 10**11))
def test_the_slow_judge_clears_alike(total: int, actual: int, score_e4: int, unreasonable: int) -> None:
    plan = advance.schedule(total, 9500)
    months, deposit = oracle.advances(yuan(total), Fraction(95, 100))
    assert (list(plan.due_fen), plan.deposit_fen) == ([fen(one) for one in months], fen(deposit))
    found = cleared(
        budget_fen=total, actual_fen=actual, score_e4=score_e4, deposit_fen=plan.deposit_fen,
        unreasonable_fen=unreasonable,
    )  # fmt: skip
    judged = oracle.clearing(
        total=yuan(total),
        actual=yuan(actual),
        score=Fraction(score_e4, 10_000),
        deposit=deposit,
        unreasonable=yuan(unreasonable),
        cap=Fraction(1, 10),
        bands=[(Decimal(5), Decimal(70)), (Decimal(10), Decimal(50)), (None, Decimal(0))],
    )
    assert {name: fen(value) for name, value in judged.items()} == {
        "surplus": found.surplus_fen,
        "retain": found.retain_fen,
        "unreasonable": found.unreasonable_fen,
        "fund": found.fund_share_fen,
        "holder": found.holder_share_fen,
        "deposit_back": found.deposit_back_fen,
        "entitled": found.entitled_fen,
    }


@given(st.integers(0, 10**6), st.integers(20_000, 10**7))
def test_the_slow_judge_budgets_alike(insured: int, per_head: int) -> None:
    found = budget.income_budget(insured, per_head, rules_of().get("deductions"))
    judged = oracle.budget(insured, yuan(per_head), Fraction(5, 100), Decimal(90), Decimal(20))
    assert found.budget_fen == fen(judged)


WEIGHTS = st.dictionaries(st.text("ABCDEF", min_size=1, max_size=3), st.integers(0, 10**9), min_size=1).filter(
    lambda found: any(found.values())
)


@given(st.integers(-(10**13), 10**13), WEIGHTS)
def test_parts_add_up_in_any_order_and_reverse(total: int, weights: dict[str, int]) -> None:
    parts = split_to_largest(total, weights)
    assert sum(parts.values()) == total
    assert parts == split_to_largest(total, dict(reversed(list(weights.items()))))
    assert split_to_largest(-total, weights) == {code: -part for code, part in parts.items()}
    assert parts == {code: fen(part) for code, part in oracle.split(yuan(total), weights).items()}


MEMBERS = st.dictionaries(
    st.text("ABCDEFGH", min_size=1, max_size=2),
    st.tuples(st.sampled_from(list(Tier)), st.integers(0, 10**9), st.integers(0, 10**9)),
    min_size=1,
    max_size=6,
)


@given(st.integers(-(10**11), 10**11), MEMBERS, st.sampled_from(list(SharingMethod)))
def test_shares_add_up_whatever_the_order(
    amount: int, members: dict[str, tuple[Tier, int, int]], method: SharingMethod
) -> None:
    rows = [sharing.Member(code, *one) for code, one in members.items()]
    tiers = {"county": 6000, "township": 3000, "village": 1000}
    found = sharing.share(amount, rows, method=method, tier_shares=tiers)
    assert sum(one.amount_fen for one in found) == amount
    assert found == sharing.share(amount, rows[::-1], method=method, tier_shares=tiers)
    if method is SharingMethod.FIXED:
        judged = oracle.sharing(yuan(amount), [(one.code, one.tier.value, one.inner_value_fen) for one in rows], tiers)
        assert {one.code: one.amount_fen for one in found} == {code: fen(part) for code, part in judged.items()}


@given(AMOUNTS, st.integers(0, 10_000), st.lists(st.tuples(st.integers(0, 12), AMOUNTS), max_size=3))
def test_advances_and_deposit_make_the_budget(total: int, prepay_bp: int, changes: list[tuple[int, int]]) -> None:
    versions = [advance.BudgetVersion(*one) for one in sorted(changes, key=lambda one: one[0])]
    plan = advance.schedule(total, prepay_bp, versions)
    assert len(plan.due_fen) == 12 and min(plan.due_fen) >= 0
    last = versions[-1].budget_fen if versions else total
    if not versions:
        assert plan.total_fen + plan.deposit_fen == last
    elif versions[-1].after_month < 12:
        assert plan.total_fen + plan.deposit_fen >= last
