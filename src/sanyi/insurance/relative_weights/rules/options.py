"""测算口径 (options): the policy values a measurement needs, and what was chosen for it, as one plain object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sanyi.insurance.relative_weights.codes import METHOD_UNKNOWN, Method
from sanyi.kernel.policy import PolicyBook
from sanyi.kernel.refusals import RefusedError

PREFIX = "insurance.relative_weights."
NAMES = (
    "trimming", "trimmed_report_bp", "stay_min_days", "stay_max_days", "early_leaving_hours", "early_leaving_ways",
    "stable_min_count", "stable_cv_e6",
)  # fmt: skip
KEYS = {name: PREFIX + name for name in NAMES}
NATION = "000000000000"
ASKER = "insurance.relative_weights"


@dataclass(frozen=True, slots=True)
class Trimming:
    """费用裁剪: inside a group of at least ``group_min_count`` stays, costs outside the bounds are left out.

    The bounds are the percentiles ``low_bp`` and ``high_bp``; with ``fence_e2`` (150 is 1.5) they are moved outwards
    by that many times the distance of the two.
    """

    method: str
    low_bp: int
    high_bp: int
    fence_e2: int
    group_min_count: int


@dataclass(frozen=True, slots=True)
class Options:
    """测算口径: limits of days are None where they were not chosen; hours likewise."""

    trimming: Trimming
    trimmed_report_bp: int
    stay_min_days: int | None
    stay_max_days: int | None
    early_leaving_hours: int | None
    early_leaving_ways: tuple[str, ...]
    stable_min_count: int
    stable_cv_e6: int
    assumed: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        book: PolicyBook,
        *,
        jurisdiction: str,
        on: date,
        method: str = Method.PERCENTILE.value,
        is_stay_limited: bool = True,
        is_early_leaving_excluded: bool = True,
    ) -> Options:
        """由政策参数取值: those in force in the jurisdiction on a day. Refuses an unknown method and missing values."""
        found = book.values(KEYS, jurisdiction=jurisdiction, on=on, asker=ASKER)
        value = {name: one.value for name, one in found.items()}
        methods = {row["method"]: Trimming(**row) for row in value["trimming"]}
        if method not in methods:
            raise RefusedError(METHOD_UNKNOWN(method=method, known="、".join(methods)))
        return cls(
            trimming=methods[method],
            trimmed_report_bp=value["trimmed_report_bp"],
            stay_min_days=(value["stay_min_days"] or None) if is_stay_limited else None,
            stay_max_days=value["stay_max_days"] if is_stay_limited else None,
            early_leaving_hours=value["early_leaving_hours"] if is_early_leaving_excluded else None,
            early_leaving_ways=tuple(value["early_leaving_ways"]),
            stable_min_count=value["stable_min_count"],
            stable_cv_e6=value["stable_cv_e6"],
            assumed=frozenset(name for name, one in found.items() if one.is_assumed),
        )

    @classmethod
    def shipped(
        cls,
        method: str = Method.NONE.value,
        *,
        is_stay_limited: bool = False,
        is_early_leaving_excluded: bool = False,
        on: date = date(2025, 1, 1),
    ) -> Options:
        """随附口径: the nation's values, for use without a county's policy; nothing is left out unless asked for."""
        return cls.of(
            _shipped(),
            jurisdiction=NATION,
            on=on,
            method=method,
            is_stay_limited=is_stay_limited,
            is_early_leaving_excluded=is_early_leaving_excluded,
        )


@cache
def _shipped() -> PolicyBook:
    return PolicyBook.load(Path(__file__).resolve().parent.parent / "policy")
