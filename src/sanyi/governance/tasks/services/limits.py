"""督办参数: time limits and lists of policy for this county on a day."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from sanyi.kernel.policy import PolicyValue
from sanyi.kernel.workflow import Deadline
from sanyi.registry.policies import services as policies

PREFIX = "governance.tasks."


def value(name: str, on: date | None = None) -> Any:
    """参数值: of ``governance.tasks.<name>``."""
    return cited(name, on).value


def cited(name: str, on: date | None = None) -> PolicyValue:
    """参数及依据."""
    day = on or timezone.localdate()
    return policies.book().value(PREFIX + name, jurisdiction=policies.county(), on=day, asker="governance.tasks")


def working_days(name: str) -> Deadline:
    """时限: in working days, as policy gives it."""
    return Deadline(working_days=int(value(name)))


def end_of(day: date) -> datetime:
    """当日终: the last second of a day, in the county's time."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def topics(language: str = "zh") -> dict[str, str]:
    """问题类别: code to name."""
    spoken = "en" if language == "en" else "zh"
    return {row["code"]: row[spoken] for row in value("problem_topics")}
