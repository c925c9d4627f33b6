"""督查页: rounds, what each drew, its findings and their rectification."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.governance.tasks.codes import Draw
from sanyi.governance.tasks.models import Finding, Round, TaskUnit
from sanyi.governance.tasks.pages.table import act_view, day_of, revision_of, routes, state_labels
from sanyi.governance.tasks.services import rounds
from sanyi.governance.tasks.services.registering import county_of
from sanyi.governance.tasks.workflow import FINDING_CHART, ROUND_CHART
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.doors.answers import language, status_of, view_of
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.doors.services import may
from sanyi.registry.organisations import services as organisations


def draw_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """抽取方式名称."""
    return Draw.mapping(language())


def round_states(request: HttpRequest | None = None) -> dict[str, str]:
    """督查状态名称."""
    return state_labels(ROUND_CHART)


ROUNDS = Listing(
    name="rounds",
    zh="督查轮次",
    en="Rounds of supervision",
    key="number",
    organisation="organisation_code",
    default_sort="-number",
    search=("number", "title"),
    columns=(
        ListColumn("number", "编号", "No.", Kind.CODE, Filter.PREFIX, link=lambda row: _url(row["number"])),
        ListColumn("title", "名称", "Name", filter=Filter.CONTAINS),
        ListColumn("starts_on", "开始日期", "From", Kind.DATE, Filter.RANGE),
        ListColumn("ends_on", "结束日期", "To", Kind.DATE),
        ListColumn("draw", "抽取方式", "Drawn by", filter=Filter.CHOICE, choices=draw_words),
        ListColumn("task_count", "任务", "Tasks", Kind.INTEGER),
        ListColumn("finding_count", "问题", "Findings", Kind.INTEGER),
        ListColumn("state", "状态", "State", lookup="case__state", filter=Filter.CHOICE, choices=round_states),
    ),
)


def round_owner(request: object, number: str) -> str | None:
    """督查所属县."""
    return Round.objects.filter(number=number).values_list("organisation_code", flat=True).first()


@routes.page(
    "tasks/rounds/",
    name="rounds",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    zh="督查轮次",
    en="Rounds of supervision",
    has_export=True,
)
def round_list(request: GuardedRequest) -> HttpResponseBase:
    """督查轮次: the newest first, and a form to plan one."""
    return _list(request)


@routes.page(
    "tasks/rounds/new/",
    name="round_new",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    methods=("POST",),
    zh="制定督查计划",
    en="Plan a round",
)
def plan(request: GuardedRequest) -> HttpResponseBase:
    """制定督查计划: the tasks are drawn at once."""
    given = request.POST
    try:
        how = Draw(given.get("how", "")) if given.get("how") in set(Draw) else Draw.RED
        count = given.get("sample_count", "")
        made = rounds.plan_round(
            rounds.Plan(
                title=given.get("title", ""),
                starts_on=day_of(given.get("starts_on", ""), is_required=True),
                ends_on=day_of(given.get("ends_on", ""), is_required=True),
                how=how,
                sample_count=int(count) if count.isdecimal() else 0,
                unit_code=given.get("unit_code", "") if how is Draw.UNIT else "",
                seed=given.get("seed", "")[:40],
            ),
            by=request.actor,
        )
    except RefusedError as error:
        context = _plan_context(request) | {"refusals": [view_of(one) for one in error.refusals], "given": given}
        return render(request, "tasks/round_plan.html", context, status=status_of(error.refusals))
    return HttpResponseRedirect(_url(made.number))


@routes.page(
    "tasks/rounds/<str:number>/",
    name="round",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=round_owner,
    zh="督查轮次",
    en="A round of supervision",
)
def round_page(request: GuardedRequest, number: str) -> HttpResponseBase:
    """督查轮次: its tasks, findings and steps."""
    return render(request, "tasks/round.html", _context(request, number))


@routes.page(
    "tasks/rounds/<str:number>/act/",
    name="round_act",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=round_owner,
    methods=("POST",),
    zh="办理督查",
    en="Act on a round",
)
def round_act(request: GuardedRequest, number: str) -> HttpResponseBase:
    """办理督查: begin, end the visits, close, cancel; a finding is recorded here, too."""
    given, found = request.POST, Round.objects.select_related("case").get(number=number)
    try:
        if given.get("transition") == "find":
            task, _sep, position = given.get("share", "").partition(":")
            place = int(position) if position.isdecimal() else 0
            rounds.find(found, task, place, given.get("text", ""), day_of(given.get("due_on", "")), by=request.actor)
        else:
            cases.act(
                found.case,
                given.get("transition", ""),
                request.actor,
                reason=given.get("reason", "")[:2000],
                revision=revision_of(given.get("revision", "")),
            )
    except RefusedError as error:
        context = _context(request, number) | {"refusals": [view_of(one) for one in error.refusals], "given": given}
        return render(request, "tasks/round.html", context, status=status_of(error.refusals))
    messages.success(request, _("办理成功。"))
    return HttpResponseRedirect(_url(number))


def _list(request: GuardedRequest) -> HttpResponseBase:
    query = Round.objects.annotate(
        task_count=Count("tasks", distinct=True), finding_count=Count("findings", distinct=True)
    )
    return ROUNDS.from_query(query).respond(
        request, title=_("督查轮次"), template="tasks/rounds.html", context=_plan_context(request)
    )


def _plan_context(request: GuardedRequest) -> dict[str, object]:
    inside = organisations.subtree(county_of(request.actor))
    concerned = TaskUnit.objects.filter(organisation__in=inside).values_list("organisation_id", flat=True)
    return {
        "title": _("督查轮次"),
        "may_manage": may(request, Permission.TASK_MANAGE),
        "hows": Draw.choices(language()),
        "units": organisations.in_force(set(concerned)).order_by("name"),
    }


def _context(request: GuardedRequest, number: str) -> dict[str, object]:
    found = Round.objects.select_related("case", "unit").get(number=number)
    manages = may(request, Permission.TASK_MANAGE, found.organisation_code)
    labels = state_labels(FINDING_CHART)
    findings = Finding.objects.filter(round=found).select_related("case", "task", "unit")
    return {
        "title": found.title,
        "round": found,
        "state": state_labels(ROUND_CHART)[found.case.state],
        "how": Draw(found.draw).label(language()),
        "tasks": found.tasks.prefetch_related("units").order_by("number"),
        "findings": [(one, labels[one.case.state]) for one in findings],
        "acts": [act_view(step) for step in cases.possible_acts(found.case, request.actor)] if manages else [],
        "manages": manages,
        "is_under_way": found.case.state == "under_way",
    }


def _url(number: str) -> str:
    return reverse("governance.tasks.round", kwargs={"number": number})
