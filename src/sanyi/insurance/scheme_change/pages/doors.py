"""方案调整页面的门: the route table of the topic and what its pages share."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils import timezone

from sanyi.insurance.scheme_change.codes import Basis, Change
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import GuardedRequest, Routes
from sanyi.registry.organisations import services as organisations

routes = Routes("insurance.scheme_change")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
E6 = 1_000_000
CHANGE_BADGES = {
    Change.LOST: "bg-red-lt",
    Change.WIDER: "bg-orange-lt",
    Change.SAME: "bg-secondary-lt",
    Change.NARROWER: "bg-teal-lt",
    Change.GAINED: "bg-green-lt",
    Change.NEW: "bg-blue-lt",
    Change.GONE: "bg-blue-lt",
    Change.UNKNOWN: "bg-secondary-lt",
}


def change_words(request: HttpRequest | None = None) -> Mapping[str, str]:
    """同质性变化."""
    return {str(change): change.label(language()) for change in Change}


def basis_words() -> list[tuple[str, str]]:
    """权重来源."""
    return [(str(basis), basis.label(language())) for basis in Basis]


def home(request: GuardedRequest, permission: Permission) -> str:
    """The organisation in whose name something is done: that of the grant that allows it."""
    now = timezone.now()
    granted = (
        grant.organisation_code
        for grant in request.actor.grants
        if grant.is_valid(now) and permission in grant.permissions
    )
    return next(granted, organisations.county_code())
