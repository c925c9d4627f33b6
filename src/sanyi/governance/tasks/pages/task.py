"""任务页: one task with its units, lights and why, timeline, evidence, documents above and below, and its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.governance.tasks import services
from sanyi.governance.tasks.codes import Cycle, DutyState, Light, Origin, TaskState
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.governance.tasks.pages.table import (
    LIGHT_BADGES,
    LIGHT_DOTS,
    act_view,
    county_owner,
    revision_of,
    routes,
    share_owner,
    task_owner,
)
from sanyi.governance.tasks.rules.lights import Reason, percent_may_be_typed, worst
from sanyi.governance.tasks.services import acting, hooks, lights, links, story
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.cases.codes import EVIDENCE_TYPES
from sanyi.registry.cases.services import evidence_bytes_max
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.doors.services import may

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ShareView:
    """单位承办: what the page draws of one unit."""

    unit: TaskUnit
    state: str
    light: str
    badge: str
    reasons: list[str]
    acts: list[dict[str, Any]]
    wants_date: bool
    takes_percent: bool


@routes.page(
    "tasks/<str:number>/",
    name="task",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=task_owner,
    zh="督办任务",
    en="Supervised task",
)
def task_page(request: GuardedRequest, number: str) -> HttpResponseBase:
    """任务页."""
    return render(request, "tasks/task.html", task_context(request, acting.get(number)))


@routes.page(
    "tasks/<str:number>/act/",
    name="act",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=county_owner,
    methods=("POST",),
    zh="办理任务",
    en="Act on a task",
)
def act(request: GuardedRequest, number: str) -> HttpResponseBase:
    """办理任务: assign, close, cancel; a refusal is shown on the page with nothing lost."""
    task, given = acting.get(number), request.POST
    try:
        acting.act_on_task(
            task,
            given.get("transition", ""),
            by=request.actor,
            reason=given.get("reason", "")[:2000],
            revision=revision_of(given.get("revision", "")),
        )
    except RefusedError as error:
        return _refused(request, number, error)
    messages.success(request, _("办理成功。"))
    return HttpResponseRedirect(_url(number))


@routes.page(
    "tasks/<str:number>/units/<int:position>/act/",
    name="act_on_share",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=share_owner,
    methods=("POST",),
    zh="办理单位承办",
    en="Act on a unit's share",
)
def act_on_share(request: GuardedRequest, number: str, position: int) -> HttpResponseBase:
    """办理单位承办: sign, begin, report, file, verify, return, extend, instruct."""
    given = request.POST
    unit = TaskUnit.objects.select_related("case", "task").get(task__number=number, position=position)
    try:
        acting.act_on_share(
            unit,
            given.get("transition", ""),
            by=request.actor,
            reason=given.get("reason", "")[:2000],
            evidence=request.FILES.getlist("evidence"),
            revision=revision_of(given.get("revision", "")),
            wanted_on=given.get("wanted_on", ""),
            percent=given.get("percent", ""),
        )
    except RefusedError as error:
        return _refused(request, number, error)
    messages.success(request, _("办理成功。"))
    return HttpResponseRedirect(_url(number))


@routes.page(
    "tasks/<str:number>/lead/",
    name="lead",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=county_owner,
    methods=("POST",),
    zh="确定牵头单位",
    en="Choose the lead unit",
)
def name_lead(request: GuardedRequest, number: str) -> HttpResponseBase:
    """确定牵头单位: of a task that was accepted without one."""
    try:
        services.leads.name_lead(acting.get(number), request.POST.get("organisation_code", ""), by=request.actor)
    except RefusedError as error:
        return _refused(request, number, error)
    messages.success(request, _("已确定牵头单位，可以交办。"))
    return HttpResponseRedirect(_url(number))


@routes.page(
    "tasks/<str:number>/parents/",
    name="link",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=county_owner,
    methods=("POST",),
    zh="关联上级任务",
    en="Link a task above",
)
def link_parent(request: GuardedRequest, number: str) -> HttpResponseBase:
    """关联上级任务: or take the link away again."""
    task, given = acting.get(number), request.POST
    try:
        if given.get("remove"):
            links.unlink(task, given.get("parent", ""), by=request.actor)
        else:
            links.link(task, given.get("parent", ""), by=request.actor, basis=given.get("basis", ""))
    except RefusedError as error:
        return _refused(request, number, error)
    return HttpResponseRedirect(_url(number))


def task_context(request: GuardedRequest, task: Task) -> dict[str, Any]:
    """任务页内容."""
    found = lights.lighted(task, timezone.localdate())
    manages = may(request, Permission.TASK_MANAGE, task.organisation_code)
    in_english = language() == "en"
    return {
        "title": task.title,
        "task": task,
        "state": TaskState(task.case.state).label(language()),
        "light": found.light.label(language()),
        "light_badge": LIGHT_BADGES[found.light.value],
        "reasons": [reason_words(reason) for reason in found.reasons],
        "data": found.data,
        "data_words": (found.data.words_en if in_english else found.data.words_zh) if found.data else "",
        "shares": [_share(request, task, unit, found) for unit in task.units.all()],
        "acts": [act_view(step) for step in story.acts_of(task, request.actor)],
        "timeline": [(line, line.step_en if in_english else line.step_zh) for line in story.timeline(task)],
        "findings": list(task.findings.select_related("round", "unit", "case")),
        "parents": links.chain_above(task),
        "children": links.below(task),
        "suggestions": links.suggestions(task) if manages else [],
        "pages": hooks.pages_of(hooks.facts_of(task)),
        "standings": [
            (one, one.words_en if in_english else one.words_zh) for one in hooks.standings_of(task.document_id)
        ],
        "lead_choices": services.leads.choices(task) if manages and services.leads.is_open(task) else [],
        "periods": _periods(task),
        "cycle": Cycle(task.cycle).label(language()),
        "origin": Origin(task.origin).label(language()),
        "manages": manages,
        "accepted": ",".join(EVIDENCE_TYPES),
        "megabytes": evidence_bytes_max() // MEGABYTE,
    }


def reason_words(reason: Reason) -> dict[str, str]:
    """亮灯理由: in words, with its unit and day."""
    words = (reason.words_en if language() == "en" else reason.words_zh) or reason.why.label(language())
    day = reason.on.isoformat() if reason.on else ""
    return {"unit": reason.unit, "words": words, "day": day, "badge": LIGHT_DOTS[reason.light.value]}


def _share(request: GuardedRequest, task: Task, unit: TaskUnit, found: lights.Lighted) -> ShareView:
    own = [reason for reason in found.reasons if reason.unit == unit.name]
    light = worst(own) if unit.case else Light.GREY
    steps = story.acts_of_share(unit, request.actor)
    names = {step.name for step in steps}
    state = DutyState(unit.case.state).label(language()) if unit.case else _("未交办")
    return ShareView(
        unit=unit,
        state=state,
        light=light.label(language()),
        badge=LIGHT_BADGES[light.value],
        reasons=[reason_words(reason)["words"] for reason in own],
        acts=[act_view(step) for step in steps],
        wants_date=bool(names & {"ask_extension", "grant_extension"}),
        takes_percent="report" in names and percent_may_be_typed(task.indicator_code, found.data),
    )


def _periods(task: Task) -> list[Task]:
    first = task.series_id or task.pk
    if task.cycle == Cycle.ONCE.value:
        return []
    series = Task.objects.filter(pk=first) | Task.objects.filter(series_id=first)
    return list(series.select_related("case").order_by("-due_on"))


def _refused(request: GuardedRequest, number: str, error: RefusedError) -> HttpResponseBase:
    context = task_context(request, services.acting.get(number))
    context |= {"refusals": [view_of(refusal) for refusal in error.refusals]}
    context |= {"given_reason": request.POST.get("reason", "")}
    return render(request, "tasks/task.html", context, status=status_of(error.refusals))


def _url(number: str) -> str:
    return reverse("governance.tasks.task", kwargs={"number": number})
