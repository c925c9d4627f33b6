"""Foreign subjects of governance: documents, tasks, packs, rounds, problems, indicators."""

from __future__ import annotations

from datetime import date

from django.core.files.base import ContentFile

from sanyi.registry.cases import services as cases
from sanyi.registry.organisations.models import Organisation
from tests.registry import county as small
from tests.routes.subjects.making import Arguments, World, arguments_of


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


@arguments_of(
    "governance.indicators.indicator",
    "governance.indicators.rows",
    "governance.indicators.api.definition",
    "governance.indicators.api.history",
    "governance.indicators.api.rows",
)
def indicator_of_the_catalogue(world: World) -> Arguments:
    return {"code": "inpatient.discharges"}


@arguments_of("governance.indicators.alert", "governance.indicators.alert_act")
def alert_of_an_indicator(world: World) -> Arguments:
    from sanyi.governance.indicators import workflow
    from sanyi.governance.indicators.models import IndicatorAlert

    def make() -> Arguments:
        office = world.county.actor("reform_office", small.OTHER_COUNTY)
        case = cases.open_case(workflow.ALERT, organisation_code=small.OTHER_COUNTY, by=office, title="外示")
        IndicatorAlert.objects.create(
            case=case,
            number=case.number,
            organisation_code=small.OTHER_COUNTY,
            target_key="外示",
            code="inpatient.discharges",
            node_code=small.OTHER_COUNTY,
            period="2025",
            now="not_met",
        )
        return {"number": case.number}

    return world.kept("indicator_alert", make)


@arguments_of("governance.indicators.collected", "governance.indicators.collected_act")
def collected_value(world: World) -> Arguments:
    from sanyi.governance.indicators import services as indicators
    from sanyi.governance.indicators.rules.entries import Entry

    def make() -> Arguments:
        bureau = {"name": "邻县卫生健康局", "kind": "health_bureau", "parent_id": small.OTHER_COUNTY}
        Organisation.objects.get_or_create(code="980000000012", defaults=bureau)
        clerk = world.county.actor("health_bureau", "980000000012")
        entry = Entry(code="consortium.resources", period="2025", value="50")
        return {"number": indicators.collecting.enter(entry, by=clerk)[0].number}

    return world.kept("collected_value", make)


@arguments_of("governance.indicators.period", "governance.indicators.period_act")
def indicator_period(world: World) -> Arguments:
    return {"period": "2025"}
