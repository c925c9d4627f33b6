"""任务看板: all tasks of the county, my unit's own, and what is overdue by unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.governance.tasks import services
from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.governance.tasks.pages import timelines
from sanyi.governance.tasks.pages.table import (
    LIGHT_BADGES,
    cycle_words,
    duty_words,
    light_words,
    origin_words,
    routes,
    state_words,
)
from sanyi.governance.tasks.services.registering import county_of
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.access.rules import NOWHERE, Scope
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.doors.services import may


def task_link(row: Row) -> str:
    """任务页."""
    return reverse("governance.tasks.task", kwargs={"number": row["number"]})


def unit_words(request: HttpRequest) -> Mapping[Any, str]:
    """牵头单位: printed names among the tasks in sight."""
    scope: Scope = getattr(request, "scope", NOWHERE)
    names = Task.objects.order_by("lead_unit").values_list("organisation_code", "lead_unit").distinct()
    return {name: name for code, name in names if code in scope}


def _name_units(rows: list[Row]) -> None:
    wanted = [row["number"] for row in rows]
    found: dict[str, list[str]] = {}
    for number, name in TaskUnit.objects.filter(task__number__in=wanted, is_lead=False).values_list(
        "task__number", "name"
    ):
        found.setdefault(number, []).append(name)
    for row in rows:
        row["others"] = "、".join(found.get(row["number"], []))


BOARD = Listing(
    name="tasks",
    zh="任务台账",
    en="Task ledger",
    key="number",
    organisation="organisation_code",
    default_sort="due_on",
    search=("number", "title", "clause", "document_number"),
    enrich=_name_units,
    columns=(
        ListColumn("light", "亮灯", "Light", filter=Filter.CHOICE, choices=light_words, badge=LIGHT_BADGES),
        ListColumn("number", "编号", "No.", Kind.CODE, Filter.PREFIX, link=task_link),
        ListColumn("title", "任务内容", "Task", filter=Filter.CONTAINS),
        ListColumn("period", "期次", "Period", Kind.CODE, is_hidden=True),
        ListColumn("lead_unit", "牵头单位", "Lead unit", filter=Filter.CHOICE, choices=unit_words),
        ListColumn("others", "配合单位", "Supporting units", value=lambda row: row["others"]),
        ListColumn("state", "状态", "State", filter=Filter.CHOICE, choices=state_words, lookup="case__state"),
        ListColumn("due_on", "办理期限", "Deadline", Kind.DATE, Filter.RANGE),
        ListColumn("cycle", "周期", "Cycle", filter=Filter.CHOICE, choices=cycle_words),
        ListColumn("target_summary", "目标", "Target", is_hidden=True),
        ListColumn("document_number", "文号", "Document", Kind.CODE, Filter.CONTAINS, is_hidden=True),
        ListColumn("clause", "条款", "Clause", Kind.CODE, is_hidden=True),
        ListColumn("origin", "来源", "Origin", choices=origin_words, is_hidden=True),
    ),
)

_SHARE = (
    ListColumn("light", "亮灯", "Light", lookup="task__light", filter=Filter.CHOICE, choices=light_words,
               badge=LIGHT_BADGES),
    ListColumn("number", "编号", "No.", Kind.CODE, Filter.PREFIX, lookup="task__number", link=task_link),
    ListColumn("title", "任务内容", "Task", lookup="task__title", filter=Filter.CONTAINS),
    ListColumn("name", "责任单位", "Unit", filter=Filter.CONTAINS),
    ListColumn("is_lead", "牵头", "Leads", Kind.BOOLEAN, Filter.CHOICE),
    ListColumn("state", "办理状态", "State", lookup="case__state", filter=Filter.CHOICE, choices=duty_words),
    ListColumn("due_on", "办理期限", "Deadline", Kind.DATE, Filter.RANGE),
    ListColumn("filed_at", "报送时间", "Filed", Kind.INSTANT),
    ListColumn("target", "目标", "Target", lookup="task__target_summary", is_hidden=True),
)  # fmt: skip
MINE = Listing(
    name="my_tasks",
    zh="本单位任务",
    en="My unit's tasks",
    key="pk",
    key_kind=Kind.INTEGER,
    organisation="organisation_id",
    default_sort="due_on",
    search=("task__number", "task__title"),
    columns=_SHARE,
)
OVERDUE = Listing(
    name="overdue_tasks",
    zh="逾期清单",
    en="Overdue by unit",
    key="pk",
    key_kind=Kind.INTEGER,
    organisation="task__organisation_code",
    default_sort="name",
    search=("task__number", "task__title", "name"),
    columns=(
        *_SHARE,
        ListColumn("late_days", "逾期天数", "Days late", Kind.INTEGER, value=lambda row: _late_days(row)),
    ),
)


def _late_days(row: Row) -> int | None:
    return (timezone.localdate() - row["due_on"]).days if row["due_on"] else None


@routes.page(
    "tasks/",
    name="board",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    zh="督查督办",
    en="Supervision",
    has_export=True,
)
def board(request: GuardedRequest) -> HttpResponseBase:
    """任务看板: every task of the county with its light, counts above; units outside the bureaus come to their own."""
    if county_of(request.actor) not in request.scope and may(request, Permission.TASK_FILE):
        return HttpResponseRedirect(reverse("governance.tasks.mine"))
    services.lights.refresh()
    query = Task.objects.select_related("case")
    context = {
        "figures": services.board.figures(request.scope),
        "may_manage": may(request, Permission.TASK_MANAGE),
        "may_file": may(request, Permission.TASK_FILE),
    }
    return BOARD.from_query(query).respond(request, title=_("督查督办"), template="tasks/board.html", context=context)


@routes.page(
    "tasks/mine/",
    name="mine",
    permission=Permission.TASK_FILE,
    purpose=AT_WORK,
    zh="本单位任务",
    en="My unit's tasks",
    has_export=True,
)
def mine(request: GuardedRequest) -> HttpResponseBase:
    """本单位任务: the shares of the reader's own organisation."""
    services.lights.refresh()
    query = TaskUnit.objects.filter(case__isnull=False).select_related("task", "case")
    return MINE.from_query(query).respond(request, title=_("本单位任务"))


@routes.page(
    "tasks/overdue/",
    name="overdue",
    permission=Permission.TASK_READ,
    purpose=AT_WORK,
    zh="逾期清单",
    en="Overdue by unit",
    has_export=True,
)
def overdue(request: GuardedRequest) -> HttpResponseBase:
    """逾期清单: shares whose deadline has passed without evidence, and how many each unit has."""
    query = services.board.overdue()
    shares = services.board.overdue_within(request.scope).select_related("task")
    context = {
        "units": services.board.overdue_by_unit(request.scope),
        "charts": timelines.overdue_charts(list(shares), timezone.localdate()),
    }
    return OVERDUE.from_query(query.select_related("task", "case")).respond(
        request, title=_("逾期清单"), template="tasks/overdue.html", context=context
    )
