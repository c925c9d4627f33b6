"""支付模拟的门: the route table of the topic and what its pages share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from sanyi.insurance.what_if import services
from sanyi.insurance.what_if.models import Scenario
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import NOWHERE, Scope
from sanyi.registry.doors.services import GuardedRequest, Routes, Subject
from sanyi.registry.organisations import services as organisations

routes = Routes("insurance.what_if")


def owner(request: HttpRequest, number: int | str, **_more: Any) -> str | None:
    """方案所属机构: None when there is no such scenario."""
    return services.owner_of(int(number))


def scenario_of(number: int | str) -> Scenario:
    """方案: one that the guard has found."""
    found = services.get(int(number))
    assert found is not None, "the guard has found it"
    return found


def home(request: GuardedRequest) -> str:
    """The organisation in whose name a scenario is made: that of the grant that allows it."""
    now = timezone.now()
    granted = (
        grant.organisation_code
        for grant in request.actor.grants
        if grant.is_valid(now) and Permission.WHAT_IF_RUN in grant.permissions
    )
    return next(granted, organisations.county_code())


def visible(request: HttpRequest, scenario: Scenario | None) -> bool:
    """能否看到: for pages about several scenarios, whose numbers stand after the question mark."""
    scope: Scope = getattr(request, "scope", NOWHERE)
    return scenario is not None and scenario.organisation_code in scope


def revision_of(request: HttpRequest) -> int:
    """所见修订号: of the form; zero fits none."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() else 0


OWNED: dict[str, Any] = {"subject": Subject.ORGANISATION, "organisation_of": owner}
"""属于方案的路由: decided for the scenario's organisation."""
