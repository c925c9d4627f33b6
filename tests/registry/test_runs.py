"""Runs: progress, cancel, resume, recovery after a killed worker, and who may write."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.models import Run
from sanyi.registry.runs.services import execution, worker
from sanyi.registry.runs.services.progress import Progress, RunCancelled, RunLost
from tests.registry import county as small
from tests.registry import run_kinds
from tests.registry.run_kinds import again, start
from tests.registry.threads import together
from tests.starting import Started, Starter

# --- one run from beginning to end ----------------------------------------------------------------------------------


def test_a_run_keeps_its_result_progress_log_and_provenance(county: small.County, at_once: None) -> None:
    run = start(upto=4)
    assert (run.state, run.result, run.progress_count, run.total_count) == ("done", {"counted": 4}, 4, 4)
    assert run.provenance["rulebook_version"] == "1"
    assert run.provenance["package_version"]
    assert [line.text for line in run.log.all()] == ["数完了"]
    assert run.share_percent == 100 and run.finished_at is not None
    assert list(AuditEntry.objects.order_by("sequence").values_list("verb", flat=True)) == ["run.start", "run.done"]


def test_a_refusal_ends_a_run_with_its_sentence(county: small.County, at_once: None) -> None:
    run = start("tests.refuse")
    assert (run.state, run.refusals[0]["zh"]["message"], run.refusals[0]["en"]["message"]) == (
        "failed",
        "数据不行。",
        "Bad data.",
    )
    assert run.refusals[0]["zh"]["place"] == {"row": 7}


def test_a_fault_ends_a_run_without_its_details(county: small.County, at_once: None, caplog: Any) -> None:
    run = start("tests.fault")
    assert (run.state, run.refusals[0]["zh"]["code"]) == ("failed", "runs.fault")
    assert "secret" not in str(run.refusals) + run.message + "".join(line.text for line in run.log.all())
    assert "ZeroDivisionError" in caplog.text


def test_an_unknown_kind_is_refused(county: small.County) -> None:
    with pytest.raises(RefusedError, match="moon"):
        start("moon")
    assert not Run.objects.exists()


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        runs.run_kind("tests.count", zh="x", en="x")(run_kinds.fault)
    assert runs.run_kind("tests.count", zh="数数", en="Counting")(run_kinds.count) is run_kinds.count
    assert "access.verify_trail" in runs.kinds()


def test_a_queued_run_waits_for_its_worker(county: small.County) -> None:
    run = start()
    assert run.state == "queued"
    assert DBTaskResult.objects.get().args_kwargs["args"] == [run.number]
    assert runs.carry_out(run.number) == "done"
    assert runs.carry_out(run.number) == "taken"
    assert again(run).attempts_count == 1


# --- cancel and resume ----------------------------------------------------------------------------------------------


def test_a_waiting_run_is_cancelled_at_once(county: small.County) -> None:
    run = runs.cancel(start(), by=access.SYSTEM)
    assert run.state == "cancelled"
    assert runs.carry_out(run.number) == "taken"


def test_a_running_run_stops_at_its_next_report_and_goes_on_from_there(county: small.County, monkeypatch: Any) -> None:
    run = start(upto=5)
    original = Progress.set

    def press(self: Progress, n: int, *rest: Any) -> None:
        original(self, n, *rest)
        if n == 2 and again(run).attempts_count == 1:
            assert runs.cancel(again(run), by=access.SYSTEM).state == "cancelling"

    monkeypatch.setattr(Progress, "set", press)
    assert runs.carry_out(run.number) == "cancelled"
    assert again(run).checkpoint == {"counted": 2}
    assert runs.resume(again(run), by=access.SYSTEM).state == "queued"
    assert runs.carry_out(run.number) == "done"
    assert again(run).result == {"counted": 5}


def test_asking_twice_to_cancel_is_no_mistake(county: small.County) -> None:
    run = start()
    Run.objects.update(state="running")
    assert [runs.cancel(again(run), by=access.SYSTEM).state for _ in range(2)] == ["cancelling"] * 2
    assert AuditEntry.objects.filter(verb="run.cancel").count() == 1


def test_a_run_that_has_ended_is_not_cancelled(county: small.County, at_once: None) -> None:
    with pytest.raises(RefusedError, match="已完成"):
        runs.cancel(start(), by=access.SYSTEM)


def test_only_cancelled_and_failed_runs_are_resumed(county: small.County, at_once: None) -> None:
    with pytest.raises(RefusedError, match="不能恢复"):
        runs.resume(start(), by=access.SYSTEM)
    run = start("tests.refuse")
    assert runs.resume(run, by=access.SYSTEM).state == "failed"
    assert again(run).attempts_count == 2


def test_a_wish_to_cancel_that_comes_after_the_last_report_changes_nothing(
    county: small.County, monkeypatch: Any
) -> None:
    run = start(upto=1)

    def late(self: Progress, text: str) -> None:
        runs.cancel(again(run), by=access.SYSTEM)

    monkeypatch.setattr(Progress, "log", late)
    assert runs.carry_out(run.number) == "done"
    assert again(run).state == "done"


# --- whoever lost the run writes nothing ----------------------------------------------------------------------------


def claimed(run: Run) -> Progress:
    Run.objects.filter(number=run.number).update(state="running", worker="w1", attempts_count=1)
    return Progress(again(run))


@pytest.mark.parametrize("taken", [{"worker": "w2"}, {"attempts_count": 2}, {"state": "queued"}])
def test_a_worker_that_lost_its_run_is_told(county: small.County, taken: dict[str, Any]) -> None:
    run = start()
    progress = claimed(run)
    progress.advance(1)
    Run.objects.update(**taken)
    for attempt in (progress.check_cancelled, lambda: progress.save_checkpoint(x=1), progress.flush):
        with pytest.raises(RunLost):
            attempt()
    assert again(run).checkpoint == {}


def test_progress_writes_at_most_twice_a_second(county: small.County, django_assert_num_queries: Any) -> None:
    progress = claimed(start())
    progress.advance(1, 100, "开始")
    with django_assert_num_queries(0):
        for _ in range(50):
            progress.advance()
    progress.close()
    assert Run.objects.get().progress_count == 51


def test_cancelled_is_raised_from_advance(county: small.County) -> None:
    progress = claimed(start())
    Run.objects.update(state="cancelling")
    with pytest.raises(RunCancelled):
        progress.advance()


def test_two_workers_do_not_both_take_a_run(open_county: small.County) -> None:
    run = start(upto=3)
    results = together(*[lambda: runs.carry_out(run.number)] * 4)
    assert sorted(results) == ["done", "taken", "taken", "taken"]


# --- recovery -------------------------------------------------------------------------------------------------------


def break_off(run: Run, **changes: Any) -> None:
    given = {"state": "running", "worker": "elsewhere:1:1", "attempts_count": 1, "heartbeat_at": timezone.now()}
    Run.objects.filter(number=run.number).update(**(given | changes))
    DBTaskResult.objects.update(status="RUNNING")


def test_a_silent_run_is_queued_again(county: small.County) -> None:
    run = start()
    break_off(run, heartbeat_at=timezone.now() - timedelta(seconds=61))
    assert runs.recover() == 1
    assert (again(run).state, again(run).breaks_count) == ("queued", 1)
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY"]
    assert runs.recover() == 0
    assert runs.carry_out(run.number) == "done"


def test_a_run_that_still_reports_is_left_alone(county: small.County) -> None:
    run = start()
    break_off(run, heartbeat_at=timezone.now() - timedelta(seconds=55))
    assert runs.recover() == 0
    assert again(run).state == "running"


def test_a_process_that_is_gone_from_this_machine_is_known_at_once(county: small.County) -> None:
    run = start()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    name = f"{execution._machine()}:{dead.pid}:{execution._started(dead.pid)}"
    dead.wait()
    break_off(run, worker=name)
    assert runs.recover() == 1


def test_this_process_is_not_gone_but_a_reused_number_is() -> None:
    assert not execution.is_gone(execution.identity())
    machine, number, _ = execution.identity().split(":")
    assert execution.is_gone(f"{machine}:{number}:1")
    assert not execution.is_gone("another-machine:1:1")
    assert not execution.is_gone("")


def test_a_run_that_was_being_cancelled_when_its_worker_died_is_cancelled(county: small.County) -> None:
    run = start()
    break_off(run, state="cancelling", heartbeat_at=None)
    assert runs.recover() == 0
    assert again(run).state == "cancelled"


def test_a_run_that_keeps_breaking_its_worker_is_given_up(county: small.County) -> None:
    run = start()
    for _ in range(4):
        break_off(run, heartbeat_at=None)
        assert runs.recover() == 1
    break_off(run, heartbeat_at=None)
    assert runs.recover() == 0
    assert (again(run).state, again(run).refusals[0]["zh"]["code"]) == ("failed", "runs.too_many_attempts")
    assert runs.resume(again(run), by=access.SYSTEM).breaks_count == 0


def test_a_run_whose_task_was_never_queued_is_queued(county: small.County) -> None:
    start()
    DBTaskResult.objects.all().delete()
    assert (runs.recover(), runs.recover()) == (1, 0)
    assert DBTaskResult.objects.count() == 1


def test_the_queue_forgets_what_ended_long_ago_and_the_run_stays(county: small.County) -> None:
    run = start()
    now = timezone.now()
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=now - timedelta(days=29))
    assert worker.sweep_queue() == 0
    DBTaskResult.objects.update(finished_at=now - timedelta(days=31))
    assert worker.sweep_queue() == 1
    assert again(run).number == run.number


def test_two_workers_recover_a_run_once(open_county: small.County) -> None:
    run = start()
    break_off(run, heartbeat_at=None)
    assert sum(together(*[runs.recover] * 4)) == 1
    assert again(run).breaks_count == 1


def test_chores_are_done_when_due_and_one_fault_stops_no_other(db: Any, monkeypatch: Any, caplog: Any) -> None:
    monkeypatch.setattr(worker, "_CHORES", {})
    done: list[str] = []
    runs.periodic("bad", every_seconds=1)(lambda: 1 // 0)
    runs.periodic("good", every_seconds=3600)(lambda: done.append("good"))
    assert runs.do_chores() == ["good"]
    assert "fault in chore bad" in caplog.text
    assert runs.do_chores() == []
    assert done == ["good"]


# --- a worker that is really killed ---------------------------------------------------------------------------------


@pytest.fixture
def spawn(open_county: small.County, tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Starts real workers on the test's database and ends them with the test."""
    starter = Starter("tests.registry.worker_process", tmp_path / "workers", str(connection.settings_dict["NAME"]))
    yield starter.start
    starter.close()


def wait_until(is_so: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.mark.sweep
def test_a_killed_worker_loses_and_doubles_nothing(spawn: Callable[..., Started], tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    run = start("tests.slow", seconds=3, marks=str(marks))
    for steps_done in (10, 20):
        process = spawn()
        wait_until(lambda enough=steps_done: again(run).checkpoint.get("step", 0) >= enough)  # type: ignore[misc]
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert again(run).state == "running"
    spawn("--batch").wait(60)
    done = again(run)
    assert (done.state, done.result, done.attempts_count, done.breaks_count) == ("done", {"steps": 60}, 3, 2)
    steps = [int(line) for line in marks.read_text().split()]
    assert sorted(set(steps)) == list(range(60))
    assert len(steps) <= 62  # at most the step in hand at each kill is done again


@pytest.mark.sweep
def test_a_run_that_kills_every_worker_does_not_go_on_for_ever(
    spawn: Callable[..., Started],
) -> None:
    run = start("tests.die")
    for _ in range(5):
        assert spawn("--batch").wait(60) == -signal.SIGKILL
    assert spawn("--batch").wait(60) == 0
    assert (again(run).state, again(run).refusals[0]["zh"]["code"]) == ("failed", "runs.too_many_attempts")


# --- what the database itself holds ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "sleeping"},
        {"progress_count": -1},
        {"state": "done"},
        {"state": "queued", "finished_at": timezone.now()},
    ],
)
def test_the_database_refuses_an_impossible_run(county: small.County, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(kind="x", organisation_code=small.HOSPITAL, **wrong)
