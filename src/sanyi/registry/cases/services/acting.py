"""办理: open a case and move it, one act at a time, each by somebody who may."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import State, Transition
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import keys_at, record_write
from sanyi.registry.cases import codes
from sanyi.registry.cases.models import Case, CaseEvent, Evidence, NumberSeries
from sanyi.registry.cases.services import notices
from sanyi.registry.cases.services.charts import ChartEntry, entry_of
from sanyi.registry.cases.services.deadlines import due_of
from sanyi.registry.cases.services.evidence import checked, keep

OPENED = "opened"


@transaction.atomic
def open_case(
    chart: str,
    *,
    subject_kind: str = "",
    subject_id: str = "",
    organisation_code: str,
    by: Actor,
    title: str,
    data: Mapping[str, Any] | None = None,
) -> Case:
    """发起办件: numbered, in the chart's initial state, with its deadline; those who may act next are told.

    Whether ``by`` may open such a case is decided by the calling service or route. Refuses an unknown chart.
    """
    entry = entry_of(chart)
    now = timezone.now()
    state = entry.chart.state(entry.chart.initial)
    deadline_at, is_assumed = due_of(entry, state, data or {}, now)
    case = Case.objects.create(
        number=next_number(entry.prefix, now),
        chart=chart,
        state=state.code,
        organisation_code=organisation_code,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        title=title[:200],
        data=dict(data or {}),
        opened_by_id=by.user_id,
        opened_by_name=by.name[:80],
        opened_at=now,
        state_entered_at=now,
        deadline_at=deadline_at,
        is_deadline_assumed=is_assumed,
        closed_at=now if entry.chart.is_final(state.code) else None,
    )
    CaseEvent.objects.create(
        case=case, revision=0, transition=OPENED, target=state.code, user_id=by.user_id, actor_name=by.name[:80], at=now
    )
    notices.tell_next(case, entry, by)
    record_write(by, "case.open", "case", case.number, organisation_code, f"发起“{entry.chart.zh}”")
    return case


def act(
    case: Case,
    transition: str,
    by: Actor,
    reason: str = "",
    evidence: Iterable[File[Any]] = (),
    *,
    revision: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> Case:
    """办理: makes one transition and returns the moved case.

    ``revision`` is the one that the actor saw (that of ``case`` if not given). Refusals in this order: the case was
    moved meanwhile, a wrong file, the step, the actor, the reason, the evidence, the opener. Of two acts at the same
    time one wins and the other is told.
    """
    files = [checked(file) for file in evidence]
    seen = case.revision if revision is None else revision
    try:
        with transaction.atomic():
            locked = Case.objects.select_for_update().get(pk=case.pk)
            _refuse_outdated(locked, seen)
            entry = entry_of(locked.chart)
            step = entry.chart.transition(locked.state, transition)
            target = entry.chart.next(
                locked.state,
                transition,
                actor_roles=keys_at(by, locked.organisation_code),
                reason=reason,
                evidence_count=len(files),
            )
            _refuse_by_opener(locked, entry, step, by)
            event = _move(locked, entry, step, target, by, reason, data)
            for file in files:
                keep(locked, file, by=by, event=event)
            for effect in step.effects:
                entry.effects[effect](locked, event, by)
            notices.tell_next(locked, entry, by)
            notices.tell_opener(locked, entry, step, by)
            summary = f"{entry.chart.zh}：{step.zh}"
            record_write(by, f"case.{transition}", "case", locked.number, locked.organisation_code, summary)
    except IntegrityError:
        _refuse_outdated(Case.objects.get(pk=case.pk), seen)
        raise
    return locked


def possible_acts(case: Case, by: Actor) -> tuple[Transition, ...]:
    """可办步骤: what this actor may do with the case now."""
    entry = entry_of(case.chart)
    is_opener = by.user_id is not None and case.opened_by_id == by.user_id
    reserved = entry.never_opener if is_opener else entry.opener_only
    allowed = entry.chart.allowed(case.state, keys_at(by, case.organisation_code))
    return tuple(step for step in allowed if step.name not in reserved)


def change_data(case: Case, changes: Mapping[str, Any]) -> None:
    """更新办件内容: for effects; what the case is about changes, and its deadline with it."""
    case.data = {**case.data, **changes}
    state = entry_of(case.chart).chart.state(case.state)
    deadline_at, is_assumed = due_of(entry_of(case.chart), state, case.data, case.state_entered_at)
    case.deadline_at, case.is_deadline_assumed = deadline_at, is_assumed
    Case.objects.filter(pk=case.pk).moved(data=case.data, deadline_at=deadline_at, is_deadline_assumed=is_assumed)


def attach(case: Case, file: File[Any], *, by: Actor) -> Evidence:
    """补充材料: a file without an act. Refuses a closed case and a wrong file."""
    found = checked(file)
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        if locked.closed_at is not None:
            raise RefusedError(codes.CASE_CLOSED(number=locked.number))
        row = keep(locked, found, by=by, event=None)
        record_write(by, "case.attach", "case", locked.number, locked.organisation_code, "补充材料")
    return row


def escalate_overdue(now: datetime | None = None) -> int:
    """催办: every case past its deadline is escalated once per state, or moved on where its chart says so.

    Returns how many. Called by the worker from time to time; two workers do it once.
    """
    from sanyi.registry.access.services import SYSTEM as PROGRAM

    at = now or timezone.now()
    overdue = Case.objects.filter(closed_at__isnull=True, escalated_at__isnull=True, deadline_at__lt=at)
    count = 0
    for case in overdue.order_by("deadline_at").iterator(chunk_size=200):
        entry = entry_of(case.chart)
        deadline = entry.chart.state(case.state).deadline
        if deadline is not None and deadline.overdue_transition:
            act(case, deadline.overdue_transition, PROGRAM, reason="办理时限已过，系统自动办理")
            count += 1
            continue
        with transaction.atomic():
            still = Case.objects.filter(pk=case.pk, revision=case.revision, escalated_at__isnull=True)
            if still.moved(escalated_at=at):
                notices.tell_overdue(case, entry)
                record_write(PROGRAM, "case.overdue", "case", case.number, case.organisation_code, "逾期催办")
                count += 1
    return count


def _move(
    case: Case,
    entry: ChartEntry,
    step: Transition,
    target: State,
    by: Actor,
    reason: str,
    data: Mapping[str, Any] | None,
) -> CaseEvent:
    now = timezone.now()
    source, case.state, case.revision = case.state, target.code, case.revision + 1
    case.state_entered_at, case.escalated_at = now, None
    case.deadline_at, case.is_deadline_assumed = due_of(entry, target, case.data, now)
    case.closed_at = now if entry.chart.is_final(target.code) else None
    fields = (
        "state",
        "revision",
        "state_entered_at",
        "deadline_at",
        "is_deadline_assumed",
        "escalated_at",
        "closed_at",
    )
    Case.objects.filter(pk=case.pk).moved(**{name: getattr(case, name) for name in fields})
    return CaseEvent.objects.create(
        case=case,
        revision=case.revision,
        transition=step.name,
        source=source,
        target=target.code,
        user_id=by.user_id,
        actor_name=by.name[:80],
        reason=reason.strip(),
        data=dict(data or {}),
        at=now,
    )


def _refuse_outdated(case: Case, seen: int) -> None:
    if case.revision == seen:
        return
    last = case.events.order_by("-revision").first()
    entry = entry_of(case.chart)
    done = next((step.zh for step in entry.chart.transitions if last and step.name == last.transition), "办理")
    raise RefusedError(codes.CASE_CHANGED(number=case.number, name=last.actor_name if last else "", transition=done))


def _refuse_by_opener(case: Case, entry: ChartEntry, step: Transition, by: Actor) -> None:
    is_opener = by.user_id is not None and case.opened_by_id == by.user_id
    if step.name in entry.opener_only and not is_opener:
        raise RefusedError(codes.OPENER_ONLY(transition=step.zh, transition_en=step.en, name=case.opened_by_name))
    if step.name in entry.never_opener and is_opener:
        raise RefusedError(codes.NOT_BY_OPENER(transition=step.zh, transition_en=step.en))


def next_number(prefix: str, now: datetime) -> str:
    """编号: the next of a series; without gaps, because the row is locked until the transaction ends."""
    name = f"{prefix}-{timezone.localtime(now):%Y}"
    NumberSeries.objects.bulk_create([NumberSeries(name=name)], ignore_conflicts=True)
    series = NumberSeries.objects.select_for_update().get(name=name)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return f"{name}-{series.last_number:06d}"
