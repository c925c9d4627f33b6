"""断电测试: a process that advances and clears a year is killed (SIGKILL) again and again; all is posted once."""

from __future__ import annotations

import json
import random
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sanyi.insurance.package.models import Advance, Clearing, MonthAccount, Share
from sanyi.insurance.package.services import accounts, advances, clearings
from sanyi.registry.ledger import services as ledger
from sanyi.registry.ledger.models import Entry
from tests.insurance.package import package_process
from tests.insurance.package.fund_year import Books, advanced, agreed, approver, balances, computed, spent
from tests.registry import county as small
from tests.starting import Starter

KILLS = 8
TOTAL = 33_800_000_000
OF_CLEARING = {"package.settlement", "package.deposit_return", "package.share"}
OF_PAYMENT = {"package.payment", "package.pool"}


@pytest.mark.sweep
@pytest.mark.django_db(transaction=True)
def test_killed_at_random_points_everything_is_posted_once_or_not_at_all(tmp_path: Path, monkeypatch: Any) -> None:
    county = small.build()
    agreed(county)
    county.actor("insurance_officer")
    chance = random.Random(20250601)
    killed_at: list[str] = []
    database = {name: str(connection.settings_dict[name]) for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    with closing(Starter("tests.insurance.package.package_process", tmp_path, json.dumps(database))) as processes:
        for _ in range(KILLS):
            killed_at.append(run_and_kill(processes, chance.randint(2, 4), chance.uniform(0, 0.08)))
            check_books()
            if killed_at[-1] == "over":
                break
    assert any(where.startswith("advance") for where in killed_at), killed_at
    assert any(where in ("clear", "pay", "compute") for where in killed_at), killed_at
    rows = spent(TOTAL, 900_000_000)
    books = Books(monkeypatch)
    books.give(rows)
    books.give(rows, month=1)
    package_process.carry_on(county)
    check_books()
    assert [row.month for row in Advance.objects.filter(state="paid").order_by("month")] == list(
        range(1, package_process.MONTHS + 1)
    )
    assert Clearing.objects.get().step == "paid"
    found = balances()
    assert found == {
        "1001": 900_000_000, "2202": -900_000_000, "3001": -35_004_025_000, "4101": -266_475_000, "5101": TOTAL,
        "5102": 1_470_500_000,
    }  # fmt: skip


def run_and_kill(processes: Starter, line_count: int, after_seconds: float) -> str:
    """Starts a process and kills it so long after it has said so many lines; returns its last line."""
    process = processes.start()
    while process.poll() is None and len(process.lines()) < line_count:
        time.sleep(0.002)
    assert process.lines(), "it died before it was ready"
    time.sleep(after_seconds)
    process.kill()
    process.wait()
    return process.lines()[-1]


def check_books() -> None:
    """At every moment: the books balance, and a state is there together with its entries, or neither is."""
    assert ledger.check() == []
    balances()
    entries = Entry.objects.filter(document_kind="package.advance")
    paid = Advance.objects.filter(state="paid")
    assert sorted(paid.values_list("entry_number", flat=True)) == sorted(entries.values_list("number", flat=True))
    assert Advance.objects.exclude(state="cancelled").count() <= 12
    assert MonthAccount.objects.filter(state="closed").count() <= 1
    kinds = set(Entry.objects.values_list("document_kind", flat=True))
    step = Clearing.objects.values_list("step", flat=True).first() or "due"
    assert (kinds & OF_CLEARING == OF_CLEARING) is (step in ("cleared", "paid"))
    assert bool(kinds & OF_CLEARING) is (step in ("cleared", "paid")) is Share.objects.exists()
    assert bool(kinds & OF_PAYMENT) is (step == "paid")


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
