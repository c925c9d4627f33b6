"""首页: the first page after signing in."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.services import GuardedRequest, Routes
from sanyi.web.context import Frame
from sanyi.web.home import figures

routes = Routes("web.home")


@routes.page(
    "",
    name="index",
    permission=Permission.HOME_READ,
    purpose=tuple(Purpose),
    zh="首页",
    en="Home",
)
def index(request: GuardedRequest) -> HttpResponseBase:
    """首页: to-do list, figures and charts of the role one works in, latest notifications."""
    frame = Frame(request)
    assert frame.grant is not None, "the guard lets nobody in without a grant"
    reader = figures.Reader(request.actor, frame.grant)
    context = {
        "greeting": _greeting(),
        "figures": figures.figures(reader),
        "today": timezone.localdate(),
    }
    return render(request, "home/index.html", context)


def _greeting() -> str:
    hour = timezone.localtime().hour
    if hour < 11:
        return _("上午好")
    return _("中午好") if hour < 14 else _("下午好") if hour < 18 else _("晚上好")
