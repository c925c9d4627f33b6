"""分组期间锁定页面: which months are closed, close one, open one again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.scheme_change.codes import READ_PURPOSES, WORK_PURPOSES
from sanyi.insurance.scheme_change.pages.doors import home, routes
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import GuardedRequest, may


@routes.page(
    "scheme-change/months/",
    name="months",
    permission=Permission.COUNTY_READ,
    purpose=READ_PURPOSES,
    zh="分组期间锁定",
    en="Closed months",
)
def months(request: GuardedRequest) -> HttpResponseBase:
    """分组期间锁定: every month with stays, open or closed, and the scheme that each closed one keeps."""
    names = grouping.scheme_names(language())
    closed = {row.month: row for row in grouping.closed_months()}
    this_month = f"{timezone.localdate():%Y-%m}"
    known = sorted({*grouping.months(grouping.scope_of(request.scope)), *closed}, reverse=True)
    rows = [
        {
            "month": month,
            "closed": closed.get(month),
            "schemes": [names.get(one["scheme"], one["scheme"]) for one in closed[month].periods]
            if month in closed
            else [],
            "may_close": month < this_month,
        }
        for month in known
    ]
    context = {
        "title": _("分组期间锁定"),
        "rows": rows,
        "years": sorted({month[:4] for month in known if month[:4] < this_month[:4]}, reverse=True),
        "may_close": may(request, Permission.SCHEME_IMPORT),
        "may_open": may(request, Permission.SCHEME_APPROVE),
    }
    return render(request, "scheme_change/months.html", context)


@routes.page(
    "scheme-change/months/close/",
    name="close_month",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    methods=("POST",),
    zh="锁定月份",
    en="Close a month",
)
def close_month(request: GuardedRequest) -> HttpResponseBase:
    """锁定月份, or with ``year`` every open month of a year: their stays keep the scheme of now."""
    how: dict[str, Any] = {"by": request.actor, "periods": grouping.periods()}
    year = request.POST.get("year", "")
    if year:
        grouping.close_year(year, **how)
    else:
        grouping.close_month(request.POST.get("month", ""), **how)
    messages.success(request, _("%(month)s 已锁定。") % {"month": year or request.POST["month"]})
    return HttpResponseRedirect(reverse("insurance.scheme_change.months"))


@routes.page(
    "scheme-change/months/open/",
    name="open_month",
    permission=Permission.SCHEME_APPROVE,
    purpose=READ_PURPOSES,
    methods=("POST",),
    zh="解除月份锁定",
    en="Open a month again",
)
def open_month(request: GuardedRequest) -> HttpResponseBase:
    """解除锁定: with a reason."""
    month = request.POST.get("month", "")
    grouping.open_month(month, by=request.actor, reason=request.POST.get("reason", ""))
    messages.success(request, _("%(month)s 已解除锁定。") % {"month": month})
    return HttpResponseRedirect(reverse("insurance.scheme_change.months"))


@routes.page(
    "scheme-change/months/regroup/",
    name="regroup",
    permission=Permission.SCHEME_IMPORT,
    purpose=WORK_PURPOSES,
    methods=("POST",),
    zh="重新分组",
    en="Group months anew",
)
def regroup(request: GuardedRequest) -> HttpResponseBase:
    """重新分组: open months alone; a closed one is refused."""
    number = grouping.regroup(
        request.POST.get("first_month", ""),
        request.POST.get("last_month", ""),
        by=request.actor,
        organisation_code=home(request, Permission.SCHEME_IMPORT),
    )
    return HttpResponseRedirect(f"/runs/{number}/")
