"""Several holders in one county, a hospital that moves in June, single institutions, gates, streams, the chore."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from sanyi.insurance.package.codes import Base, Flow, Stream, Tier, WarningLevel
from sanyi.insurance.package.models import Clearing, PackageYear
from sanyi.insurance.package.services import budgets, clearings, daily, holders, months, streams, unification, years
from sanyi.insurance.package.services.budgets import BudgetInput, HolderInput, ProviderInput
from sanyi.insurance.package.services.policy import clearing_due_at
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.cases import services as cases
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import MembershipRole
from sanyi.registry.organisations.models import Organisation
from tests.insurance.package.fund_year import (
    BUDGET,
    GROUP,
    HOSPITAL,
    TOWNSHIP,
    YEAR,
    Books,
    agreed,
    approver,
    balances,
    budgeted,
    codes_of,
    filed,
    given,
    lead,
    officer,
    paper,
    spent,
)
from tests.insurance.package.groups import found
from tests.registry.county import BRANCH, COUNTY, County

pytestmark = pytest.mark.django_db
SECOND, TCM, PRIVATE = "990000000008", "990000000009", "990000000010"


@pytest.fixture
def two(county: County) -> County:
    """A second group with a hospital of traditional medicine, and a private hospital in none."""
    found()
    for code, name, kind in (
        (SECOND, "示范县中医医疗集团", "medical_group"),
        (TCM, "示范县中医医院", "tcm_hospital"),
        (PRIVATE, "示范县康宁医院", "private_hospital"),
    ):
        Organisation.objects.create(code=code, name=name, kind=kind, parent_id=COUNTY)
    organisations.found_group(SECOND, founded_on=date(2020, 1, 1), by=access.SYSTEM)
    organisations.join(SECOND, TCM, starts_on=date(2020, 1, 1), by=access.SYSTEM, role=MembershipRole.LEAD)
    return county


def both(first: tuple[int, ...] = (240_000,), second: tuple[int, ...] = (140_000,), **more: Any) -> BudgetInput:
    return given(holders=(HolderInput(GROUP, first), HolderInput(SECOND, second)), **more)


def test_two_consortia_and_a_single_hospital_share_the_budget_to_the_fen(two: County) -> None:
    own = 900_000_000
    providers = (
        ProviderInput(HOSPITAL, (20_000_000_000,) * 3),
        ProviderInput(TOWNSHIP, (5_000_000_000,) * 3),
        ProviderInput(PRIVATE, (own,) * 3, has_own=True),
    )
    row = budgets.set_budget(YEAR, both(providers=providers, history_fen=(BUDGET,) * 3), by=officer(two))
    assert row.figures["indicators"] == {"": BUDGET - 25_900_000_000, HOSPITAL: 20_000_000_000,
                                         TOWNSHIP: 5_000_000_000, PRIVATE: own}  # fmt: skip
    parts = {one.holder_code: one.budget_fen for one in years.years(YEAR)}
    assert parts == {PRIVATE: own, GROUP: 21_871_578_947, SECOND: 12_758_421_053}
    assert sum(parts.values()) == BUDGET == row.budget_fen
    assert {one.holder_code: one.lead_code for one in years.years(YEAR)} == {
        GROUP: HOSPITAL, SECOND: TCM, PRIVATE: PRIVATE,
    }  # fmt: skip
    assert budgets.weights(row) == {GROUP: 240_000 * 12 * 10**6, SECOND: 140_000 * 12 * 10**6}
    assert budgets.singles(row) == [PRIVATE]


def test_a_hospital_that_changes_the_consortium_in_june(two: County, books: Books) -> None:
    """Its insured move from July on, its budget with them; it is a member of both for its part of the year."""
    budgets.set_budget(YEAR, both(), by=officer(two))
    organisations.move(TOWNSHIP, SECOND, starts_on=date(YEAR, 6, 15), by=access.SYSTEM)
    insured = {GROUP: [240_000] * 6 + [180_000] * 6, SECOND: [140_000] * 6 + [200_000] * 6}
    changes = budgets.proposed_adjustments(YEAR, insured)
    assert changes == {GROUP: -2_805_000_000, SECOND: 2_805_000_000}
    for holder, kind in ((GROUP, "consortium"), (SECOND, "consortium")):
        names = {one.code for one in holders.members(holder, holders.HolderKind(kind), YEAR)}
        assert TOWNSHIP in names
    assert TOWNSHIP not in {one.code for one in holders.members(GROUP, holders.HolderKind.CONSORTIUM, YEAR + 1)}
    month = f"{YEAR}-06"
    books.give([(GROUP, TOWNSHIP, Flow.INSIDE, month, 1, 60, 60), (SECOND, TOWNSHIP, Flow.INSIDE, month, 1, 40, 40)],
               month=6)  # fmt: skip
    for holder, fen in ((GROUP, 60), (SECOND, 40)):
        assert months.preview(years.require(YEAR, holder), 6)["charged_fen"] == fen


REFUSED = [
    ({"holders": ()}, "package.holders_missing"),
    ({"holders": (HolderInput(GROUP, (1,)), HolderInput(GROUP, (1,)))}, "package.holder_twice"),
    ({"holders": (HolderInput("990000099999", (1,)),)}, "organisations.unknown"),
    ({"holders": (HolderInput(GROUP, (0,)),)}, "package.holders_missing"),
    ({"holders": (HolderInput(GROUP, (-1,)),)}, "package.amount_negative"),
    ({"holders": (HolderInput(GROUP, (1, 2)),)}, "package.amount_negative"),
    ({"providers": (ProviderInput(TOWNSHIP, (1, 1, 1), has_own=True),)}, "package.member_has_own"),
    ({"insured_count": None}, "package.input_missing"),
    ({"base": Base.HISTORY}, "package.input_missing"),
    ({"financing_fen": 100}, "package.deductions_exceed"),
]


@pytest.mark.parametrize(("more", "code"), REFUSED)
def test_a_budget_that_cannot_be_set(county: County, more: dict[str, Any], code: str) -> None:
    found()
    with pytest.raises(RefusedError) as refused:
        budgets.set_budget(YEAR, given(**more), by=officer(county))
    assert codes_of(refused) == [code]
    assert not PackageYear.objects.exists()


def test_an_unknown_base_is_stored_as_unknown(county: County) -> None:
    year = budgeted(county, insured_count=None, base=None, history_fen=(100, 200, 300))
    assert year.fund_budget.base == Base.HISTORY, "what Ruicheng's document says"
    assert (year.fund_budget.income_budget_fen, year.fund_budget.history_budget_fen) == (None, 210)
    assert year.fund_budget.is_assumed and "growth_bp" in year.fund_budget.figures["assumed"]


def test_the_gate_of_six_unifications_stands_before_application_and_signature(
    county: County, books: Books, monkeypatch: Any
) -> None:
    year = budgeted(county)
    asked: list[str] = []
    from sanyi.insurance.package.codes import UNIFICATION_MISSING

    def closed(group_code: str, on: date) -> None:
        asked.append(group_code)
        raise RefusedError(
            UNIFICATION_MISSING(group=group_code, on=str(on), count=1, missing="人事管理", missing_en="P")
        )

    monkeypatch.setattr(unification, "refuse_closed_gate", closed)
    with pytest.raises(RefusedError) as refused:
        years.apply(year, by=lead(county))
    assert codes_of(refused) == ["package.unification_missing"] and asked == [GROUP]
    monkeypatch.undo()
    case = filed(county, year)
    monkeypatch.setattr(unification, "refuse_closed_gate", closed)
    with pytest.raises(RefusedError):
        cases.act(case, "sign", lead(county), evidence=[paper()])
    assert balances() == {} and years.require(YEAR, GROUP).agreed_on is None


def test_the_clock_of_an_application_an_advance_and_the_clearing(county: County, books: Books) -> None:
    from sanyi.insurance.package.services import advances
    from sanyi.registry.cases.services import escalate_overdue

    year = agreed(county)
    row = advances.request(year, 1, by=officer(county))
    assert row.case.deadline_at is not None
    assert 38 <= (row.case.deadline_at - timezone.now()).days <= 62, "thirty working days"
    assert daily.daily() == 1, "the year is over: its clearing is opened"
    assert daily.daily() == 0
    clearing = Clearing.objects.select_related("case").get()
    assert clearing.case.deadline_at == clearing_due_at(YEAR)
    assert (clearing_due_at(YEAR).year, clearing_due_at(YEAR).month, clearing_due_at(YEAR).day) == (YEAR + 1, 6, 30)
    assert clearing.case in list(cases.todo(officer(county)))
    assert escalate_overdue() == 1, "30 June has passed"


def test_clearing_needs_a_score_a_closed_year_and_finished_advances(county: County, books: Books) -> None:
    from sanyi.insurance.package.services import advances

    year = budgeted(county)
    with pytest.raises(RefusedError) as refused:
        clearings.open_clearing(year, by=officer(county))
    assert codes_of(refused) == ["package.not_agreed"]
    year = agreed(county)
    row = clearings.open_clearing(year, by=officer(county))
    with pytest.raises(RefusedError) as refused:
        clearings.open_clearing(year, by=officer(county))
    assert codes_of(refused) == ["package.clearing_taken"]
    for score, code in ((None, "score_missing"), (1_000_001, "score_missing"), (900_000, "spend_missing")):
        with pytest.raises(RefusedError) as refused:
            clearings.compute(row, score, by=officer(county))
        assert codes_of(refused) == [f"package.{code}"]
    books.give(spent(100))
    advances.request(year, 1, by=officer(county))
    with pytest.raises(RefusedError) as refused:
        clearings.compute(row, 900_000, by=officer(county))
    assert codes_of(refused) == ["package.advance_under_way"]
    row.refresh_from_db()
    assert (row.step, row.inputs, row.score_e4) == ("due", "", None)


@pytest.mark.parametrize(("month", "code"), [(0, "month_wrong"), (13, "month_wrong"), (2, "advance_order")])
def test_advances_in_their_order(county: County, books: Books, month: int, code: str) -> None:
    from sanyi.insurance.package.services import advances

    year = agreed(county)
    with pytest.raises(RefusedError) as refused:
        advances.request(year, month, by=officer(county))
    assert codes_of(refused) == [f"package.{code}"]


def test_four_streams_are_one_account_released_for_people_served(county: County, monkeypatch: Any) -> None:
    from sanyi.insurance.package.services import advances, policy

    four = ["fund", "disease_fees", "public_health", "fiscal"]
    real = policy._package_rules.__wrapped__
    monkeypatch.setattr(policy, "_package_rules", lambda *asked: real(*asked).replaced(four_packages=four))
    year = agreed(county)
    assert [(row.stream, row.amount_fen) for row in streams.four(year)] == [
        (Stream.FUND, BUDGET), (Stream.DISEASE_FEES, None), (Stream.PUBLIC_HEALTH, None), (Stream.FISCAL, None),
    ]  # fmt: skip
    streams.set_stream(year, "disease_fees", BUDGET // 2, by=officer(county))
    streams.set_stream(year, "public_health", 3_000_000, by=officer(county))
    streams.set_stream(year, "public_health", 3_000_001, by=officer(county))
    advances.pay(advances.request(year, 1, by=officer(county)), by=approver(county))
    served = {"target_count": 100, "served_count": 50, "score_e4": 800_000}
    made = streams.release(year, "public_health", 1, **served, by=approver(county))
    assert (made.due_fen, made.amount_fen) == (750_000, 615_000)
    assert balances()["1002"] == 3_000_001 - 615_000 == -balances()[f"2401.{GROUP}"]
    with pytest.raises(RefusedError) as refused:
        streams.release(year, "public_health", 1, **served, by=approver(county))
    assert codes_of(refused) == ["package.stream_released"]
    assert [(row.amount_fen, row.released_fen) for row in streams.four(year)] == [
        (BUDGET // 2, 1_406_395_834), (BUDGET // 2, 1_406_395_833), (3_000_001, 615_000), (None, 0),
    ]  # fmt: skip
    for stream, amount, code in (
        ("fund", 1, "stream_unknown"),
        ("disease_fees", BUDGET + 1, "amount_negative"),
        ("fiscal", -1, "amount_negative"),
        ("public_health", 5, "after_clearing"),
    ):
        with pytest.raises(RefusedError) as refused:
            streams.set_stream(year, stream, amount, by=officer(county))
        assert codes_of(refused) == [f"package.{code}"]
    with pytest.raises(RefusedError) as refused:
        streams.release(year, "fund", 1, **served, by=approver(county))
    assert codes_of(refused) == ["package.stream_unknown"]


def test_early_warning_names_its_method(county: County, books: Books) -> None:
    year = agreed(county)
    assert months.forecast_of(year).level is WarningLevel.UNKNOWN
    books.give(spent(3_500_000_000), month=1)
    months.close_month(year, 1, by=officer(county))
    found_one = months.forecast_of(year)
    assert (found_one.method, found_one.year_fen, found_one.level) == ("even", 42_000_000_000, WarningLevel.RED)


def test_tiers_follow_the_kind_of_institution() -> None:
    kinds = {"county_hospital": Tier.COUNTY, "township_hospital": Tier.TOWNSHIP, "branch": Tier.TOWNSHIP,
             "village_clinic": Tier.VILLAGE, "private_hospital": Tier.COUNTY}  # fmt: skip
    assert {kind: holders.tier_of(kind) for kind in kinds} == kinds


def test_a_county_without_a_bureau_has_no_book(county: County) -> None:
    assert holders.bureau_code(BRANCH) == holders.bureau_code(GROUP if found() else "")
    Organisation.objects.filter(kind="insurance_bureau").update(kind="other")
    with pytest.raises(RefusedError) as refused:
        budgeted(county)
    assert codes_of(refused) == ["package.bureau_missing"]


def test_three_years_come_from_closed_settlements_and_a_missing_one_is_unknown(county: County, books: Books) -> None:
    from sanyi.insurance.package.services import history

    books.give(spent(1000, 100, year=2023), year=2023)
    books.give(spent(2000, year=2024), year=2024)
    found_one = history.known(YEAR)
    assert (found_one.years, found_one.county_fen) == ((2022, 2023, 2024), (None, 1000, 2000))
    assert found_one.providers_fen == {
        HOSPITAL: [None, 675, 1500], TOWNSHIP: [None, 225, 500], "310000000001": [None, 100, 0],
    }  # fmt: skip
