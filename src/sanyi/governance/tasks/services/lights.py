"""亮灯服务: facts of every share, the rule, and the light kept beside each task for lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from sanyi.governance.tasks.codes import DutyState, Light, TaskState, Why
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.governance.tasks.rules import lights as rules
from sanyi.governance.tasks.rules.lights import DutyFacts, Reason
from sanyi.governance.tasks.services import hooks, limits
from sanyi.governance.tasks.tables import LightEvidence


@dataclass(frozen=True, slots=True)
class Lighted:
    """亮灯结果: the light of a task with every reason, and what data say if any speak."""

    light: Light
    reasons: list[Reason]
    data: LightEvidence | None


def lighted(task: Task, on: date, *, yellow_days: int | None = None) -> Lighted:
    """亮灯: of one task on a day. Reads ``units``, ``findings`` and their cases, so prefetch them for many."""
    days = int(limits.value("yellow_days", on)) if yellow_days is None else yellow_days
    state = TaskState(task.case.state)
    if state in (TaskState.REGISTERED, TaskState.CANCELLED):
        why = Why.NOT_ASSIGNED if state is TaskState.REGISTERED else Why.WITHDRAWN
        return Lighted(Light.GREY, [Reason(Light.GREY, why)], None)
    reasons: list[Reason] = []
    for unit in task.units.all():
        found = rules.duty_reasons(facts_of(unit, task), on, yellow_days=days)
        reasons += [replace(reason, unit=unit.name) for reason in found]
    data = hooks.light_of_data(hooks.facts_of(task), on)
    if data is not None:
        reasons.append(rules.data_reason(data))
    return Lighted(rules.worst(reasons), reasons, data)


def facts_of(unit: TaskUnit, task: Task) -> DutyFacts:
    """单位办理要素: from the stored share and the open findings about it."""
    open_findings = [
        finding.due_on for finding in task.findings.all() if finding.unit_id == unit.pk and not finding.case.closed_at
    ]
    return DutyFacts(
        state=DutyState(unit.case.state) if unit.case else DutyState.ASSIGNED,
        due_on=unit.due_on,
        filed_on=timezone.localdate(unit.filed_at) if unit.filed_at else None,
        sign_due_on=unit.sign_due_on,
        rectify_by=min(open_findings, default=None),
    )


def refresh(on: date | None = None, tasks: Iterable[int] | None = None) -> int:
    """更新亮灯: of these tasks, or of all whose light is of another day; returns how many were looked at."""
    day = on or timezone.localdate()
    stale = Task.objects.filter(~Q(lighted_on=day) | Q(lighted_on__isnull=True))
    query = stale if tasks is None else Task.objects.filter(pk__in=list(tasks))
    found = list(with_shares(query))
    if not found:
        return 0
    days = int(limits.value("yellow_days", day))
    for task in found:
        task.light, task.lighted_on = lighted(task, day, yellow_days=days).light.value, day
    Task.objects.bulk_update(found, ["light", "lighted_on"], batch_size=200)
    return len(found)


def refresh_linked(codes: Collection[str]) -> int:
    """更新联指标的任务: open ones that name one of these indicators or carry targets; how many were looked at."""
    if not codes:
        return 0
    linked = Task.objects.filter(Q(indicator_code__in=list(codes)) | ~Q(targets=[]), case__closed_at__isnull=True)
    return refresh(tasks=list(linked.values_list("pk", flat=True)))


def with_shares(query: QuerySet[Task]) -> QuerySet[Task]:
    """连同各单位: a query of tasks with what the light needs."""
    return query.select_related("case").prefetch_related(
        "units__case", "units__organisation", "findings__case", "units__task"
    )
