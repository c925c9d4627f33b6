"""日期 (dates): ages, length of stay, working days of the Chinese calendar.

Pure: no clock. Every function takes its dates; ages have a twin on Polars columns with the same results.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path

import polars as pl

from sanyi.kernel import codes
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.yaml_lines import Located, read_yaml

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""北京时间: UTC+8 all year."""

_HOLIDAY_FILE = Path(__file__).parent / "data" / "holidays_cn.yaml"
_ONE_DAY = timedelta(days=1)


def age_years(born_on: date, on: date) -> int:
    """周岁: completed years. Somebody born on 29 February completes a year on 1 March of a common year."""
    _refuse_before_birth(born_on, on)
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def age_days(born_on: date, on: date) -> int:
    """日龄: completed days, 0 on the day of birth."""
    _refuse_before_birth(born_on, on)
    return (on - born_on).days


def length_of_stay_days(admitted_on: date, discharged_on: date) -> int:
    """实际住院天数: days from admission to discharge; the two days count as one, and a stay within a day is one day.

    Basis: 住院病案首页部分项目填写说明（卫医政发〔2011〕84号），“入院日与出院日只计算一天”。
    """
    if discharged_on < admitted_on:
        raise RefusedError(codes.DISCHARGE_BEFORE_ADMISSION(admitted_on=admitted_on, discharged_on=discharged_on))
    return max(1, (discharged_on - admitted_on).days)


def age_years_expr(born_on: pl.Expr, on: pl.Expr) -> pl.Expr:
    """周岁（列）: as ``age_years``; null where ``on`` is before birth."""
    before_birthday = (on.dt.month() < born_on.dt.month()) | (
        (on.dt.month() == born_on.dt.month()) & (on.dt.day() < born_on.dt.day())
    )
    years = on.dt.year().cast(pl.Int64) - born_on.dt.year().cast(pl.Int64) - before_birthday.cast(pl.Int64)
    return pl.when(on >= born_on).then(years)


def age_days_expr(born_on: pl.Expr, on: pl.Expr) -> pl.Expr:
    """日龄（列）: as ``age_days``; null where ``on`` is before birth."""
    return pl.when(on >= born_on).then((on - born_on).dt.total_days())


def length_of_stay_days_expr(admitted_on: pl.Expr, discharged_on: pl.Expr) -> pl.Expr:
    """实际住院天数（列）: as ``length_of_stay_days``; null where discharge is before admission."""
    days = (discharged_on - admitted_on).dt.total_days()
    return pl.when(days >= 0).then(pl.max_horizontal(days, pl.lit(1, dtype=pl.Int64)))


@dataclass(frozen=True, slots=True)
class Holiday:
    """节假日: one holiday of one notice, both ends included."""

    name_zh: str
    name_en: str
    starts_on: date
    ends_on: date
    basis: str


class HolidayCalendar:
    """节假日历: which days are worked, for the years whose notices are known; other years are refused."""

    def __init__(self, years: Mapping[int, str], holidays: Iterable[Holiday], worked: Iterable[date]) -> None:
        self.years = dict(sorted(years.items()))
        self.holidays = tuple(sorted(holidays, key=lambda holiday: holiday.starts_on))
        off = {d for holiday in self.holidays for d in _days(holiday.starts_on, holiday.ends_on)}
        on = frozenset(worked)
        weekdays = (d for year in self.years for d in _days(date(year, 1, 1), date(year, 12, 31)))
        self._working_days = [d for d in weekdays if d in on or (d.weekday() < 5 and d not in off)]
        self._working_set = frozenset(self._working_days)
        content = f"{list(self.years.items())}{self.holidays}{sorted(on)}"
        self.digest = hashlib.sha256(content.encode()).hexdigest()

    @classmethod
    def load(cls, path: Path | str | None = None) -> HolidayCalendar:
        """读取节假日历: from a file in the form of ``data/holidays_cn.yaml``, or that file itself. Refuses mistakes."""
        return _shipped_calendar() if path is None else _read_calendar(Path(path))

    def is_working_day(self, d: date) -> bool:
        """是否工作日: refuses a year without a notice."""
        d = _day(d)
        self._require_year(d.year)
        return d in self._working_set

    def add_working_days(self, d: date, n: int) -> date:
        """顺延工作日: the n-th working day after ``d``, which itself is not counted; n below zero counts back.

        With n = 0: ``d`` itself if it is worked, otherwise the next working day.
        """
        d = _day(d)
        self._require_year(d.year)
        if n == 0:
            return d if d in self._working_set else self.add_working_days(d, 1)
        after = bisect_right(self._working_days, d)
        position = after + n - 1 if n > 0 else after + n - (d in self._working_set)
        if position < 0:
            self._require_year(next(iter(self.years)) - 1)
        if position >= len(self._working_days):
            self._require_year(next(reversed(self.years)) + 1)
        found = self._working_days[position]
        for year in range(min(d, found).year, max(d, found).year + 1):
            self._require_year(year)
        return found

    def working_days_between(self, a: date, b: date) -> int:
        """间隔工作日数: working days after ``a`` up to and including ``b``; negative when ``b`` is the earlier."""
        a, b = _day(a), _day(b)
        for year in range(min(a, b).year, max(a, b).year + 1):
            self._require_year(year)
        return bisect_right(self._working_days, b) - bisect_right(self._working_days, a)

    def add_working_hours(self, at: datetime, hours: int) -> datetime:
        """顺延工作日小时: hours that run round the clock on working days and stand still on other days.

        A Friday 17:00 plus 24 hours is the following Monday 17:00. An aware instant is counted in China time.
        """
        local = at.astimezone(CHINA) if at.tzinfo else at
        left = timedelta(hours=hours)
        if not self.is_working_day(local):
            local = datetime.combine(self.add_working_days(local, 1), time(), tzinfo=local.tzinfo)
        while left > (until_midnight := datetime.combine(local.date() + _ONE_DAY, time(), tzinfo=local.tzinfo) - local):
            left -= until_midnight
            local = datetime.combine(self.add_working_days(local, 1), time(), tzinfo=local.tzinfo)
        return (local + left).astimezone(at.tzinfo) if at.tzinfo else local + left

    def _require_year(self, year: int) -> None:
        if year not in self.years:
            covered = "、".join(str(known) for known in self.years)
            raise RefusedError(codes.YEAR_NOT_COVERED(year=year, covered=covered))


@cache
def _shipped_calendar() -> HolidayCalendar:
    return _read_calendar(_HOLIDAY_FILE)


def _read_calendar(path: Path) -> HolidayCalendar:
    from sanyi.kernel.holiday_file import read_holidays

    root: Located = read_yaml(path)
    years, rows, worked = read_holidays(root, file=str(path))
    return HolidayCalendar(years, (Holiday(*row) for row in rows), worked)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _day(d: date) -> date:
    return d.date() if isinstance(d, datetime) else d


def _refuse_before_birth(born_on: date, on: date) -> None:
    if on < born_on:
        raise RefusedError(codes.DATE_BEFORE_BIRTH(born_on=born_on, on=on))
