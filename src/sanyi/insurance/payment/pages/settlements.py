"""结算页面: settlements of a county, computing them, closing by a second person, reopening, and computing again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.insurance.payment import services, workflow
from sanyi.insurance.payment.models import Settlement
from sanyi.insurance.payment.pages.doors import (
    READ,
    STATE_BADGES,
    WORK,
    assumed_words,
    period_title,
    reason_words,
    routes,
    state_of,
    state_words,
)
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.doors.services import may
from sanyi.registry.organisations import services as organisations


def _period(row: Row) -> str:
    return f"{row['year']}" if row["month"] is None else f"{row['year']}-{row['month']:02d}"


def _of_summary(name: str) -> Any:
    return lambda row: (row["summary"] or {}).get(name)


SETTLEMENTS = Listing(
    name="payment_settlements",
    zh="支付结算",
    en="Settlements",
    key="pk",
    key_kind=Kind.INTEGER,
    organisation="case__organisation_code",
    default_sort="-computed_at",
    extra=("summary",),
    columns=(
        ListColumn("number", "编号", "No.", Kind.CODE, Filter.PREFIX, lookup="case__number",
                   link=lambda row: settlement_url(row["number"])),
        ListColumn("year", "年度", "Year", Kind.INTEGER, Filter.EXACT, is_hidden=True),
        ListColumn("month", "月份", "Month", Kind.INTEGER, Filter.EXACT, is_hidden=True),
        ListColumn("period", "期间", "Period", value=_period),
        ListColumn("revision", "版次", "Revision", Kind.INTEGER),
        ListColumn("state", "状态", "State", filter=Filter.CHOICE, choices=state_words, badge=STATE_BADGES),
        ListColumn("stay_count", "住院病例", "Stays", Kind.INTEGER, value=_of_summary("stay_count")),
        ListColumn("inner_value_fen", "住院应付基金（元）", "Fund due, stays (yuan)", Kind.FEN,
                   value=_of_summary("inner_value_fen")),
        ListColumn("unpayable_count", "不能计付", "Not payable", Kind.INTEGER,
                   value=lambda row: sum((row["summary"] or {}).get("unpayable", {}).values())),
        ListColumn("computed_by_name", "测算人", "Computed by"),
        ListColumn("computed_at", "测算时间", "Computed", Kind.INSTANT),
        ListColumn("closed_by_name", "结账人", "Closed by"),
        ListColumn("closed_at", "结账时间", "Closed", Kind.INSTANT, is_hidden=True),
        ListColumn("result_digest", "结果摘要", "Digest", Kind.CODE, is_hidden=True),
    ),
)  # fmt: skip


def settlement_url(number: str) -> str:
    """结算页地址."""
    return reverse("insurance.payment.settlement", kwargs={"number": number})


def settlement_owner(request: HttpRequest, number: str, **more: object) -> str | None:
    """结算所属: the county; None when there is no such settlement."""
    found = services.get(number)
    return found.case.organisation_code if found is not None else None


@routes.page(
    "payment/settlements/",
    name="settlements",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="结算与结账",
    en="Settlements",
    has_export=True,
)
def settlement_list(request: GuardedRequest) -> HttpResponseBase:
    """结算与结账: every period and revision of the county."""
    context = {"may_run": may(request, Permission.PAYMENT_RUN), "is_county": _sees_county(request)}
    bound = SETTLEMENTS.from_query(Settlement.objects.all())
    return bound.respond(request, title=_("结算与结账"), template="payment/settlements.html", context=context)


def _sees_county(request: GuardedRequest) -> bool:
    own = request.actor.organisation_code
    return bool(own) and organisations.root(own) in request.scope


@routes.page(
    "payment/settlements/compute/",
    name="compute",
    permission=Permission.PAYMENT_RUN,
    purpose=WORK,
    methods=("POST",),
    zh="支付测算",
    en="Compute a settlement",
)
def compute(request: GuardedRequest) -> HttpResponseBase:
    """支付测算: starts the job of a month or a year and leads to its progress."""
    year, month = services.period_of(request.POST.get("period", ""))
    number = services.start(year, month, by=request.actor)
    return HttpResponseRedirect(f"/runs/{number}/")


@routes.page(
    "payment/settlements/<str:number>/",
    name="settlement",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    subject=Subject.CASE,
    organisation_of=settlement_owner,
    zh="支付结算详情",
    en="A settlement",
)
def settlement_page(request: GuardedRequest, number: str) -> HttpResponseBase:
    """支付结算: figures, what stands against closing, what it was frozen with, revisions and their differences."""
    return render(request, "payment/settlement.html", _context(request, _settlement(number)))


@routes.page(
    "payment/settlements/<str:number>/act/",
    name="settlement_act",
    permission=Permission.PAYMENT_CLOSE,
    purpose=WORK,
    subject=Subject.CASE,
    organisation_of=settlement_owner,
    methods=("POST",),
    zh="结账或重开",
    en="Close or reopen",
)
def settlement_act(request: GuardedRequest, number: str) -> HttpResponseBase:
    """结账或重开: what is refused is said on the page, and nothing changes."""
    settlement = _settlement(number)
    seen, reason = request.POST.get("revision", ""), request.POST.get("reason", "")
    how: dict[str, Any] = {"by": request.actor, "revision": int(seen) if seen.isdecimal() else -1, "reason": reason}
    try:
        if request.POST.get("act") == "reopen":
            found = services.reopen(settlement, **how)
            messages.success(request, _("已重开，请测算第 %(revision)s 版。") % {"revision": found.revision})
        else:
            found = services.close(settlement, **how)
            messages.success(request, _("已结账，输入、规则和结果已冻结。"))
    except RefusedError as error:
        refused = {"refusals": [view_of(one) for one in error.refusals], "given_reason": reason}
        context = {**_context(request, _settlement(number)), **refused}
        return render(request, "payment/settlement.html", context, status=status_of(error.refusals))
    return HttpResponseRedirect(settlement_url(found.number))


@routes.page(
    "payment/settlements/<str:number>/replay/",
    name="replay",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    subject=Subject.CASE,
    organisation_of=settlement_owner,
    methods=("POST",),
    zh="复算",
    en="Compute again",
)
def replay(request: GuardedRequest, number: str) -> HttpResponseBase:
    """复算: from the frozen inputs and rules, held against the bytes of then."""
    settlement = _settlement(number)
    found = services.replay(settlement, by=request.actor)
    context = {**_context(request, settlement), "replay": found}
    return render(request, "payment/settlement.html", context)


def _settlement(number: str) -> Settlement:
    found = services.get(number)
    assert found is not None, "the guard has found it"
    return found


def _context(request: GuardedRequest, settlement: Settlement) -> dict[str, Any]:
    summary, owner = settlement.summary or {}, settlement.case.organisation_code
    may_close = may(request, Permission.PAYMENT_CLOSE, owner)
    reasons, is_computed = reason_words(), settlement.state == workflow.COMPUTED
    obstacles = services.obstacles(settlement) if is_computed else []
    same = [one for one in services.settlements(settlement.year) if one.month == settlement.month]
    return {
        "title": period_title(settlement),
        "settlement": settlement,
        "state": state_of(settlement),
        "summary": summary,
        "unpayable": [(reasons.get(name, name), count) for name, count in summary.get("unpayable", {}).items()],
        "obstacles": [view_of(one) for error in obstacles for one in error.refusals],
        "may_close": may_close and is_computed,
        "may_reopen": may_close and settlement.state == workflow.CLOSED,
        "is_own": settlement.computed_by_id == request.actor.user_id,
        "may_run": may(request, Permission.PAYMENT_RUN, owner) and settlement.state in ("draft", "computed"),
        "running": services.running(settlement) if settlement.state in ("draft", "computed") else None,
        "revision": settlement.case.revision,
        "revisions": [{"row": one, "state": state_of(one), "is_this": one.pk == settlement.pk} for one in same],
        "differences": _differences(settlement),
        "lines": _lines(summary.get("lines")),
        "tables": _sources(settlement),
        "assumed": assumed_words(services.assumed_values(settlement)) if settlement.rules_id else [],
        "absent": services.absent_of(settlement) if settlement.result_digest else [],
        "events": _events(settlement),
        "policy_digest": settlement.rules_id or "",
    }


def _sources(settlement: Settlement) -> list[dict[str, Any]]:
    """The tables read, by name, with version and digest."""
    known = services.newer_inputs(settlement) if settlement.result_digest else []
    spoken = language()
    names = {one.name: one.en if spoken == "en" else one.zh for one in services.SOURCES}
    found = settlement.inputs.get("tables", {})
    return [{"name": names.get(name, name), "is_newer": name in known, **found[name]} for name in sorted(found)]


def _differences(settlement: Settlement) -> list[dict[str, Any]]:
    if settlement.revision == 1 or not settlement.result_digest:
        return []
    rows = services.differences(settlement).to_dicts()
    known = organisations.names({row["institution_code"] for row in rows})
    return [{**row, "name": known.get(row["institution_code"], row["institution_code"])} for row in rows]


def _lines(found: dict[str, Any] | None) -> dict[str, Any] | None:
    """Where claim lines and settlements do not add up, by the names of institutions; None without lines."""
    if found is None:
        return None
    known = organisations.names({row["institution_code"] for row in found["differing"]})
    rows = [{**row, "name": known.get(row["institution_code"], row["institution_code"])} for row in found["differing"]]
    return {**found, "differing": rows}


def _events(settlement: Settlement) -> list[dict[str, Any]]:
    """The timeline of the case, with the words of its steps."""
    spoken = language()
    chart = cases.entries()
    found = next(entry.chart for entry in chart if entry.chart.name == workflow.CLOSING)
    words = {(step.source, step.name): step.en if spoken == "en" else step.zh for step in found.transitions}
    events = settlement.case.events.order_by("-revision")
    return [{"event": one, "step": words.get((one.source, one.transition), _("建立"))} for one in events]
