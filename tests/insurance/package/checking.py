"""核对账簿与状态: what must hold of the package's books at every moment, whoever died where."""

from __future__ import annotations

from sanyi.insurance.package.models import Advance, Clearing, MonthAccount, Share
from sanyi.registry.ledger import services as ledger
from sanyi.registry.ledger.models import Entry
from tests.insurance.package.fund_year import balances

OF_CLEARING = {"package.settlement", "package.deposit_return", "package.share"}
OF_PAYMENT = {"package.payment", "package.pool"}


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
