"""政策参数服务: the book is read once per process; a county adds or replaces values in ``SANYI_HOME/policy``."""

from functools import cache
from pathlib import Path

from django.conf import settings

from sanyi.kernel.policy import PolicyBook, PolicyKey

PACKAGE = Path(__file__).resolve().parents[2]


@cache
def book() -> PolicyBook:
    """政策参数册: every topic's ``policy`` folder and the county's. Refuses with every mistake of every file."""
    return PolicyBook.load(*folders())


@cache
def declarations() -> dict[str, PolicyKey]:
    """参数声明: by key."""
    declared = book().keys()
    return {one.key: one for one in declared}


def folders() -> tuple[Path, ...]:
    """政策目录: those that hold any file, the county's own last."""
    found = [*sorted(PACKAGE.glob("*/*/policy")), settings.SANYI_HOME / "policy"]
    return tuple(folder for folder in found if folder.is_dir() and any(folder.rglob("*.y*ml")))


def county() -> str:
    """本县代码: the 12-digit code of the county this installation serves."""
    return str(settings.SANYI_COUNTY)
