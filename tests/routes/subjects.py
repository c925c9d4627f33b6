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
from django.core.files.base import ContentFile
from django.utils import timezone

from sanyi.exchange.intake import services as intake
from sanyi.exchange.mapping import services as mapping
from sanyi.exchange.mapping.codes import Edition, Kind
from sanyi.exchange.mapping.models import CodeChoice
from sanyi.registry.access import services as access
from sanyi.registry.access.models import ApiKey, RoleGrant
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Evidence
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import Route
from sanyi.registry.emergency_access.workflow import NAME as REVIEW
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.models import MedicalGroup, Organisation
from sanyi.registry.people import services as people
from sanyi.registry.people.codes import Category, CredentialKind
from sanyi.registry.people.models import Credential, MatchCandidate, PersonMerge
from sanyi.registry.runs.models import Run
from sanyi.registry.staff import services as staff_services
from tests.exchange import lists
from tests.registry import county as small

Arguments = dict[str, Any]
MARKS = ("邻县", "外示", small.OTHER_HOSPITAL, small.OTHER_COUNTY)
OPEN: Arguments = {
    "key": "registry.runs.stale_seconds",
    "scheme": "yantai_2023",
    "code": "140830000000",
    "person_id": "P-NOBODY",
    "contract": "settlement_list",
}
HERE = {"exchange.mapping.change"}
"""Routes about something that belongs to this county as a whole: here the neighbours are the strangers."""
FIELDS: dict[str, Arguments] = {"exchange.intake.upload": {"organisation_code": small.OTHER_HOSPITAL}}
"""Fields of forms that name the subject, where the address does not."""
QUERIES: dict[str, Arguments] = {"exchange.intake.api.receive": {"organisation_code": small.OTHER_HOSPITAL}}
"""The same for what stands after the question mark of an address."""


@dataclass
class World:
    """What the functions work with; ``made`` keeps each subject for the routes that share it."""

    county: small.County
    made: dict[str, Arguments] = field(default_factory=dict)

    def of(self, kind: Subject) -> Arguments:
        """The foreign subject of a kind, made once."""
        return self.kept(kind.value, lambda: SUBJECTS[kind](self))

    def kept(self, name: str, make: Callable[[], Arguments]) -> Arguments:
        """What is made once and shared."""
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]


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


@arguments_of("insurance.coding_check.run", "insurance.coding_check.workbook")
def coding_check(world: World) -> Arguments:
    return foreign_run(world, "coding_check.check")


@arguments_of(
    "insurance.relative_weights.run",
    "insurance.relative_weights.weight",
    "insurance.relative_weights.api.weights",
    "insurance.relative_weights.api.behind",
)
def relative_weights(world: World) -> Arguments:
    from sanyi.insurance.relative_weights import services as relative_weights
    from sanyi.registry.runs import services as runs

    def make() -> Arguments:
        world.of(Subject.STAY)
        asked = {"scheme": "linfen_2022", "first_month": "2025-03", "last_month": "2025-03", "method": "none"}
        limits = {"is_stay_limited": False, "is_early_leaving_excluded": False}
        owner = {"scope": frozenset({small.OTHER_HOSPITAL}), "organisation_code": small.OTHER_HOSPITAL}
        number = relative_weights.start(by=access.SYSTEM, **asked, **limits, **owner)
        assert runs.carry_out(number) == "done"
        rows = relative_weights.weights_of(number)
        return {"number": number, "drg": rows.filter(rows["stay_count"] > 0)["drg"][0]}

    return world.kept("relative_weights", make)


@subject(Subject.BATCH)
def batch(world: World) -> Arguments:
    rows = [lists.row(1, institution_code=small.OTHER_HOSPITAL), lists.row(2, sex="外示")]
    received = intake.receive(
        lists.csv_bytes(rows),
        "settlement_list",
        small.OTHER_HOSPITAL,
        by=access.SYSTEM,
        file_name="外示.csv",
        in_background=False,
    )
    return {"number": received.number, "row_number": 2}


@arguments_of("exchange.mapping.question", "exchange.mapping.choose", "exchange.mapping.withdraw")
def question(world: World) -> Arguments:
    def make() -> Arguments:
        asked = mapping.ask(
            Kind.DIAGNOSIS, Edition.CLINICAL, "X99.X99", organisation_code=small.OTHER_HOSPITAL, row_count=1
        )
        return {"pk": asked.pk}

    return world.kept("question", make)


@arguments_of("exchange.mapping.change")
def choice(world: World) -> Arguments:
    def make() -> Arguments:
        made = CodeChoice.objects.create(
            county_code=organisations.county_code(),
            kind=Kind.DIAGNOSIS.value,
            edition=Edition.CLINICAL.value,
            code="A01.001",
            target_code="A01.000",
            chosen_by_name="王示安",
            chosen_at=timezone.now(),
        )
        return {"pk": made.pk}

    return world.kept("choice", make)


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


@subject(Subject.STAY)
def stay(world: World) -> Arguments:
    from sanyi.insurance.grouping import services as grouping
    from sanyi.registry.runs import services as runs
    from tests.insurance import settlements

    settlements.write(settlements.few(), batch_number=1)
    number = grouping.group_batch(1, organisation_code=small.COUNTY)
    assert runs.carry_out(number) == "done"
    return {"institution_code": small.OTHER_HOSPITAL, "settlement_id": "S0006"}


@arguments_of("insurance.coding_check.run", "insurance.coding_check.workbook")
def coding_check_run(world: World) -> Arguments:
    from sanyi.insurance.coding_check import services as coding_check
    from sanyi.registry.runs import services as runs
    from tests.insurance import settlements

    settlements.write(settlements.few(), batch_number=1)
    asked = {"scope": frozenset({small.OTHER_HOSPITAL}), "organisation_code": small.OTHER_HOSPITAL, "batch_number": 1}
    number = coding_check.start_check(by=access.SYSTEM, **asked)
    assert runs.carry_out(number) == "done"
    return {"number": number}


@arguments_of(
    "governance.tasks.task",
    "governance.tasks.act",
    "governance.tasks.act_on_share",
    "governance.tasks.lead",
    "governance.tasks.link",
    "governance.tasks.notice",
    "governance.tasks.api.read",
    "governance.tasks.api.act",
    "governance.tasks.api.act_on_share",
    "governance.tasks.api.evidence_list",
    "governance.tasks.api.file_evidence",
    "governance.tasks.api.lead",
)
def supervised_task(world: World) -> Arguments:
    from sanyi.governance.tasks import services as tasks

    def make() -> Arguments:
        source = tasks.TaskSource("外示〔2026〕1号", "外示", "外示", "980000000000", date(2026, 1, 1))
        item = tasks.NewTask("外示", "外示", "外示", lead_unit="邻县人民医院", due_on=date(2026, 6, 30))
        office = world.county.actor("reform_office", small.OTHER_COUNTY)
        number = tasks.register_tasks(source, [item], by=office)[0]
        tasks.acting.act_on_task(tasks.acting.get(number), "assign", by=office)
        return {"number": number, "position": 1, "suffix": "docx"}

    return world.kept("task", make)


@arguments_of("governance.tasks.api.evidence")
def filed_evidence(world: World) -> Arguments:
    from sanyi.governance.tasks.models import TaskUnit
    from sanyi.registry.cases import services as cases

    def make() -> Arguments:
        unit = TaskUnit.objects.select_related("case").get(task__number=supervised_task(world)["number"], position=1)
        office = world.county.actor("reform_office", small.OTHER_COUNTY)
        row = cases.attach(unit.case, ContentFile(b"x", "外示.txt"), by=office)
        return {"number": unit.task.number, "evidence": row.pk}

    return world.kept("filed_evidence", make)


@arguments_of("governance.tasks.print_ledger")
def printed_ledger(world: World) -> Arguments:
    return {"suffix": "docx"}


@arguments_of(
    "governance.tasks.pack",
    "governance.tasks.pack_workbook",
    "governance.tasks.pack_document",
)
def evaluation_pack(world: World) -> Arguments:
    from sanyi.governance.tasks import services as tasks

    def make() -> Arguments:
        office = world.county.actor("reform_office", small.OTHER_COUNTY)
        return {"number": tasks.packs.freeze(tasks.PackKind.MIDTERM, "外示", by=office).number}

    return world.kept("pack", make)


@arguments_of("governance.tasks.round", "governance.tasks.round_act")
def supervision_round(world: World) -> Arguments:
    from sanyi.governance.tasks import services as tasks

    def make() -> Arguments:
        supervised_task(world)
        days = {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 2)}
        plan = tasks.rounds.Plan("外示", how=tasks.Draw.SAMPLE, sample_count=1, **days)
        office = world.county.actor("reform_office", small.OTHER_COUNTY)
        return {"number": tasks.rounds.plan_round(plan, by=office).number}

    return world.kept("round", make)


@arguments_of("governance.tasks.problem", "governance.tasks.problem_act")
def quarterly_problem(world: World) -> Arguments:
    from sanyi.governance.tasks import services as tasks

    def make() -> Arguments:
        bureau = {"name": "邻县卫生健康局", "kind": "health_bureau", "parent_id": small.OTHER_COUNTY}
        Organisation.objects.get_or_create(code="980000000012", defaults=bureau)
        quarter = tasks.problems.reportable_quarters()[0]
        asked = (small.OTHER_HOSPITAL, quarter, tasks.Receiver.HEALTH, "care", "外示")
        director = world.county.actor("hospital_director", small.OTHER_HOSPITAL)
        return {"number": tasks.problems.report_problem(*asked, by=director).number}

    return world.kept("problem", make)


COMPARISON = ("comparison", "institutions", "groups", "stays", "propose", "api.comparison", "api.matrix", "api.propose")


@arguments_of(*(f"insurance.scheme_change.{name}" for name in COMPARISON))
def scheme_comparison(world: World) -> Arguments:
    from sanyi.insurance.scheme_change import services as scheme_change
    from sanyi.registry.runs import services as runs

    def make() -> Arguments:
        world.of(Subject.STAY)
        asked = {"old": "linfen_2022", "new": "chs_drg_11", "first_month": "2025-03", "last_month": "2025-03"}
        owner = {"scope": frozenset({small.OTHER_HOSPITAL}), "organisation_code": small.OTHER_HOSPITAL}
        number = scheme_change.start(by=access.SYSTEM, **asked, **owner)
        assert runs.carry_out(number) == "done"
        return {"number": number}

    return world.kept("scheme_comparison", make)


@arguments_of(
    "insurance.scheme_change.import", "insurance.scheme_change.annotated", "insurance.scheme_change.api.import_result"
)
def scheme_import(world: World) -> Arguments:
    from sanyi.insurance.scheme_change.models import SchemeImport

    def make() -> Arguments:
        row = SchemeImport.objects.create(
            file_digest="0" * 64, file_name="外示.xlsx", size_bytes=1, organisation_code=small.OTHER_HOSPITAL
        )
        return {"pk": row.pk, "number": row.pk}

    return world.kept("scheme_import", make)


@arguments_of(
    "governance.policy.document",
    "governance.policy.file",
    "governance.policy.act",
    "governance.policy.accept_all",
    "governance.policy.confirm",
    "governance.policy.read_again",
    "governance.policy.add_task",
    "governance.policy.api.add_task",
    "governance.policy.api.document",
    "governance.policy.api.accept",
    "governance.policy.api.correct",
    "governance.policy.api.reject",
    "governance.policy.api.confirm",
)
def policy_document(world: World) -> Arguments:
    from sanyi.governance.policy import services as documents

    def make() -> Arguments:
        text = "外示方案\n一、外示任务\n（一）外示工作。（责任单位：邻县人民医院）\n"
        office = world.county.actor("reform_office", small.OTHER_COUNTY)
        document = documents.receive(text.encode(), "外示.txt", by=office)
        return {"pk": document.pk, "item": document.items.get(kind="task").pk, "act": "accept"}

    return world.kept("policy_document", make)


@arguments_of("insurance.scheme_change.workbook")
def small_scheme(world: World) -> Arguments:
    """A scheme of a few codes: every role reads the whole workbook."""
    from sanyi.insurance.grouping import store_package
    from tests.insurance.schemes import tiny

    def make() -> Arguments:
        store_package(tiny())
        return {"scheme": tiny().key}

    return world.kept("small_scheme", make)
