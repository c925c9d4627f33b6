"""时间轴图 (timelines): milestones up to their days, and overdue shares by unit, drawn by the chart of the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.governance.tasks.codes import Light
from sanyi.governance.tasks.models import TaskUnit
from sanyi.governance.tasks.services.packs import ALL_BP, Progress

ROWS_MAX = 24
BANDS = ((7, "≤7"), (30, "8–30"), (None, ">30"))
Chart = dict[str, Any]


def milestones_chart(rows: Sequence[Progress], today: date) -> Chart | None:
    """节点时间轴: each milestone from the beginning of its tasks to its day; what is done is the inner bar."""
    shown = list(rows)[:ROWS_MAX]
    if not shown:
        return None
    first = min([today, *(row.starts_on for row in shown)])
    last = max([today, *(row.milestone.due_on for row in shown)])
    spans = []
    for at, row in enumerate(shown):
        due_on, start = row.milestone.due_on, min(row.starts_on, row.milestone.due_on)
        done = f"{_('已完成')} {row.done_count}/{row.task_count}"
        name = f"{row.milestone.title} {due_on}"
        spans.append(_span(at, start, due_on, _worst(row), name, [done]))
        if row.done_count:
            length = (due_on - start).days * (row.done_bp or 0) // ALL_BP
            spans.append(_span(at, start, start + timedelta(days=max(length, 1)), "done", name, [done]))
    names = [f"{row.milestone.due_on:%Y-%m} {row.milestone.title}" for row in shown]
    spec = _spec(names, spans, first, last, today)
    return {"id": "chart-milestones", "title": _("节点时间轴"), "spec": spec, "height": _height(len(shown)),
            "sub": _("底色为该节点任务的灯，里面的条为已完成的比例，虚线为今天。")}  # fmt: skip


def overdue_charts(shares: Sequence[TaskUnit], today: date) -> list[Chart]:
    """逾期图: how many each unit has by days late, and the latest ones from their deadline to today."""
    late = sorted((share for share in shares if share.due_on), key=lambda share: (share.due_on, share.pk))
    return [_by_unit(late, today), _latest(late[:ROWS_MAX], today)] if late else []


def _by_unit(late: Sequence[TaskUnit], today: date) -> Chart:
    counts: Counter[tuple[str, str]] = Counter((share.name, _band(share, today)) for share in late)
    totals = Counter(share.name for share in late)
    names = [name for name, _count in sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:ROWS_MAX]]
    page = reverse("governance.tasks.overdue")
    spec = {
        "kind": "bar",
        "horizontal": True,
        "categories": names,
        "links": [f"{page}?name={name}" for name in names],
        "isWhole": True,
        "colours": ["#e0a800", "#e8590c", "#c92a2a"],
        "series": [
            {"name": _("逾期 %(days)s 天") % {"days": band}, "stack": "late",
             "values": [counts[name, band] for name in names]}
            for _days, band in BANDS
        ],
    }  # fmt: skip
    return {"id": "chart-overdue-units", "title": _("各单位逾期事项"), "spec": spec, "height": _height(len(names)),
            "sub": _("按逾期天数分段")}  # fmt: skip


def _latest(late: Sequence[TaskUnit], today: date) -> Chart:
    spans = []
    for at, share in enumerate(late):
        assert share.due_on is not None, "filtered before"
        days = _("逾期 %(days)s 天") % {"days": (today - share.due_on).days}
        link = reverse("governance.tasks.task", kwargs={"number": share.task.number})
        spans.append(_span(at, share.due_on, today, "red", share.task.title, [share.name, days], link))
    first = min(share.due_on for share in late if share.due_on) - timedelta(days=3)
    spec = _spec([f"{share.name} {share.task.title}" for share in late], spans, first, today, today)
    return {"id": "chart-overdue-days", "title": _("逾期时间轴"), "spec": spec, "height": _height(len(late)),
            "sub": _("自期限之日至今天，最早的在上。")}  # fmt: skip


def _band(share: TaskUnit, today: date) -> str:
    assert share.due_on is not None, "filtered before"
    days = (today - share.due_on).days
    return next(name for most, name in BANDS if most is None or days <= most)


def _worst(row: Progress) -> str:
    order = (Light.RED, Light.YELLOW, Light.GREEN)
    return next((light.value for light in order if row.lights.get(light.value)), Light.GREY.value)


def _height(count: int) -> str:
    return "sm" if count <= 3 else "md" if count <= 9 else "lg"


def _span(row: int, start: date, end: date, tone: str, name: str, lines: list[str], link: str = "") -> dict[str, Any]:
    return {"row": row, "from": start.isoformat(), "to": end.isoformat(), "tone": tone, "name": name, "lines": lines,
            "link": link}  # fmt: skip


def _spec(names: list[str], spans: list[dict[str, Any]], first: date, last: date, today: date) -> dict[str, Any]:
    return {
        "kind": "timeline",
        "categories": names,
        "spans": spans,
        "first": first.isoformat(),
        "last": (last + timedelta(days=max(5, (last - first).days // 20))).isoformat(),
        "today": today.isoformat(),
        "todayLabel": _("今天"),
    }
