"""口径参数: the policy values that computing, judging and publishing need on a day, as one plain object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sanyi.kernel.policy import PolicyBook

PREFIX = "governance.indicators."
ASKER = "governance.indicators"
NAMES = (
    "small_count",
    "open_counts",
    "about_bp",
    "posting_months",
    "posting_month_days",
    "readmission_days",
    "population_bases",
)
KEYS = {name: PREFIX + name for name in NAMES}


@dataclass(frozen=True, slots=True)
class Limits:
    """口径参数: those in force in a jurisdiction on a day; ``assumed`` names those that rest on an assumption."""

    small_count: int
    open_counts: frozenset[str]
    about_bp: int
    posting_months: int
    posting_month_days: int
    readmission_days: int
    population_bases: tuple[str, ...]
    assumed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, book: PolicyBook, *, jurisdiction: str, on: date) -> Limits:
        """由政策参数取值: refuses what is missing."""
        found = book.values(KEYS, jurisdiction=jurisdiction, on=on, asker=ASKER)
        return cls(
            small_count=int(str(found["small_count"].value)),
            open_counts=frozenset(found["open_counts"].value),
            about_bp=int(str(found["about_bp"].value)),
            posting_months=int(str(found["posting_months"].value)),
            posting_month_days=int(str(found["posting_month_days"].value)),
            readmission_days=int(str(found["readmission_days"].value)),
            population_bases=tuple(found["population_bases"].value),
            assumed=frozenset(name for name, value in found.items() if value.is_assumed),
        )
