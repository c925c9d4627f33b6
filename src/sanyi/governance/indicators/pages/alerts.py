"""预警页: values that crossed their targets, each until somebody responsible has said why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import READ_PURPOSES, Judgement
from sanyi.governance.indicators.models import IndicatorAlert
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.pages.tabs import tabs
from sanyi.governance.indicators.rules.printing import value_text
from sanyi.governance.indicators.workflow import ALERT_CHART
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.access.rules import AllOrganisations
from sanyi.registry.cases import services as cases
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row, organisation_words
from sanyi.registry.doors.services import GuardedRequest
from sanyi.registry.organisations import services as organisations

routes = table.routes
STATE_BADGES = {"raised": "bg-orange-lt", "answered": "bg-green-lt", "superseded": "bg-secondary-lt"}


def state_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """状态名称."""
    return {one.code: one.en if language() == "en" else one.zh for one in ALERT_CHART.states}


def judgement_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """判断名称: nothing before the first value."""
    return {**Judgement.mapping(language()), "": _("首次有值")}


def _in_words(rows: list[Row]) -> None:
    definitions = services.catalogue.catalogue().definitions
    for row in rows:
        definition = definitions.get(row["code"])
        row["name"] = definition.name.label(language()) if definition else row["code"]
        row["shown"] = value_text(row["value_e6"], definition.latest) if definition else ""


ALERTS = Listing(
    name="indicator_alerts",
    zh="指标预警",
    en="Alerts of indicators",
    key="number",
    organisation="case__organisation_code",
    default_sort="-number",
    search=("number", "code"),
    extra=("value_e6",),
    enrich=_in_words,
    columns=(
        ListColumn("number", "编号", "No.", Kind.CODE, Filter.PREFIX,
                   link=lambda row: reverse("governance.indicators.alert", kwargs={"number": row["number"]})),
        ListColumn("name", "指标", "Indicator", value=lambda row: row["name"]),
        ListColumn("code", "代码", "Code", Kind.CODE, Filter.PREFIX, is_hidden=True),
        ListColumn("period", "期间", "Period", Kind.CODE, Filter.PREFIX),
        ListColumn("was", "此前", "Before", choices=judgement_words),
        ListColumn("now", "现在", "Now", filter=Filter.CHOICE, choices=judgement_words,
                   badge={one.value: badge for one, badge in table.LIGHTS.items()}),
        ListColumn("shown", "指标值", "Value", value=lambda row: row["shown"]),
        ListColumn("unit", "责任单位", "Unit", filter=Filter.CHOICE, choices=organisation_words,
                   lookup="case__organisation_code"),
        ListColumn("state", "状态", "State", filter=Filter.CHOICE, choices=state_words, badge=STATE_BADGES,
                   lookup="case__state"),
        ListColumn("deadline_at", "说明时限", "Explain by", Kind.INSTANT, lookup="case__deadline_at"),
        ListColumn("raised_at", "预警时间", "Raised", Kind.INSTANT, Filter.RANGE),
    ),
)  # fmt: skip


def alert_owner(request: object, number: str, **more: object) -> frozenset[str] | None:
    """预警所属: the county and the unit responsible; None when there is no such alert."""
    found = IndicatorAlert.objects.filter(number=number).values_list("organisation_code", "case__organisation_code")
    row = found.first()
    return frozenset(row) if row else None


@routes.page(
    "indicators/alerts/",
    name="alerts",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标预警",
    en="Alerts of indicators",
    has_export=True,
)
def alert_list(request: GuardedRequest) -> HttpResponseBase:
    """指标预警: those in sight, the newest first."""
    return ALERTS.from_query(visible(request)).respond(
        request, title=_("指标预警"), template="indicators/alerts.html", context={"tabs": tabs(request, "alerts")}
    )


@routes.page(
    "indicators/alerts/<str:number>/",
    name="alert",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    subject=Subject.CASE,
    organisation_of=alert_owner,
    zh="指标预警",
    en="An alert of an indicator",
)
def alert_page(request: GuardedRequest, number: str) -> HttpResponseBase:
    """指标预警: what crossed which target, and what was said about it."""
    return render(request, "indicators/alert.html", _context(request, number))


@routes.page(
    "indicators/alerts/<str:number>/act/",
    name="alert_act",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=alert_owner,
    methods=("POST",),
    zh="说明指标预警",
    en="Explain an alert",
)
def alert_act(request: GuardedRequest, number: str) -> HttpResponseBase:
    """说明预警: with a reason, and files as far as there are some."""
    alert, reason = IndicatorAlert.objects.select_related("case").get(number=number), request.POST.get("reason", "")
    seen = request.POST.get("revision", "")
    try:
        cases.act(
            alert.case,
            request.POST.get("transition", ""),
            request.actor,
            reason=reason[:2000],
            evidence=request.FILES.getlist("evidence"),
            revision=int(seen) if seen.isdecimal() else -1,
        )
    except RefusedError as error:
        context = _context(request, number)
        context |= {"refusals": [view_of(one) for one in error.refusals], "given_reason": reason}
        return render(request, "indicators/alert.html", context, status=status_of(error.refusals))
    messages.success(request, _("办理成功。"))
    return HttpResponseRedirect(reverse("governance.indicators.alert", kwargs={"number": number}))


def visible(request: GuardedRequest) -> Any:
    """可见预警: of units in sight."""
    query = IndicatorAlert.objects.select_related("case")
    scope = request.scope
    return query if isinstance(scope, AllOrganisations) else query.filter(case__organisation_code__in=scope)


def _context(request: GuardedRequest, number: str) -> dict[str, Any]:
    alert = IndicatorAlert.objects.select_related("case", "value").get(number=number)
    definition = services.catalogue.definition(alert.code)
    version = definition.version(alert.value.version) if alert.value else definition.latest
    spoken, target = language(), services.alerts.target_of(alert)
    words = judgement_words()
    owner = alert.case.organisation_code
    return {
        "title": definition.name.label(spoken),
        "alert": alert,
        "definition": definition,
        "state": state_words()[alert.case.state],
        "badge": STATE_BADGES[alert.case.state],
        "was": words[alert.was],
        "now": words[alert.now],
        "shown": value_text(alert.value_e6, version),
        "gap": value_text(alert.gap_e6, version) if alert.gap_e6 else "",
        "target": target,
        "owner_name": organisations.names({owner}).get(owner, owner),
        "acts": [
            {"name": step.name, "label": step.en if spoken == "en" else step.zh}
            for step in cases.possible_acts(alert.case, request.actor)
        ],
        "timeline": [(event, _step_words(event.transition)) for event in alert.case.events.order_by("-revision")],
        "is_overdue": alert.case.deadline_at is not None and alert.case.deadline_at < timezone.now(),
    }


def _step_words(name: str) -> str:
    for step in ALERT_CHART.transitions:
        if step.name == name:
            return step.en if language() == "en" else step.zh
    return _("发出预警")
