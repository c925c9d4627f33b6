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
        ("unification", _("统一管理"), "checklist", Permission.PACKAGE_READ),
    ]
    return [
        Tab(reverse(f"insurance.package.{name}"), label, icon, name == current)
        for name, label, icon, permission in known
        if may(request, permission)
    ]
