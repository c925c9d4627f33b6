"""演示县文件夹: what stands in the home folder, who is building it, and how far it got.

``demo.json`` says which county it holds and which stages are done. A folder that holds anything else is never touched.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sanyi.demo.codes import HOME_HOLDS_ANOTHER_COUNTY, HOME_IS_IN_USE, HOME_IS_NOT_A_DEMONSTRATION
from sanyi.kernel.refusals import RefusedError

MARK, LOCK, SIGN_INS, COUNTY, SAMPLES = "demo.json", "demo.lock", "sign-ins.txt", "county", "samples"
_CACHE = "cache"
_NOT_A_SIGN_OF_LIFE = frozenset({LOCK, "secret-key", _CACHE})


@dataclass(slots=True)
class State:
    """建立状态: which county a home holds and how far it got."""

    county: str
    residents: int
    seed: int
    stages: list[str] = field(default_factory=list)

    def words(self) -> str:
        """说明: in words for a sentence."""
        return f"{self.county}，居民 {self.residents} 人，种子 {self.seed}"

    def is_same_county(self, other: State) -> bool:
        """是否同一演示县: the stages aside."""
        return (self.county, self.residents, self.seed) == (other.county, other.residents, other.seed)


def read(home: Path) -> State | None:
    """读取状态: None when the folder holds no demonstration."""
    mark = home / MARK
    if not mark.is_file():
        return None
    content = json.loads(mark.read_text())
    return State(**{key: content[key] for key in ("county", "residents", "seed", "stages")})


def write(home: Path, state: State) -> None:
    """写入状态: in one step, so that a broken build never leaves half a file."""
    draft = home / f"{MARK}.new"
    draft.write_text(json.dumps(asdict(state), ensure_ascii=False))
    draft.replace(home / MARK)


def prepare(home: Path, wanted: State, *, is_fresh: bool, lasting: str) -> tuple[State, bool]:
    """准备文件夹: the state to go on from, and whether an unfinished build was thrown away.

    ``lasting`` is the stage after which what is there is kept; before it an interrupted build starts anew.
    RefusedError: the folder holds another county, or something that is no demonstration.
    """
    found = read(home)
    if found is None and any(path.name not in _NOT_A_SIGN_OF_LIFE for path in home.iterdir()):
        raise RefusedError(HOME_IS_NOT_A_DEMONSTRATION(home=home))
    if found is not None and not is_fresh and not found.is_same_county(wanted):
        raise RefusedError(HOME_HOLDS_ANOTHER_COUNTY(home=home, found=found.words(), wanted=wanted.words()))
    if found is not None and not is_fresh and lasting in found.stages:
        return found, False
    empty(home)
    write(home, wanted)
    return wanted, found is not None and not is_fresh


def empty(home: Path) -> None:
    """清空: everything but the lock that we hold, and the compiled schemes, which belong to no county."""
    for path in home.iterdir():
        if path.name in (LOCK, _CACHE):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextmanager
def held(home: Path) -> Iterator[int]:
    """占用: one build or demonstration per folder; the system lets go of it when the process ends, however it ends.

    Gives the handle of the lock, for a program that takes this one's place and keeps the folder.
    """
    home.mkdir(parents=True, exist_ok=True)
    handle = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _is_locked_by_us(handle):
            raise RefusedError(HOME_IS_IN_USE(home=home))
        yield handle
    finally:
        os.close(handle)


def _is_locked_by_us(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # a system without file locks: two builds at once are then the user's to avoid
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def write_privately(path: Path, text: str) -> None:
    """私密写入: a file that only its owner reads, from its first byte on."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
