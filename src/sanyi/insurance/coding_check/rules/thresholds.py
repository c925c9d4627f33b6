"""界值 (thresholds): the policy values that a check needs, as one plain object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sanyi.kernel.policy import PolicyBook

PREFIX = "insurance.coding_check."
KEYS = (
    "cost_low_bp", "cost_high_bands", "stay_low_bp", "stay_high_bp", "long_stay_days", "statistics_stays_count",
    "newborn_weight_min_grams", "newborn_weight_max_grams", "not_main_ranges", "pregnancy_ranges",
)  # fmt: skip
NATION = "000000000000"
_ASKER = "insurance.coding_check"


@dataclass(frozen=True, slots=True)
class CodeRange:
    """编码范围: three-character categories from ``first`` to ``last``, both included."""

    first: str
    last: str
    zh: str
    en: str
    basis: str

    def holds(self, code: str) -> bool:
        """是否在范围内: decided by the first three characters."""
        return len(code) >= 3 and self.first <= code[:3] <= self.last


@dataclass(frozen=True, slots=True)
class Thresholds:
    """界值: shares in basis points; ``cost_high_bands`` are pairs of greatest weight (e6) and limit (bp), rising."""

    cost_low_bp: int
    cost_high_bands: tuple[tuple[int, int], ...]
    stay_low_bp: int
    stay_high_bp: int
    long_stay_days: int
    statistics_stays_count: int
    newborn_weight_min_grams: int
    newborn_weight_max_grams: int
    not_main_ranges: tuple[CodeRange, ...]
    pregnancy_ranges: tuple[CodeRange, ...]
    assumed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, book: PolicyBook, *, jurisdiction: str, on: date) -> Thresholds:
        """由政策参数取值: those in force in the jurisdiction on a day; refuses what is missing."""
        keys = {name: PREFIX + name for name in KEYS}
        found = book.values(keys, jurisdiction=jurisdiction, on=on, asker=_ASKER)
        values: dict[str, Any] = {name: value.value for name, value in found.items()}
        bands = sorted((band["weight_max_e6"], band["limit_bp"]) for band in values["cost_high_bands"])
        ranges = {name: _ranges(values[name]) for name in ("not_main_ranges", "pregnancy_ranges")}
        assumed = frozenset(name for name, value in found.items() if value.is_assumed)
        return cls(**(values | ranges | {"cost_high_bands": tuple(bands), "assumed": assumed}))

    @classmethod
    def shipped(cls, on: date = date(2025, 1, 1)) -> Thresholds:
        """随附界值: the nation's, for use without a county's policy."""
        return _shipped(on)

    def cost_high_bp(self, weight_e6: int | None) -> int:
        """高倍率界值: of a weight; an unknown weight gets the widest limit."""
        if weight_e6 is None:
            return max(limit for _, limit in self.cost_high_bands)
        fitting = (limit for most, limit in self.cost_high_bands if weight_e6 <= most)
        return next(fitting, self.cost_high_bands[-1][1])


def _ranges(rows: tuple[Mapping[str, str], ...]) -> tuple[CodeRange, ...]:
    return tuple(CodeRange(**row) for row in rows)


@cache
def _shipped(on: date) -> Thresholds:
    book = PolicyBook.load(Path(__file__).resolve().parent.parent / "policy")
    return Thresholds.of(book, jurisdiction=NATION, on=on)
