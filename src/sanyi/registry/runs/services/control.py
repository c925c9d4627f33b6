"""作业办理: start, cancel and resume."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.runs import codes
from sanyi.registry.runs.codes import RESUMABLE, RunState
from sanyi.registry.runs.models import Run
from sanyi.registry.runs.services.execution import execute
from sanyi.registry.runs.services.kinds import kind


def start(
    code: str, *, by: Actor, organisation_code: str, parameters: Mapping[str, Any] | None = None, total: int = 0
) -> Run:
    """发起作业: queues it and returns it; ``parameters`` must be JSON-able. Refuses an unknown kind.

    Whoever may start this kind of run is decided by the route or service that calls.
    """
    known = kind(code)
    with transaction.atomic():
        run = Run.objects.create(
            kind=known.code,
            organisation_code=organisation_code,
            parameters=dict(parameters or {}),
            total_count=total,
            started_by_id=by.user_id,
            started_by_name=by.name[:80],
        )
        record_write(by, "run.start", "run", run.number, organisation_code, f"发起作业“{known.zh}”")
    execute.enqueue(run.number)
    run.refresh_from_db()
    return run


@transaction.atomic
def cancel(run: Run, *, by: Actor) -> Run:
    """取消作业: at once while it waits, at its next report while it runs. Refuses a run that has ended."""
    now = timezone.now()
    mine = Run.objects.filter(number=run.number)
    changed = mine.filter(state=RunState.QUEUED.value).update(state=RunState.CANCELLED.value, finished_at=now)
    changed = changed or mine.filter(state=RunState.RUNNING.value).update(state=RunState.CANCELLING.value)
    run.refresh_from_db()
    if not changed and run.state != RunState.CANCELLING.value:
        raise RefusedError(codes.NOT_CANCELLABLE(number=run.number, state=run.status.zh, state_en=run.status.en))
    if changed:
        record_write(by, "run.cancel", "run", run.number, run.organisation_code, "取消作业")
    return run


def resume(run: Run, *, by: Actor) -> Run:
    """恢复作业: queues a cancelled or failed run again; it goes on from its checkpoint. Refuses any other."""
    with transaction.atomic():
        changed = Run.objects.filter(number=run.number, state__in=[state.value for state in RESUMABLE]).update(
            state=RunState.QUEUED.value, finished_at=None, refusals=[], breaks_count=0
        )
        run.refresh_from_db()
        if not changed:
            raise RefusedError(codes.NOT_RESUMABLE(number=run.number, state=run.status.zh, state_en=run.status.en))
        record_write(by, "run.resume", "run", run.number, run.organisation_code, "恢复作业")
    execute.enqueue(run.number)
    run.refresh_from_db()
    return run


def is_under_way(code: str, organisation_code: str) -> bool:
    """是否在办: whether a run of a kind waits or works for an organisation."""
    open_states = (RunState.QUEUED.value, RunState.RUNNING.value, RunState.CANCELLING.value)
    found = Run.objects.filter(kind=code, organisation_code=organisation_code, state__in=open_states)
    return bool(found.exists())


def get(number: int) -> Run | None:
    """作业: by its number, None when there is none."""
    return Run.objects.filter(number=number).first()
