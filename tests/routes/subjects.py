"""Foreign subjects for the route tests: one of every kind, owned by a hospital of another county.

A route about a kind that has no function here fails its test. To add a kind, write a function and decorate it with
``@subject(Subject.X)``; it returns values for the arguments of the addresses, by name. A route whose arguments mean
something else gets its own function with ``@arguments_of("area.topic.name")``; a page about nobody in particular finds
its arguments in ``OPEN``. Every text in ``MARKS`` belongs to the foreign county and must not appear in any list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from sanyi.registry.access import services as access
from sanyi.registry.access.models import ApiKey, RoleGrant
from sanyi.registry.access.workflow import NAME as REVIEW
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Evidence
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import Route
from sanyi.registry.people import services as people
from sanyi.registry.runs.models import Run
from tests.registry import county as small

Arguments = dict[str, Any]
MARKS = ("邻县", "外示", small.OTHER_HOSPITAL, small.OTHER_COUNTY)
OPEN: Arguments = {
    "key": "registry.runs.stale_seconds",
    "scheme": "yantai_2023",
    "code": "140830000000",
    "person_id": "P-NOBODY",
}


@dataclass
class World:
    """What the functions work with; ``made`` keeps each subject for the routes that share it."""

    county: small.County
    made: dict[str, Arguments] = field(default_factory=dict)

    def of(self, kind: Subject) -> Arguments:
        """The foreign subject of a kind, made once."""
        if kind.value not in self.made:
            self.made[kind.value] = SUBJECTS[kind](self)
        return self.made[kind.value]


Make = Callable[[World], Arguments]
SUBJECTS: dict[Subject, Make] = {}
ROUTES: dict[str, Make] = {}


def subject(kind: Subject) -> Callable[[Make], Make]:
    """Registers the maker of a kind of subject."""
    return lambda make: SUBJECTS.setdefault(kind, make)


def arguments_of(*names: str) -> Callable[[Make], Make]:
    """Registers the arguments of single routes."""

    def register(make: Make) -> Make:
        for name in names:
            ROUTES[name] = make
        return make

    return register


def arguments(route: Route, world: World) -> Arguments:
    """The arguments that lead to the foreign subject (or, for pages about nobody, to any page at all)."""
    if route.full_name in ROUTES:
        return ROUTES[route.full_name](world)
    return OPEN if route.subject is Subject.NONE else world.of(route.subject)


# --- the kinds ------------------------------------------------------------------------------------------------------


@subject(Subject.ORGANISATION)
def organisation(world: World) -> Arguments:
    return dict.fromkeys(("code", "organisation_code", "institution_code"), small.OTHER_HOSPITAL)


@subject(Subject.RUN)
def run(world: World) -> Arguments:
    row = Run.objects.create(
        kind="access.verify_trail", organisation_code=small.OTHER_HOSPITAL, message="外示", started_by_name="外示"
    )
    return {"number": row.number}


@subject(Subject.CASE)
def case(world: World) -> Arguments:
    opened = cases.open_case(
        REVIEW, organisation_code=small.OTHER_HOSPITAL, by=access.SYSTEM, title="外示", subject_kind="break_glass"
    )
    evidence = Evidence.objects.create(
        case=opened, file_name="外示.pdf", media_type="application/pdf", size_bytes=1, digest="0" * 64
    )
    return {"number": opened.number, "evidence_id": evidence.pk}


@subject(Subject.GRANT)
def grant(world: World) -> Arguments:
    user = User.objects.create(username="外示")
    row = RoleGrant.objects.create(
        user=user,
        role="pharmacist",
        organisation_code=small.OTHER_HOSPITAL,
        starts_at=timezone.now() - timedelta(days=1),
    )
    return {"grant_id": row.pk}


@subject(Subject.KEY)
def key(world: World) -> Arguments:
    row = ApiKey.objects.create(
        name="外示",
        prefix="abc",
        digest="x",
        user=User.objects.create(username="外示机器"),
        organisation_code=small.OTHER_HOSPITAL,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return {"key_id": row.pk}


@subject(Subject.AUDIT_ENTRY)
def audit_entry(world: World) -> Arguments:
    entry = access.record_write(access.SYSTEM, "test.foreign", "thing", "外示", small.OTHER_HOSPITAL, "外示")
    return {"sequence": entry.sequence}


def foreign_person(name: str = "王外示") -> str:
    facts = people.PersonFacts(
        name=name, sex="1", born_on=date(1960, 1, 1), managing_organisation_code=small.OTHER_HOSPITAL
    )
    return people.register_person(facts, by=access.SYSTEM).person.person_id


@subject(Subject.PERSON)
def person(world: World) -> Arguments:
    return {"person_id": foreign_person()}


@subject(Subject.STAY)
def stay(world: World) -> Arguments:
    from sanyi.insurance.grouping import services as grouping
    from sanyi.registry.runs import services as runs
    from tests.insurance import settlements

    settlements.write(settlements.few(), batch_number=1)
    number = grouping.group_batch(1, organisation_code=small.COUNTY)
    assert runs.carry_out(number) == "done"
    return {"institution_code": small.OTHER_HOSPITAL, "settlement_id": "S0006"}
