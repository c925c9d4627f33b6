"""断电测试: a process that takes files in is killed (SIGKILL) again and again; nothing is lost and nothing doubled."""

from __future__ import annotations

import json
import random
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.intake.services import accepting
from sanyi.exchange.lake.services import lake
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from tests.exchange.lists import csv_bytes, row
from tests.registry.county import HOSPITAL, County
from tests.starting import Starter

FILES = 5
KILLS = 7


def files(folder: Path) -> dict[str, int]:
    """Files that overlap: each brings new rows and corrects some of the file before. Returns the final amounts."""
    folder.mkdir()
    expected: dict[str, int] = {}
    for number in range(FILES):
        rows = []
        for key in range(number * 3, number * 3 + 5):
            cash = f"{2860 + number}.00"
            total = f"{8640 + number}.00"
            rows.append(row(key, total_fen=total, bed_fen=f"{280 + number}.00", cash_payment_fen=cash))
            expected[f"SL{key:06d}"] = (8640 + number) * 100
        rows.append(row(900 + number, total_fen="1"))
        (folder / f"{number}.csv").write_bytes(csv_bytes(rows))
    return expected


@pytest.mark.sweep
@pytest.mark.django_db(transaction=True)
def test_killed_at_random_points_nothing_is_lost_and_nothing_doubled(
    open_county: County, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    by = open_county.actor("hospital_insurance_office")
    expected = files(tmp_path / "in")
    heard: list[int] = []
    monkeypatch.setattr(accepting, "_HANDLERS", {"test": lambda told: heard.append(told.number)})
    chance = random.Random(20250301)
    killed_at: list[str] = []
    with closing(starter(settings, tmp_path)) as processes:
        for _ in range(KILLS):
            survived, where = run_and_kill(processes, tmp_path, chance.uniform(0.02, 1.6))
            killed_at.append(where)
            check_never_doubled()
            if survived:
                break
    assert any(where.startswith("send") for where in killed_at), "some kill must hit a file on its way"
    finish(by, tmp_path / "in")
    current = lake().current(SETTLEMENT_LIST).select("settlement_id", "total_fen").collect()
    assert dict(current.rows()) == expected
    written = {commit.batch_number: commit.row_count for commit in lake().history("settlement_list")}
    for batch in Batch.objects.select_related("case"):
        assert batch.state in (BatchState.ACCEPTED, BatchState.SUPERSEDED)
        assert batch.refused_count == 1
        assert intake.original_of(batch).read_bytes() == (tmp_path / "in" / batch.file_name).read_bytes()
        assert batch.written_count == written.get(batch.number, 0)
        if batch.state is BatchState.SUPERSEDED:
            assert batch.number not in written, "what was replaced while it waited never entered"
        else:
            assert batch.announced_at is not None
    for name in sorted(path.name for path in (tmp_path / "in").iterdir()):
        attempts = Batch.objects.filter(file_name=name).order_by("attempt")
        assert [batch.attempt for batch in attempts] == list(range(1, len(attempts) + 1))
        assert attempts[0].written_count == 5 or attempts[0].state is BatchState.SUPERSEDED
        assert attempts[len(attempts) - 1].state is BatchState.ACCEPTED
    check_never_doubled()


def starter(settings: Any, tmp_path: Path) -> Starter:
    """Of processes that take files in."""
    database = {name: str(connection.settings_dict[name]) for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    folders = (str(settings.LAKE_ROOT), str(settings.FILES_ROOT))
    return Starter("tests.exchange.intake.intake_process", tmp_path / "processes", json.dumps(database), *folders)


def run_and_kill(processes: Starter, tmp_path: Path, after_seconds: float) -> tuple[bool, str]:
    """Starts a process and kills it so long after it is ready; returns whether it was quicker, and its last line."""
    process = processes.start(str(tmp_path / "in"))
    while not process.lines():
        assert process.poll() is None, "it died before it was ready"
        time.sleep(0.002)
    assert process.lines()[0] == "ready"
    deadline = time.monotonic() + after_seconds
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    is_over = process.poll() is not None
    process.kill()
    process.wait()
    return is_over, process.lines()[-1]


def finish(by: Any, folder: Path) -> None:
    """What the next process does: goes on with what was left, then everything is simply sent again."""
    intake.recover()
    for path in sorted(folder.iterdir()):
        batch = intake.receive(path.read_bytes(), "settlement_list", HOSPITAL, by=by, file_name=path.name)
        if batch.state is BatchState.CHECKED:
            intake.accept(batch, by=by)


def check_never_doubled() -> None:
    """At every moment: a batch is in the lake at most once, and of one file at most one batch is on its way.

    A file is received anew only when a later one has corrected its rows since: sent in order, all ends well.
    """
    on_the_way = Batch.objects.select_related("case").in_state(
        BatchState.RECEIVED, BatchState.CHECKED, BatchState.ACCEPTING
    )
    digests = [batch.file_digest for batch in on_the_way]
    assert len(digests) == len(set(digests))
    if not lake().exists("settlement_list"):
        return
    numbers = [commit.batch_number for commit in lake().history("settlement_list") if commit.batch_number is not None]
    assert len(numbers) == len(set(numbers))
    rows = lake().scan("settlement_list").select("settlement_id", "_batch_number").collect()
    assert rows.height == rows.unique().height


STEPS = ("before the lake", "after the lake", "after the database")


@pytest.mark.django_db
@pytest.mark.parametrize("step", STEPS)
def test_a_death_between_two_steps_of_acceptance(county: County, monkeypatch: Any, step: str) -> None:
    """The exact points between which a kill could fall, one by one."""
    by = county.actor("hospital_insurance_office")
    batch = intake.receive(csv_bytes([row(1), row(2)]), "settlement_list", HOSPITAL, by=by, file_name="a.csv")
    heard: list[int] = []
    monkeypatch.setattr(accepting, "_HANDLERS", {"test": lambda told: heard.append(told.number)})
    real = {name: getattr(accepting, name) for name in ("_into_lake", "_finish", "announce")}

    class Death(BaseException):
        pass

    def die(*_: Any, **__: Any) -> None:
        raise Death

    def write_and_die(*arguments: Any) -> None:
        real["_into_lake"](*arguments)
        raise Death

    broken = {"before the lake": ("_into_lake", die), "after the lake": ("_into_lake", write_and_die),
              "after the database": ("announce", die)}[step]  # fmt: skip
    monkeypatch.setattr(accepting, *broken)
    with pytest.raises(Death):
        intake.accept(batch, by=by)
    monkeypatch.setattr(accepting, broken[0], real[broken[0]])
    assert lake().exists("settlement_list") is (step != "before the lake")
    assert intake.recover() == [batch.number]
    batch = Batch.objects.select_related("case").get(pk=batch.pk)
    assert (batch.state, batch.written_count, batch.new_count, batch.lake_version) == (BatchState.ACCEPTED, 2, 2, 0)
    assert batch.announced_at is not None
    assert heard == [batch.number]
    assert lake().scan("settlement_list").collect().height == 2
    assert intake.recover() == []


@pytest.mark.django_db
def test_a_death_in_the_check_leaves_a_batch_that_is_checked_again(county: County, monkeypatch: Any) -> None:
    from sanyi.exchange.intake.services import checking

    by = county.actor("hospital_insurance_office")
    monkeypatch.setattr(checking, "check_file", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        intake.receive(csv_bytes([row(1)]), "settlement_list", HOSPITAL, by=by, file_name="a.csv")
    monkeypatch.undo()
    batch = Batch.objects.select_related("case").get()
    assert batch.state is BatchState.RECEIVED
    assert intake.recover() == [batch.number]
    assert Batch.objects.select_related("case").get().state is BatchState.CHECKED
