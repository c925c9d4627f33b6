"""Time: reminders, overdue, escalation to the leader, instruction, extension; each done once, by whoever may."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from sanyi.governance.tasks.models import Task
from sanyi.governance.tasks.services import acting, board, daily, lights, links
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Notification
from tests.governance.tasks import office
from tests.governance.tasks.office import assigned, clerk, do, item, register, share, states
from tests.registry import county as small

pytestmark = pytest.mark.django_db
DUE = date(2026, 6, 30)


def test_a_task_falls_overdue_and_escalates_to_the_leader(county: small.County) -> None:
    task = assigned(county, item("影像中心", "县卫健局", "县医保局", due_on=DUE))
    leader = county.actor("county_leader")
    do(share(task, 2), "sign", "file", by=clerk(county, small.BUREAU))
    assert daily.fall_overdue(DUE) == 0
    assert daily.fall_overdue(DUE + timedelta(days=1)) == 1 and daily.fall_overdue(DUE + timedelta(days=1)) == 0
    assert states(task) == ("overdue", ["overdue", "filed"])
    assert daily.escalate(DUE + timedelta(days=5)) == 0 and not cases.todo(leader).exists()
    assert daily.escalate(DUE + timedelta(days=6)) == 1 and daily.escalate(DUE + timedelta(days=6)) == 0
    assert states(task) == ("escalated", ["escalated", "filed"])
    assert [case.number for case in cases.todo(leader)] == [share(task).case.number]
    with pytest.raises(RefusedError):
        do(share(task), "instruct", by=office.office(county), reason="限期")
    do(share(task), "instruct", by=leader, reason="三日内办结")
    assert states(task) == ("overdue", ["instructed", "filed"]) and not cases.todo(leader).exists()
    do(share(task), "file", by=clerk(county))
    assert states(task)[0] == "filed"


def test_units_are_reminded_once_for_each_mark(county: small.County) -> None:
    health = clerk(county)
    assigned(county, item(due_on=DUE))
    Notification.objects.all().delete()
    told = [daily.remind(DUE - timedelta(days=left)) for left in (9, 8, 7, 7, 6, 4, 3, 2, 1, 0, 0)]
    assert told == [0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0]
    assert {notice.user_id for notice in Notification.objects.all()} == {health.user_id}


def test_nobody_is_reminded_after_filing(county: small.County) -> None:
    task = assigned(county, item(due_on=DUE))
    do(share(task), "sign", "file", by=clerk(county))
    assert daily.remind(DUE) == 0 and daily.fall_overdue(DUE + timedelta(days=9)) == 0


def test_an_extension_is_asked_in_time_once_and_granted_by_the_office(county: small.County) -> None:
    today = timezone.localdate()
    task = assigned(county, item("甲", "县卫健局", "县医保局", due_on=today + timedelta(days=1)))
    unit, later = share(task), (today + timedelta(days=30)).isoformat()
    do(unit, "sign", by=clerk(county))
    for wrong in ("", "下月", today.isoformat(), (today + timedelta(days=1)).isoformat()):
        with pytest.raises(RefusedError):
            do(unit, "ask_extension", by=clerk(county), reason="招标延期", data={"wanted_on": wrong})
    do(unit, "ask_extension", by=clerk(county), reason="招标延期", data={"wanted_on": later})
    with pytest.raises(RefusedError):
        do(unit, "grant_extension", by=clerk(county), reason="同意")
    do(unit, "grant_extension", by=office.office(county), reason="同意")
    assert states(task) == ("extended", ["extended", "assigned"])
    fresh = share(task)
    assert (fresh.due_on, fresh.extension_count) == (date.fromisoformat(later), 1)
    assert fresh.task.due_on == fresh.due_on
    assert share(task, 2).due_on == today + timedelta(days=1)
    assert timezone.localdate(fresh.case.deadline_at).isoformat() == later
    assert daily.fall_overdue(today + timedelta(days=2)) == 1
    assert states(task)[1] == ["extended", "overdue"]


@pytest.mark.parametrize(("days", "reason"), [(0, "extension_late"), (1, "")])
def test_the_day_of_the_deadline_is_too_late_for_an_extension(county: small.County, days: int, reason: str) -> None:
    today = timezone.localdate()
    task = assigned(county, item(due_on=today + timedelta(days=days)))
    do(share(task), "sign", by=clerk(county))
    data = {"wanted_on": (today + timedelta(days=20)).isoformat()}
    if not reason:
        do(share(task), "ask_extension", by=clerk(county), data=data)
        do(share(task), "refuse_extension", by=office.office(county), reason="不同意")
        assert states(task) == ("in_progress", ["in_progress"])
        return
    with pytest.raises(RefusedError) as refused:
        do(share(task), "ask_extension", by=clerk(county), data=data)
    assert reason in refused.value.refusals[0].code


def test_a_second_extension_is_refused(county: small.County) -> None:
    today = timezone.localdate()
    task = assigned(county, item(due_on=today + timedelta(days=10)))
    do(share(task), "sign", by=clerk(county))
    do(share(task), "ask_extension", by=clerk(county), data={"wanted_on": (today + timedelta(days=20)).isoformat()})
    do(share(task), "grant_extension", by=office.office(county), reason="同意")
    do(share(task), "file", by=clerk(county))
    do(share(task), "return", by=office.office(county), reason="不全")
    with pytest.raises(RefusedError) as refused:
        do(share(task), "ask_extension", by=clerk(county), data={"wanted_on": "2099-01-01"})
    assert "extension_twice" in refused.value.refusals[0].code


def test_the_daily_work_is_harmless_when_repeated(county: small.County) -> None:
    task = assigned(county, item("督导", cycle="每月", due_on=date(2099, 5, 31)))
    first = daily.daily(date(2099, 7, 10))
    again = daily.daily(date(2099, 7, 10))
    assert (first.period_count, first.overdue_count, first.escalated_count) == (2, 2, 2)
    assert (again.period_count, again.overdue_count, again.escalated_count, again.lighted_count) == (0, 0, 0, 0)
    assert states(task)[0] == "escalated"
    assert list(Task.objects.order_by("due_on").values_list("light", flat=True)) == ["red", "red", "yellow"]


def test_figures_count_on_time_among_what_was_due(county: small.County) -> None:
    """GOV-10: of what is due, filed by the deadline; closing rate over all."""
    today = timezone.localdate()
    late = assigned(county, item("晚", due_on=today - timedelta(days=3)), item("中", clause="b"))
    soon = register(county, item("早", clause="c", due_on=today + timedelta(days=3)))[0]
    cases.act(soon.case, "assign", office.office(county))
    do(share(soon), "sign", "file", by=clerk(county))
    do(share(soon), "verify", by=office.office(county))
    do(share(late), "sign", "file", by=clerk(county))
    found = board.figures(frozenset({small.COUNTY}))
    assert (found.total_count, found.due_count, found.on_time_count, found.done_count) == (3, 1, 0, 1)
    assert (found.on_time_bp, found.closing_bp, found.waiting_count) == (0, 3333, 1)
    assert lights.lighted(acting.get(soon.number), today + timedelta(days=30)).light == "green"


def test_a_county_task_shows_the_province_above_it(county: small.County) -> None:
    from sanyi.governance.tasks import services as tasks

    above = tasks.TaskSource("省医改〔2026〕1号", "要点", "up", "140000000000", None)
    beside = tasks.TaskSource("外省〔2026〕1号", "要点", "out", "350000000000", None)
    parent = register(county, item("完善双向转诊流程", "省卫健委"), source=above)[0]
    register(county, item("完善双向转诊流程", "省卫健委"), source=beside)
    register(county, item("推进药品集中采购", "省医保局", clause="二"), source=above)
    child = register(county, item("完善县域双向转诊流程", "县卫健局"))[0]
    assert share(parent).organisation_id is None
    assert [one.task.number for one in links.suggestions(child)] == [parent.number]
    links.link(child, parent.number, by=office.office(county))
    links.link(child, parent.number, by=office.office(county))
    assert [one.number for one in links.chain_above(child)] == [parent.number] and links.suggestions(child) == []
    for wrong in (child.number, "DB-0"):
        with pytest.raises(RefusedError):
            links.link(child, wrong, by=office.office(county))
    with pytest.raises(RefusedError):
        links.link(parent, child.number, by=office.office(county))
    page = county.client("reform_office").get(f"/tasks/{child.number}/").content.decode()
    assert parent.title in page and "省医改〔2026〕1号" in page
    links.unlink(child, parent.number, by=office.office(county))
    assert links.chain_above(child) == []


def test_overdue_by_unit_lists_each_unit_with_its_oldest(county: small.County) -> None:
    today = timezone.localdate()
    assigned(county, item("甲", "县卫健局", "县医保局", due_on=today - timedelta(days=2)))
    second = register(county, item("乙", "县卫健局", clause="二", due_on=today - timedelta(days=9)))[0]
    cases.act(second.case, "assign", office.office(county))
    rows = board.overdue_by_unit(frozenset({small.COUNTY}))
    assert [(row["name"], row["count"], row["oldest_on"]) for row in rows] == [
        ("县卫健局", 2, today - timedelta(days=9)),
        ("县医保局", 1, today - timedelta(days=2)),
    ]
    page = county.client("county_leader").get("/tasks/overdue/")
    assert second.number in page.content.decode()
