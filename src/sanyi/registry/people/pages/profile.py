"""居民页面: one person with household, categories, masked credentials, merged records, and who read it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.kernel.dates import age_years
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.services.reading import latest_of_person
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.guard import may, note_persons
from sanyi.registry.doors.routes import GuardedRequest
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people import rules
from sanyi.registry.people.codes import Category, CredentialKind, Relationship
from sanyi.registry.people.models import Credential, Household, Person, PersonCategory, PersonMerge
from sanyi.registry.people.pages.table import (
    WITH_SELF,
    name_for,
    owners,
    person_of,
    routes,
    sex_words,
)
from sanyi.registry.people.services.matching import records_below
from sanyi.registry.people.services.merging import candidates_of, is_candidate
from sanyi.registry.people.services.search import masked_number
from sanyi.registry.places import services as places
from sanyi.registry.statements import marks, rows_of

READINGS_SHOWN = 20
READ = "read"


@routes.page(
    "people/<str:person_id>/",
    name="detail",
    permission=Permission.PERSON_READ,
    purpose=WITH_SELF,
    subject=Subject.PERSON,
    organisation_of=owners,
    person_of=person_of,
    zh="居民详情",
    en="Resident",
)
def detail(request: GuardedRequest, person_id: str) -> HttpResponseBase:
    """居民详情: everything the registry knows of one person; the reading is audited by the guard."""
    (person,) = rows_of(Person, "person_id = %s", [person_id])
    records = records_below(person_id) if person.merged_into_id is None else [person_id]
    owner = person.managing_organisation_id or organisations.county_code()
    context = {
        "title": name_for(request, person),
        "person": person,
        "facts": _facts(request, person),
        "household": _household(request, person),
        "categories": _categories(records),
        "credentials": _credentials(records),
        "births": rows_of(Person, "mother_id = %s AND merged_into_id IS NULL ORDER BY person_id", [person_id]),
        "merges": rows_of(PersonMerge, f"survivor_id IN ({marks(records)}) ORDER BY merged_at DESC, id DESC", records),
        "candidates": candidates_of(records) if is_candidate(records) else [],
        "readings": _readings(request, person, owner),
        "may_write": may(request, Permission.PERSON_WRITE, owner),
        "may_merge": may(request, Permission.PERSON_MERGE, owner),
        "may_audit": may(request, Permission.AUDIT_READ),
    }
    return render(request, "people/detail.html", context)


def _facts(request: GuardedRequest, person: Person) -> list[tuple[str, Any]]:
    today = timezone.localdate()
    until = person.died_on or today
    age = _("%(age)d 岁") % {"age": age_years(person.born_on, until)} if person.born_on <= until else ""
    managers = rows_of(organisations.Organisation, "code = %s", [person.managing_organisation_id or ""])
    households = rows_of(Household, "id = %s", [person.household_id])
    return [
        (_("居民编号"), person.person_id),
        (_("姓名"), name_for(request, person)),
        (_("性别"), sex_words()[person.sex]),
        (_("出生日期"), person.born_on),
        (_("年龄"), age),
        (_("死亡日期"), person.died_on),
        (_("村居"), places.path_text(person.place_id) if person.place_id else ""),
        (_("户编号"), households[0].number if households else ""),
        (_("与户主关系"), Relationship(person.relationship).label(language()) if person.relationship else ""),
        (_("管理机构"), managers[0].name if managers else ""),
        (_("电话"), rules.masked_phone(person.phone_tail)),
        (_("建档时间"), timezone.localtime(person.registered_at).strftime("%Y-%m-%d %H:%M")),
    ]


def _household(request: GuardedRequest, person: Person) -> list[dict[str, Any]]:
    """The others of the household; each one shown is noted as read."""
    if person.household_id is None:
        return []
    others = (
        "household_id = %s AND merged_into_id IS NULL AND person_id <> %s ORDER BY relationship, person_id LIMIT 50"
    )
    people = rows_of(Person, others, [person.household_id, person.pk])
    note_persons(request, {other.person_id: other.managing_organisation_id or "" for other in people})
    return [
        {
            "person": other,
            "name": name_for(request, other),
            "sex": sex_words()[other.sex],
            "relationship": Relationship(other.relationship).label(language()) if other.relationship else "",
        }
        for other in people
    ]


def _categories(records: list[str]) -> list[dict[str, Any]]:
    today = timezone.localdate()
    rows = rows_of(PersonCategory, f"person_id IN ({marks(records)}) ORDER BY starts_on DESC, category", records)
    return [
        {
            "row": row,
            "name": Category(row.category).label(language()),
            "holds": row.starts_on <= today and (row.ends_on is None or today <= row.ends_on),
        }
        for row in rows
    ]


def _credentials(records: list[str]) -> list[dict[str, Any]]:
    order = "withdrawn_at IS NOT NULL, withdrawn_at, kind, id"
    rows = rows_of(Credential, f"person_id IN ({marks(records)}) ORDER BY {order}", records)
    return [
        {"row": row, "kind": CredentialKind(row.kind).label(language()), "number": masked_number(row)} for row in rows
    ]


def _readings(request: GuardedRequest, person: Person, owner: str) -> list[dict[str, Any]]:
    """Who read or changed this record: for the person's own institution, for the person, and for the auditor."""
    is_own = person.person_id == request.actor.person_id
    if not (is_own or owner in request.scope or may(request, Permission.AUDIT_READ, owner)):
        return []
    shown = latest_of_person(person.person_id, READINGS_SHOWN)
    names = organisations.names({entry.actor_organisation_code for entry in shown})
    return [
        {
            "entry": entry,
            "organisation": names.get(entry.actor_organisation_code, entry.actor_organisation_code),
            "act": _("查阅") if entry.verb == READ else _("变更"),
            "right": _right(entry.purpose, entry.via),
        }
        for entry in shown
    ]


def _right(purpose: str, via: str) -> str:
    """For which purpose and by which role; emergency access stands out."""
    parts = [Purpose(purpose).zh] if purpose else []
    if via.startswith("glass:"):
        parts.append(_("紧急调阅"))
    return " · ".join(parts)
