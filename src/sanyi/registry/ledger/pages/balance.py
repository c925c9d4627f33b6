"""试算平衡页面: what every account of a book stands at on a day, and that both sides are equal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest
from sanyi.registry.ledger import services
from sanyi.registry.ledger.codes import AccountKind
from sanyi.registry.ledger.pages.doors import KIND_BADGES, book_of, book_words, day_of, kind_words, routes

ROW = {
    "organisation_code": pl.String,
    "code": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "debit_fen": pl.Int64,
    "credit_fen": pl.Int64,
    "side": pl.String,
    "balance_fen": pl.Int64,
}
SIDES = {"debit": ("借", "Debit"), "credit": ("贷", "Credit"), "even": ("平", "Even")}


@dataclass(frozen=True, slots=True)
class Totals:
    """合计: both sides of the turnover and of the balances."""

    debit_fen: int
    credit_fen: int
    debit_balance_fen: int
    credit_balance_fen: int

    @property
    def is_balanced(self) -> bool:
        """借贷是否相等: in turnover and in balances."""
        return self.debit_fen == self.credit_fen and self.debit_balance_fen == self.credit_balance_fen


def side_words(request: object = None) -> dict[str, str]:
    """余额方向."""
    return {side: words[language() == "en"] for side, words in SIDES.items()}


def _account_url(row: Row) -> str:
    return reverse("registry.ledger.account", kwargs={"book": row["organisation_code"], "code": row["code"]})


BALANCE = Listing(
    name="trial_balance",
    zh="试算平衡表",
    en="Trial balance",
    key="code",
    organisation="organisation_code",
    default_sort="code",
    page_size=200,
    search=("code", "name"),
    kept=("book", "on"),
    extra=("organisation_code",),
    columns=(
        ListColumn("code", "科目代码", "Code", Kind.CODE, link=_account_url),
        ListColumn("name", "科目名称", "Account", link=_account_url),
        ListColumn("kind", "类别", "Kind", filter=Filter.CHOICE, choices=kind_words, badge=KIND_BADGES),
        ListColumn("debit_fen", "借方发生额（元）", "Debits (yuan)", Kind.FEN),
        ListColumn("credit_fen", "贷方发生额（元）", "Credits (yuan)", Kind.FEN),
        ListColumn("side", "方向", "Side", filter=Filter.CHOICE, choices=side_words, is_sortable=False),
        ListColumn("balance_fen", "余额（元）", "Balance (yuan)", Kind.FEN),
    ),
)


@routes.page(
    "ledger/",
    name="index",
    permission=Permission.LEDGER_READ,
    purpose=AT_WORK,
    zh="账簿",
    en="Ledger",
    has_export=True,
)
def index(request: GuardedRequest) -> HttpResponseBase:
    """试算平衡表: of one book up to and including a day, with the proof that debits equal credits."""
    books = book_words(request)
    book, on = book_of(request, books), day_of(request) or timezone.localdate()
    frame = rows_of(book, on)
    context = {"books": books, "book": book, "on": on, "totals": totals_of(frame), "accounts": frame.height}
    title = _("试算平衡表")
    return BALANCE.from_frame(frame).respond(request, title=title, template="ledger/balance.html", context=context)


def rows_of(book: str, on: date | None) -> pl.DataFrame:
    """试算平衡表的行: the balance stands on the side where it lies, never below zero."""
    rows = [(book, *_row(line)) for line in services.trial_balance(book, on)]
    return pl.DataFrame(rows, schema=ROW, orient="row")


def _row(line: services.TrialLine) -> tuple[Any, ...]:
    difference = line.debit_fen - line.credit_fen
    side = "debit" if difference > 0 else "credit" if difference < 0 else "even"
    return line.code, line.name, AccountKind(line.kind).value, line.debit_fen, line.credit_fen, side, abs(difference)


def totals_of(frame: pl.DataFrame) -> Totals:
    """合计: of the whole book, whatever the list is filtered by."""
    balances = dict(frame.group_by("side").agg(pl.col("balance_fen").sum()).iter_rows())
    return Totals(
        int(frame["debit_fen"].sum()),
        int(frame["credit_fen"].sum()),
        balances.get("debit", 0),
        balances.get("credit", 0),
    )
