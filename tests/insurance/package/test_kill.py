"""断电测试: a process that dies before or after an entry leaves nothing of its act; done again, all is there once."""

from __future__ import annotations

from typing import Any

import pytest

from sanyi.insurance.package.models import Clearing
from sanyi.insurance.package.services import accounts, advances, clearings
from sanyi.registry.ledger.models import Entry
from tests.insurance.package.checking import check_books
from tests.insurance.package.fund_year import Books, advanced, agreed, approver, computed, spent
from tests.registry import county as small

TOTAL = 33_800_000_000


class Death(BaseException):
    """The process ends here."""


ACTS = [("advance", 1), *(("clear", number) for number in (1, 2, 3)), *(("pay", number) for number in (1, 2))]


@pytest.mark.django_db
@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(("act", "number"), ACTS)
def test_a_death_at_each_entry_leaves_nothing_of_the_act(
    signed: small.County, monkeypatch: Any, act: str, number: int, is_before: bool
) -> None:
    """The exact points between which a kill could fall, one by one; done again, everything is there once."""
    year = agreed(signed)
    books = Books(monkeypatch)
    books.give(spent(TOTAL))
    advanced(signed, year, 1)
    doing = {
        "advance": lambda: advances.pay(advances.request(year, 2, by=signed.actor("insurance_officer")),
                                        by=approver(signed)),
        "clear": lambda: clearings.approve(computed(signed, year, 850_000), by=approver(signed)),
        "pay": lambda: clearings.settle(clearings.approve(computed(signed, year, 850_000), by=approver(signed)),
                                        by=approver(signed)),
    }[act]  # fmt: skip
    real, calls = accounts.post_change, [0]
    skipped = 3 if act == "pay" else 0

    def dying(*arguments: Any, **more: Any) -> int | None:
        calls[0] += 1
        if is_before and calls[0] == number + skipped:
            raise Death
        entry = real(*arguments, **more)
        if not is_before and calls[0] == number + skipped:
            raise Death
        return entry

    before = Entry.objects.count()
    monkeypatch.setattr(accounts, "post_change", dying)
    with pytest.raises(Death):
        doing()
    monkeypatch.setattr(accounts, "post_change", real)
    assert Entry.objects.count() == before + skipped
    check_books()
    again = {
        "advance": lambda: advances.pay(advances.advances(year)[-1], by=approver(signed)),
        "clear": lambda: clearings.approve(Clearing.objects.get(), by=approver(signed)),
        "pay": lambda: clearings.settle(Clearing.objects.get(), by=approver(signed)),
    }[act]
    again()
    assert Entry.objects.count() == before + {"advance": 1, "clear": 3, "pay": 5}[act]
    check_books()
