"""进度: how a running job reports, is cancelled, goes on where it stopped, and says what it computed from."""

import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from django.utils import timezone

from sanyi.registry.runs.codes import RunState
from sanyi.registry.runs.models import Run, RunLogLine

FLUSH_SECONDS = 0.5


class RunCancelled(Exception):  # noqa: N818  (not an error: somebody pressed the button)
    """已取消: raised inside the work when somebody has asked for it; let it pass."""


class RunLost(Exception):  # noqa: N818  (not an error: another worker has the run now)
    """已失去: another worker has taken this run over; nothing may be written any more."""


class Progress:
    """进度: handed to the work as its first argument. Writes at most twice a second.

    Call it outside transactions: what is written inside one is seen by nobody until it ends.
    """

    def __init__(self, run: Run) -> None:
        self.number = run.number
        self.organisation_code = run.organisation_code
        self.checkpoint: dict[str, Any] = dict(run.checkpoint)
        self._fence = {"number": run.number, "worker": run.worker, "attempts_count": run.attempts_count}
        self._count, self._total, self._message = run.progress_count, run.total_count, run.message
        self._provenance: dict[str, Any] = dict(run.provenance)
        self._flushed = 0.0

    def advance(self, n: int = 1, total: int | None = None, message: str | None = None) -> None:
        """前进: ``n`` more are done, of ``total`` if it is known now. Raises RunCancelled when asked to stop."""
        self.set(self._count + n, total, message)

    def set(self, count: int, total: int | None = None, message: str | None = None) -> None:
        """设定进度: ``count`` are done altogether. Raises RunCancelled when asked to stop."""
        self._count = max(0, count)
        self._total = self._total if total is None else max(0, total)
        self._message = self._message if message is None else message[:300]
        if time.monotonic() - self._flushed >= FLUSH_SECONDS:
            self.flush()

    def check_cancelled(self) -> None:
        """是否取消: asks now. Raises RunCancelled or RunLost."""
        self.flush()

    def log(self, text: str) -> None:
        """记日志: one sentence; no person's data."""
        RunLogLine.objects.create(run_id=self.number, text=text[:500])

    def save_checkpoint(self, **values: Any) -> None:
        """存断点: what a resumed run finds in ``checkpoint``."""
        self.checkpoint |= values
        self._write(checkpoint=self.checkpoint)

    def provenance(self, **values: Any) -> None:
        """存来源: rulebook version, policy digest, input versions; the package version is added by itself."""
        self._provenance |= {"package_version": version("sanyi"), **values}
        self._write(provenance=self._provenance)

    def flush(self) -> None:
        """写进度: at once. Raises RunCancelled or RunLost."""
        self._flushed = time.monotonic()
        self._write(progress_count=self._count, total_count=self._total, message=self._message)

    def close(self) -> None:
        """写完: the last figures, even if somebody asked to stop after the last piece of work."""
        figures = {"progress_count": self._count, "total_count": self._total, "message": self._message}
        Run.objects.filter(**self._fence).update(**figures)

    def _write(self, **values: Any) -> None:
        mine = Run.objects.filter(**self._fence)
        if mine.filter(state=RunState.RUNNING.value).update(heartbeat_at=timezone.now(), **values):
            return
        if mine.filter(state=RunState.CANCELLING.value).exists():
            raise RunCancelled
        raise RunLost


def provenance_of(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """来源: the given facts with the package version, in the form stored with results."""
    return {"package_version": version("sanyi"), **mapping}
