"""办理时限: when a state must have been left, by the holiday calendar as far as it reaches."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sanyi.kernel.dates import CHINA, HolidayCalendar
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import State
from sanyi.registry.cases.services.charts import ChartEntry

YEARS_AHEAD = 2


def due_of(
    entry: ChartEntry, state: State, data: Mapping[str, Any], entered_at: datetime
) -> tuple[datetime | None, bool]:
    """办件到期时刻: by the chart's own limit, or by what its topic says of this case."""
    limit = entry.time_limit(data, state.code) if entry.time_limit else None
    if isinstance(limit, datetime):
        return limit, False
    return due_at(state if limit is None else replace(state, deadline=limit), entered_at)


def due_at(state: State, entered_at: datetime) -> tuple[datetime | None, bool]:
    """到期时刻: and whether it is assumed, because the holidays of a year are not yet announced (weekends alone)."""
    if state.deadline is None:
        return None, False
    try:
        return state.deadline.due_at(entered_at, HolidayCalendar.load()), False
    except RefusedError:
        year = entered_at.astimezone(CHINA).year if entered_at.tzinfo else entered_at.year
        return state.deadline.due_at(entered_at, _with_weekends(year)), True


@cache
def _with_weekends(year: int) -> HolidayCalendar:
    """The announced years, and this and the next years with plain weekends."""
    known = HolidayCalendar.load()
    years = {**dict.fromkeys(range(year, year + YEARS_AHEAD + 1), "节假日安排尚未公布，按周末计算"), **known.years}
    worked = [day for known_year in known.years for day in _weekends(known_year) if known.is_working_day(day)]
    return HolidayCalendar(years, known.holidays, worked)


def _weekends(year: int) -> list[date]:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    return [day for day in days if day.year == year and day.weekday() >= 5]
