"""凭证页面: the list of entries of the books in scope, and one entry with its postings and its reversal."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest
from sanyi.registry.ledger import services
from sanyi.registry.ledger.models import Entry
from sanyi.registry.ledger.pages.doors import book_words, document_url, document_words, entry_url, named, routes

STATES = {"posted": ("已记账", "Posted"), "reversed": ("已冲销", "Reversed"), "reversal": ("冲销凭证", "Reversal")}
STATE_BADGES = {"posted": "bg-green-lt", "reversed": "bg-orange-lt", "reversal": "bg-secondary-lt"}


def state_words(request: object = None) -> dict[str, str]:
    """凭证状态."""
    return {state: words[language() == "en"] for state, words in STATES.items()}


ENTRIES = Listing(
    name="ledger_entries",
    zh="凭证",
    en="Entries",
    key="number",
    key_kind=Kind.INTEGER,
    organisation="organisation_code",
    default_sort="-number",
    search=("description", "document_id"),
    columns=(
        ListColumn("number", "凭证号", "Entry", Kind.INTEGER, Filter.EXACT, link=entry_url),
        ListColumn("posted_on", "记账日期", "Posted", Kind.DATE, Filter.RANGE),
        ListColumn("organisation_code", "账簿", "Book", filter=Filter.CHOICE, choices=book_words),
        ListColumn("description", "摘要", "Description"),
        ListColumn("document_kind", "单据", "Document", filter=Filter.CHOICE, choices=document_words),
        ListColumn("document_id", "单据编号", "Document no.", Kind.CODE, Filter.PREFIX, link=document_url),
        ListColumn("debit_fen", "金额（元）", "Amount (yuan)", Kind.FEN, Filter.RANGE),
        ListColumn("state", "状态", "State", filter=Filter.CHOICE, choices=state_words, badge=STATE_BADGES),
        ListColumn("created_by_name", "记账人", "Posted by", filter=Filter.CONTAINS),
        ListColumn("created_at", "记账时间", "Recorded", Kind.INSTANT, is_hidden=True),
    ),
)


def with_state() -> QuerySet[Any]:
    """凭证及状态."""
    state = Case(
        When(reverses__isnull=False, then=Value("reversal")),
        When(reversed_by__isnull=False, then=Value("reversed")),
        default=Value("posted"),
        output_field=CharField(),
    )
    return Entry.objects.annotate(state=state)


@routes.page(
    "ledger/entries/",
    name="entries",
    permission=Permission.LEDGER_READ,
    purpose=AT_WORK,
    zh="凭证",
    en="Entries",
    has_export=True,
)
def entries(request: GuardedRequest) -> HttpResponseBase:
    """凭证: of the books in scope, the newest first."""
    return ENTRIES.from_query(with_state()).respond(request, title=_("凭证"), template="ledger/entries.html")


def owner(request: HttpRequest, number: int | str) -> str | None:
    """凭证所属账簿: None when there is no such entry."""
    return Entry.objects.filter(number=int(number)).values_list("organisation_code", flat=True).first()


@routes.page(
    "ledger/entries/<int:number>/",
    name="entry",
    permission=Permission.LEDGER_READ,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="凭证详情",
    en="Entry",
)
def entry(request: GuardedRequest, number: int) -> HttpResponseBase:
    """凭证详情: its postings, what it was posted for, and the entry that undoes it or that it undoes."""
    found = with_state().select_related("reverses").get(number=number)
    postings = list(found.postings.select_related("account"))
    context = {
        "title": f"{_('凭证')} {found.number}",
        "entry": found,
        "postings": postings,
        "book_name": named([found.organisation_code])[found.organisation_code],
        "state_name": state_words()[found.state],
        "state_badge": STATE_BADGES[found.state],
        "document_name": services.document_name(found.document_kind, language()),
        "document_url": services.document_url(found.document_kind, found.document_id),
        "reversed_by": Entry.objects.filter(reverses=found).first(),
        "is_sound": is_sound(found, [(one.debit_fen, one.credit_fen) for one in postings]),
    }
    return render(request, "ledger/entry.html", context)


def is_sound(found: Entry, sides: list[tuple[int, int]]) -> bool:
    """凭证是否平衡: its postings add up to its totals on both sides."""
    debits, credits = sum(one[0] for one in sides), sum(one[1] for one in sides)
    return debits == found.debit_fen and credits == found.credit_fen and debits == credits and len(sides) > 1
