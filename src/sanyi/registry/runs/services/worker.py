"""作业进程: takes runs from the queue, recovers those whose process died, and does what is due from time to time."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends
from django_tasks.base import TaskResultStatus
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from sanyi.registry.policies import services as policies
from sanyi.registry.runs import codes
from sanyi.registry.runs.codes import UNDER_WAY, RunState
from sanyi.registry.runs.models import Run, RunLogLine
from sanyi.registry.runs.services.execution import execute, identity, is_gone
from sanyi.registry.runs.services.kinds import load_kinds

TICK_SECONDS = 5.0
KEPT_DAYS = 30
_LOG = logging.getLogger("sanyi.runs")


@dataclass(slots=True)
class Chore:
    """例行事务: a function that the worker calls every so many seconds."""

    name: str
    every_seconds: int
    do: Callable[[], Any]
    last_at: datetime | None = None


_CHORES: dict[str, Chore] = {}


def periodic(name: str, *, every_seconds: int) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """登记例行事务: decorates a function without arguments; it may be called by several workers at once."""

    def register(do: Callable[[], Any]) -> Callable[[], Any]:
        _CHORES[name] = Chore(name, every_seconds, do)
        return do

    return register


def work(*, is_batch: bool = False, interval_seconds: float = 0.5) -> None:
    """作业进程: runs until it is told to stop (SIGTERM, SIGINT), or until the queue is empty with ``is_batch``.

    First it queues again what a dead worker left behind. Start as many of these processes as there are cores to give.
    """
    from django_tasks_db.management.commands.db_worker import Worker

    load_kinds()
    recover()
    worker = Worker(
        queue_names=["default"],
        interval=interval_seconds,
        batch=is_batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=identity()[-64:],
        excluded_queue_names=[],
    )
    stop = threading.Event()
    clock = threading.Thread(target=_tick, args=(stop,), name="chores", daemon=True)
    if threading.current_thread() is threading.main_thread():
        worker.configure_signals()
    clock.start()
    try:
        worker.run()
    finally:
        stop.set()
        clock.join()


def do_chores() -> list[str]:
    """办例行事务: those that are due; returns their names. A fault of one is recorded and does not stop the others."""
    now, done = timezone.now(), []
    for chore in list(_CHORES.values()):
        if chore.last_at is not None and now - chore.last_at < timedelta(seconds=chore.every_seconds):
            continue
        chore.last_at = now
        try:
            chore.do()
            done.append(chore.name)
        except Exception as error:  # noqa: BLE001  (the worker goes on)
            _LOG.error("fault in chore %s", chore.name, exc_info=error)
    return done


@periodic("runs.recover", every_seconds=30)
def recover() -> int:
    """恢复: queues again every run whose worker is gone or silent, and every queued run without a task.

    A run that keeps breaking its worker is given up after ``attempts_count`` attempts. Returns how many were queued.
    """
    stale_at = timezone.now() - timedelta(seconds=_limit("stale_seconds"))
    count = 0
    for run in Run.objects.filter(state__in=[state.value for state in UNDER_WAY]).order_by("number"):
        is_silent = run.heartbeat_at is None or run.heartbeat_at < stale_at
        if is_silent or is_gone(run.worker):
            count += _take_back(run)
    return count + _queue_forgotten()


@periodic("runs.sweep_queue", every_seconds=3600)
def sweep_queue() -> int:
    """清扫队列: forgets the queue's own rows of tasks that ended long ago; the runs stay."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    return int(DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()[0])


@transaction.atomic
def _take_back(run: Run) -> int:
    held = Run.objects.filter(
        number=run.number, state=run.state, attempts_count=run.attempts_count, heartbeat_at=run.heartbeat_at
    )
    if run.state == RunState.CANCELLING.value:
        held.update(state=RunState.CANCELLED.value, finished_at=timezone.now())
        return 0
    breaks_count = run.breaks_count + 1
    if breaks_count >= _limit("attempts_count"):
        refusal = codes.TOO_MANY_ATTEMPTS(attempts=breaks_count)
        found = [{"zh": refusal.as_dict("zh"), "en": refusal.as_dict("en")}]
        held.update(state=RunState.FAILED.value, finished_at=timezone.now(), refusals=found)
        return 0
    if not held.update(state=RunState.QUEUED.value, breaks_count=breaks_count, message=""):
        return 0
    RunLogLine.objects.create(run_id=run.number, text="处理进程中断，已重新排队。")
    _close_tasks(run.number)
    execute.enqueue(run.number)
    return 1


def _queue_forgotten() -> int:
    """A process may die between writing the run and queueing its task."""
    if not isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend):
        return 0
    waiting = set(Run.objects.filter(state=RunState.QUEUED.value).values_list("number", flat=True))
    if not waiting:
        return 0
    open_tasks = DBTaskResult.objects.filter(
        task_path=execute.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    queued = {row["args"][0] for row in open_tasks.values_list("args_kwargs", flat=True)}
    for number in sorted(waiting - queued):
        execute.enqueue(number)
    return len(waiting - queued)


def _close_tasks(number: int) -> None:
    """The queue's own row of a dead worker would stay "running" for ever."""
    for row in DBTaskResult.objects.filter(task_path=execute.module_path, status=TaskResultStatus.RUNNING):
        if row.args_kwargs["args"] == [number]:
            row.set_failed(RuntimeError("the worker died"))


def _tick(stop: threading.Event) -> None:
    try:
        while not stop.wait(TICK_SECONDS):
            do_chores()
    finally:
        connection.close()


def _limit(name: str) -> int:
    found = policies.book().value(
        f"registry.runs.{name}", jurisdiction=policies.county(), on=timezone.localdate(), asker="registry.runs"
    )
    return int(found.value)
