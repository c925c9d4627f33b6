"""科目页面: every posting of one account with the balance after it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest
from sanyi.registry.ledger import services
from sanyi.registry.ledger.pages.doors import document_url, document_words, entry_url, kind_words, named, routes

POSTINGS = Listing(
    name="account_postings",
    zh="科目明细",
    en="Postings of an account",
    key="key",
    organisation="organisation_code",
    default_sort="posted_on",
    search=("description", "note"),
    columns=(
        ListColumn("posted_on", "记账日期", "Posted", Kind.DATE, Filter.RANGE),
        ListColumn("number", "凭证", "Entry", Kind.INTEGER, link=entry_url),
        ListColumn("line", "行", "Line", Kind.INTEGER),
        ListColumn("description", "摘要", "Description", filter=Filter.CONTAINS),
        ListColumn("note", "说明", "Note"),
        ListColumn("document_kind", "单据", "Document", filter=Filter.CHOICE, choices=document_words),
        ListColumn("document_id", "单据编号", "Document no.", Kind.CODE, Filter.PREFIX, link=document_url),
        ListColumn("debit_fen", "借方（元）", "Debit (yuan)", Kind.FEN),
        ListColumn("credit_fen", "贷方（元）", "Credit (yuan)", Kind.FEN),
        ListColumn("balance_fen", "余额（元）", "Balance (yuan)", Kind.FEN, is_sortable=False),
    ),
)


def _owner(request: HttpRequest, book: str, code: str) -> str | None:
    return book if services.account(book, code) is not None else None


@routes.page(
    "ledger/accounts/<str:book>/<str:code>/",
    name="account",
    permission=Permission.LEDGER_READ,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=_owner,
    zh="科目明细",
    en="Account",
    has_export=True,
)
def account(request: GuardedRequest, book: str, code: str) -> HttpResponseBase:
    """科目明细: by day; the balance is the account's own, whatever the list is filtered by."""
    found = services.account(book, code)
    assert found is not None, "the guard has found it"
    frame = services.postings_of(found)
    context = {
        "account": found,
        "book": book,
        "book_name": named([book])[book],
        "kind_name": kind_words()[found.kind],
        "debit_fen": int(frame["debit_fen"].sum()),
        "credit_fen": int(frame["credit_fen"].sum()),
        "balance_fen": int(frame["balance_fen"][-1]) if frame.height else 0,
    }
    title = f"{_('科目')} {found.code} {found.name}"
    return POSTINGS.from_frame(frame).respond(request, title=title, template="ledger/account.html", context=context)
