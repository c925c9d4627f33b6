"""看板数字: tasks by light and unit, what is overdue, how many were on time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from sanyi.governance.tasks.codes import DutyState, Light, TaskState
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.governance.tasks.services import lights
from sanyi.kernel.money import Rounding, divide
from sanyi.registry.access.rules import AllOrganisations, Scope
from sanyi.registry.policies import services as policies

_DONE = (TaskState.VERIFIED.value, TaskState.CLOSED.value)
_NOT_FILED = tuple(
    state.value for state in DutyState if state not in (DutyState.FILED, DutyState.VERIFIED, DutyState.WITHDRAWN)
)
ALL_BP = 10_000


@dataclass(frozen=True, slots=True)
class Figures:
    """看板数字: tasks of the county itself (cancelled ones left out); on time among those past their deadline."""

    total_count: int
    lights: dict[str, int]
    waiting_count: int
    done_count: int
    escalated_count: int
    due_count: int
    on_time_count: int

    @property
    def on_time_bp(self) -> int | None:
        """按期率: in basis points; None while nothing is due."""
        return divide(ALL_BP * self.on_time_count, self.due_count, Rounding.HALF_UP) if self.due_count else None

    @property
    def closing_bp(self) -> int | None:
        """办结率: of all tasks, in basis points."""
        return divide(ALL_BP * self.done_count, self.total_count, Rounding.HALF_UP) if self.total_count else None


def within(scope: Scope) -> QuerySet[Task]:
    """范围内的任务: cancelled ones left out."""
    query = Task.objects.exclude(case__state=TaskState.CANCELLED.value)
    return query if isinstance(scope, AllOrganisations) else query.filter(organisation_code__in=scope)


def own(scope: Scope) -> QuerySet[Task]:
    """本级任务: those of the county itself; a task of a document above counts once it has been assigned."""
    above = ~Q(jurisdiction_code=policies.county()) & Q(case__state=TaskState.REGISTERED.value)
    return within(scope).exclude(above)


def figures(scope: Scope) -> Figures:
    """看板数字: of what the reader may see, with the lights of today."""
    lights.refresh()
    tasks, today = own(scope), timezone.localdate()
    by_light = dict(tasks.order_by().values_list("light").annotate(Count("pk")))
    due = tasks.filter(due_on__lt=today).exclude(case__state=TaskState.REGISTERED.value)
    late = TaskUnit.objects.filter(task__in=due).exclude(case__state=DutyState.WITHDRAWN.value)
    late = late.filter(Q(filed_at__isnull=True) | Q(filed_at__date__gt=F("due_on")))
    due_count = due.count()
    return Figures(
        total_count=tasks.count(),
        lights={light.value: by_light.get(light.value, 0) for light in Light},
        waiting_count=tasks.filter(case__state=TaskState.REGISTERED.value).count(),
        done_count=tasks.filter(case__state__in=_DONE).count(),
        escalated_count=tasks.filter(case__state=TaskState.ESCALATED.value).count(),
        due_count=due_count,
        on_time_count=due_count - late.order_by().values("task").distinct().count(),
    )


def overdue() -> QuerySet[TaskUnit]:
    """逾期的单位承办: assigned, without evidence, past the deadline."""
    return TaskUnit.objects.filter(case__state__in=_NOT_FILED, due_on__lt=timezone.localdate())


def overdue_within(scope: Scope) -> QuerySet[TaskUnit]:
    """范围内逾期的单位承办."""
    query = overdue()
    return query if isinstance(scope, AllOrganisations) else query.filter(task__organisation_code__in=scope)


def overdue_by_unit(scope: Scope) -> list[dict[str, Any]]:
    """各单位逾期数: name, how many, the oldest deadline; most first."""
    found = overdue_within(scope).order_by().values("name").annotate(count=Count("pk"), oldest_on=Min("due_on"))
    rows: list[dict[str, Any]] = [dict(row) for row in found]
    return sorted(rows, key=lambda row: (-row["count"], row["name"]))


def by_unit(scope: Scope) -> list[dict[str, object]]:
    """各牵头单位: tasks by light; most first."""
    counts: dict[str, dict[str, int]] = {}
    for name, light, number in own(scope).order_by().values_list("lead_unit", "light").annotate(Count("pk")):
        counts.setdefault(name, {value.value: 0 for value in Light})[light] = number
    rows = [{"unit": name, **found, "count": sum(found.values())} for name, found in counts.items()]
    return sorted(rows, key=lambda row: (-int(str(row["count"])), str(row["unit"])))
