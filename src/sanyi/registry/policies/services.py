"""政策参数服务: the book is read once, and again when the county's files in ``SANYI_HOME/policy`` have changed.

Every process looks at the state of that folder, so that a value confirmed in one holds in all at once.
"""

import logging
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sanyi.kernel.policy import PolicyBook, PolicyKey
from sanyi.kernel.refusals import RefusedError

PACKAGE = Path(__file__).resolve().parents[2]


_LOG = logging.getLogger("sanyi.policies")
_State = tuple[tuple[str, int, int], ...]
_last_good: list[PolicyBook] = []


def book() -> PolicyBook:
    """政策参数册: every topic's ``policy`` folder and the county's. Refuses with every mistake of every file.

    A county file that is wrong when the site starts is refused; one that becomes wrong later changes nothing, and is
    reported in the log, until it is mended.
    """
    return _book(_county_state())


def declarations() -> dict[str, PolicyKey]:
    """参数声明: by key."""
    return _declarations(_county_state())


@lru_cache(maxsize=2)
def _book(state: _State) -> PolicyBook:
    try:
        _last_good[:] = [PolicyBook.load(*folders())]
    except RefusedError as refused:
        if not _last_good:
            raise
        _LOG.error("the county's policy files are wrong and are not used: %s", refused)
    return _last_good[0]


@lru_cache(maxsize=2)
def _declarations(state: _State) -> dict[str, PolicyKey]:
    return {one.key: one for one in _book(state).keys()}  # noqa: SIM118  (a method of the book)


def _county_state() -> _State:
    """Name, instant of change and size of each file of the county."""
    folder = settings.SANYI_HOME / "policy"
    if not folder.is_dir():
        return ()
    found = []
    for path in sorted(folder.rglob("*.y*ml")):
        with suppress(FileNotFoundError):  # taken away meanwhile
            stat = path.stat()
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def forget() -> None:
    """忘记: the next question reads all files anew."""
    _last_good.clear()
    _book.cache_clear()
    _declarations.cache_clear()


def folders() -> tuple[Path, ...]:
    """政策目录: those that hold any file, the county's own last."""
    found = [*sorted(PACKAGE.glob("*/*/policy")), settings.SANYI_HOME / "policy"]
    return tuple(folder for folder in found if folder.is_dir() and any(folder.rglob("*.y*ml")))


def county() -> str:
    """本县代码: the 12-digit code of the county this installation serves."""
    return str(settings.SANYI_COUNTY)
