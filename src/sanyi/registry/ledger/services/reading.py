"""查账: trial balance, postings of an account, entries of a document, and the check of the books."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from sanyi.registry.access.rules import AllOrganisations, Scope
from sanyi.registry.ledger.codes import AccountKind
from sanyi.registry.ledger.models import Account, Entry, Posting

POSTING = {
    "key": pl.String,
    "organisation_code": pl.String,
    "number": pl.Int64,
    "line": pl.Int64,
    "posted_on": pl.Date,
    "description": pl.String,
    "note": pl.String,
    "document_kind": pl.String,
    "document_id": pl.String,
    "debit_fen": pl.Int64,
    "credit_fen": pl.Int64,
    "balance_fen": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class TrialLine:
    """试算平衡行: totals of one account; ``balance_fen`` is positive on the account's normal side."""

    code: str
    name: str
    kind: AccountKind
    debit_fen: int
    credit_fen: int

    @property
    def balance_fen(self) -> int:
        """余额."""
        difference = self.debit_fen - self.credit_fen
        return difference if self.kind.is_debit_normal else -difference


@dataclass(frozen=True, slots=True)
class Unsound:
    """有误的凭证: what the entry says and what its postings add up to."""

    number: int
    organisation_code: str
    posted_on: date
    entry_fen: int
    debits_fen: int
    credits_fen: int
    lines: int


@dataclass(frozen=True, slots=True)
class BookSum:
    """账簿合计: entries and both sides of one book; equal sides are what a sound book has."""

    organisation_code: str
    entry_count: int
    debit_fen: int
    credit_fen: int

    @property
    def is_balanced(self) -> bool:
        """借贷是否相等."""
        return self.debit_fen == self.credit_fen


def trial_balance(organisation_code: str, on: date | None = None) -> list[TrialLine]:
    """试算平衡表: totals of every account up to and including a day; their debits equal their credits."""
    in_time = Q() if on is None else Q(postings__entry__posted_on__lte=on)
    rows = (
        Account.objects.filter(organisation_code=organisation_code)
        .annotate(
            debit=Coalesce(Sum("postings__debit_fen", filter=in_time), 0),
            credit=Coalesce(Sum("postings__credit_fen", filter=in_time), 0),
        )
        .order_by("code")
        .values_list("code", "name", "kind", "debit", "credit")
    )
    return [TrialLine(code, name, AccountKind(kind), debit, credit) for code, name, kind, debit, credit in rows]


def balance_fen(organisation_code: str, account: str, on: date | None = None) -> int:
    """余额: of one account in fen, positive on its normal side; 0 for an unknown account."""
    return next((line.balance_fen for line in trial_balance(organisation_code, on) if line.code == account), 0)


def books(scope: Scope) -> list[str]:
    """账簿: codes of the organisations of a scope that keep books."""
    return list(
        _within(Account.objects.all(), scope)
        .order_by("organisation_code")
        .values_list("organisation_code", flat=True)
        .distinct()
    )


def account(organisation_code: str, code: str) -> Account | None:
    """科目: None when the book has no such account."""
    found: Account | None = Account.objects.filter(organisation_code=organisation_code, code=code).first()
    return found


def entries_of(document_kind: str, document_ids: str | Iterable[str]) -> list[Entry]:
    """单据的凭证: every entry posted for one or several documents, in the order of posting, with its reversals."""
    wanted = [document_ids] if isinstance(document_ids, str) else list(document_ids)
    own = Q(document_kind=document_kind, document_id__in=wanted)
    undone = Q(reverses__document_kind=document_kind, reverses__document_id__in=wanted)
    return list(Entry.objects.filter(own | undone).prefetch_related("postings__account").order_by("number"))


def entries_below(document_kinds: Iterable[str], prefix: str) -> list[Entry]:
    """一类单据的凭证: every entry of these kinds whose document's name begins so, in the order of posting."""
    found = Entry.objects.filter(document_kind__in=list(document_kinds), document_id__startswith=prefix)
    return list(found.order_by("number"))


def postings_of(account: Account) -> pl.DataFrame:
    """科目明细: every posting of an account by day, with the balance after it, on the account's normal side."""
    sign = 1 if AccountKind(account.kind).is_debit_normal else -1
    rows = (
        Posting.objects.filter(account=account)
        .order_by("entry__posted_on", "entry_id", "line")
        .values_list(
            "entry_id",
            "line",
            "entry__posted_on",
            "entry__description",
            "note",
            "entry__document_kind",
            "entry__document_id",
            "debit_fen",
            "credit_fen",
        )
    )
    balance, found = 0, []
    for number, line, *rest in rows:
        balance += sign * (rest[-2] - rest[-1])
        found.append((f"{number}-{line}", account.organisation_code, number, line, *rest, balance))
    return pl.DataFrame(found, schema=POSTING, orient="row")


def sums(scope: Scope) -> list[BookSum]:
    """各账簿合计: of the books of a scope, from the postings themselves."""
    rows = (
        _within(Entry.objects.all(), scope)
        .order_by("organisation_code")
        .values("organisation_code")
        .annotate(
            entries=Count("number", distinct=True),
            debits=Coalesce(Sum("postings__debit_fen"), 0),
            credits=Coalesce(Sum("postings__credit_fen"), 0),
        )
    )
    return [BookSum(row["organisation_code"], row["entries"], row["debits"], row["credits"]) for row in rows]


def check() -> list[int]:
    """账簿检查: numbers of entries whose postings do not add up to their totals, or that have fewer than two."""
    return list(_unsound().values_list("number", flat=True))


def unsound(scope: Scope) -> list[Unsound]:
    """有误的凭证: those of the books of a scope, with both sums."""
    fields = ("number", "organisation_code", "posted_on", "debit_fen", "debits", "credits", "lines")
    return [Unsound(*row) for row in _within(_unsound(), scope).values_list(*fields)]


def _within(query: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    return query if isinstance(scope, AllOrganisations) else query.filter(organisation_code__in=scope)


def _unsound() -> QuerySet[Entry]:
    summed = Entry.objects.annotate(
        debits=Coalesce(Sum("postings__debit_fen"), 0),
        credits=Coalesce(Sum("postings__credit_fen"), 0),
        lines=Count("postings"),
    )
    wrong = ~Q(debits=F("debit_fen")) | ~Q(credits=F("credit_fen")) | ~Q(debits=F("credits")) | Q(lines__lt=2)
    return summed.filter(wrong).order_by("number")
