"""总额打包各页的切换: the pages of the topic beside each other, those that the reader may open."""

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
    """各页: the years first, then what stands around them."""
    known = [
        ("years", _("打包年度"), "package", Permission.PACKAGE_READ),
        ("four", _("四打包"), "stack-2", Permission.PACKAGE_READ),
        ("unification", _("统一管理"), "checklist", Permission.PACKAGE_READ),
    ]
    return [
        Tab(reverse(f"insurance.package.{name}"), label, icon, name == current)
        for name, label, icon, permission in known
        if may(request, permission)
    ]


def holder_tabs(year: int, holder: str, current: str) -> list[Tab]:
    """一个打包年度的各页."""
    known = [
        ("holder", _("预算与协议"), "package"),
        ("advances", _("月度预拨"), "cash"),
        ("months", _("月度核算"), "receipt"),
        ("clearing", _("年终清算"), "scale"),
        ("disputes", _("异议与监督"), "message-report"),
    ]
    return [
        Tab(
            reverse(f"insurance.package.{name}", kwargs={"year": year, "holder": holder}),
            label,
            icon,
            name == current,
        )
        for name, label, icon in known
    ]
