"""Collected values: who may enter what, by two persons to approval, and what cannot be true."""

from __future__ import annotations

from typing import Any

import pytest

from sanyi.governance.indicators import services, workflow
from sanyi.governance.indicators.codes import NodeKind, Origin
from sanyi.governance.indicators.codes.collecting import Entered
from sanyi.governance.indicators.models import CollectedValue, IndicatorValue
from sanyi.governance.indicators.services import collecting
from sanyi.governance.tasks import services as tasks
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import StateChart
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Case
from tests.governance.indicators import bureau
from tests.registry import county as small
from tests.registry.threads import together

PREFIX = "governance.indicators."


def code_of(error: pytest.ExceptionInfo[RefusedError]) -> str:
    return error.value.refusals[0].code.removeprefix(PREFIX)


def test_a_value_becomes_current_once_a_second_person_has_approved_it(offices: small.County) -> None:
    row = bureau.entered(offices, "submit", "approve")
    value = IndicatorValue.objects.get()
    assert (value.code, value.period, value.origin) == (bureau.CODE, "2025", Origin.COLLECTED)
    assert (value.numerator, value.denominator, value.value_e6) == (86, 120, 71_666_667)
    assert value.collected_id == row.pk and value.node_code == small.COUNTY
    assert not row.is_open and row.approved_by_name == "医改办示" and row.entered_by_name == "卫健局示"
    known = services.reading.value(bureau.CODE, "2025", node_code=small.COUNTY)
    assert known is not None and known.pk == value.pk


def test_a_colleague_of_the_same_unit_may_approve(offices: small.County) -> None:
    row = bureau.entered(offices, "submit")
    assert cases.act(row.case, "approve", bureau.colleague(offices)).state == "approved"


def test_who_entered_or_submitted_may_not_approve(offices: small.County) -> None:
    row = bureau.entered(offices)
    cases.act(row.case, "submit", bureau.colleague(offices))
    row = collecting.get(row.number)
    for who, code in ((bureau.clerk(offices), "cases.not_by_opener"), (bureau.colleague(offices), PREFIX)):
        with pytest.raises(RefusedError) as error:
            cases.act(row.case, "approve", who)
        assert error.value.refusals[0].code.startswith(code)
    assert cases.act(row.case, "approve", bureau.office(offices)).state == "approved"


def test_a_returned_value_is_corrected_and_submitted_again(offices: small.County) -> None:
    row = bureau.entered(offices, "submit", "return")
    assert row.case.state == "returned" and row.case.deadline_at is not None
    changed, outcome = collecting.enter(bureau.entry(numerator=90), by=bureau.clerk(offices))
    assert outcome is Entered.CHANGED and changed.pk == row.pk
    cases.act(Case.objects.get(pk=row.case_id), "submit", bureau.clerk(offices))
    cases.act(Case.objects.get(pk=row.case_id), "approve", bureau.office(offices))
    assert IndicatorValue.objects.get().value_e6 == 75_000_000
    assert [one.transition for one in row.case.events.all()] == ["opened", "submit", "return", "submit", "approve"]
    assert AuditEntry.objects.filter(verb="indicator.enter", subject_id=row.number).count() == 2


def test_an_approved_value_is_corrected_by_another_one(offices: small.County) -> None:
    first = bureau.entered(offices, "submit", "approve")
    same, outcome = collecting.enter(bureau.entry(), by=bureau.clerk(offices))
    assert (same.pk, outcome) == (first.pk, Entered.SAME)
    second = bureau.entered(offices, "submit", "approve", numerator=100)
    assert collecting.before(second) == [first]
    assert sorted(IndicatorValue.objects.values_list("value_e6", "is_current")) == [
        (71_666_667, False),
        (83_333_333, True),
    ]


def test_a_withdrawn_value_leaves_the_place_free(offices: small.County) -> None:
    row = bureau.entered(offices, "submit")
    with pytest.raises(RefusedError) as error:
        collecting.enter(bureau.entry(numerator=87), by=bureau.clerk(offices))
    assert code_of(error) == "already_submitted" and row.number in error.value.refusals[0].message()
    cases.act(row.case, "withdraw", bureau.clerk(offices), reason="填错")
    again, outcome = collecting.enter(bureau.entry(numerator=87), by=bureau.clerk(offices))
    assert outcome is Entered.NEW and again.pk != row.pk


def test_without_evidence_nothing_is_submitted(offices: small.County) -> None:
    row, _new = collecting.enter(bureau.entry(), by=bureau.clerk(offices))
    with pytest.raises(RefusedError) as error:
        cases.act(row.case, "submit", bureau.clerk(offices))
    assert code_of(error) == "collected_evidence_missing"


def test_all_of_a_unit_are_submitted_at_once(offices: small.County) -> None:
    bureau.entered(offices)
    row, _new = collecting.enter(bureau.entry(code="consortium.resources"), by=bureau.clerk(offices))
    period = bureau.period_of(bureau.YEAR)
    done, refused = collecting.submit_all(period, by=bureau.clerk(offices))
    assert len(done) == 1 and list(refused) == [row.number]
    with pytest.raises(RefusedError) as error:
        collecting.submit_all(bureau.period_of("2024"), by=bureau.clerk(offices))
    assert code_of(error) == "nothing_to_submit"


@pytest.mark.parametrize(
    ("given", "code", "column"),
    [
        ({"code": ""}, "collected_code_missing", "指标代码"),
        ({"code": "no.such"}, "indicator_unknown", "指标代码"),
        ({"code": "inpatient.drug_share"}, "not_collected_indicator", "指标代码"),
        ({"code": bureau.INSURANCE_CODE}, "wrong_collector", "指标代码"),
        ({"period": ""}, "collected_period_missing", "期间"),
        ({"period": "去年"}, "period_wrong", "期间"),
        ({"period": "2025Q1"}, "wrong_window", "期间"),
        ({"period": "2019"}, "no_version_then", "期间"),
        ({"period": "2099"}, "period_to_come", "期间"),
        ({"node": "不存在的医院"}, "node_unknown", "节点"),
        ({"node": "全国平均"}, "reference_not_asked", "节点"),
        ({"part": "药品"}, "part_none", "部分"),
        ({"numerator": "约86"}, "number_unreadable", "分子"),
        ({"numerator": "86.5"}, "number_not_whole", "分子"),
        ({"numerator": "-1"}, "number_negative", "分子"),
        ({"numerator": "9" * 20}, "number_too_large", "分子"),
        ({"denominator": "0"}, "collected_denominator_zero", "分母"),
        ({"denominator": ""}, "half_a_fraction", "分母"),
        ({"numerator": "", "denominator": ""}, "figures_missing", "分子"),
        ({"numerator": "130"}, "value_over_whole", "分子"),
        ({"numerator": "", "denominator": "", "value": "103"}, "value_over_whole", "指标值"),
        ({"value": "85"}, "value_differs", "指标值"),
        ({"value": "71.12345678"}, "number_too_fine", "指标值"),
        ({"note": "字" * 401}, "collected_text_too_long", "说明"),
    ],
)
def test_what_is_wrong_is_said_with_its_column(
    offices: small.County, given: dict[str, Any], code: str, column: str
) -> None:
    with pytest.raises(RefusedError) as error:
        collecting.enter(bureau.entry(**given), by=bureau.clerk(offices))
    refusal = error.value.refusals[0]
    assert (refusal.code.removeprefix(PREFIX), refusal.place.column) == (code, column)
    assert refusal.remedy() and refusal.remedy("en") and not CollectedValue.objects.exists()


@pytest.mark.parametrize(
    ("given", "value_e6"),
    [
        ({"numerator": "１２", "denominator": "1,200"}, 1_000_000),
        ({"value": "71.67%"}, 71_666_667),
        ({"numerator": "", "denominator": "", "value": "71.6"}, 71_600_000),
        ({"numerator": "0"}, 0),
    ],
)
def test_figures_are_read_as_people_type_them(offices: small.County, given: dict[str, Any], value_e6: int) -> None:
    row, _new = collecting.enter(bureau.entry(**given), by=bureau.clerk(offices))
    assert row.value_e6 == value_e6


def test_parts_and_counts_and_institutions(offices: small.County) -> None:
    clerk = bureau.clerk(offices)
    parts = {"code": "medicine.online_purchase_share", "numerator": 9, "denominator": 10}
    row, _new = collecting.enter(bureau.entry(part="药品", **parts), by=clerk)
    other, _new = collecting.enter(bureau.entry(part="consumables", **parts), by=clerk)
    assert (row.part, other.part) == ("drugs", "consumables")
    with pytest.raises(RefusedError) as error:
        collecting.enter(bureau.entry(**parts), by=clerk)
    assert code_of(error) == "part_wrong" and "药品、" in error.value.refusals[0].message()
    with pytest.raises(RefusedError) as error:
        collecting.enter(bureau.entry(code="consortium.group_count"), by=clerk)
    assert code_of(error) == "no_fraction"
    count = {"code": "consortium.group_count", "numerator": "", "denominator": "", "value": 2}
    counted, _new = collecting.enter(bureau.entry(**count), by=clerk)
    assert collecting.words_of(counted) == "2 个"
    own, _new = collecting.enter(bureau.entry(node="东镇卫生院"), by=clerk)
    assert (own.node_code, own.node_kind) == (small.TOWNSHIP, NodeKind.INSTITUTION)


def test_an_outside_average_is_entered_where_a_target_names_it(offices: small.County) -> None:
    code = "health.fitness_pass_rate"
    assert services.items.references(code) == ["nation"]
    name = services.catalogue.definition(code).latest.collector.zh
    tasks.choose_unit(name, bureau.HEALTH, county_code=small.COUNTY, by=bureau.office(offices))
    given = {"code": code, "node": "全国平均", "numerator": "", "denominator": "", "value": "92.5"}
    row, _new = collecting.enter(bureau.entry(**given), by=bureau.clerk(offices))
    assert (row.node_kind, row.node_code, row.value_e6) == (NodeKind.OUTSIDE, "nation", 92_500_000)


def test_what_two_units_collect_is_entered_by_one_of_them(offices: small.County) -> None:
    insurance = offices.actor("insurance_officer", small.BUREAU)
    version = services.catalogue.definition("medicine.online_purchase_share").latest
    assert "、" in version.collector.zh
    name = version.collector.zh.split("、")[0]
    tasks.choose_unit(name, small.BUREAU, county_code=small.COUNTY, by=bureau.office(offices))
    parts = {"code": version.code, "part": "药品", "numerator": 9, "denominator": 10}
    row, _new = collecting.enter(bureau.entry(**parts), by=insurance)
    with pytest.raises(RefusedError) as error:
        collecting.enter(bureau.entry(**parts | {"numerator": 8}), by=bureau.clerk(offices))
    assert code_of(error) == "other_unit_entered" and row.number in error.value.refusals[0].message()


CHARTS = [(workflow.COLLECTED_CHART, step) for step in workflow.COLLECTED_CHART.transitions]
CHARTS += [(workflow.PERIOD_CHART, step) for step in workflow.PERIOD_CHART.transitions]


@pytest.mark.parametrize(("chart", "step"), CHARTS, ids=lambda one: getattr(one, "name", ""))
def test_every_step_is_for_its_actors_alone(chart: StateChart, step: Any) -> None:
    right = {"actor_roles": step.actors, "reason": "理由", "evidence_count": 1}
    assert chart.next(step.source, step.name, **right).code == step.target
    others = {key for one in chart.transitions for key in one.actors} - step.actors
    for roles in (set(), {"indicator.read", "case.act"}, others):
        with pytest.raises(RefusedError) as error:
            chart.next(step.source, step.name, **right | {"actor_roles": roles})
        assert error.value.refusals[0].code == "workflow.actor_not_allowed"


ACTORS = ["health_bureau", "finance_officer", "reform_office", "county_leader", "hospital_director", "auditor"]
MAY = {
    "submit": {"health_bureau", "finance_officer"},
    "withdraw": {"health_bureau", "finance_officer"},
    "approve": {"finance_officer", "reform_office"},
    "return": {"finance_officer", "reform_office"},
}


@pytest.mark.parametrize("role", ACTORS)
def test_the_steps_of_a_value_by_role(offices: small.County, role: str) -> None:
    home = {"reform_office": bureau.REFORM, "health_bureau": bureau.HEALTH, "finance_officer": bureau.HEALTH}
    who = offices.actor(role, home.get(role))
    draft, submitted = bureau.entered(offices), bureau.entered(offices, "submit", code="consortium.resources")
    seen = {step.name for row in (draft, submitted) for step in cases.possible_acts(row.case, who)}
    assert seen == {name for name, roles in MAY.items() if role in roles}
    stranger = offices.actor("finance_officer", bureau.FINANCE)
    assert not cases.possible_acts(draft.case, stranger) + cases.possible_acts(submitted.case, stranger)


@pytest.mark.django_db(transaction=True)
def test_two_approve_the_same_value_at_once(open_offices: small.County) -> None:
    row = bureau.entered(open_offices, "submit")
    people = (bureau.office(open_offices), bureau.colleague(open_offices))
    results = together(*[lambda who=who: cases.act(row.case, "approve", who) for who in people])
    refused = [one for one in results if isinstance(one, RefusedError)]
    assert len(refused) == 1 and refused[0].refusals[0].code == "cases.changed_meanwhile"
    assert IndicatorValue.objects.count() == 1 and collecting.get(row.number).case.state == "approved"


@pytest.mark.django_db(transaction=True)
def test_two_enter_the_same_value_at_once(open_offices: small.County) -> None:
    people = (bureau.clerk(open_offices), bureau.colleague(open_offices))
    works = [lambda who=who, n=n: collecting.enter(bureau.entry(numerator=n), by=who) for n, who in enumerate(people)]
    results = together(*works)
    assert CollectedValue.objects.count() == 1
    assert all(isinstance(one, (tuple, RefusedError)) for one in results), results
