"""Two people who do the same at the same moment: one does it and one is told; money moves once."""

from __future__ import annotations

from typing import Any

from sanyi.insurance.package.models import Advance, Clearing
from sanyi.insurance.package.services import advances, clearings, years
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.ledger.models import Entry
from tests.insurance.package.fund_year import GROUP, YEAR, Books, advanced, agreed, balances, computed, officer, spent
from tests.registry import county as small
from tests.registry.threads import together


def refusals(results: list[Any]) -> list[str]:
    assert all(not isinstance(one, BaseException) or isinstance(one, RefusedError) for one in results), results
    return [one.refusals[0].code for one in results if isinstance(one, RefusedError)]


def test_paying_twice_is_impossible(transactional_db: Any, monkeypatch: Any) -> None:
    county = small.build()
    year = agreed(county)
    results = together(*(lambda: advances.request(year, 1, by=officer(county)) for _ in range(3)))
    assert refusals(results) == ["package.advance_taken"] * 2
    row = Advance.objects.select_related("case").get()
    payers = [county.actor("finance_officer"), county.actor("county_leader")]
    results = together(*(lambda by=by: advances.pay(row, by=by) for by in payers))
    assert refusals(results) == ["cases.changed_meanwhile"]
    assert Entry.objects.filter(document_kind="package.advance").count() == 1
    # A clearing is opened, approved and paid once as well.
    books = Books(monkeypatch)
    books.give(spent(33_800_000_000))
    advanced(county, years.require(YEAR, GROUP), 2)
    results = together(*(lambda: clearings.open_clearing(year, by=officer(county)) for _ in range(2)))
    assert refusals(results) == ["package.clearing_taken"]
    found = computed(county, year)
    for act in (clearings.approve, clearings.settle):
        found = Clearing.objects.select_related("case").get(pk=found.pk)
        results = together(*(lambda by=by, act=act, row=found: act(row, by=by) for by in payers))
        assert refusals(results) == ["cases.changed_meanwhile"]
    kinds = list(Entry.objects.filter(document_kind__startswith="package.").values_list("document_kind", flat=True))
    assert sorted(kinds) == sorted(
        ["package.appropriation", "package.deposit", "package.advance", "package.advance", "package.settlement",
         "package.deposit_return", "package.share", "package.payment"]
    )  # fmt: skip
    assert balances()["5101"] == 33_800_000_000
