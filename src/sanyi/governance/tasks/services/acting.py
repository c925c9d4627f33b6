"""办理服务: steps of a task and of a unit's share, with what a page sends along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import File

from sanyi.governance.tasks import codes
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.governance.tasks.services import lights
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases


def get(number: str) -> Task:
    """取任务: with its units and findings. Refuses an unknown number."""
    task = lights.with_shares(Task.objects.filter(number=number)).first()
    if task is None:
        raise RefusedError(codes.TASK_UNKNOWN(number=number))
    return task


def act_on_task(task: Task, transition: str, *, by: Actor, reason: str = "", revision: int | None = None) -> Task:
    """办理任务: assign, cancel, close."""
    cases.act(task.case, transition, by, reason=reason, revision=revision)
    lights.refresh(tasks=[task.pk])
    return get(task.number)


def act_on_share(
    unit: TaskUnit,
    transition: str,
    *,
    by: Actor,
    reason: str = "",
    evidence: Iterable[File[Any]] = (),
    revision: int | None = None,
    wanted_on: str = "",
    percent: str = "",
) -> Task:
    """办理单位承办: sign, begin, report, file, ask for an extension, verify, return, instruct …

    ``wanted_on`` is the day an extension is asked for or granted to; ``percent`` a typed progress.
    """
    if unit.case is None:
        raise RefusedError(codes.NOT_ASSIGNED(number=unit.task.number))
    data = {name: text.strip() for name, text in (("wanted_on", wanted_on), ("percent", percent)) if text.strip()}
    cases.act(unit.case, transition, by, reason=reason, evidence=evidence, revision=revision, data=data)
    return get(unit.task.number)


def assign_all(numbers: Iterable[str], *, by: Actor) -> tuple[list[str], dict[str, RefusedError]]:
    """批量交办: each for itself; those refused come back with their reason."""
    done: list[str] = []
    refused: dict[str, RefusedError] = {}
    for number in dict.fromkeys(numbers):
        try:
            act_on_task(get(number), "assign", by=by)
            done.append(number)
        except RefusedError as error:
            refused[number] = error
    return done, refused
