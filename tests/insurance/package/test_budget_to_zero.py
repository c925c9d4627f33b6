"""PAY-09 as the books of the insurance bureau show it, from the budget to zero in every account of the holder."""

from __future__ import annotations

import pytest

from sanyi.insurance.package.codes import ClearingStep
from sanyi.insurance.package.models import PackageYear, Share
from sanyi.insurance.package.services import clearings, years
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
    filed,
    lead,
    officer,
    paper,
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


def test_a_year_with_records_keeps_its_budget_after_the_agreement_was_ended(county: County, books: Books) -> None:
    year = agreed(county)
    case = cases.act(year.case, "adjust", approver(county), "补助", data={"amount_fen": 100})
    cases.act(case, "terminate", approver(county), "集团重组")
    assert balances() == {}
    with pytest.raises(RefusedError) as refused:
        budgeted(county)
    assert codes_of(refused) == ["package.budget_in_use"]
    year = agreed_again(county)
    assert balances()["1001"] == year.adjusted_fen == BUDGET + 100


def agreed_again(county: County) -> PackageYear:
    """Applied for and signed anew: the same documents are not taken for those of the first agreement."""
    case = filed(county, years.require(YEAR, GROUP))
    cases.act(case, "sign", lead(county), evidence=[paper()])
    return years.require(YEAR, GROUP)
