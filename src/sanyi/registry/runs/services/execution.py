"""执行: claim a queued run, do its work, write how it ended; every step only while the run is still ours."""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.runs import codes
from sanyi.registry.runs.codes import RunState
from sanyi.registry.runs.models import Run, RunLogLine
from sanyi.registry.runs.services.kinds import kind
from sanyi.registry.runs.services.progress import Progress, RunCancelled, RunLost

BEAT_SECONDS = 2.0
_LOG = logging.getLogger("sanyi.runs")


@task()
def execute(number: int) -> str:
    """执行作业: the task that a worker takes from the queue; returns the state in which it left the run."""
    return carry_out(number)


def carry_out(number: int, *, has_heart: bool | None = None) -> str:
    """办理: claims the run (a second worker finds it taken and leaves), works, and writes the end."""
    worker = identity()
    claimed = Run.objects.filter(number=number, state=RunState.QUEUED.value).update(
        state=RunState.RUNNING.value,
        worker=worker,
        attempts_count=F("attempts_count") + 1,
        claimed_at=timezone.now(),
        heartbeat_at=timezone.now(),
    )
    if not claimed:
        return "taken"
    run = Run.objects.get(number=number)
    beats = not connection.in_atomic_block if has_heart is None else has_heart
    with _heart(run) if beats else _no_heart():
        return _worked(run)


def _worked(run: Run) -> str:
    progress = Progress(run)
    try:
        progress.provenance(attempt=run.attempts_count)
        result = kind(run.kind).work(progress, **run.parameters)
        progress.close()
    except RunLost:
        return "lost"
    except RunCancelled:
        return _end(run, RunState.CANCELLED, message="")
    except RefusedError as error:
        found = [{"zh": refusal.as_dict("zh"), "en": refusal.as_dict("en")} for refusal in error.refusals[:100]]
        return _end(run, RunState.FAILED, refusals=found)
    except Exception as error:  # noqa: BLE001  (a fault of the work must not stop the worker)
        _LOG.error("fault in run %s of kind %s", run.number, run.kind, exc_info=error)
        refusal = codes.FAULT(number=run.number)
        RunLogLine.objects.create(run_id=run.number, text=f"系统故障：{type(error).__name__}")
        return _end(run, RunState.FAILED, refusals=[{"zh": refusal.as_dict("zh"), "en": refusal.as_dict("en")}])
    return _end(run, RunState.DONE, result=dict(result or {}))


@transaction.atomic
def _end(run: Run, state: RunState, **values: Any) -> str:
    """Written once, by whoever still holds the run; a request to cancel that came too late is overtaken."""
    mine = Run.objects.filter(number=run.number, worker=run.worker, attempts_count=run.attempts_count)
    under_way = mine.filter(state__in=[RunState.RUNNING.value, RunState.CANCELLING.value])
    if not under_way.update(state=state.value, finished_at=timezone.now(), **values):
        return "lost"
    who = Actor(user_id=run.started_by_id, name=run.started_by_name, is_system=run.started_by_id is None)
    record_write(
        who, f"run.{state.value}", "run", run.number, run.organisation_code, f"作业{state.zh}：{kind(run.kind).zh}"
    )
    return state.value


@contextmanager
def _heart(run: Run) -> Iterator[None]:
    """A thread that beats while the work computes, so that silence means that the process is gone."""
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(run, stop), name=f"run-{run.number}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _no_heart() -> Iterator[None]:
    yield


def _beat(run: Run, stop: threading.Event) -> None:
    try:
        while not stop.wait(BEAT_SECONDS):
            Run.objects.filter(number=run.number, worker=run.worker, attempts_count=run.attempts_count).update(
                heartbeat_at=timezone.now()
            )
    finally:
        connection.close()


@cache
def _machine() -> str:
    """The machine and its process numbering, so that two containers are never taken for one."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:13]
        return f"{boot}-{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return socket.gethostname()[:40]


def identity() -> str:
    """本进程标识: machine, process number and its start, so that a reused number is not mistaken for us."""
    return f"{_machine()}:{os.getpid()}:{_started(os.getpid())}"


def is_gone(worker: str) -> bool:
    """进程是否已不在: certain only for this machine; others are judged by their silence."""
    parts = worker.split(":")
    if len(parts) != 3 or parts[0] != _machine():
        return False
    return _started(int(parts[1])) != parts[2]


def _started(process_id: int) -> str:
    """The start of a process in clock ticks since boot; empty when there is none or the system does not tell."""
    try:
        text = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return ""
    return text.rpartition(")")[2].split()[19]
