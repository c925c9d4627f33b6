"""账簿接口: trial balance, entries, one entry with its postings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.ledger.models import Entry
from sanyi.registry.ledger.pages.balance import rows_of, totals_of
from sanyi.registry.ledger.pages.doors import book_of, book_words, day_of
from sanyi.registry.ledger.pages.entries import ENTRIES, owner, with_state

routes = Routes("registry.ledger.api")


class AccountLine(Schema):
    """科目余额: ``side`` is where the balance lies: debit, credit or even."""

    code: str
    name: str
    kind: str
    debit_fen: int
    credit_fen: int
    side: str
    balance_fen: int


class BalanceAnswer(Schema):
    """试算平衡表: of one book up to and including a day."""

    organisation_code: str
    on: date | None
    is_balanced: bool
    debit_fen: int
    credit_fen: int
    accounts: list[AccountLine]


class PostingAnswer(Schema):
    """分录."""

    line: int
    account_code: str
    account_name: str
    debit_fen: int
    credit_fen: int
    note: str


class EntryAnswer(Schema):
    """凭证."""

    number: int
    organisation_code: str
    posted_on: date
    description: str
    document_kind: str
    document_id: str
    state: str
    reverses: int | None
    created_by_name: str
    created_at: datetime
    postings: list[PostingAnswer]


@routes.api(
    "GET",
    "/ledger/trial-balance",
    name="balance",
    permission=Permission.LEDGER_READ,
    purpose=AT_WORK,
    zh="试算平衡表",
    en="Trial balance",
    response=BalanceAnswer,
)
def trial_balance(request: GuardedRequest, book: str = "", on: str = "") -> dict[str, Any]:
    """试算平衡表: of the book asked for (``book``, an organisation's code) up to the day (``on``)."""
    code, day = book_of(request, book_words(request)), day_of(request)
    frame = rows_of(code, day)
    totals = totals_of(frame)
    return {
        "organisation_code": code,
        "on": day,
        "is_balanced": totals.is_balanced,
        "debit_fen": totals.debit_fen,
        "credit_fen": totals.credit_fen,
        "accounts": frame.drop("organisation_code").to_dicts(),
    }


@routes.api(
    "GET",
    "/ledger/entries",
    name="entries",
    permission=Permission.LEDGER_READ,
    purpose=AT_WORK,
    zh="凭证列表",
    en="Entries",
)
def entries(request: GuardedRequest) -> dict[str, Any]:
    """凭证列表: filter, sort and ``after`` as on the page."""
    return ENTRIES.from_query(with_state()).answer(request)


@routes.api(
    "GET",
    "/ledger/entries/{int:number}",
    name="entry",
    permission=Permission.LEDGER_READ,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="凭证",
    en="Entry",
    response=EntryAnswer,
)
def entry(request: GuardedRequest, number: int) -> dict[str, Any]:
    """凭证: with its postings."""
    found: Entry = with_state().get(number=number)
    fields = ("number", "organisation_code", "posted_on", "description", "document_kind", "document_id", "state")
    postings = found.postings.select_related("account")
    return {name: getattr(found, name) for name in fields} | {
        "reverses": found.reverses_id,
        "created_by_name": found.created_by_name,
        "created_at": found.created_at,
        "postings": [
            {
                "line": one.line,
                "account_code": one.account.code,
                "account_name": one.account.name,
                "debit_fen": one.debit_fen,
                "credit_fen": one.credit_fen,
                "note": one.note,
            }
            for one in postings
        ],
    }
