"""一个打包年度页: the budget of one holder, why it is so, its application and agreement, its entries in the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.insurance.package import workflow
from sanyi.insurance.package.codes import ClearingStep, HolderKind, WarningLevel
from sanyi.insurance.package.models import PackageYear
from sanyi.insurance.package.pages import drawings, why
from sanyi.insurance.package.pages.table import READ_PURPOSES, case_view, refused, routes
from sanyi.insurance.package.pages.tabs import holder_tabs
from sanyi.insurance.package.pages.years import (
    CLEARING_BADGES,
    NOT_APPLIED,
    STEP_BADGES,
    WARNING_BADGES,
    holder_owner,
    holder_url,
    step_words,
)
from sanyi.insurance.package.services import accounts, holders, overview, unification
from sanyi.kernel.money import Rounding, divide, format_yuan
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.cases.codes import EVIDENCE_TYPES
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.services import GuardedRequest, may
from sanyi.registry.ledger import services as ledger
from sanyi.registry.organisations import services as organisations


@routes.page(
    "package/<int:year>/<str:holder>/",
    name="holder",
    permission=Permission.PACKAGE_READ,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    zh="打包年度",
    en="A package",
)
def holder_page(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """打包年度: budget, forecast and warning, agreement."""
    return show(request, found(year, holder))


def found(year: int, holder: str) -> PackageYear:
    """取打包年度: the guard has made sure that there is one."""
    return PackageYear.objects.select_related("fund_budget", "case").get(year=year, holder_code=holder)


def show(request: GuardedRequest, row: PackageYear, error: RefusedError | None = None) -> HttpResponse:
    """打包年度页: also the answer to an act that was refused, with what was typed."""
    standing = overview.of(row)
    shown = case_view(request, row.case, workflow.YEAR_CHART) if row.case else None
    acts = shown["acts"] if shown else []
    names = {one["name"] for one in acts}
    is_group = row.holder_kind == HolderKind.CONSORTIUM
    context = base_context(request, row, standing, "holder") | {
        "shown": shown,
        "asks_amount": "adjust" in names,
        "asks_file": any(one["needs_file"] for one in acts),
        "accepted": ",".join(EVIDENCE_TYPES),
        "may_apply": may(request, Permission.PACKAGE_APPLY, row.holder_code),
        "gate": unification.gate(row.holder_code, date(row.year, 1, 1)) if is_group else None,
        "chart": drawings.forecast_chart(row, standing.forecast),
        "forecast_words": _forecast_words(standing),
        "budget_lines": why.budget_lines(row),
        "changes": list(row.changes.all()),
        "entries": entries(row, "package.appropriation", "package.deposit", "package.adjustment"),
        "shown_budget": wan(row.adjusted_fen),
        "shown_advanced": wan(standing.advanced_fen),
        "shown_charged": wan(standing.charged_fen),
        "shown_balance": wan(standing.balance_fen),
        "advances_url": holder_url(row.year, row.holder_code, "advances"),
        "months_url": holder_url(row.year, row.holder_code, "months"),
    }
    return answer(request, "package/holder.html", context, error)


def base_context(
    request: GuardedRequest, row: PackageYear, standing: overview.Standing, current: str
) -> dict[str, Any]:
    """各页共有: name, lead hospital, states, tabs."""
    names = organisations.names({row.holder_code, row.lead_code})
    level = standing.forecast.level
    step = row.step or NOT_APPLIED
    return {
        "title": f"{names.get(row.holder_code, row.holder_code)} {row.year}",
        "year": row,
        "standing": standing,
        "holder_name": names.get(row.holder_code, row.holder_code),
        "lead_name": names.get(row.lead_code, row.lead_code),
        "step": step_words()[step],
        "badge": STEP_BADGES[step],
        "warning": WarningLevel(level).label(language()),
        "warning_badge": WARNING_BADGES[level.value],
        "clearing_step": ClearingStep(standing.clearing.step).label(language()) if standing.clearing else "",
        "clearing_badge": CLEARING_BADGES[standing.clearing.step] if standing.clearing else "",
        "tabs": holder_tabs(row.year, row.holder_code, current),
        "sees_ledger": may(request, Permission.LEDGER_READ, book_code(row)),
    }


def answer(
    request: GuardedRequest, template: str, context: dict[str, Any], error: RefusedError | None = None
) -> HttpResponse:
    """页面, or the page with what was refused."""
    if error is None:
        return render(request, template, context)
    said, status = refused(error, request.POST)
    return render(request, template, context | said, status=status)


def entries(row: PackageYear, *kinds: str) -> list[dict[str, Any]]:
    """凭证: of these documents of the holder's year, each with its page."""
    posted = ledger.entries_below(kinds or tuple(accounts.DOCUMENTS), accounts.document_id(row))
    return [
        {
            "number": one.number,
            "posted_on": one.posted_on,
            "description": one.description,
            "total_fen": one.debit_fen,
            "url": entry_url(one.number),
        }
        for one in posted
    ]


def entry_url(number: int) -> str:
    """凭证页地址."""
    return reverse("registry.ledger.entry", kwargs={"number": number})


def book_code(row: PackageYear) -> str | None:
    """账簿: None where no insurance bureau is registered."""
    try:
        return holders.bureau_code(row.holder_code)
    except RefusedError:
        return None


def wan(fen: int) -> str:
    """万元: with two decimals, half up, for display."""
    return format_yuan(divide(fen, 10_000, Rounding.HALF_UP))


def _forecast_words(standing: overview.Standing) -> str:
    forecast = standing.forecast
    words = drawings.method_words(forecast)
    if forecast.year_fen is None or forecast.balance_fen is None:
        return words
    side = _("预计结余") if forecast.balance_fen >= 0 else _("预计超支")
    said = {"whole": wan(forecast.year_fen), "side": side, "rest": wan(abs(forecast.balance_fen))}
    return words + _("预计全年 %(whole)s 万元，%(side)s %(rest)s 万元。") % said
