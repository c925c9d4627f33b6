"""督查督办路由表, and what its pages share: words for codes, badges, owners of subjects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from sanyi.governance.tasks.codes import Cycle, DutyState, Light, Origin, TaskState
from sanyi.governance.tasks.models import Task
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import Routes
from sanyi.registry.organisations import services as organisations

routes = Routes("governance.tasks")
LIGHT_BADGES: Mapping[Any, str] = {
    "red": "bg-red-lt",
    "yellow": "bg-yellow-lt",
    "green": "bg-green-lt",
    "grey": "bg-secondary-lt",
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


def county_only(request: HttpRequest) -> dict[str, str]:
    """本县: the reader's county, for lists that belong to it as a whole."""
    code = organisations.county_code()
    return organisations.names({code})


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
