"""Processes that tests start and kill: forked from one that has imported everything, for importing is what costs.

Each is a real process with a number of its own, which dies by itself when it is killed. The module that is started has
``prepare(arguments)``, called once before anything is forked, and ``main(arguments)``, called in each process.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_STARTS_IN_SECONDS = 60.0


class Started:
    """A process that was started: what ``subprocess.Popen`` says of one, as far as tests ask."""

    def __init__(self, folder: Path, number: int) -> None:
        self._status, self.output = folder / f"{number}.status", folder / f"{number}.out"
        self.pid = int(_awaited(folder / f"{number}.pid"))

    def poll(self) -> int | None:
        """Its exit code, negative for the signal that killed it; None while it runs."""
        return int(self._status.read_text()) if self._status.exists() else None

    def wait(self, timeout: float = _STARTS_IN_SECONDS) -> int:
        return int(_awaited(self._status, timeout))

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            if self.poll() is None:
                self.send_signal(signal.SIGKILL)

    def lines(self) -> list[str]:
        """What it has said so far."""
        return self.output.read_text().splitlines()


class Starter:
    """Starts processes of one module; ``close`` ends them all."""

    def __init__(self, module: str, folder: Path, *arguments: str) -> None:
        self._folder = folder
        self._started: list[Started] = []
        folder.mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.starting", module, str(folder), *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: str) -> Started:
        assert self._process.stdin is not None
        number = len(self._started)
        self._process.stdin.write(json.dumps([number, arguments]) + "\n")
        self._process.stdin.flush()
        self._started.append(Started(self._folder, number))
        return self._started[-1]

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _awaited(path: Path, seconds: float = _STARTS_IN_SECONDS) -> str:
    end = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > end:
            raise TimeoutError(f"{path.name} did not come in {seconds} seconds")
        time.sleep(0.005)
    return path.read_text()


def _say(path: Path, text: str) -> None:
    """Written whole or not at all."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(text)
    part.replace(path)


def serve(module: str, folder: Path, arguments: Sequence[str]) -> None:
    """Fork a process for every line that comes in."""
    started = importlib.import_module(module)
    started.prepare(arguments)
    numbers: dict[int, int] = {}
    ended: dict[int, int] = {}

    def bury(*_: object) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if not pid:
                break
            ended[pid] = os.waitstatus_to_exitcode(status)
        for pid in [pid for pid in ended if pid in numbers]:
            _say(folder / f"{numbers[pid]}.status", str(ended.pop(pid)))

    signal.signal(signal.SIGCHLD, bury)
    for line in sys.stdin:
        number, own = json.loads(line)
        (folder / f"{number}.out").touch()
        pid = os.fork()
        if not pid:
            _become(started.main, folder / f"{number}.out", own)
        numbers[pid] = number
        _say(folder / f"{number}.pid", str(pid))
        bury()


def _become(main: object, output: Path, arguments: Sequence[str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    code = 0
    try:
        main(arguments)  # type: ignore[operator]
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  (the process ends with it)
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
