"""指标填报页: what a unit has to fill in, every collected value, and each with its evidence and acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import READ_PURPOSES, NodeKind
from sanyi.governance.indicators.codes.collecting import CollectedState, ItemState, Reference
from sanyi.governance.indicators.models import CollectedValue
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.pages.tabs import tabs
from sanyi.governance.indicators.rules.periods import Period, period_of
from sanyi.governance.indicators.services import collecting, items
from sanyi.governance.indicators.workflow import COLLECTED_CHART
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Transition
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.codes import EVIDENCE_TYPES
from sanyi.registry.cases.services import Case
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row, organisation_words
from sanyi.registry.doors.services import GuardedRequest, may

routes = table.routes
BADGES: Mapping[Any, str] = {
    "missing": "bg-red-lt",
    "draft": "bg-secondary-lt",
    "submitted": "bg-blue-lt",
    "returned": "bg-orange-lt",
    "approved": "bg-green-lt",
    "withdrawn": "bg-secondary-lt",
}
_FIRST = (ItemState.RETURNED, ItemState.DRAFT, ItemState.MISSING, ItemState.SUBMITTED, ItemState.APPROVED)
_AGAINST, _ASIDE = frozenset({"return"}), frozenset({"withdraw"})


def state_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """填报状态."""
    return CollectedState.mapping(language())


def name_words(code: str, version: str = "", part: str = "") -> str:
    """指标名称: with its part."""
    definition = services.catalogue.definition(code)
    name = definition.name.label(language())
    if not part:
        return name
    parts = dict((definition.version(version) if version else definition.latest).parts)
    return f"{name}（{parts[part].label(language())}）" if part in parts else f"{name}（{part}）"


def _enrich(rows: list[Row]) -> None:
    """Words of the page's rows: name, value and node, read at once."""
    known = {one.number: one for one in CollectedValue.objects.filter(number__in=[row["number"] for row in rows])}
    for row in rows:
        one = known[row["number"]]
        row["_name"] = name_words(one.code, one.version, one.part)
        row["_value"], row["_node"] = collecting.words_of(one), collecting.node_words(one, language())


COLLECTED = Listing(
    name="collected_values",
    zh="指标填报值",
    en="Collected values",
    key="number",
    organisation="collector_id",
    default_sort="-number",
    search=("number", "code", "entered_by_name"),
    extra=("version", "part", "value_e6"),
    enrich=_enrich,
    columns=(
        ListColumn("number", "编号", "No.", Kind.CODE, Filter.PREFIX,
                   link=lambda row: reverse("governance.indicators.collected", kwargs={"number": row["number"]})),
        ListColumn("name", "指标", "Indicator", value=lambda row: row["_name"]),
        ListColumn("period", "期间", "Period", Kind.CODE, Filter.EXACT),
        ListColumn("node", "节点", "Node", value=lambda row: row["_node"]),
        ListColumn("shown", "指标值", "Value", value=lambda row: row["_value"]),
        ListColumn("state", "状态", "State", filter=Filter.CHOICE, choices=state_words, badge=BADGES,
                   lookup="case__state"),
        ListColumn("collector_id", "采集单位", "Collector", filter=Filter.CHOICE, choices=organisation_words),
        ListColumn("entered_by_name", "填报人", "Entered by", filter=Filter.CONTAINS),
        ListColumn("entered_at", "填报时间", "Entered", Kind.INSTANT, Filter.RANGE),
        ListColumn("approved_by_name", "审定人", "Approved by"),
        ListColumn("approved_at", "审定时间", "Approved", Kind.INSTANT, is_hidden=True),
        ListColumn("numerator", "分子", "Numerator", Kind.INTEGER, is_hidden=True),
        ListColumn("denominator", "分母", "Denominator", Kind.INTEGER, is_hidden=True),
        ListColumn("source_name", "数据来源", "Source", is_hidden=True),
        ListColumn("note", "说明", "Note", is_hidden=True),
        ListColumn("code", "代码", "Code", Kind.CODE, Filter.PREFIX, is_hidden=True),
    ),
)  # fmt: skip


def owner(request: object, number: str, **more: object) -> frozenset[str] | None:
    """填报值所属: its county and its collector."""
    row = CollectedValue.objects.filter(number=number).values_list("organisation_code", "collector_id").first()
    return frozenset(row) if row else None


@routes.page(
    "indicators/collecting/",
    name="collecting",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标填报",
    en="Collected indicators",
    has_export=True,
)
def collected_list(request: GuardedRequest) -> HttpResponseBase:
    """指标填报: what one's unit has to fill in for a period, what waits for approval, and every value in sight."""
    period = asked_period(request)
    context: dict[str, Any] = {"may_collect": may(request, Permission.INDICATOR_COLLECT), "of": period.name}
    context["tabs"] = tabs(request, "collecting")
    if context["may_collect"]:
        context |= _own_work(request, period)
    if may(request, Permission.INDICATOR_APPROVE):
        context["waiting_count"] = len(approvable(request))
    return COLLECTED.from_query(collecting.visible(request.scope)).respond(
        request, title=_("指标填报"), template="indicators/collecting.html", context=context
    )


@routes.page(
    "indicators/collecting/approve/",
    name="approve",
    permission=Permission.INDICATOR_APPROVE,
    purpose=AT_WORK,
    methods=("GET", "POST"),
    zh="审定指标填报",
    en="Approve collected values",
)
def approve(request: GuardedRequest) -> HttpResponseBase:
    """审定指标填报: those that wait for the reader; ticked ones are approved, what is refused says why."""
    refused: list[tuple[str, dict[str, str]]] = []
    if request.method == "POST":
        asked = set(request.POST.getlist("number"))
        wanted = [row for row in approvable(request) if row.number in asked]
        done, errors = collecting.act_all(wanted, "approve", by=request.actor)
        if done:
            messages.success(request, _("已审定 %(count)s 个填报值。") % {"count": len(done)})
        if not errors:
            return HttpResponseRedirect(reverse("governance.indicators.approve"))
        refused = [(number, view_of(error.refusals[0])) for number, error in errors.items()]
    lines = [_line(row) for row in approvable(request)]
    context = {"title": _("审定指标填报"), "lines": lines, "refused": refused}
    return render(request, "indicators/approve.html", context, status=422 if refused else 200)


@routes.page(
    "indicators/collecting/values/<str:number>/",
    name="collected",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    subject=Subject.CASE,
    organisation_of=owner,
    zh="指标填报值",
    en="A collected value",
)
def collected(request: GuardedRequest, number: str) -> HttpResponseBase:
    """指标填报值: its figures, definition, evidence, earlier entries and what may be done now."""
    return render(request, "indicators/collected.html", _context(request, number))


@routes.page(
    "indicators/collecting/values/<str:number>/act/",
    name="collected_act",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=owner,
    methods=("POST",),
    zh="办理指标填报值",
    en="Act on a collected value",
)
def collected_act(request: GuardedRequest, number: str) -> HttpResponseBase:
    """办理指标填报值: submit, approve, return, withdraw, or add evidence."""
    given, row = request.POST, collecting.get(number)
    files = request.FILES.getlist("evidence")
    try:
        for file in files:
            cases.attach(row.case, file, by=request.actor)
        if given.get("transition") != "attach":
            seen = given.get("revision", "")
            cases.act(row.case, given.get("transition", ""), request.actor, reason=given.get("reason", "")[:2000],
                      revision=int(seen) if seen.isdecimal() else -1)  # fmt: skip
    except RefusedError as error:
        refused = {"refusals": [view_of(one) for one in error.refusals], "given_reason": given.get("reason", "")}
        return render(
            request, "indicators/collected.html", _context(request, number) | refused, status=status_of(error.refusals)
        )
    messages.success(request, _("办理成功。"))
    return HttpResponseRedirect(reverse("governance.indicators.collected", kwargs={"number": number}))


def asked_period(request: GuardedRequest) -> Period:
    """所填的期间: the one asked for, otherwise the last year that is over."""
    given = (request.GET.get("of") or request.POST.get("of") or "").strip()
    return period_of(given) if given else items.default_period()


def approvable(request: GuardedRequest) -> list[CollectedValue]:
    """可审定的: submitted values that the reader may approve, oldest first."""
    waiting = collecting.visible(request.scope).filter(case__state=CollectedState.SUBMITTED.value).order_by("number")
    me = request.actor.user_id
    return [
        row
        for row in waiting
        if me not in (row.entered_by_id, row.submitted_by_id)
        and any(step.name == "approve" for step in cases.possible_acts(row.case, request.actor))
    ]


def standing_line(one: items.Standing) -> dict[str, Any]:
    """应填报项一行: for templates."""
    item, entered = one.item, one.entered
    node = Reference(item.node_code).label(language()) if item.node_kind is NodeKind.OUTSIDE else ""
    return {
        "name": name_words(item.definition.code, item.version.version, item.part),
        "code": item.definition.code,
        "node": node,
        "key": f"{item.definition.code}:{item.part}:{node and item.node_code}",
        "state": one.state.label(language()),
        "badge": BADGES[one.state.value],
        "number": entered.number if entered else "",
        "shown": collecting.words_of(entered) if entered else "",
        "collector": item.version.collector.label(language()),
        "is_open": one.state in (ItemState.MISSING, ItemState.DRAFT, ItemState.RETURNED),
    }


def _own_work(request: GuardedRequest, period: Period) -> dict[str, Any]:
    county, unit = table.county_in_sight(request), request.actor.organisation_code
    found = sorted(items.standings(county, period, unit), key=lambda one: _FIRST.index(one.state))
    known = {one.item.key for one in found}
    others = [one for one in items.items(county, period, unit, is_required=False) if one.key not in known]
    year = timezone.localdate().year
    return {
        "period_words": table.period_words(period),
        "of_choices": list(dict.fromkeys([*(str(year - back) for back in range(4)), period.name])),
        "lines": [standing_line(one) for one in found],
        "others": [(_key(one), name_words(one.definition.code, one.version.version, one.part)) for one in others],
        "counts": {str(state): sum(one.state is state for one in found) for state in ItemState},
        "open_count": sum(one.state in (ItemState.DRAFT, ItemState.RETURNED) for one in found),
        "is_closed": services.locks.is_closed(county, period.name),
    }


def _key(item: items.Item) -> str:
    return f"{item.definition.code}:{item.part}:{item.node_code if item.node_kind is NodeKind.OUTSIDE else ''}"


def _line(row: CollectedValue) -> dict[str, Any]:
    return {
        "row": row,
        "name": name_words(row.code, row.version, row.part),
        "node": collecting.node_words(row, language()),
        "shown": collecting.words_of(row),
        "files": row.case.evidence.count(),
    }


def act_view(step: Transition) -> dict[str, Any]:
    """办理按钮."""
    tone = "btn-outline-danger" if step.name in _AGAINST else "" if step.name in _ASIDE else "btn-primary"
    label = step.en if language() == "en" else step.zh
    return {"name": step.name, "tone": tone, "label": label, "needs_reason": step.reason_required}


def timeline(case: Case, steps: Iterable[Transition], opened: str) -> list[tuple[Any, str]]:
    """办理过程: newest first, each with the name of its step."""
    words = {(step.source, step.name): step.en if language() == "en" else step.zh for step in steps}
    events = case.events.order_by("-revision")
    return [(event, words.get((event.source, event.transition), opened)) for event in events]


def _context(request: GuardedRequest, number: str) -> dict[str, Any]:
    row = collecting.get(number)
    version = services.catalogue.definition(row.code).version(row.version)
    own = may(request, Permission.INDICATOR_COLLECT) and request.actor.organisation_code == row.collector_id
    return {
        "title": name_words(row.code, row.version, row.part),
        "row": row,
        "state": CollectedState(row.case.state).label(language()),
        "badge": BADGES[row.case.state],
        "shown": collecting.words_of(row),
        "node": collecting.node_words(row, language()),
        "period_words": table.period_words(period_of(row.period)),
        "numerator": version.numerator.label(language()),
        "denominator": version.denominator.label(language()),
        "unit": version.unit,
        "acts": [act_view(step) for step in cases.possible_acts(row.case, request.actor)],
        "is_own_entry": request.actor.user_id in (row.entered_by_id, row.submitted_by_id),
        "files": row.case.evidence.order_by("pk"),
        "may_attach": own and row.case.closed_at is None,
        "may_edit": own and row.case.state in collecting.OPEN,
        "key": f"{row.code}:{row.part}:{row.node_code if row.node_kind == NodeKind.OUTSIDE else ''}",
        "others": [(one, collecting.words_of(one), CollectedState(one.case.state).label(language()))
                   for one in collecting.before(row)],
        "timeline": timeline(row.case, COLLECTED_CHART.transitions, _("填报")),
        "accepted": ",".join(EVIDENCE_TYPES),
        "is_overdue": row.case.deadline_at is not None and row.case.deadline_at < timezone.now(),
        "is_closed_period": services.locks.is_closed(row.organisation_code, row.period),
    }  # fmt: skip
