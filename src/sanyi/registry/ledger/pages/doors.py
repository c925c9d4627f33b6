"""账簿路由: the table of routes, and what the pages share: books, days, words, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import HttpRequest
from django.urls import reverse

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import NOWHERE, Scope
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import NOT_FOUND, PARAMETER_WRONG
from sanyi.registry.doors.listing import Row
from sanyi.registry.doors.routes import Routes
from sanyi.registry.ledger import services
from sanyi.registry.ledger.codes import AccountKind
from sanyi.registry.organisations import services as organisations

routes = Routes("registry.ledger")
KIND_BADGES = {
    AccountKind.ASSET.value: "bg-blue-lt",
    AccountKind.LIABILITY.value: "bg-orange-lt",
    AccountKind.FUND.value: "bg-green-lt",
    AccountKind.INCOME.value: "bg-teal-lt",
    AccountKind.EXPENSE.value: "bg-red-lt",
}


def book_words(request: HttpRequest) -> dict[str, str]:
    """账簿: names of the organisations in the request's scope that keep books."""
    scope: Scope = getattr(request, "scope", NOWHERE)
    return named(services.books(scope))


def named(codes: list[str]) -> dict[str, str]:
    """机构名称: the code itself where the organisation is unknown."""
    known = organisations.names(set(codes))
    return {code: known.get(code, code) for code in codes}


def kind_words(request: HttpRequest | None = None) -> dict[str, str]:
    """科目类别."""
    return {kind.value: kind.en if language() == "en" else kind.zh for kind in AccountKind}


def document_words(request: HttpRequest | None = None) -> Mapping[str, str]:
    """单据种类."""
    return services.document_words(language())


def book_of(request: HttpRequest, books: Mapping[str, str]) -> str:
    """所查账簿: the one asked for, otherwise the one with the most entries; refuses one that is not there to see."""
    wanted = request.GET.get("book", "")
    if wanted and wanted not in books:
        raise RefusedError(NOT_FOUND())
    if wanted or not books:
        return wanted
    scope: Scope = getattr(request, "scope", NOWHERE)
    counts = {one.organisation_code: one.entry_count for one in services.sums(scope)}
    return max(books, key=lambda code: (counts.get(code, 0), code))


def day_of(request: HttpRequest, name: str = "on") -> date | None:
    """所查日期: None when the address names none."""
    text = request.GET.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        wrong = PARAMETER_WRONG(name=name, value=text[:40], expected="请填写日期，例如 2025-03-01。")
        raise RefusedError(wrong.at(key=name)) from None


def entry_url(row: Row) -> str:
    """凭证页面."""
    return reverse("registry.ledger.entry", kwargs={"number": row["number"]})


def document_url(row: Row) -> str | None:
    """单据页面."""
    return services.document_url(row["document_kind"], row["document_id"])
