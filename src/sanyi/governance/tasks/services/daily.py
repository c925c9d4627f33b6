"""日常督办: what the worker does every hour: periods that have begun, reminders, overdue shares, escalation, lights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from sanyi.governance.tasks import workflow
from sanyi.governance.tasks.codes import Cycle, DutyState, Origin, TaskState
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.governance.tasks.rules.cycles import Period, periods
from sanyi.governance.tasks.services import lights, limits
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.cases import services as cases
from sanyi.registry.runs.services import periodic


@dataclass(frozen=True, slots=True)
class Day:
    """当日结果: how many of each."""

    period_count: int
    reminder_count: int
    overdue_count: int
    escalated_count: int
    lighted_count: int


def daily(on: date | None = None) -> Day:
    """日常督办: may be called at any time and by several workers; what is done already is not done again."""
    day = on or timezone.localdate()
    return Day(
        period_count=open_periods(day),
        reminder_count=remind(day),
        overdue_count=fall_overdue(day),
        escalated_count=escalate(day),
        lighted_count=lights.refresh(day),
    )


periodic("governance.tasks.daily", every_seconds=600)(daily)


def open_periods(on: date) -> int:
    """续期: the instance of every period that has begun of every recurring task that was assigned; returns how many.

    Periods that were over before the task was assigned are nobody's to make up. A series stops when its newest
    instance was cancelled, and at the latest deadline its targets name.
    """
    count = 0
    first_ones = Task.objects.filter(series__isnull=True).exclude(cycle=Cycle.ONCE.value)
    for first in first_ones.exclude(case__state=TaskState.REGISTERED.value).select_related("case"):
        newest = first.periods.order_by("-due_on").select_related("case").first() or first
        if newest.case.state == TaskState.CANCELLED.value or first.due_on is None:
            continue
        known = {first.period, *first.periods.values_list("period", flat=True)}
        assigned_on = _assigned_on(first)
        for period in periods(Cycle(first.cycle), first.due_on, on, first.cycle_month):
            if period.label not in known and period.ends_on >= assigned_on and not _is_over(first, period):
                count += _open_period(first, period)
    return count


def remind(on: date) -> int:
    """提醒: units whose deadline is near, once for each number of days that policy names; returns how many."""
    days = sorted((int(value) for value in limits.value("reminders", on)), reverse=True)
    if not days:
        return 0
    count = 0
    near = _unfiled().filter(due_on__range=(on, on + timedelta(days=days[0])))
    for unit in near.select_related("case", "task"):
        assert unit.case is not None and unit.due_on is not None
        left = (unit.due_on - on).days
        step = min(value for value in days if value >= left)
        if unit.reminded_days is not None and unit.reminded_days <= step:
            continue
        fresh = Q(reminded_days__isnull=True) | Q(reminded_days__gt=step)
        with transaction.atomic():
            if TaskUnit.objects.filter(fresh, pk=unit.pk).update(reminded_days=step):
                zh = f"{unit.task.number} {unit.task.title[:60]}：距办理期限还有 {left} 天，尚未报送证据。"
                en = f"{unit.task.number}: {left} days to the deadline and no evidence filed."
                cases.remind(unit.case, zh, en)
                count += 1
    return count


def fall_overdue(on: date) -> int:
    """逾期: every share without evidence whose deadline lies before the day; returns how many."""
    return _move(_unfiled().filter(due_on__lt=on), "fall_overdue", "期限已过，未报送证据")


def escalate(on: date) -> int:
    """升级: shares overdue for longer than policy allows go to the county leader's to-do list; returns how many."""
    days = int(limits.value("escalate_after_days", on))
    late = TaskUnit.objects.filter(case__state=DutyState.OVERDUE.value, due_on__lt=on - timedelta(days=days))
    return _move(late, "escalate", f"逾期超过 {days} 天，升级到县领导")


def _unfiled() -> QuerySet[TaskUnit]:
    return TaskUnit.objects.filter(case__state__in=[state.value for state in workflow.UNFILED])


def _move(units: QuerySet[TaskUnit], transition: str, reason: str) -> int:
    count = 0
    for unit in list(units.select_related("case").order_by("pk")):
        assert unit.case is not None
        try:
            cases.act(unit.case, transition, SYSTEM, reason=reason)
        except RefusedError:  # another worker, or the unit itself, was quicker
            continue
        count += 1
    return count


def _assigned_on(first: Task) -> date:
    opened = [unit.case.opened_at for unit in first.units.select_related("case") if unit.case is not None]
    return timezone.localdate(min(opened)) if opened else date.min


def _is_over(first: Task, period: Period) -> bool:
    last = max((str(target.get("due_on") or "") for target in first.targets), default="")
    return bool(last) and period.starts_on.isoformat() > last


def _open_period(first: Task, period: Period) -> int:
    try:
        with transaction.atomic():
            Task.objects.select_for_update(of=("self",)).get(pk=first.pk)
            if Task.objects.filter(series=first, period=period.label).exists():
                return 0
            _copy(first, period)
    except IntegrityError:
        return 0
    return 1


def _copy(first: Task, period: Period) -> Task:
    """The same task for another period, assigned to the same units."""
    case = cases.open_case(
        workflow.TASK,
        subject_kind="task",
        organisation_code=first.organisation_code,
        by=SYSTEM,
        title=f"{first.title}（{period.label}）",
    )
    kept = ("organisation_code", "document_id", "document_number", "document_title", "jurisdiction_code", "issued_on",
            "clause", "ordinal", "title", "quote", "target_summary", "targets", "indicator_code", "lead_unit", "cycle",
            "cycle_month")  # fmt: skip
    task = Task.objects.create(
        case=case,
        number=case.number,
        origin=Origin(first.origin).value,
        series=first,
        period=period.label,
        due_on=period.ends_on,
        **{name: getattr(first, name) for name in kept},
    )
    cases.Case.objects.filter(pk=case.pk).update(subject_id=case.number)
    TaskUnit.objects.bulk_create(
        [
            TaskUnit(
                task=task,
                position=unit.position,
                name=unit.name,
                is_lead=unit.is_lead,
                organisation_id=unit.organisation_id,
                due_on=period.ends_on,
            )
            for unit in first.units.all()
        ]
    )
    cases.act(case, "renew", SYSTEM, reason="周期任务自动续期")
    return task
