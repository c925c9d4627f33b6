"""权限参数: the dated figures and roles of ``access/policy/``, in force today in this county."""

from typing import Any

from django.utils import timezone

from sanyi.registry.policies import services as policies


def limit(name: str) -> int:
    """参数值: a whole number such as ``lock_out_minutes``."""
    return int(value(name))


def value(name: str) -> Any:
    """参数: any value of the topic by the last part of its key."""
    found = policies.book().value(
        f"registry.access.{name}",
        jurisdiction=policies.county(),
        on=timezone.localdate(),
        asker="registry.access",
    )
    return found.value
