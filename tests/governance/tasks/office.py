"""A county with its bureaus and the people who run its supervision, for the tests of tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from sanyi.governance.tasks import services as tasks
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Case
from tests.registry import county as small

HEALTH, FINANCE, REFORM = "990000000012", "990000000013", "990000000014"
ROWS = (
    *small._ROWS,
    (HEALTH, "示范县卫生健康局", "health_bureau", small.COUNTY),
    (FINANCE, "示范县财政局", "finance_bureau", small.COUNTY),
    (REFORM, "示范县医改领导小组办公室", "reform_office", small.COUNTY),
)
SOURCE = tasks.TaskSource("示政办〔2026〕1号", "示范县医改工作要点", "doc-1", "140830000000", date(2026, 1, 10))


def build() -> small.County:
    """The small county with a health bureau, a finance bureau and a reform office."""
    return small.build(ROWS)


def item(title: str = "推进分级诊疗", lead: str = "县卫健局", *others: str, **more: Any) -> tasks.NewTask:
    """A task with its units."""
    given = {"clause": "三（一）1", "quote": "基层首诊", "due_on": date(2099, 6, 30), **more}
    return tasks.NewTask(title=title, lead_unit=lead, supporting_units=others, **given)


def clerk(county: small.County, unit: str = HEALTH) -> Actor:
    """Somebody of a unit who may file for it."""
    role = {HEALTH: "health_bureau", small.BUREAU: "insurance_officer", FINANCE: "finance_officer"}[unit]
    return county.actor(role, unit)


def office(county: small.County) -> Actor:
    """Somebody of the reform office."""
    return county.actor("reform_office", REFORM)


def register(county: small.County, *items: tasks.NewTask, source: tasks.TaskSource = SOURCE) -> list[Task]:
    """Registered tasks, in order."""
    numbers = tasks.register_tasks(source, items or (item(),), by=office(county))
    return [Task.objects.select_related("case").get(number=number) for number in numbers]


def assigned(county: small.County, *items: tasks.NewTask) -> Task:
    """The first of some tasks, assigned."""
    task = register(county, *items)[0]
    cases.act(task.case, "assign", office(county))
    return Task.objects.select_related("case").get(pk=task.pk)


def share(task: Task, position: int = 1) -> TaskUnit:
    """One unit's share, fresh."""
    return TaskUnit.objects.select_related("case", "task").get(task=task, position=position)


def paper(name: str = "证据.txt", text: str = "已完成") -> SimpleUploadedFile:
    """A file of evidence."""
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


def do(unit: TaskUnit, *steps: str, by: Actor, reason: str = "进展", data: dict[str, Any] | None = None) -> Case:
    """Steps of a unit's share, one after the other."""
    case = Case.objects.get(pk=unit.case_id)
    for step in steps:
        files = [paper()] if step in {"file", "rectify"} else []
        case = cases.act(case, step, by, reason=reason, evidence=files, data=data)
    return case


def states(task: Task) -> tuple[str, Sequence[str]]:
    """The task's state and those of its shares."""
    units = TaskUnit.objects.filter(task=task).order_by("position")
    return Case.objects.get(pk=task.case_id).state, list(units.values_list("case__state", flat=True))
