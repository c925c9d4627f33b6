"""Kinds of runs for the tests: one that counts, one that fails each way, one that dies."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from sanyi.kernel.refusals import RefusalKind, RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.models import Run
from sanyi.registry.runs.services import Progress, run_kind
from tests.registry import county as small

REFUSAL = RefusalKind(
    code="tests.run_refused",
    message_zh="数据不行。",
    remedy_zh="请改正。",
    message_en="Bad data.",
    remedy_en="Mend it.",
)


def start(kind: str = "tests.count", **parameters: Any) -> Run:
    return runs.start(kind, by=access.SYSTEM, organisation_code=small.HOSPITAL, parameters=parameters)


def again(run: Run) -> Run:
    return Run.objects.get(number=run.number)


@run_kind("tests.count", zh="数数", en="Counting", result_url=lambda run: f"/counted/{run.number}/")
def count(progress: Progress, *, upto: int = 3) -> dict[str, Any]:
    """Counts on from its checkpoint."""
    for number in range(progress.checkpoint.get("counted", 0), upto):
        progress.save_checkpoint(counted=number + 1)
        progress.set(number + 1, upto, f"第{number + 1}个")
        progress.check_cancelled()
    progress.provenance(rulebook_version="1", input_versions={"stays": 3})
    progress.log("数完了")
    return {"counted": upto}


@run_kind("tests.refuse", zh="拒绝", en="Refusing")
def refuse(progress: Progress) -> None:
    raise RefusedError(REFUSAL().at(row=7))


@run_kind("tests.fault", zh="故障", en="Fault")
def fault(progress: Progress) -> None:
    raise ZeroDivisionError("secret value")


@run_kind("tests.slow", zh="慢", en="Slow")
def slow(progress: Progress, *, seconds: float, marks: str) -> dict[str, int]:
    """Leaves one mark per step that was really finished, so that doubles and gaps can be seen."""
    steps = int(seconds * 20)
    for step in range(progress.checkpoint.get("step", 0), steps):
        with Path(marks).open("a") as file:
            file.write(f"{step}\n")
        progress.save_checkpoint(step=step + 1)
        progress.set(step + 1, steps)
        time.sleep(0.05)
    return {"steps": steps}


@run_kind("tests.die", zh="死", en="Dying")
def die(progress: Progress) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
