"""周期规则: reads the words for a cycle, and cuts time into its periods."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from sanyi.governance.tasks import codes
from sanyi.governance.tasks.codes import Cycle
from sanyi.kernel.refusals import RefusedError

DECEMBER = 12
_MONTHS = {Cycle.MONTHLY: 1, Cycle.QUARTERLY: 3, Cycle.HALF_YEARLY: 6, Cycle.YEARLY: 12}
_ONCE = frozenset({"", "一次性", "单次", "长期", "持续", "长期坚持", "持续推进", "once"})
_WORDS = (
    (re.compile(r"每个?月|按月|月度|逐月"), Cycle.MONTHLY),
    (re.compile(r"每个?季度?|按季度?|季度|逐季"), Cycle.QUARTERLY),
    (re.compile(r"每半年|按半年|半年"), Cycle.HALF_YEARLY),
    (re.compile(r"每年|每年度|按年|年度|逐年|\d{1,2}月底"), Cycle.YEARLY),
)
_MONTH_END = re.compile(r"(\d{1,2})\s*月(?:底|末|份)")
_NUMERALS = {"十二": "12", "十一": "11", "十": "10", "九": "9", "八": "8", "七": "7", "六": "6", "五": "5", "四": "4",
             "三": "3", "二": "2", "一": "1"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CycleWords:
    """周期: and for a yearly one the month at whose end each year's work is due."""

    cycle: Cycle
    month: int = DECEMBER


@dataclass(frozen=True, slots=True)
class Period:
    """期次: ``label`` is 2026-03, 2026Q1, 2026H1 or 2026; both days are included; the last is the deadline."""

    label: str
    starts_on: date
    ends_on: date


def read_cycle(text: str) -> CycleWords:
    """读周期: a code of ``Cycle`` or Chinese words (每季度, 每年6月底). Refuses what it does not know."""
    words = text.strip()
    if words in set(Cycle):
        return CycleWords(Cycle(words))
    if words in _ONCE:
        return CycleWords(Cycle.ONCE)
    for numeral, digits in _NUMERALS.items():
        words = re.sub(rf"{numeral}(?=月)", digits, words)
    for pattern, cycle in _WORDS:
        if pattern.search(words):
            found = _MONTH_END.search(words) if cycle is Cycle.YEARLY else None
            month = int(found.group(1)) if found else DECEMBER
            if 1 <= month <= DECEMBER:
                return CycleWords(cycle, month)
    raise RefusedError(codes.CYCLE_UNKNOWN(text=text))


def period_of(cycle: Cycle, on: date, month: int = DECEMBER) -> Period:
    """所在期次: the period of a cycle that a day lies in. ``month`` ends the years of a yearly cycle.

    Raises ValueError for a task that does not come back.
    """
    if cycle is Cycle.ONCE:
        raise ValueError("a single task has no periods")
    length = _MONTHS[cycle]
    last = month if cycle is Cycle.YEARLY else length
    number = on.year * 12 + on.month - 1
    end = number + (last - 1 - number) % length
    first = date((end - length + 1) // 12, (end - length + 1) % 12 + 1, 1)
    year, last_month = end // 12, end % 12 + 1
    return Period(_label(cycle, year, last_month), first, date(year, last_month, monthrange(year, last_month)[1]))


def following(cycle: Cycle, period: Period, month: int = DECEMBER) -> Period:
    """下一期."""
    return period_of(cycle, period.ends_on + timedelta(days=1), month)


def periods(cycle: Cycle, first_on: date, on: date, month: int = DECEMBER) -> list[Period]:
    """应有期次: from the period of the first day to that of ``on``, both included; empty when ``on`` lies before."""
    found = []
    period = period_of(cycle, first_on, month)
    while period.starts_on <= on:
        found.append(period)
        period = following(cycle, period, month)
    return found


def quarter_of(on: date) -> str:
    """所在季度: 2026Q3."""
    return period_of(Cycle.QUARTERLY, on).label


def quarter_days(label: str) -> Period:
    """季度起止: of a label such as 2026Q3. Refuses anything else."""
    found = re.fullmatch(r"(\d{4})Q([1-4])", label)
    if not found or int(found.group(1)) < 1:
        raise RefusedError(codes.QUARTER_WRONG(text=label))
    return period_of(Cycle.QUARTERLY, date(int(found.group(1)), 3 * int(found.group(2)), 1))


def _label(cycle: Cycle, year: int, last_month: int) -> str:
    if cycle is Cycle.MONTHLY:
        return f"{year:04d}-{last_month:02d}"
    if cycle is Cycle.QUARTERLY:
        return f"{year:04d}Q{last_month // 3}"
    if cycle is Cycle.HALF_YEARLY:
        return f"{year:04d}H{last_month // 6}"
    return f"{year:04d}"
