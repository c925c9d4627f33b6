"""四打包页: fund, disease-group fees, public-health and fiscal money as one budget, released for people and results."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.insurance.package.codes import Stream
from sanyi.insurance.package.models import PackageYear
from sanyi.insurance.package.pages import why
from sanyi.insurance.package.pages.holder import entry_url, found
from sanyi.insurance.package.pages.table import READ_PURPOSES, refused, routes
from sanyi.insurance.package.pages.tabs import tabs
from sanyi.insurance.package.pages.years import holder_owner, holder_url
from sanyi.insurance.package.services import overview, streams
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide, parse_yuan
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.services import GuardedRequest, may
from sanyi.registry.organisations import services as organisations

QUARTERS = (1, 2, 3, 4)
SCORE_SCALE = 100


@routes.page(
    "package/four/",
    name="four",
    permission=Permission.PACKAGE_READ,
    purpose=READ_PURPOSES,
    zh="四打包",
    en="Four packages",
)
def four_page(request: GuardedRequest) -> HttpResponseBase:
    """四打包: every signed package in sight, its streams, what was released and why."""
    return _show(request)


@routes.page(
    "package/four/<int:year>/<str:holder>/",
    name="four_set",
    permission=Permission.PACKAGE_MANAGE,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    methods=("POST",),
    zh="填报和拨付四打包资金",
    en="Enter or release a stream",
)
def four_set(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """填报资金, or release a quarter of it."""
    given, row = request.POST, found(year, holder)
    try:
        if given.get("what") == "release":
            streams.release(
                row,
                given.get("stream", ""),
                _whole(given.get("quarter", "")),
                target_count=_whole(given.get("target_count", "")),
                served_count=_whole(given.get("served_count", "")),
                score_e4=parse_yuan(given.get("score", "")) * SCORE_SCALE,
                by=request.actor,
            )
        else:
            streams.set_stream(row, given.get("stream", ""), parse_yuan(given.get("amount", "")), by=request.actor)
    except RefusedError as error:
        return _show(request, error)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("insurance.package.four"))


def _show(request: GuardedRequest, error: RefusedError | None = None) -> HttpResponse:
    rows = overview.in_sight(request.scope).filter(agreed_on__isnull=False)
    names = organisations.names({one.holder_code for one in rows})
    packages = [_package(request, one, names.get(one.holder_code, one.holder_code)) for one in rows]
    context: dict[str, Any] = {
        "title": _("四打包"),
        "tabs": tabs(request, "four"),
        "packages": packages,
        "quarters": QUARTERS,
    }
    if error is None:
        return render(request, "package/four.html", context)
    said, status = refused(error, request.POST)
    return render(request, "package/four.html", context | said, status=status)


def _package(request: GuardedRequest, row: PackageYear, name: str) -> dict[str, Any]:
    rules = why.rules_of(row)
    found_rows = streams.four(row)
    total = sum(one.amount_fen or 0 for one in found_rows)
    manages = may(request, Permission.PACKAGE_MANAGE, row.holder_code)
    return {
        "row": row,
        "name": name,
        "url": holder_url(row.year, row.holder_code),
        "streams": [
            {
                "code": one.stream.value,
                "name": one.stream.label(language()),
                "amount_fen": one.amount_fen,
                "released_fen": one.released_fen,
                "released_bp": divide(one.released_fen * BASIS_POINTS_ALL, one.amount_fen, Rounding.HALF_UP)
                if one.amount_fen
                else None,
                "how": _("随月度预拨") if one.is_by_advances else _("按季，与服务人数和健康结果挂钩"),
            }
            for one in found_rows
        ],
        "total_fen": total,
        "releases": [_release(one) for stream in row.streams.all() for one in stream.releases.all()],
        "combined": why.source(rules, "four_packages"),
        "lines": why.stream_lines(rules),
        "may_set": manages,
        "settable": [
            (one.stream.value, one.stream.label(language())) for one in found_rows if one.stream != Stream.FUND
        ],
        "releasable": [
            (one.stream.value, one.stream.label(language())) for one in found_rows if not one.is_by_advances
        ],
    }


def _release(one: Any) -> dict[str, Any]:
    return {
        "row": one,
        "stream": Stream(one.stream.stream).label(language()),
        "score": why.hundredths(one.score_e4),
        "url": entry_url(one.entry_number) if one.entry_number else None,
    }


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
