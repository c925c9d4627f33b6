"""督查督办接口: tasks, one task with its lights, the steps of a unit's share, quarterly problems."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from sanyi.governance.tasks import services
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.governance.tasks.pages.board import BOARD, MINE
from sanyi.governance.tasks.pages.problems import PROBLEMS
from sanyi.governance.tasks.pages.table import attachment, county_owner, evidence_owner, share_owner, task_owner
from sanyi.governance.tasks.services import acting, lights, problems, story
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.access.rules import AllOrganisations
from sanyi.registry.cases import services as cases
from sanyi.registry.doors.codes import NOT_FOUND, Subject
from sanyi.registry.doors.routes import GuardedRequest, Routes

routes = Routes("governance.tasks.api")


class ReasonAnswer(Schema):
    """亮灯理由."""

    unit: str
    light: str
    why: str
    words: str
    on: date | None


class ShareAnswer(Schema):
    """单位承办."""

    position: int
    name: str
    is_lead: bool
    organisation_code: str | None
    state: str
    revision: int | None
    due_on: date | None
    typed_percent: int | None


class TaskAnswer(Schema):
    """督办任务."""

    number: str
    title: str
    document_number: str
    clause: str
    period: str
    due_on: date | None
    target_summary: str
    indicator_code: str
    state: str
    revision: int
    light: str
    reasons: list[ReasonAnswer]
    units: list[ShareAnswer]


class ActBody(Schema):
    """办理: ``revision`` is the one last read; evidence is filed as a form, by an operation of its own."""

    transition: str = Field(max_length=64)
    revision: int
    reason: str = Field("", max_length=2000)
    wanted_on: str = Field("", max_length=10)
    percent: str = Field("", max_length=3)


class LeadBody(Schema):
    """牵头单位: an organisation of the county."""

    organisation_code: str = Field(max_length=64)


@routes.api("GET", "/tasks", name="list", permission=Permission.TASK_READ, purpose=AT_WORK, zh="督办任务", en="Tasks")
def task_list(request: GuardedRequest) -> dict[str, Any]:
    """督办任务: the same filters, order and pages as the list on the site."""
    lights.refresh()
    return BOARD.from_query(Task.objects.select_related("case")).answer(request)


@routes.api(
    "GET", "/tasks/mine", name="mine", permission=Permission.TASK_FILE, purpose=AT_WORK, zh="本单位任务", en="My tasks"
)
def my_tasks(request: GuardedRequest) -> dict[str, Any]:
    """本单位任务: the same as the list on the site."""
    lights.refresh()
    return MINE.from_query(TaskUnit.objects.filter(case__isnull=False)).answer(request)


@routes.api(
    "GET",
    "/tasks/{number}",
    name="read",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=task_owner,
    zh="查询督办任务",
    en="Read a task",
    response=TaskAnswer,
)
def read_task(request: GuardedRequest, number: str) -> dict[str, Any]:
    """查询督办任务: state, light and why, every unit's share."""
    return _answer(acting.get(number))


@routes.api(
    "POST",
    "/tasks/{number}/act",
    name="act",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=county_owner,
    zh="办理任务",
    en="Act on a task",
    response=TaskAnswer,
)
def act(request: GuardedRequest, number: str, body: ActBody) -> dict[str, Any]:
    """办理任务: assign, close, cancel."""
    task = acting.get(number)
    return _answer(
        acting.act_on_task(task, body.transition, by=request.actor, reason=body.reason, revision=body.revision)
    )


@routes.api(
    "POST",
    "/tasks/{number}/units/{int:position}/act",
    name="act_on_share",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=share_owner,
    zh="办理单位承办",
    en="Act on a unit's share",
    response=TaskAnswer,
)
def act_on_share(request: GuardedRequest, number: str, position: int, body: ActBody) -> dict[str, Any]:
    """办理单位承办: sign, begin, report, verify, return, extend, instruct."""
    task = acting.act_on_share(
        _share(number, position),
        body.transition,
        by=request.actor,
        reason=body.reason,
        revision=body.revision,
        wanted_on=body.wanted_on,
        percent=body.percent,
    )
    return _answer(task)


@routes.api(
    "POST",
    "/tasks/{number}/lead",
    name="lead",
    permission=Permission.TASK_MANAGE,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=county_owner,
    zh="确定牵头单位",
    en="Choose the lead unit",
    response=TaskAnswer,
)
def name_lead(request: GuardedRequest, number: str, body: LeadBody) -> dict[str, Any]:
    """确定牵头单位: of a task that was accepted without one."""
    services.leads.name_lead(acting.get(number), body.organisation_code, by=request.actor)
    return _answer(acting.get(number))


@routes.api(
    "POST",
    "/tasks/{number}/units/{int:position}/evidence",
    name="file_evidence",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=share_owner,
    zh="报送证据",
    en="File evidence",
    response=TaskAnswer,
)
def file_evidence(
    request: GuardedRequest, number: str, position: int, revision: int, reason: str = ""
) -> dict[str, Any]:
    """报送证据: a form with one field ``evidence`` or several; the same step as 报送证据 on the page."""
    task = acting.act_on_share(
        _share(number, position),
        "file",
        by=request.actor,
        reason=reason[:2000],
        revision=revision,
        evidence=request.FILES.getlist("evidence"),
    )
    return _answer(task)


@routes.api(
    "GET",
    "/tasks/{number}/evidence",
    name="evidence_list",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=task_owner,
    zh="证据目录",
    en="List of evidence",
)
def evidence_list(request: GuardedRequest, number: str) -> dict[str, Any]:
    """证据目录: of all units, with who filed it, when, and the digest of its content."""
    names = ("file_name", "media_type", "size_bytes", "digest", "uploaded_by_name", "uploaded_at")
    rows = story.evidence_of(acting.get(number))
    return {
        "evidence": [{"id": row.pk, "unit": unit} | {name: getattr(row, name) for name in names} for unit, row in rows]
    }


@routes.api(
    "GET",
    "/tasks/{number}/evidence/{int:evidence}",
    name="evidence",
    permission=Permission.CASE_READ,
    purpose=AT_WORK,
    subject=Subject.CASE,
    organisation_of=evidence_owner,
    zh="下载证据",
    en="Download evidence",
)
def read_evidence(request: GuardedRequest, number: str, evidence: int) -> HttpResponse:
    """下载证据: the file as it was filed, to whoever may read the unit's case."""
    row = next((row for _unit, row in story.evidence_of(acting.get(number)) if row.pk == evidence), None)
    if row is None or not cases.may_read(request.actor, row.case):
        raise RefusedError(NOT_FOUND())
    return attachment(cases.path_of(row.digest).read_bytes(), row.file_name, row.media_type)


@routes.api(
    "GET",
    "/problems",
    name="problems",
    permission=Permission.PROBLEM_READ,
    purpose=AT_WORK,
    zh="季度问题",
    en="Quarterly problems",
)
def problem_list(request: GuardedRequest) -> dict[str, Any]:
    """季度问题: the same as the list on the site."""
    seen = None if isinstance(request.scope, AllOrganisations) else request.scope
    return PROBLEMS.from_query(problems.visible(seen)).answer(request)


def _share(number: str, position: int) -> TaskUnit:
    unit = TaskUnit.objects.select_related("case", "task").filter(task__number=number, position=position).first()
    if unit is None:
        raise RefusedError(NOT_FOUND())
    return unit


def _answer(task: Task) -> dict[str, Any]:
    found = services.lights.lighted(task, timezone.localdate())
    plain = ("number", "title", "document_number", "clause", "period", "due_on", "target_summary", "indicator_code")
    return {name: getattr(task, name) for name in plain} | {
        "state": task.case.state,
        "revision": task.case.revision,
        "light": found.light.value,
        "reasons": [
            {
                "unit": one.unit,
                "light": one.light.value,
                "why": one.why.value,
                "words": one.words_zh or one.why.zh,
                "on": one.on,
            }
            for one in found.reasons
        ],
        "units": [
            {
                "position": unit.position,
                "name": unit.name,
                "is_lead": unit.is_lead,
                "organisation_code": unit.organisation_id,
                "state": unit.case.state if unit.case else "",
                "revision": unit.case.revision if unit.case else None,
                "due_on": unit.due_on,
                "typed_percent": unit.typed_percent,
            }
            for unit in task.units.all()
        ],
    }
