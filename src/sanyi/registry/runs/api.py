"""作业接口: how far a run is, and stopping it."""

from datetime import datetime
from typing import Any

from ninja import Schema

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.runs.models import Run
from sanyi.registry.runs.services import cancel

routes = Routes("registry.runs.api")


class RunAnswer(Schema):
    """作业状态."""

    number: int
    kind: str
    state: str
    progress_count: int
    total_count: int
    message: str
    organisation_code: str
    created_at: datetime
    finished_at: datetime | None
    result: dict[str, Any]
    provenance: dict[str, Any]
    refusals: list[dict[str, Any]]


def _owner(request: object, number: str | int) -> str | None:
    return Run.objects.filter(number=int(number)).values_list("organisation_code", flat=True).first()


@routes.api(
    "GET",
    "/runs/{int:number}",
    name="read",
    permission=Permission.RUN_READ,
    purpose=AT_WORK,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="查询作业",
    en="Read a run",
    response=RunAnswer,
)
def read_run(request: GuardedRequest, number: int) -> Run:
    """查询作业: state, progress, result and provenance."""
    return Run.objects.get(number=number)


@routes.api(
    "POST",
    "/runs/{int:number}/cancel",
    name="cancel",
    permission=Permission.RUN_CANCEL,
    purpose=AT_WORK,
    subject=Subject.RUN,
    organisation_of=_owner,
    zh="取消作业",
    en="Cancel a run",
    response=RunAnswer,
)
def cancel_run(request: GuardedRequest, number: int) -> Run:
    """取消作业: at once while it waits, at its next report while it runs."""
    return cancel(Run.objects.get(number=number), by=request.actor)
