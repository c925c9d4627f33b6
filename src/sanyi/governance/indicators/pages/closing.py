"""期间结账页: every period with what is missing, closing it, unlocking it with a reason, its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.governance.indicators.codes import READ_PURPOSES, Window
from sanyi.governance.indicators.codes.collecting import ItemState, PeriodState
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.pages.collecting import standing_line, timeline
from sanyi.governance.indicators.pages.tabs import tabs
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.services import periods
from sanyi.governance.indicators.workflow import PERIOD_CHART
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors import codes as door_codes
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest, may

routes = table.routes
BADGES: Mapping[Any, str] = {"open": "bg-blue-lt", "closed": "bg-green-lt", "unlocked": "bg-orange-lt"}


def state_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """期间状态."""
    return PeriodState.mapping(language())


def window_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """统计周期."""
    return Window.mapping(language())


PERIODS = Listing(
    name="indicator_periods",
    zh="指标期间",
    en="Periods of indicators",
    key="period",
    organisation="county",
    default_sort="-last_on",
    search=("period",),
    columns=(
        ListColumn("period", "期间", "Period", Kind.CODE, Filter.PREFIX,
                   link=lambda row: reverse("governance.indicators.period", kwargs={"period": row["period"]})),
        ListColumn("window", "周期", "Window", filter=Filter.CHOICE, choices=window_words),
        ListColumn("last_on", "期末", "Last day", Kind.DATE),
        ListColumn("state", "状态", "State", filter=Filter.CHOICE, choices=state_words, badge=BADGES),
        ListColumn("required_count", "应填报", "To fill in", Kind.INTEGER),
        ListColumn("approved_count", "已审定", "Approved", Kind.INTEGER),
        ListColumn("waiting_count", "办理中", "Under way", Kind.INTEGER),
        ListColumn("missing_count", "未填报", "Missing", Kind.INTEGER),
        ListColumn("computed_count", "有值的指标", "With a value", Kind.INTEGER),
        ListColumn("not_computable_count", "不可计算", "Not computable", Kind.INTEGER),
        ListColumn("closed_by_name", "结账人", "Closed by"),
        ListColumn("closed_at", "结账时间", "Closed", Kind.INSTANT),
    ),
)  # fmt: skip
_SCHEMA: dict[str, Any] = {
    "period": pl.String, "window": pl.String, "last_on": pl.Date, "state": pl.String, "required_count": pl.Int64,
    "approved_count": pl.Int64, "waiting_count": pl.Int64, "missing_count": pl.Int64, "computed_count": pl.Int64,
    "not_computable_count": pl.Int64, "closed_by_name": pl.String, "closed_at": pl.Datetime("us", "UTC"),
    "county": pl.String,
}  # fmt: skip


@routes.page(
    "indicators/periods/",
    name="periods",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标期间结账",
    en="Periods of indicators",
    has_export=True,
)
def period_list(request: GuardedRequest) -> HttpResponseBase:
    """指标期间: each with what came in, what is missing, and whether it is closed."""
    county = table.county_in_sight(request)
    rows = [_row(one, county) for one in periods.closings(county, periods.known(county))]
    context = {"tabs": tabs(request, "periods")}
    return PERIODS.from_frame(pl.DataFrame(rows, schema=_SCHEMA)).respond(
        request, title=_("指标期间结账"), template="indicators/periods.html", context=context
    )


@routes.page(
    "indicators/periods/<str:period>/",
    name="period",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标期间",
    en="A period of indicators",
)
def period_page(request: GuardedRequest, period: str) -> HttpResponseBase:
    """指标期间: what is missing before closing, the acts, the history."""
    return render(request, "indicators/period.html", _context(request, period))


@routes.page(
    "indicators/periods/<str:period>/act/",
    name="period_act",
    permission=Permission.INDICATOR_CLOSE,
    purpose=AT_WORK,
    methods=("POST",),
    zh="结账或解锁",
    en="Close or unlock",
)
def period_act(request: GuardedRequest, period: str) -> HttpResponseBase:
    """结账或解锁: unlocking needs a reason."""
    given, county = request.POST, _county(request)
    seen = given.get("revision", "")
    act = periods.unlock if given.get("act") == "unlock" else periods.close
    try:
        act(
            period,
            by=request.actor,
            county_code=county,
            reason=given.get("reason", "")[:400],
            revision=int(seen) if seen.isdecimal() else None,
        )
    except RefusedError as error:
        refused = {"refusals": [view_of(one) for one in error.refusals], "given_reason": given.get("reason", "")}
        return render(
            request, "indicators/period.html", _context(request, period) | refused, status=status_of(error.refusals)
        )
    messages.success(request, _("期间已解锁。") if given.get("act") == "unlock" else _("期间已结账。"))
    return HttpResponseRedirect(reverse("governance.indicators.period", kwargs={"period": period}))


def _county(request: GuardedRequest) -> str:
    """The reader's county; for others the page does not exist."""
    county = table.county_in_sight(request)
    if county not in request.scope:
        raise RefusedError(door_codes.NOT_FOUND())
    return county


def _row(one: periods.Closing, county: str) -> dict[str, Any]:
    state = PeriodState.CLOSED if one.within else one.state
    return {
        "period": one.period.name,
        "window": one.period.window.value,
        "last_on": one.period.last_on,
        "state": state.value,
        "required_count": len(one.standings),
        "approved_count": len(one.of(ItemState.APPROVED)),
        "waiting_count": len(one.waiting),
        "missing_count": len(one.missing),
        "computed_count": one.computed_count,
        "not_computable_count": one.not_computable_count,
        "closed_by_name": one.row.closed_by_name if one.row and one.row.is_closed else "",
        "closed_at": one.row.closed_at if one.row and one.row.is_closed else None,
        "county": county,
    }


def _context(request: GuardedRequest, name: str) -> dict[str, Any]:
    county = table.county_in_sight(request)
    found = periods.closing(county, period_of(name))
    sees = county in request.scope  # an institution learns whether a period is closed, not what the county entered
    shown = (*found.waiting, *found.missing, *found.of(ItemState.APPROVED)) if sees else ()
    lines = [standing_line(one) for one in shown]
    manages = may(request, Permission.INDICATOR_CLOSE)
    is_over = found.period.last_on < timezone.localdate()
    return {
        "title": _("%(period)s指标结账") % {"period": table.period_words(found.period)},
        "period": found.period,
        "found": found,
        "row": found.row,
        "state": found.state.label(language()),
        "badge": BADGES[found.state.value],
        "lines": lines,
        "sees": sees,
        "counts": {
            "required": len(found.standings),
            "approved": len(found.of(ItemState.APPROVED)),
            "waiting": len(found.waiting),
            "missing": len(found.missing),
        },
        "is_over": is_over,
        "may_close": manages and is_over and not found.waiting and found.state is not PeriodState.CLOSED,
        "may_unlock": manages and found.state is PeriodState.CLOSED and not found.within,
        "manages": manages,
        "timeline": timeline(found.row.case, PERIOD_CHART.transitions, _("登记")) if found.row and sees else [],
        "revision": found.row.case.revision if found.row else "",
    }
