"""A fund year from budget to the last fen paid, in the books of the insurance bureau; corrections as differences."""

from __future__ import annotations

import pytest

from sanyi.insurance.package.codes import ClearingStep
from sanyi.insurance.package.models import Share
from sanyi.insurance.package.services import advances, clearings, months, years
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.cases import services as cases
from sanyi.registry.ledger.models import Entry
from tests.insurance.package.fund_year import (
    BUDGET,
    GROUP,
    YEAR,
    Books,
    advanced,
    agreed,
    approver,
    balances,
    cleared,
    codes_of,
    computed,
    officer,
    spent,
)
from tests.registry.county import BUREAU, County

pytestmark = pytest.mark.django_db
DUE, LAST, DEPOSIT = 2_812_791_667, 2_812_791_663, 1_776_500_000


def test_what_the_bureau_paid_to_others_is_deducted_and_what_is_left_returns(signed: County, books: Books) -> None:
    year = agreed(signed)
    books.give(spent(2_500_000_000, 900_000_000), month=1)
    account = months.close_month(year, 1, by=officer(signed))
    assert (account.charged_fen, account.direct_fen) == (2_500_000_000, 900_000_000)
    rows = advanced(signed, year)
    assert [row.deducted_fen for row in rows] == [900_000_000] + [0] * 11
    assert balances()["2202"] == -900_000_000
    books.give(spent(30_000_000_000, 2_000_000_000))
    row = cleared(signed, year, 850_000)
    # Surplus 55.3 m, the cap is a tenth of the budget, of that 85 %; the deposit comes back by 85 %.
    assert (row.surplus_fen, row.retain_fen) == (5_530_000_000, 3_020_050_000)
    assert row.deposit_back_fen == 1_510_025_000
    assert row.entitled_fen == 30_000_000_000 + 3_020_050_000 - (DEPOSIT - 1_510_025_000)
    clearings.settle(row, by=approver(signed))
    found = balances()
    assert found["2202"] == -2_000_000_000 == -found["1001"], "paid to others, not yet by this book"
    assert found["4101"] == -(DEPOSIT - 1_510_025_000)
    assert sum(found.values()) == 0
    assert {code.partition(".")[0] for code in found} == {"1001", "2202", "3001", "4101", "5101", "5102"}


def test_everything_is_posted_in_the_book_of_the_bureau(signed: County, books: Books) -> None:
    agreed(signed)
    assert set(Entry.objects.values_list("organisation_code", flat=True)) == {BUREAU}


@pytest.mark.parametrize(
    ("actual", "fund", "holder"),
    [(38_100_000_000, 1_640_300_000, 929_700_000), (41_300_000_000, 2_131_800_000, 3_638_200_000)],
)
def test_an_overspend_is_shared_and_the_members_bear_their_part(
    signed: County, books: Books, actual: int, fund: int, holder: int
) -> None:
    year = agreed(signed)
    advanced(signed, year, 1)
    books.give(spent(actual))
    row = cleared(signed, year)
    assert (row.fund_share_fen, row.holder_share_fen, row.retain_fen) == (fund, holder, 0)
    assert sum(Share.objects.values_list("amount_fen", flat=True)) == -holder
    clearings.settle(row, by=approver(signed))
    assert balances() == {"3001": -BUDGET - fund, "5101": BUDGET, "5103": fund}


def test_reopening_posts_differences_and_a_correction_back_reverses_exactly(signed: County, books: Books) -> None:
    year = agreed(signed)
    advanced(signed, year, 1)
    books.give(spent(33_800_000_000))
    first = clearings.settle(cleared(signed, year), by=approver(signed))
    stood, count = balances(), Entry.objects.count()
    second = clearings.reopen(first, reason="县外结算更正", by=approver(signed))
    assert balances() == stood and second.revision == 2
    first.refresh_from_db()
    assert (first.step, first.is_current, first.reason) == (ClearingStep.REOPENED, False, "县外结算更正")
    books.give(spent(34_000_000_000), number="JS-2")
    second = clearings.settle(cleared(signed, year), by=approver(signed))
    assert balances()["5101"] == 34_000_000_000 and balances()["5102"] == 1_530_000_000
    third = clearings.reopen(second, reason="更正有误", by=approver(signed))
    books.give(spent(33_800_000_000), number="JS-1")
    third = clearings.settle(cleared(signed, year), by=approver(signed))
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


def test_the_same_again_posts_nothing(signed: County, books: Books) -> None:
    year = agreed(signed)
    advanced(signed, year, 1)
    books.give(spent(33_800_000_000))
    row = clearings.settle(cleared(signed, year), by=approver(signed))
    count = Entry.objects.count()
    clearings.reopen(row, reason="核对", by=approver(signed))
    clearings.settle(cleared(signed, year), by=approver(signed))
    assert Entry.objects.count() == count


def test_a_cleared_year_takes_no_more_and_changed_inputs_are_not_approved(signed: County, books: Books) -> None:
    year = agreed(signed)
    advanced(signed, year, 3)
    books.give(spent(33_800_000_000))
    row = computed(signed, year)
    books.give(spent(33_800_000_001), number="JS-2")
    with pytest.raises(RefusedError) as refused:
        clearings.approve(row, by=approver(signed))
    assert codes_of(refused) == ["package.not_computed"]
    assert "spend" in refused.value.refusals[0].message("zh")
    cleared(signed, year)
    books.give(spent(1), month=1)
    for act in (
        lambda: advances.request(year, 4, by=officer(signed)),
        lambda: months.close_month(year, 1, by=officer(signed)),
        lambda: cases.act(year.case, "adjust", approver(signed), "调", data={"amount_fen": 1}),
    ):
        with pytest.raises(RefusedError) as refused:
            act()
        assert codes_of(refused) == ["package.after_clearing"]


def test_the_budget_is_adjusted_after_signing(signed: County, books: Books) -> None:
    year = agreed(signed)
    advanced(signed, year, 6)
    assert year.case is not None
    cases.act(year.case, "adjust", approver(signed), "成员单位转出", data={"amount_fen": -600_000_000})
    year = years.require(YEAR, GROUP)
    plan = years.plan(year)
    assert (year.adjusted_fen, plan.total_fen + plan.deposit_fen) == (BUDGET - 600_000_000, BUDGET - 600_000_000)
    assert plan.due_fen[:6] == (DUE,) * 6 and plan.due_fen[6] == 2_717_791_666
    assert year.deposit_fen == plan.deposit_fen == 1_746_500_000
    rows = advanced(signed, year)
    assert sum(row.due_fen for row in rows) == plan.total_fen
    assert balances()[f"1201.{GROUP}"] == year.adjusted_fen
    assert year.changes.get().after_month == 6


def test_months_are_closed_once_reopened_with_a_reason_and_kept(signed: County, books: Books) -> None:
    year = agreed(signed)
    with pytest.raises(RefusedError) as refused:
        months.close_month(year, 1, by=officer(signed))
    assert codes_of(refused) == ["package.spend_missing"]
    books.give(spent(2_500_000_000, 900_000_000), month=1)
    assert months.preview(year, 1)["charged_fen"] == 2_500_000_000
    first = months.close_month(year, 1, by=officer(signed))
    with pytest.raises(RefusedError) as refused:
        months.close_month(year, 1, by=officer(signed))
    assert codes_of(refused) == ["package.month_closed"]
    with pytest.raises(RefusedError) as refused:
        months.reopen_month(year, 1, reason=" ", by=officer(signed))
    assert codes_of(refused) == ["package.reason_missing"]
    months.reopen_month(year, 1, reason="补录", by=officer(signed))
    with pytest.raises(RefusedError) as refused:
        months.reopen_month(year, 1, reason="补录", by=officer(signed))
    assert codes_of(refused) == ["package.month_not_closed"]
    books.give(spent(2_600_000_000, 900_000_000), month=1, number="JS-2")
    second = months.close_month(year, 1, by=officer(signed))
    assert (second.revision, second.settlement_number) == (2, "JS-2")
    kept = {row.revision: row for row in months.accounts_of(year)}
    assert (kept[1].charged_fen, kept[1].reason, kept[1].inputs) == (2_500_000_000, "补录", first.inputs)
    assert months.replay(kept[1]) and months.replay(kept[2])
    assert months.forecast_of(year).year_fen == 31_200_000_000
    assert not Entry.objects.filter(document_kind="package.month").exists()
