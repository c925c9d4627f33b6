"""A fund year from budget to the last fen paid, in the books of the insurance bureau; corrections as differences."""

from __future__ import annotations

import pytest

from sanyi.insurance.package.services import clearings, months
from sanyi.registry.ledger.models import Entry
from tests.insurance.package.fund_year import (
    Books,
    advanced,
    agreed,
    approver,
    balances,
    cleared,
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
