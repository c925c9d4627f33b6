"""作业数: how many runs of a scope are under way and how many have failed."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from sanyi.registry.runs.codes import RunState
from sanyi.registry.runs.models import Run

OPEN = (RunState.QUEUED.value, RunState.RUNNING.value, RunState.CANCELLING.value)


@dataclass(frozen=True, slots=True)
class RunCounts:
    """作业数."""

    under_way_count: int
    failed_count: int


def counts(organisation_codes: Collection[str] | None) -> RunCounts:
    """作业数: of these organisations, or of all (None)."""
    found = Run.objects.all()
    if organisation_codes is not None:
        found = found.filter(organisation_code__in=organisation_codes)
    sums = found.aggregate(
        under_way=Count("number", filter=Q(state__in=OPEN)),
        failed=Count("number", filter=Q(state=RunState.FAILED.value)),
    )
    return RunCounts(sums["under_way"], sums["failed"])
