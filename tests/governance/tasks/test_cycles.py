"""Cycles: words read, time cut into periods without gap or overlap, instances made once by the daily work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from sanyi.governance.tasks.codes import Cycle
from sanyi.governance.tasks.models import Task
from sanyi.governance.tasks.rules.cycles import following, period_of, periods, quarter_days, quarter_of, read_cycle
from sanyi.governance.tasks.services import acting, daily
from sanyi.kernel.refusals import RefusedError
from tests.governance.tasks.office import assigned, item, office, register, states
from tests.registry import county as small

RETURNING = [cycle for cycle in Cycle if cycle is not Cycle.ONCE]
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("text", "cycle", "month"),
    [
        ("", Cycle.ONCE, 12),
        ("长期坚持", Cycle.ONCE, 12),
        ("quarterly", Cycle.QUARTERLY, 12),
        ("每季度", Cycle.QUARTERLY, 12),
        ("按季度调度", Cycle.QUARTERLY, 12),
        ("每月", Cycle.MONTHLY, 12),
        ("每半年", Cycle.HALF_YEARLY, 12),
        ("半年一次", Cycle.HALF_YEARLY, 12),
        ("每年", Cycle.YEARLY, 12),
        ("每年6月底前", Cycle.YEARLY, 6),
        ("六月底", Cycle.YEARLY, 6),
        ("每年十一月底", Cycle.YEARLY, 11),
    ],
)
def test_words_for_cycles_are_read(text: str, cycle: Cycle, month: int) -> None:
    found = read_cycle(text)
    assert (found.cycle, found.month) == (cycle, month)


@pytest.mark.parametrize("text", ["每旬", "13月底", "尽快"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(RefusedError, match=text):
        read_cycle(text)


@given(st.sampled_from(RETURNING), DAYS, st.integers(1, 12))
def test_every_day_lies_in_its_period_and_the_next_follows_at_once(cycle: Cycle, on: date, month: int) -> None:
    period = period_of(cycle, on, month)
    after = following(cycle, period, month)
    assert period.starts_on <= on <= period.ends_on
    assert after.starts_on == period.ends_on + timedelta(days=1)
    assert period.label != after.label and len(period.label) <= 8
    assert (period.ends_on + timedelta(days=1)).day == 1 and period.starts_on.day == 1
    assert period_of(cycle, period.starts_on, month) == period == period_of(cycle, period.ends_on, month)
    if cycle is Cycle.YEARLY:
        assert period.ends_on.month == month


@given(st.sampled_from(RETURNING), DAYS, st.integers(0, 1500))
def test_periods_up_to_a_day_are_without_gap(cycle: Cycle, first: date, days: int) -> None:
    on = first + timedelta(days=days)
    found = periods(cycle, first, on)
    assert found[0].starts_on <= first and found[-1].starts_on <= on <= found[-1].ends_on
    for left, right in zip(found, found[1:], strict=False):
        assert left.ends_on + timedelta(days=1) == right.starts_on


@pytest.mark.parametrize("label", ["2026Q0", "2026Q5", "26Q1", "2026-1", "", "0000Q1"])
def test_a_wrong_quarter_is_refused(label: str) -> None:
    with pytest.raises(RefusedError):
        quarter_days(label)
    assert quarter_of(date(2026, 9, 30)) == "2026Q3"


@pytest.mark.django_db
def test_the_next_period_comes_by_itself_once(county: small.County) -> None:
    task = assigned(county, item("督导运行", cycle="每季度", due_on=date(2099, 3, 31)))
    assert task.period == "2099Q1"
    assert daily.open_periods(date(2099, 3, 31)) == 0
    assert daily.open_periods(date(2099, 10, 2)) == 3
    assert daily.open_periods(date(2099, 10, 2)) == 0
    found = Task.objects.filter(series=task).order_by("due_on")
    assert [(one.period, one.due_on) for one in found] == [
        ("2099Q2", date(2099, 6, 30)),
        ("2099Q3", date(2099, 9, 30)),
        ("2099Q4", date(2099, 12, 31)),
    ]
    assert [states(one) for one in found] == [("assigned", ["assigned"])] * 3
    acting.act_on_task(acting.get(found[2].number), "cancel", by=office(county), reason="任务取消")
    assert daily.open_periods(date(2100, 6, 1)) == 0


@pytest.mark.django_db
def test_an_unassigned_task_and_one_past_its_last_target_do_not_come_back(county: small.County) -> None:
    register(county, item("未交办", cycle="每月", due_on=date(2099, 1, 31)))
    last = {"clause": "五", "targets": [{"due_on": "2099-12-31"}]}
    assigned(county, item("到期", cycle="每年", due_on=date(2098, 12, 31), **last))
    assert daily.open_periods(date(2102, 5, 1)) == 1
    assert set(Task.objects.values_list("period", flat=True)) == {"2099-01", "2098", "2099"}


@pytest.mark.django_db
def test_what_was_over_before_the_task_was_assigned_is_nobodys(county: small.County) -> None:
    today = timezone.localdate()
    old = assigned(county, item("早已开始", cycle="每月", due_on=date(2020, 1, 31)))
    assert daily.open_periods(today) == 1
    assert Task.objects.get(series=old).due_on == period_of(Cycle.MONTHLY, today).ends_on
    fresh = register(county, item("只有文件日期", cycle="每季度", due_on=None, clause="八"))[0]
    assert fresh.period == quarter_of(today)
