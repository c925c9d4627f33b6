"""督查督办路由表, and what its pages share: words for codes, badges, owners of subjects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from sanyi.governance.tasks import codes
from sanyi.governance.tasks.codes import Cycle, DutyState, Light, Origin, TaskState
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import StateChart, Transition
from sanyi.registry.access.rules import AllOrganisations, Scope
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import Routes

routes = Routes("governance.tasks")
LIGHT_BADGES: Mapping[Any, str] = {
    "red": "bg-red-lt",
    "yellow": "bg-yellow-lt",
    "green": "bg-green-lt",
    "grey": "bg-secondary-lt",
}
LIGHT_DOTS: Mapping[Any, str] = {
    "red": "status-red",
    "yellow": "status-yellow",
    "green": "status-green",
    "grey": "status-secondary",
}


def light_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """亮灯名称."""
    return Light.mapping(language())


def state_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """任务状态名称."""
    return TaskState.mapping(language())


def duty_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """单位办理状态名称."""
    return DutyState.mapping(language())


def cycle_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """周期名称."""
    return Cycle.mapping(language())


def origin_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """来源名称."""
    return Origin.mapping(language())


def state_labels(chart: StateChart) -> dict[str, str]:
    """状态名称: of a chart, in the current language."""
    return {state.code: state.en if language() == "en" else state.zh for state in chart.states}


def day_of(text: str, *, is_required: bool = False) -> date:
    """日期: of a form's field; the earliest day there is when it is empty and need not be given."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        if text.strip() or is_required:
            raise RefusedError(codes.DATE_UNREADABLE(text=text)) from None
        return date.min


def revision_of(text: str) -> int:
    """所见版本: −1, which no case has, when the form did not say."""
    return int(text) if text.isdecimal() else -1


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """附件: never opened inside the site."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response


def owned(query: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """范围内的: rows of the counties in sight."""
    return query if isinstance(scope, AllOrganisations) else query.filter(organisation_code__in=scope)


def task_owner(request: object, number: str, **more: object) -> frozenset[str] | None:
    """任务所属: the county that runs it and the units it is assigned to; None when there is no such task."""
    task = Task.objects.filter(number=number).first()
    if task is None:
        return None
    units = task.units.exclude(organisation_id=None).values_list("organisation_id", flat=True)
    return frozenset({task.organisation_code, *units})


def county_owner(request: object, number: str, **more: object) -> str | None:
    """主管县: of a task."""
    return Task.objects.filter(number=number).values_list("organisation_code", flat=True).first()


def share_owner(request: object, number: str, position: int) -> str | None:
    """承办单位: of one share; its county while it is not matched."""
    task = Task.objects.filter(number=number).first()
    unit = task.units.filter(position=position).first() if task else None
    if task is None or unit is None:
        return None
    return unit.organisation_id or task.organisation_code


def evidence_owner(request: object, number: str, evidence: int) -> str | None:
    """证据所属: the unit whose share the file was filed for; None when the task has no such file."""
    found = TaskUnit.objects.filter(task__number=number, case__evidence__pk=evidence)
    return found.values_list("case__organisation_code", flat=True).first()


_AGAINST = frozenset({"cancel", "return", "refuse_extension", "reopen"})
_BESIDE = frozenset({"report", "ask_extension", "forward"})


def act_view(step: Transition) -> dict[str, Any]:
    """办理按钮: name, label, look, and what it needs."""
    return {
        "name": step.name,
        "tone": "btn-outline-danger" if step.name in _AGAINST else "" if step.name in _BESIDE else "btn-primary",
        "label": step.en if language() == "en" else step.zh,
        "needs_reason": step.reason_required,
        "needs_file": step.evidence_required,
    }
