"""Timelines of milestones and of what is overdue: what the charts are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from sanyi.governance.tasks.codes import Light
from sanyi.governance.tasks.models import Milestone, Task, TaskUnit
from sanyi.governance.tasks.pages import timelines
from sanyi.governance.tasks.services.packs import Progress
from tests.governance.tasks.office import REFORM, assigned, item
from tests.registry import county as small

TODAY = date(2026, 7, 1)


def progress(due_on: date, starts_on: date, tasks: int, done: int, **lights: int) -> Progress:
    counts = {light.value: lights.get(light.value, 0) for light in Light}
    return Progress(Milestone(title="节点", due_on=due_on), tasks, done, counts, starts_on)


def test_a_milestone_runs_from_its_tasks_to_its_day_with_the_done_share_inside() -> None:
    rows = [progress(date(2026, 12, 31), date(2026, 1, 1), 4, 1, green=2, red=1),
            progress(date(2025, 12, 31), TODAY, 0, 0)]  # fmt: skip
    chart = timelines.milestones_chart(rows, TODAY)
    assert chart is not None
    spans = [(span["row"], span["from"], span["to"], span["tone"]) for span in chart["spec"]["spans"]]
    assert spans == [
        (0, "2026-01-01", "2026-12-31", "red"),
        (0, "2026-01-01", "2026-04-02", "done"),
        (1, "2025-12-31", "2025-12-31", "grey"),
    ]
    assert (chart["spec"]["first"], chart["spec"]["today"]) == ("2026-01-01", "2026-07-01")
    assert chart["spec"]["last"] >= "2026-12-31"
    assert timelines.milestones_chart([], TODAY) is None


def test_overdue_shares_are_counted_by_unit_and_days_and_drawn_from_their_deadline() -> None:
    late = [(7, "县卫健局"), (8, "县卫健局"), (31, "县财政局")]
    shares = [TaskUnit(pk=at, name=name, due_on=TODAY - timedelta(days=days), task=Task(number="DB-1", title="甲"))
              for at, (days, name) in enumerate(late)]  # fmt: skip
    bars, days = timelines.overdue_charts(shares, TODAY)
    assert bars["spec"]["categories"] == ["县卫健局", "县财政局"]
    assert [series["values"] for series in bars["spec"]["series"]] == [[1, 0], [1, 0], [0, 1]]
    assert [span["from"] for span in days["spec"]["spans"]] == ["2026-05-31", "2026-06-23", "2026-06-24"]
    assert timelines.overdue_charts([], TODAY) == []


@pytest.mark.django_db
def test_the_pages_carry_their_charts(county: small.County) -> None:
    reform = county.client("reform_office", REFORM)
    day = timezone.localdate()
    task = assigned(county, item(due_on=day + timedelta(days=2)))
    assert "data-chart" not in reform.get("/tasks/milestones/").content.decode()
    reform.post("/tasks/milestones/new/", {"title": "年末节点", "due_on": (day + timedelta(days=30)).isoformat()})
    assert 'data-chart="chart-milestones"' in reform.get("/tasks/milestones/").content.decode()
    TaskUnit.objects.filter(task=task).update(due_on=day - timedelta(days=3))
    page = reform.get("/tasks/overdue/").content.decode()
    assert 'data-chart="chart-overdue-units"' in page and 'data-chart="chart-overdue-days"' in page
