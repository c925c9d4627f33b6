"""PAY-09 as the books of the insurance bureau show it, from the budget to zero in every account of the holder."""

from __future__ import annotations

import pytest

from sanyi.insurance.package.codes import ClearingStep
from sanyi.insurance.package.models import PackageYear, Share
from sanyi.insurance.package.services import advances, clearings, months, years
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.cases import services as cases
from sanyi.registry.ledger import services as ledger
from sanyi.registry.ledger.models import Entry
from tests.insurance.package.fund_year import (
    BUDGET,
    GROUP,
    HOSPITAL,
    TOWNSHIP,
    YEAR,
    Books,
    advanced,
    agreed,
    approver,
    balances,
    budgeted,
    cleared,
    codes_of,
    computed,
    officer,
    spent,
)
from tests.registry.county import County

pytestmark = pytest.mark.django_db
DUE, LAST, DEPOSIT = 2_812_791_667, 2_812_791_663, 1_776_500_000


def test_both_base_numbers_are_stored_and_the_year_is_paid_out(county: County, books: Books) -> None:
    """PAY-09 with surplus, from the budget to zero in every account of the holder."""
    history = (30_000_000_000, 33_000_000_000, 36_000_000_000)
    year = budgeted(county, history_fen=history)
    assert (year.fund_budget.income_budget_fen, year.fund_budget.history_budget_fen) == (BUDGET, 34_650_000_000)
    assert year.budget_fen == BUDGET
    kept = {one["principle"]: one["is_kept"] for one in year.fund_budget.figures["principles"]}
    assert kept == {"spend_by_income": True, "balance": True, "slight_surplus": True}
    assert not Entry.objects.exists(), "a budget alone moves nothing"
    year = agreed(county, history_fen=history)
    assert balances() == {"1001": BUDGET, f"1201.{GROUP}": DEPOSIT, f"2301.{GROUP}": -DEPOSIT, "3001": -BUDGET}
    rows = advanced(county, year)
    assert [row.due_fen for row in rows] == [DUE] * 11 + [LAST]
    assert all(row.paid_fen == row.due_fen and row.entry_number for row in rows)
    assert balances()[f"1201.{GROUP}"] == BUDGET
    books.give(spent(33_800_000_000))
    row = cleared(county, year)
    assert (row.surplus_fen, row.retain_fen, row.deposit_back_fen) == (1_730_000_000, 1_730_000_000, DEPOSIT)
    shares = dict(Share.objects.filter(clearing=row).values_list("member_code", "amount_fen"))
    assert shares == {HOSPITAL: 1_153_333_333, TOWNSHIP: 576_666_667}
    assert row.due_fen == DEPOSIT
    assert balances()[f"2203.{HOSPITAL}"] == -1_153_333_333
    row = clearings.settle(row, by=approver(county))
    assert row.step == ClearingStep.PAID
    assert balances() == {"3001": -BUDGET, "5101": 33_800_000_000, "5102": 1_730_000_000}
    assert ledger.check() == []
    assert clearings.replay(row)


@pytest.mark.parametrize(
    ("actual", "fund", "holder"),
    [(38_100_000_000, 1_640_300_000, 929_700_000), (41_300_000_000, 2_131_800_000, 3_638_200_000)],
)
def test_an_overspend_is_shared_and_the_members_bear_their_part(
    county: County, books: Books, actual: int, fund: int, holder: int
) -> None:
    year = agreed(county)
    advanced(county, year)
    books.give(spent(actual))
    row = cleared(county, year)
    assert (row.fund_share_fen, row.holder_share_fen, row.retain_fen) == (fund, holder, 0)
    assert sum(Share.objects.values_list("amount_fen", flat=True)) == -holder
    clearings.settle(row, by=approver(county))
    assert balances() == {"3001": -BUDGET - fund, "5101": BUDGET, "5103": fund}


def test_reopening_posts_differences_and_a_correction_back_reverses_exactly(county: County, books: Books) -> None:
    year = agreed(county)
    advanced(county, year)
    books.give(spent(33_800_000_000))
    first = clearings.settle(cleared(county, year), by=approver(county))
    stood, count = balances(), Entry.objects.count()
    second = clearings.reopen(first, reason="县外结算更正", by=approver(county))
    assert balances() == stood and second.revision == 2
    first.refresh_from_db()
    assert (first.step, first.is_current, first.reason) == (ClearingStep.REOPENED, False, "县外结算更正")
    books.give(spent(34_000_000_000), number="JS-2")
    second = clearings.settle(cleared(county, year), by=approver(county))
    assert balances()["5101"] == 34_000_000_000 and balances()["5102"] == 1_530_000_000
    third = clearings.reopen(second, reason="更正有误", by=approver(county))
    books.give(spent(33_800_000_000), number="JS-1")
    third = clearings.settle(cleared(county, year), by=approver(county))
    assert balances() == stood
    assert third.revision == 3 and clearings.replay(first) and clearings.replay(second) and clearings.replay(third)
    assert first.result == third.result
    by_kind: dict[str, list[dict[str, int]]] = {}
    for entry in Entry.objects.filter(number__gt=0).order_by("number")[count:]:
        lines = {one.account.code: one.debit_fen - one.credit_fen for one in entry.postings.select_related("account")}
        by_kind.setdefault(entry.document_kind, []).append(lines)
    assert by_kind, "differences were posted"
    for there, back in by_kind.values():
        assert there == {code: -amount for code, amount in back.items()}


def test_the_same_again_posts_nothing(county: County, books: Books) -> None:
    year = agreed(county)
    advanced(county, year)
    books.give(spent(33_800_000_000))
    row = clearings.settle(cleared(county, year), by=approver(county))
    count = Entry.objects.count()
    clearings.reopen(row, reason="核对", by=approver(county))
    clearings.settle(cleared(county, year), by=approver(county))
    assert Entry.objects.count() == count


def test_a_cleared_year_takes_no_more_and_changed_inputs_are_not_approved(county: County, books: Books) -> None:
    year = agreed(county)
    advanced(county, year, 3)
    books.give(spent(33_800_000_000))
    row = computed(county, year)
    books.give(spent(33_800_000_001), number="JS-2")
    with pytest.raises(RefusedError) as refused:
        clearings.approve(row, by=approver(county))
    assert codes_of(refused) == ["package.not_computed"]
    assert "spend" in refused.value.refusals[0].message("zh")
    cleared(county, year)
    books.give(spent(1), month=1)
    for act in (
        lambda: advances.request(year, 4, by=officer(county)),
        lambda: months.close_month(year, 1, by=officer(county)),
        lambda: cases.act(year.case, "adjust", approver(county), "调", data={"amount_fen": 1}),
    ):
        with pytest.raises(RefusedError) as refused:
            act()
        assert codes_of(refused) == ["package.after_clearing"]


def test_the_budget_is_adjusted_after_signing(county: County, books: Books) -> None:
    year = agreed(county)
    advanced(county, year, 6)
    assert year.case is not None
    cases.act(year.case, "adjust", approver(county), "成员单位转出", data={"amount_fen": -600_000_000})
    year = years.require(YEAR, GROUP)
    plan = years.plan(year)
    assert (year.adjusted_fen, plan.total_fen + plan.deposit_fen) == (BUDGET - 600_000_000, BUDGET - 600_000_000)
    assert plan.due_fen[:6] == (DUE,) * 6 and plan.due_fen[6] == 2_717_791_666
    assert year.deposit_fen == plan.deposit_fen == 1_746_500_000
    rows = advanced(county, year)
    assert sum(row.due_fen for row in rows) == plan.total_fen
    assert balances()[f"1201.{GROUP}"] == year.adjusted_fen
    assert year.changes.get().after_month == 6


def test_months_are_closed_once_reopened_with_a_reason_and_kept(county: County, books: Books) -> None:
    year = agreed(county)
    with pytest.raises(RefusedError) as refused:
        months.close_month(year, 1, by=officer(county))
    assert codes_of(refused) == ["package.spend_missing"]
    books.give(spent(2_500_000_000, 900_000_000), month=1)
    assert months.preview(year, 1)["charged_fen"] == 2_500_000_000
    first = months.close_month(year, 1, by=officer(county))
    with pytest.raises(RefusedError) as refused:
        months.close_month(year, 1, by=officer(county))
    assert codes_of(refused) == ["package.month_closed"]
    with pytest.raises(RefusedError) as refused:
        months.reopen_month(year, 1, reason=" ", by=officer(county))
    assert codes_of(refused) == ["package.reason_missing"]
    months.reopen_month(year, 1, reason="补录", by=officer(county))
    with pytest.raises(RefusedError) as refused:
        months.reopen_month(year, 1, reason="补录", by=officer(county))
    assert codes_of(refused) == ["package.month_not_closed"]
    books.give(spent(2_600_000_000, 900_000_000), month=1, number="JS-2")
    second = months.close_month(year, 1, by=officer(county))
    assert (second.revision, second.settlement_number) == (2, "JS-2")
    kept = {row.revision: row for row in months.accounts_of(year)}
    assert (kept[1].charged_fen, kept[1].reason, kept[1].inputs) == (2_500_000_000, "补录", first.inputs)
    assert months.replay(kept[1]) and months.replay(kept[2])
    assert months.forecast_of(year).year_fen == 31_200_000_000
    assert not Entry.objects.filter(document_kind="package.month").exists()


def test_a_budget_in_use_is_not_set_anew_and_zero_is_not_packaged(county: County, books: Books) -> None:
    year = budgeted(county, insured_count=0)
    assert year.budget_fen == 0
    with pytest.raises(RefusedError) as refused:
        years.apply(year, by=officer(county))
    assert codes_of(refused) == ["package.budget_zero"]
    agreed(county)
    with pytest.raises(RefusedError) as refused:
        budgeted(county)
    assert codes_of(refused) == ["package.budget_in_use"]
    assert PackageYear.objects.get().budget_fen == BUDGET
