"""预拨与保证金 (advance and deposit): twelve months that add up, and what is held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanyi.kernel.money import Rounding, divide, share_fen

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Schedule:
    """预拨计划: what is due in each month, and the deposit; together the budget."""

    due_fen: tuple[int, ...]
    deposit_fen: int

    @property
    def total_fen(self) -> int:
        """预拨合计."""
        return sum(self.due_fen)


@dataclass(frozen=True, slots=True)
class BudgetVersion:
    """预算版次: the budget from after a month on (0: from the beginning of the year)."""

    after_month: int
    budget_fen: int


def schedule(budget_fen: int, prepay_bp: int, changes: Sequence[BudgetVersion] = ()) -> Schedule:
    """预拨计划: budget ÷ 12 × p each month; the last month takes the rounding back; the rest is the deposit.

    After a change the months still to come share what is left evenly; when more was advanced than the year now allows,
    nothing more is due and the difference is settled by the clearing. Basis: payment.md 6.2, PAY-09.
    """
    due: list[int] = []
    versions = [BudgetVersion(0, budget_fen), *changes]
    ends = [*(version.after_month for version in versions[1:]), MONTHS]
    for version, end in zip(versions, ends, strict=True):
        due += _months(version, prepay_bp, sum(due), len(due))[: max(0, end - len(due))]
    last = versions[-1].budget_fen
    return Schedule(tuple(due), last - share_fen(last, prepay_bp, Rounding.HALF_UP))


def _months(version: BudgetVersion, prepay_bp: int, advanced_fen: int, passed: int) -> list[int]:
    count = MONTHS - passed
    left = share_fen(version.budget_fen, prepay_bp, Rounding.HALF_UP) - advanced_fen
    if count == 0 or left <= 0:
        return [0] * count
    each = divide(left, count, Rounding.HALF_UP)
    return [each] * (count - 1) + [left - each * (count - 1)]
