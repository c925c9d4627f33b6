"""居民路由: the table of the topic's pages, whose a person is, and how far an actor reaches."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.rules import ALL, AllOrganisations
from sanyi.registry.access.services import decide
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people import rules
from sanyi.registry.people.models import Person, PersonMerge

routes = Routes("registry.people")
PURPOSES = (
    Purpose.CARE,
    Purpose.PUBLIC_HEALTH,
    Purpose.PAYMENT,
    Purpose.SUPERVISION,
    Purpose.ADMINISTRATION,
    Purpose.AUDIT,
)
WITH_SELF = (*PURPOSES, Purpose.SELF)


def owners(request: HttpRequest, person_id: str, **more: object) -> str | None:
    """居民的管理机构: who keeps the record; the county for somebody without one; None when there is no such person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT managing_organisation_code FROM registry_person WHERE person_id = %s", [person_id])
        found = cursor.fetchone()
    return None if found is None else found[0] or organisations.county_code()


def person_of(request: HttpRequest, person_id: str, **more: object) -> str | None:
    """居民本人."""
    return person_id


def merge_owner(request: HttpRequest, merge_id: int, **more: object) -> str | None:
    """合并记录的管理机构: of the record that was kept."""
    held = PersonMerge.objects.filter(pk=merge_id).values_list("survivor_id", flat=True).first()
    return None if held is None else owners(request, held)


def widen(request: GuardedRequest) -> None:
    """全县范围: whoever reaches every organisation also sees people whom nobody manages, without a long condition."""
    scope = request.scope
    if not isinstance(scope, AllOrganisations) and organisations.covers_all(scope):
        request.scope = ALL


def may_identify(request: GuardedRequest, person: Person) -> bool:
    """能否看到姓名全称."""
    owner = person.managing_organisation_id or organisations.county_code()
    decision = decide(
        request.actor,
        Permission.PERSON_IDENTIFY,
        purpose=WITH_SELF,
        organisation_code=owner,
        person_id=person.person_id,
    )
    return bool(decision)


def name_for(request: GuardedRequest, person: Person) -> str:
    """姓名: in full for those who may identify, otherwise masked."""
    return person.name if may_identify(request, person) else rules.masked_name(person.name)


def sex_words() -> dict[str, str]:
    """性别名称."""
    return {"0": _("未知"), "1": _("男"), "2": _("女"), "9": _("未说明")}
