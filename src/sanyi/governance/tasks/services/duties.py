"""单位承办服务: assign a task to its units, and what each step of a unit's share leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from sanyi.governance.tasks import codes, workflow
from sanyi.governance.tasks.codes import DutyState, TaskState
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.governance.tasks.rules.lights import percent_may_be_typed
from sanyi.governance.tasks.rules.progress import state_of
from sanyi.governance.tasks.services import hooks, lights, limits
from sanyi.governance.tasks.services.units import Matcher
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import SYSTEM
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent

_WITHOUT_LIMIT = (
    DutyState.OVERDUE,
    DutyState.ESCALATED,
    DutyState.INSTRUCTED,
    DutyState.VERIFIED,
    DutyState.WITHDRAWN,
)


def time_limit(data: Mapping[str, Any], state: str) -> Deadline | datetime | None:
    """办理时限: of a unit's share, by its state: sign, verify or escalate by policy, otherwise the deadline."""
    known = DutyState(state)
    if known is DutyState.ASSIGNED:
        return limits.working_days("sign_within_working_days")
    if known is DutyState.FILED:
        return limits.working_days("verify_within_working_days")
    if known in _WITHOUT_LIMIT or not data.get("due_on"):
        return None
    return limits.end_of(date.fromisoformat(data["due_on"]))


def open_duties(case: Case, event: CaseEvent, by: Actor) -> None:
    """交办: every unit gets its own case. Refuses while a unit's name is not matched to an organisation."""
    task = Task.objects.get(case_id=case.pk)
    units = list(task.units.all())
    if not any(unit.is_lead for unit in units):
        raise RefusedError(codes.LEAD_STILL_OPEN(number=task.number))
    missing = [unit for unit in units if unit.organisation_id is None]
    if missing:
        matcher = Matcher.of(task.organisation_code)
        for unit in missing:
            unit.organisation_id = matcher.match(unit.name)
        still = [unit.name for unit in missing if unit.organisation_id is None]
        if still:
            raise RefusedError(codes.UNITS_UNMATCHED(names="、".join(still)))
    for unit in units:
        open_share(task, unit, by)
    lights.refresh(tasks=[task.pk])


def open_share(task: Task, unit: TaskUnit, by: Actor) -> None:
    """交办到单位: opens the unit's case, which stands in its users' to-do list."""
    assert unit.organisation_id is not None, "matched before"
    share = cases.open_case(
        workflow.DUTY,
        subject_kind="task",
        subject_id=task.number,
        organisation_code=unit.organisation_id,
        by=by,
        title=task.title,
        data={
            "task": task.number,
            "unit": unit.name,
            "role": "牵头" if unit.is_lead else "配合",
            "due_on": unit.due_on.isoformat() if unit.due_on else "",
            "target": task.target_summary,
        },
    )
    unit.case = share
    unit.sign_due_on = timezone.localdate(share.deadline_at) if share.deadline_at else None
    unit.is_sign_due_assumed = share.is_deadline_assumed
    unit.save(update_fields=["organisation", "case", "sign_due_on", "is_sign_due_assumed"])


def withdraw_duties(case: Case, event: CaseEvent, by: Actor) -> None:
    """撤销: the shares of a cancelled task are withdrawn with it."""
    task = Task.objects.get(case_id=case.pk)
    for unit in task.units.select_related("case"):
        if unit.case is not None and unit.case.closed_at is None:
            cases.act(unit.case, "withdraw", SYSTEM, reason=event.reason)
    lights.refresh(tasks=[task.pk])


def follow(case: Case, event: CaseEvent, by: Actor) -> None:
    """随动: the task takes the state that follows from its units' shares; its row is locked so that none is missed."""
    unit = unit_of(case)
    task = Task.objects.select_for_update(of=("self",)).select_related("case").get(pk=unit.task_id)
    states = TaskUnit.objects.filter(task=task).values_list("case__state", flat=True)
    wanted = state_of([DutyState(state) for state in states])
    now = TaskState(Case.objects.values_list("state", flat=True).get(pk=task.case_id))
    if wanted is not now and now in workflow.FOLLOWING:
        cases.act(Case.objects.get(pk=task.case_id), workflow.follow(wanted), SYSTEM, reason="")
    lights.refresh(tasks=[task.pk])


def note_signing(case: Case, event: CaseEvent, by: Actor) -> None:
    """记签收."""
    TaskUnit.objects.filter(case_id=case.pk).update(signed_at=event.at)


def note_filing(case: Case, event: CaseEvent, by: Actor) -> None:
    """记报送: when and by whom, for the two-person rule; filing without signing is signing, too."""
    unit = unit_of(case)
    TaskUnit.objects.filter(pk=unit.pk).update(
        filed_at=event.at, filed_by_id=by.user_id, signed_at=unit.signed_at or event.at
    )


def note_progress(case: Case, event: CaseEvent, by: Actor) -> None:
    """记进展: a typed percentage only where nothing can be computed."""
    text = str(event.data.get("percent") or "")
    if not text:
        return
    unit = unit_of(case)
    evidence = hooks.light_of_data(hooks.facts_of(unit.task), timezone.localdate(event.at))
    if not percent_may_be_typed(unit.task.indicator_code, evidence):
        raise RefusedError(codes.PERCENT_COMPUTED(indicator=unit.task.indicator_code or unit.task.title[:20]))
    if not text.isdecimal() or int(text) > 100:
        raise RefusedError(codes.PERCENT_WRONG())
    TaskUnit.objects.filter(pk=unit.pk).update(typed_percent=int(text))


def note_verifying(case: Case, event: CaseEvent, by: Actor) -> None:
    """记核验: never by the person who filed."""
    refuse_own(unit_of(case).filed_by_id, by)
    TaskUnit.objects.filter(case_id=case.pk).update(verified_at=event.at)


def note_returning(case: Case, event: CaseEvent, by: Actor) -> None:
    """记退回: the evidence no longer counts; its files stay in the timeline."""
    refuse_own(unit_of(case).filed_by_id, by)
    TaskUnit.objects.filter(case_id=case.pk).update(filed_at=None, filed_by=None)


def refuse_own(filed_by_id: int | None, by: Actor) -> None:
    """双人规则: who filed evidence neither verifies nor returns it."""
    if filed_by_id is not None and filed_by_id == by.user_id:
        raise RefusedError(codes.OWN_EVIDENCE())


def check_extension(case: Case, event: CaseEvent, by: Actor) -> None:
    """查延期申请: in time, not too often, to a later day. ``event.data`` holds ``wanted_on``."""
    unit = unit_of(case)
    if unit.due_on is None:
        raise RefusedError(codes.NO_DEADLINE())
    count = int(limits.value("extension_max_count"))
    if unit.extension_count >= count:
        raise RefusedError(codes.EXTENSION_TWICE(count=unit.extension_count))
    days = int(limits.value("extension_days"))
    if (unit.due_on - timezone.localdate(event.at)).days < days:
        raise RefusedError(codes.EXTENSION_LATE(days=days, due_on=unit.due_on))
    TaskUnit.objects.filter(pk=unit.pk).update(wanted_on=_later(event, unit.due_on))


def extend(case: Case, event: CaseEvent, by: Actor) -> None:
    """延期: to the day asked for, or another that the approver names; the lead unit's day is the task's."""
    unit = unit_of(case)
    assert unit.due_on is not None, "only a deadline can be extended"
    day = _later(event, unit.due_on, unit.wanted_on)
    TaskUnit.objects.filter(pk=unit.pk).update(
        due_on=day, wanted_on=None, extension_count=unit.extension_count + 1, reminded_days=None
    )
    if unit.is_lead:
        Task.objects.filter(pk=unit.task_id).update(due_on=day)
    cases.change_data(case, {"due_on": day.isoformat()})


def unit_of(case: Case) -> TaskUnit:
    """单位承办: of a case of this chart."""
    return TaskUnit.objects.select_related("task").get(case_id=case.pk)


def _later(event: CaseEvent, due_on: date, asked_on: date | None = None) -> date:
    text = str(event.data.get("wanted_on") or "")
    try:
        day = date.fromisoformat(text) if text else asked_on
    except ValueError:
        raise RefusedError(codes.DATE_UNREADABLE(text=text)) from None
    if day is None or day <= due_on:
        raise RefusedError(codes.EXTENSION_DATE_WRONG(due_on=due_on))
    return day


EFFECTS = {
    "follow": follow,
    "note_signing": note_signing,
    "note_filing": note_filing,
    "note_progress": note_progress,
    "note_verifying": note_verifying,
    "note_returning": note_returning,
    "check_extension": check_extension,
    "extend": extend,
}
"""单位承办的效果: by the names that the chart promises."""
