"""Dates: ages against day-by-day counting, length of stay, the holiday calendar against its notices."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.kernel import dates
from sanyi.kernel.dates import CHINA, HolidayCalendar
from sanyi.kernel.refusals import RefusedError

CALENDAR = HolidayCalendar.load()
births = st.dates(date(1900, 1, 1), date(2026, 12, 31))
covered = st.dates(date(2023, 1, 1), date(2026, 12, 31))


def oracle_age(born_on: date, on: date) -> int:
    """Counts birthdays one by one; 29 February is kept on 1 March of common years."""
    years = 0
    while True:
        try:
            birthday = born_on.replace(year=born_on.year + years + 1)
        except ValueError:
            birthday = date(born_on.year + years + 1, 3, 1)
        if birthday > on:
            return years
        years += 1


@given(births, births)
def test_ages_agree_with_counting_birthdays(a: date, b: date) -> None:
    born_on, on = min(a, b), max(a, b)
    assert dates.age_years(born_on, on) == oracle_age(born_on, on)
    assert dates.age_days(born_on, on) == (on.toordinal() - born_on.toordinal())


@pytest.mark.parametrize(
    ("born_on", "on", "years"),
    [
        (date(2020, 2, 29), date(2021, 2, 28), 0),
        (date(2020, 2, 29), date(2021, 3, 1), 1),
        (date(2020, 2, 29), date(2024, 2, 28), 3),
        (date(2020, 2, 29), date(2024, 2, 29), 4),
        (date(1949, 12, 31), date(2025, 12, 30), 75),
        (date(1949, 12, 31), date(2025, 12, 31), 76),
        (date(2025, 1, 1), date(2025, 1, 1), 0),
    ],
)
def test_ages_at_the_edges(born_on: date, on: date, years: int) -> None:
    assert dates.age_years(born_on, on) == years


def test_a_day_before_birth_is_refused() -> None:
    for function in (dates.age_years, dates.age_days):
        with pytest.raises(RefusedError) as refused:
            function(date(2025, 1, 2), date(2025, 1, 1))
        assert refused.value.refusals[0].code == "dates.before_birth"


@pytest.mark.parametrize(
    ("admitted_on", "discharged_on", "days"),
    [
        (date(2025, 6, 12), date(2025, 6, 15), 3),
        (date(2025, 6, 12), date(2025, 6, 13), 1),
        (date(2025, 6, 12), date(2025, 6, 12), 1),
        (date(2025, 12, 30), date(2026, 1, 2), 3),
    ],
)
def test_length_of_stay(admitted_on: date, discharged_on: date, days: int) -> None:
    assert dates.length_of_stay_days(admitted_on, discharged_on) == days


def test_discharge_before_admission_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        dates.length_of_stay_days(date(2025, 1, 2), date(2025, 1, 1))
    assert refused.value.refusals[0].code == "dates.discharge_before_admission"


@given(st.lists(st.tuples(births, births), min_size=1, max_size=30))
def test_columns_of_dates_equal_single_dates(pairs: list[tuple[date, date]]) -> None:
    frame = pl.DataFrame(pairs, schema={"a": pl.Date, "b": pl.Date}, orient="row")
    found = frame.select(
        years=dates.age_years_expr(pl.col("a"), pl.col("b")),
        days=dates.age_days_expr(pl.col("a"), pl.col("b")),
        stay=dates.length_of_stay_days_expr(pl.col("a"), pl.col("b")),
    )
    expected = [
        (dates.age_years(a, b), dates.age_days(a, b), dates.length_of_stay_days(a, b)) if a <= b else (None, None, None)
        for a, b in pairs
    ]
    assert found.rows() == expected


# the calendar

NOTICE_DAYS = {
    date(2023, 1, 28): True,
    date(2023, 10, 8): True,
    date(2023, 1, 2): False,
    date(2023, 10, 6): False,
    date(2024, 2, 9): True,
    date(2024, 2, 10): False,
    date(2024, 2, 18): True,
    date(2024, 10, 12): True,
    date(2025, 1, 26): True,
    date(2025, 1, 28): False,
    date(2025, 2, 4): False,
    date(2025, 2, 5): True,
    date(2025, 10, 8): False,
    date(2025, 10, 9): True,
    date(2026, 1, 4): True,
    date(2026, 2, 13): True,
    date(2026, 2, 14): True,
    date(2026, 2, 15): False,
    date(2026, 2, 23): False,
    date(2026, 2, 24): True,
    date(2026, 9, 25): False,
    date(2026, 10, 10): True,
    date(2026, 11, 21): False,
}


@pytest.mark.parametrize(("day", "is_worked"), NOTICE_DAYS.items(), ids=str)
def test_days_are_as_the_notices_say(day: date, *, is_worked: bool) -> None:
    assert CALENDAR.is_working_day(day) is is_worked


@pytest.mark.parametrize(("year", "days"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, days: int) -> None:
    """Days less weekends less the statutory holidays (11, from 2025 on 13) that fall on or are moved to weekdays."""
    assert sum(CALENDAR.is_working_day(date(year, 1, 1) + timedelta(n)) for n in range(365)) + (year == 2024) == days


def test_every_year_names_its_notice() -> None:
    assert CALENDAR.years == {
        2023: "国办发明电〔2022〕16号",
        2024: "国办发明电〔2023〕7号",
        2025: "国办发明电〔2024〕12号",
        2026: "国办发明电〔2025〕7号",
    }
    assert {holiday.basis for holiday in CALENDAR.holidays} == set(CALENDAR.years.values())
    assert len(CALENDAR.digest) == 64


def test_a_working_day_deadline_over_the_spring_festival() -> None:
    assert CALENDAR.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert CALENDAR.add_working_days(date(2026, 2, 14), 1) == date(2026, 2, 24)
    assert CALENDAR.add_working_days(date(2026, 2, 15), 1) == date(2026, 2, 24)
    assert CALENDAR.add_working_days(date(2026, 2, 24), -1) == date(2026, 2, 14)
    assert CALENDAR.add_working_days(date(2026, 2, 15), -1) == date(2026, 2, 14)
    assert CALENDAR.add_working_days(date(2026, 2, 15), 0) == date(2026, 2, 24)
    assert CALENDAR.add_working_days(date(2026, 2, 14), 0) == date(2026, 2, 14)
    assert CALENDAR.add_working_days(datetime(2026, 2, 14, 9), 1) == date(2026, 2, 24)
    assert CALENDAR.working_days_between(date(2026, 2, 13), date(2026, 2, 24)) == 2


def oracle_add(day: date, n: int) -> date:
    step = timedelta(1 if n > 0 else -1)
    while n:
        day += step
        n -= CALENDAR.is_working_day(day) * (1 if n > 0 else -1)
    return day


@given(st.dates(date(2023, 6, 1), date(2026, 6, 1)), st.integers(-60, 60).filter(bool))
def test_adding_working_days_agrees_with_walking_day_by_day(day: date, n: int) -> None:
    found = CALENDAR.add_working_days(day, n)
    assert found == oracle_add(day, n)
    if n > 0:
        assert CALENDAR.working_days_between(day, found) == n


@given(covered, covered)
def test_counting_working_days_agrees_with_walking(a: date, b: date) -> None:
    low, high = min(a, b), max(a, b)
    count = sum(CALENDAR.is_working_day(low + timedelta(n)) for n in range(1, (high - low).days + 1))
    assert CALENDAR.working_days_between(low, high) == count
    assert CALENDAR.working_days_between(high, low) == -count


@pytest.mark.parametrize(
    "ask",
    [
        lambda: CALENDAR.is_working_day(date(2022, 12, 31)),
        lambda: CALENDAR.is_working_day(date(2027, 1, 4)),
        lambda: CALENDAR.add_working_days(date(2026, 12, 31), 1),
        lambda: CALENDAR.add_working_days(date(2023, 1, 3), -1),
        lambda: CALENDAR.add_working_days(date(2022, 12, 30), 1),
        lambda: CALENDAR.working_days_between(date(2026, 12, 1), date(2027, 1, 1)),
        lambda: CALENDAR.add_working_hours(datetime(2026, 12, 31, 17), 24),
    ],
)
def test_a_year_without_a_notice_is_refused(ask) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RefusedError) as refused:
        ask()
    assert refused.value.refusals[0].code == "dates.year_not_covered"


def test_a_year_missing_between_two_is_refused(tmp_path: Path) -> None:
    years = {2023: "甲", 2025: "乙"}
    calendar = HolidayCalendar(years, (), ())
    with pytest.raises(RefusedError, match="2024"):
        calendar.add_working_days(date(2023, 12, 29), 1)
    with pytest.raises(RefusedError, match="2024"):
        calendar.working_days_between(date(2023, 12, 29), date(2025, 1, 2))


@pytest.mark.parametrize(
    ("at", "hours", "due"),
    [
        (datetime(2025, 6, 6, 17), 24, datetime(2025, 6, 9, 17)),  # Friday to Monday
        (datetime(2025, 6, 7, 10), 24, datetime(2025, 6, 10)),  # submitted on a Saturday: Monday's 24 hours
        (datetime(2025, 6, 9, 8), 24, datetime(2025, 6, 10, 8)),
        (datetime(2025, 6, 9, 8), 16, datetime(2025, 6, 10)),
        (datetime(2025, 6, 6, 8), 16, datetime(2025, 6, 7)),  # they run out at Friday's midnight
        (datetime(2025, 9, 30, 12), 24, datetime(2025, 10, 9, 12)),  # National Day
    ],
)
def test_hours_stand_still_on_days_off(at: datetime, hours: int, due: datetime) -> None:
    assert CALENDAR.add_working_hours(at, hours) == due
    aware = CALENDAR.add_working_hours(at.replace(tzinfo=CHINA).astimezone(UTC), hours)
    assert aware.tzinfo is UTC
    assert aware == due.replace(tzinfo=CHINA)


# the file

GOOD = """
- year: 2030
  basis: 国办发明电〔2029〕1号
  issued_on: 2029-11-01
  holidays:
    - {name: {zh: 元旦, en: New Year}, from: 2029-12-30, to: 2030-01-01}
  worked: [2030-01-05]
"""


def load(tmp_path: Path, text: str) -> HolidayCalendar:
    file = tmp_path / "holidays.yaml"
    file.write_text(text, encoding="utf-8")
    return HolidayCalendar.load(file)


def test_a_calendar_of_ones_own(tmp_path: Path) -> None:
    calendar = load(tmp_path, GOOD)
    assert calendar.is_working_day(date(2030, 1, 5))
    assert not calendar.is_working_day(date(2030, 1, 1))
    assert calendar.holidays[0].name_en == "New Year"
    assert calendar.digest != CALENDAR.digest


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("year: 2030", 1, "列表"),
        ("- 2030", 1, "应当且只应当有"),
        (GOOD.replace("basis", "basic"), 2, "应当且只应当有"),
        (GOOD.replace("year: 2030", "year: 二〇三〇"), 2, "不是数字或重复"),
        (GOOD + GOOD, 9, "不是数字或重复"),
        (GOOD.replace("2029-11-01", "去年"), 2, "印发日期"),
        (GOOD.replace("国办发明电〔2029〕1号", "16"), 2, "通知文号"),
        (GOOD.replace(", to: 2030-01-01", ""), 6, "不完整"),
        (GOOD.replace("to: 2030-01-01", "to: 元旦"), 6, "不完整"),
        (GOOD.replace("to: 2030-01-01", "to: 2029-01-01"), 6, "颠倒"),
        (GOOD.replace("to: 2030-01-01", "to: 2030-03-01"), 6, "颠倒"),
        (GOOD.replace("[2030-01-05]", "[2030-01-07]"), 7, "周末"),
        (GOOD.replace("[2030-01-05]", "[2030-01-05, 2030-01-05]"), 7, "重复"),
        (GOOD.replace("[2030-01-05]", "[2031-01-05]"), 7, "2030年"),
        (GOOD.replace("[2030-01-05]", "周六"), 7, "列表"),
        (GOOD.replace("[2030-01-05]", "[周六]"), 7, "周六"),
    ],
)
def test_each_mistake_in_the_file_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        load(tmp_path, text)
    refusal = refused.value.refusals[0]
    assert refusal.code == "dates.holiday_file_wrong"
    assert words in refusal.message()
    assert refusal.place.line == line
    assert refusal.place.file == str(tmp_path / "holidays.yaml")
    assert "2026-10-01" in refusal.remedy()
