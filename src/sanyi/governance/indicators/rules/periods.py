"""期间: years, quarters and months by their names (2025, 2025Q1, 2025-03), and the days they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from sanyi.governance.indicators.codes import Window, refusals
from sanyi.kernel.refusals import RefusedError

_NAME = re.compile(r"(?P<year>[12][0-9]{3})(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Period:
    """期间: from its first day to its last, both included."""

    name: str
    window: Window
    first_on: date
    last_on: date

    @property
    def label_zh(self) -> str:
        """名称: 2025年, 2025年第1季度, 2025年3月."""
        year = f"{self.first_on.year}年"
        if self.window is Window.QUARTER:
            return f"{year}第{self.name[-1]}季度"
        return f"{year}{self.first_on.month}月" if self.window is Window.MONTH else year


def period_of(name: str) -> Period:
    """按名称取期间: refuses what is none."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise RefusedError(refusals.PERIOD_WRONG(text=name))
    year = int(found["year"])
    if found["quarter"]:
        first = 3 * int(found["quarter"]) - 2
        return _made(name, Window.QUARTER, year, first, 3)
    if found["month"]:
        return _made(name, Window.MONTH, year, int(found["month"]), 1)
    return _made(name, Window.YEAR, year, 1, 12)


def periods_of_year(year: int) -> tuple[Period, ...]:
    """一年的期间: the year, its quarters, its months."""
    names = [f"{year}", *(f"{year}Q{n}" for n in range(1, 5)), *(f"{year}-{n:02d}" for n in range(1, 13))]
    return tuple(period_of(name) for name in names)


def around(on: date) -> tuple[Period, ...]:
    """某日所在的期间: its month, quarter and year."""
    names = (f"{on:%Y-%m}", f"{on.year}Q{(on.month + 2) // 3}", f"{on.year}")
    return tuple(period_of(name) for name in names)


def year_before(period: Period) -> Period:
    """上年同期: the same period of the year before."""
    return period_of(f"{period.first_on.year - 1}{period.name[4:]}")


def before(period: Period) -> Period:
    """上期: the period of the same length just before."""
    last = period.first_on - timedelta(days=1)
    return next(one for one in around(last) if one.window is period.window)


def months_of(period: Period) -> Iterator[str]:
    """所含月份: the names of its months."""
    for month in range(period.first_on.month, period.last_on.month + 1):
        yield f"{period.first_on.year}-{month:02d}"


def closure(years: list[int]) -> pl.DataFrame:
    """期间闭包: month, period, window: every month belongs to itself, its quarter and its year."""
    rows = [
        (month, period.name, period.window.value)
        for year in sorted(set(years))
        for period in periods_of_year(year)
        for month in months_of(period)
    ]
    return pl.DataFrame(rows, {"month": pl.String, "period": pl.String, "window": pl.String}, orient="row")


def _made(name: str, window: Window, year: int, first_month: int, count: int) -> Period:
    after = date(year + (first_month + count > 12), (first_month + count - 1) % 12 + 1, 1)
    return Period(name, window, date(year, first_month, 1), after - timedelta(days=1))
