"""权限参数: the dated figures and roles of ``access/policy/``, in force today in this county."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from sanyi.kernel.policy import PolicyBook

FOLDER = Path(__file__).resolve().parents[1] / "policy"


def limit(name: str) -> int:
    """参数值: a whole number such as ``lock_out_minutes``."""
    return int(value(name))


def value(name: str) -> Any:
    """参数: any value of the topic by the last part of its key."""
    return (
        book()
        .value(
            f"registry.access.{name}",
            jurisdiction=settings.SANYI_COUNTY,
            on=timezone.localdate(),
            asker="registry.access",
        )
        .value
    )


@cache
def book() -> PolicyBook:
    """参数册: read once."""
    return PolicyBook.load(FOLDER)
