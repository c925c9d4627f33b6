"""指标各页的切换: the pages of the topic beside each other, those that the reader may open."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.services import GuardedRequest, may


@dataclass(frozen=True, slots=True)
class Tab:
    """一页."""

    url: str
    label: str
    icon: str
    is_current: bool


def tabs(request: GuardedRequest, current: str) -> list[Tab]:
    """各页: the board first, then the comparisons, then the work behind them."""
    known = [
        ("board", _("看板"), "target-arrow", Permission.INDICATOR_READ),
        ("targets", _("目标对照"), "table", Permission.INDICATOR_READ),
        ("comparison", _("机构比较"), "chart-dots", Permission.INDICATOR_READ),
        ("gaps", _("数据缺口"), "database-off", Permission.INDICATOR_READ),
        ("alerts", _("指标预警"), "bell", Permission.INDICATOR_READ),
        ("collecting", _("指标填报"), "edit", Permission.INDICATOR_READ),
        ("periods", _("期间结账"), "lock", Permission.INDICATOR_READ),
    ]
    return [
        Tab(reverse(f"governance.indicators.{name}"), label, icon, name == current)
        for name, label, icon, permission in known
        if may(request, permission)
    ]
