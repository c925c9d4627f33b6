"""Foreign subjects of the registry: institutions, runs, cases, grants, people, staff."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from sanyi.registry.access import services as access
from sanyi.registry.access.models import ApiKey, RoleGrant
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Evidence
from sanyi.registry.emergency_access.workflow import NAME as REVIEW
from sanyi.registry.ledger import services as ledger
from sanyi.registry.ledger.codes import AccountKind
from sanyi.registry.organisations.models import MedicalGroup, Organisation
from sanyi.registry.people import services as people
from sanyi.registry.people.codes import Category, CredentialKind
from sanyi.registry.people.models import Credential, MatchCandidate, PersonMerge
from sanyi.registry.runs.models import Run
from sanyi.registry.staff import services as staff_services
from tests.registry import county as small
from tests.routes.subjects.making import Arguments, Subject, World, arguments_of, subject


@subject(Subject.ORGANISATION)
def organisation(world: World) -> Arguments:
    named = dict.fromkeys(("code", "organisation_code", "institution_code"), small.OTHER_HOSPITAL)
    return named | {"contract": "settlement_list"}


@subject(Subject.RUN)
def run(world: World) -> Arguments:
    row = Run.objects.create(
        kind="access.verify_trail", organisation_code=small.OTHER_HOSPITAL, message="外示", started_by_name="外示"
    )
    return {"number": row.number}


def foreign_run(world: World, kind: str) -> Arguments:
    def make() -> Arguments:
        row = Run.objects.create(kind=kind, organisation_code=small.OTHER_HOSPITAL, started_by_name="外示")
        return {"number": row.number, "drg": "AA19"}

    return world.kept(kind, make)


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


@arguments_of(
    "registry.organisations.group",
    "registry.organisations.join",
    "registry.organisations.leave",
    "registry.organisations.api.members",
)
def medical_group(world: World) -> Arguments:
    def make() -> Arguments:
        row = {"name": "邻县第一医疗集团", "kind": "medical_group", "parent_id": small.OTHER_COUNTY}
        group = Organisation.objects.create(code="980000000009", **row)
        MedicalGroup.objects.create(organisation=group, founded_on=date(2025, 1, 1))
        return {"code": group.code}

    return world.kept("group", make)


@arguments_of(
    "registry.ledger.account",
    "registry.ledger.entry",
    "registry.ledger.api.entry",
)
def ledger_entry(world: World) -> Arguments:
    def make() -> Arguments:
        book, day = small.OTHER_HOSPITAL, date(2025, 1, 1)
        for code, kind in (("1001", AccountKind.ASSET), ("2001", AccountKind.LIABILITY)):
            ledger.open_account(book, code, "外示科目", kind, opened_on=day, by=access.SYSTEM)
        lines = (ledger.Line("1001", 100), ledger.Line("2001", 0, 100))
        entry = ledger.post(book, lines, posted_on=day, description="外示", by=access.SYSTEM)
        return {"book": book, "code": "1001", "number": entry.number}

    return world.kept("ledger_entry", make)


def foreign_person(name: str = "王外示", number: str = "") -> str:
    cards = [people.CredentialFacts(CredentialKind.HEALTH_CARD, number)] if number else []
    facts = people.PersonFacts(
        name=name,
        sex="1",
        born_on=date(1960, 1, 1),
        managing_organisation_code=small.OTHER_HOSPITAL,
        credentials=cards,
    )
    return people.register_person(facts, by=access.SYSTEM).person.person_id


@subject(Subject.PERSON)
def person(world: World) -> Arguments:
    person_id = foreign_person(number="EHC980001")
    category = people.add_category(person_id, Category.LOW_INCOME, starts_on=date(2025, 1, 1), by=access.SYSTEM)
    card = Credential.objects.get(person_id=person_id)
    return {"person_id": person_id, "credential_id": card.pk, "category_id": category.pk, "act": "prefer"}


def foreign_match() -> MatchCandidate:
    return people.propose_by_hand(foreign_person("李外示"), foreign_person("李外示安"), by=access.SYSTEM)


@arguments_of("registry.people.match")
def match(world: World) -> Arguments:
    return world.kept("match", lambda: {"number": foreign_match().case.number})


@arguments_of("registry.people.undo")
def merge(world: World) -> Arguments:
    def make() -> Arguments:
        candidate = foreign_match()
        cases.act(candidate.case, "merge", world.county.actor("health_bureau", small.OTHER_COUNTY), reason="同一人")
        return {"merge_id": PersonMerge.objects.get(candidate=candidate).pk}

    return world.kept("merge", make)


@subject(Subject.STAFF)
def staff(world: World) -> Arguments:
    member = staff_services.register("ST98000001", by=access.SYSTEM, name="赵外示")
    staff_services.affiliate(member.staff_id, small.OTHER_HOSPITAL, starts_on=date(2025, 1, 1), by=access.SYSTEM)
    return {"staff_id": member.staff_id}
