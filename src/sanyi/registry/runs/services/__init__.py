"""作业服务: start, cancel and resume runs; declare kinds and chores; the worker's main function."""

from sanyi.registry.runs.services.control import cancel, get, is_under_way, resume, start
from sanyi.registry.runs.services.counts import RunCounts, counts
from sanyi.registry.runs.services.execution import carry_out, execute
from sanyi.registry.runs.services.kinds import RunKind, kind, kinds, run_kind
from sanyi.registry.runs.services.progress import Progress, RunCancelled, RunLost, provenance_of
from sanyi.registry.runs.services.worker import do_chores, periodic, recover, work

__all__ = [
    "Progress",
    "RunCounts",
    "RunCancelled",
    "RunKind",
    "RunLost",
    "cancel",
    "carry_out",
    "counts",
    "do_chores",
    "execute",
    "get",
    "is_under_way",
    "kind",
    "kinds",
    "periodic",
    "provenance_of",
    "recover",
    "resume",
    "run_kind",
    "start",
    "work",
]
