"""首页: the first page after signing in."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.cases import services as cases
from sanyi.registry.doors.services import GuardedRequest, Routes
from sanyi.web import navigation
from sanyi.web.context import Frame
from sanyi.web.home import figures
from sanyi.web.templatetags.sanyi import is_english, label

routes = Routes("web.home")
SHOWN, NOTICES_SHOWN = 8, 5


@routes.page(
    "",
    name="index",
    permission=Permission.HOME_READ,
    purpose=tuple(Purpose),
    zh="首页",
    en="Home",
)
def index(request: GuardedRequest) -> HttpResponseBase:
    """首页: to-do list, figures and charts of the role one works in, ways to the pages used most."""
    frame = Frame(request)
    assert frame.grant is not None, "the guard lets nobody in without a grant"
    reader = figures.Reader(request.actor, frame.grant)
    context = {
        "greeting": _greeting(),
        "figures": figures.figures(reader),
        "charts": figures.charts(reader),
        "todo": _todo(request.actor),
        "todo_count": frame.todo_count,
        "notices": _notices(request.actor),
        "entries": _entries(frame),
        "today": timezone.localdate(),
    }
    return render(request, "home/index.html", context)


def _todo(actor: access.Actor) -> list[dict[str, Any]]:
    """待办: the most urgent first."""
    now = timezone.now()
    return [
        {
            "number": case.number,
            "title": case.title,
            "state": label(cases.entry_of(case.chart).chart.state(case.state)),
            "deadline_at": case.deadline_at,
            "is_overdue": case.deadline_at is not None and case.deadline_at < now,
        }
        for case in cases.todo(actor)[:SHOWN]
    ]


def _notices(actor: access.Actor) -> list[dict[str, Any]]:
    """最新通知: the newest first."""
    if actor.user_id is None:
        return []
    return [
        {
            "text": notice.text_en if is_english() else notice.text_zh,
            "number": notice.case.number if notice.case else "",
            "at": notice.created_at,
            "is_unread": notice.read_at is None,
        }
        for notice in cases.latest(actor.user_id, NOTICES_SHOWN)
    ]


def _entries(frame: Frame) -> list[navigation.Item]:
    """常用入口: the pages of the side bar without the home page."""
    return [item for section in frame.sections for item in section.items if item.path != "/"][:SHOWN]


def _greeting() -> str:
    hour = timezone.localtime().hour
    if hour < 11:
        return _("上午好")
    return _("中午好") if hour < 14 else _("下午好") if hour < 18 else _("晚上好")
