"""口径 (limits): the policy values the analysis needs on a day, as one plain object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sanyi.kernel.policy import PolicyBook

PREFIX = "insurance.case_mix."
NAMES = ("low_risk_per_mille", "low_risk_min_count", "death_ways", "funnel_levels", "funnel_min_count")
KEYS = {name: PREFIX + name for name in NAMES}
ASKER = "insurance.case_mix"


@dataclass(frozen=True, slots=True)
class Level:
    """漏斗界限: the probability of each tail in millionths, and the normal quantile that leaves as much."""

    name: str
    tail_e6: int
    z_e6: int


@dataclass(frozen=True, slots=True)
class Limits:
    """分析口径: ``levels`` from the inner to the outer."""

    low_risk_per_mille: int
    low_risk_min_count: int
    death_ways: tuple[str, ...]
    levels: tuple[Level, ...]
    funnel_min_count: int
    assumed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, book: PolicyBook, *, jurisdiction: str, on: date) -> Limits:
        """由政策参数取值: those in force in the jurisdiction on a day; refuses what is missing."""
        found = book.values(KEYS, jurisdiction=jurisdiction, on=on, asker=ASKER)
        levels = [Level(**row) for row in found["funnel_levels"].value]
        return cls(
            low_risk_per_mille=int(str(found["low_risk_per_mille"].value)),
            low_risk_min_count=int(str(found["low_risk_min_count"].value)),
            death_ways=tuple(found["death_ways"].value),
            levels=tuple(sorted(levels, key=lambda level: -level.tail_e6)),
            funnel_min_count=int(str(found["funnel_min_count"].value)),
            assumed=frozenset(name for name, value in found.items() if value.is_assumed),
        )


@dataclass(frozen=True, slots=True)
class CostLimits:
    """费用倍率界值: low in basis points of the group's mean; high by weight, pairs of greatest weight and limit."""

    low_bp: int
    high_bands: tuple[tuple[int, int], ...]
    group_min_count: int
