"""机构路由: the table of the topic's pages, and whose organisation a page is about."""

from __future__ import annotations

from django.http import HttpRequest

from sanyi.registry.doors.routes import Routes
from sanyi.registry.organisations.models import MedicalGroup, Organisation

routes = Routes("registry.organisations")


def owner(request: HttpRequest, code: str) -> str | None:
    """机构本身: None when there is no such organisation."""
    return Organisation.objects.filter(code=code).values_list("code", flat=True).first()


def group_owner(request: HttpRequest, code: str) -> str | None:
    """集团本身: None when there is no such group."""
    return MedicalGroup.objects.filter(organisation_id=code).values_list("organisation_id", flat=True).first()
