"""Every step of every chart: by the right actor it goes, by a stranger it is refused and nothing moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from sanyi.governance.tasks import workflow
from sanyi.governance.tasks.codes import DutyState, TaskState
from sanyi.governance.tasks.models import Task
from sanyi.governance.tasks.rules.progress import state_of
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import SYSTEM, StateChart
from sanyi.registry.access import services as access
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Case
from tests.governance.tasks.office import (
    FINANCE,
    HEALTH,
    REFORM,
    assigned,
    clerk,
    do,
    item,
    office,
    paper,
    share,
    states,
)
from tests.registry import county as small

CHARTS = (
    workflow.TASK_CHART,
    workflow.DUTY_CHART,
    workflow.ROUND_CHART,
    workflow.FINDING_CHART,
    workflow.PROBLEM_CHART,
)
HOLDERS = {
    "task.manage": ("reform_office", REFORM),
    "task.verify": ("reform_office", REFORM),
    "task.instruct": ("county_leader", small.COUNTY),
    "task.file": ("health_bureau", HEALTH),
    "problem.report": ("hospital_director", small.HOSPITAL),
    "problem.answer": ("health_bureau", HEALTH),
}
WHERE = {
    "task.manage": small.COUNTY,
    "task.verify": small.COUNTY,
    "task.instruct": HEALTH,
    "task.file": HEALTH,
    "problem.report": small.HOSPITAL,
    "problem.answer": HEALTH,
}


def steps() -> Iterator[tuple[StateChart, int]]:
    for chart in CHARTS:
        for place in range(len(chart.transitions)):
            yield chart, place


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_the_charts_are_sound(chart: StateChart) -> None:
    assert chart.check() == []


@pytest.mark.django_db
@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_each_step_belongs_to_its_holders_alone(county: small.County, chart: StateChart) -> None:
    """Every transition of the chart against every role at its usual place, and a bureau next door."""
    people = {(role, where): county.actor(role, where) for role, where in {*small.HOME.items(), *HOLDERS.values()}}
    people["finance_officer", FINANCE] = county.actor("finance_officer", FINANCE)
    for step in chart.transitions:
        if step.actors == {SYSTEM}:
            assert may(chart, step.source, step.name, access.SYSTEM, small.COUNTY)
            assert not any(may(chart, step.source, step.name, one, small.COUNTY) for one in people.values())
            continue
        (key,) = step.actors
        right, where = HOLDERS[key], WHERE[key]
        assert may(chart, step.source, step.name, people[right], where), (step.name, right)
        for (role, home), actor in people.items():
            carries = key in {permission.value for permission in access.role(role).permissions}
            is_own = key in {permission.value for permission in access.role(role).own_permissions}
            expected = carries and (home == where if is_own else where in reach_of(actor))
            assert may(chart, step.source, step.name, actor, where) is expected, (step.name, role, home)


def may(chart: StateChart, state: str, step: str, actor: Actor, where: str) -> bool:
    return any(one.name == step for one in chart.allowed(state, access.keys_at(actor, where)))


def reach_of(actor: Actor) -> frozenset[str]:
    found = actor.grants[0].organisations
    assert isinstance(found, frozenset)
    return found


@pytest.mark.django_db
def test_a_bureau_signs_for_nobody_but_itself(county: small.County) -> None:
    task = assigned(county, item("分级诊疗", "县卫健局", "县医保局"))
    for actor in (clerk(county, small.BUREAU), clerk(county, FINANCE), county.actor("county_leader")):
        with pytest.raises(RefusedError):
            do(share(task, 1), "sign", by=actor)
    assert states(task) == ("assigned", ["assigned", "assigned"])
    mine = {case.number for case in cases.todo(clerk(county, small.BUREAU))}
    assert mine == {share(task, 2).case.number}


@pytest.mark.django_db
def test_who_filed_does_not_verify(county: small.County) -> None:
    task = assigned(county, item("办公室自办事项", "示范县医改领导小组办公室"))
    one, other = office(county), county.actor("reform_office", small.COUNTY)
    do(share(task), "sign", "begin", "file", by=one)
    for step in ("verify", "return"):
        with pytest.raises(RefusedError) as refused:
            do(share(task), step, by=one)
        assert refused.value.refusals[0].code == "governance.tasks.own_evidence"
    do(share(task), "verify", by=other)
    assert states(task) == ("verified", ["verified"])


@pytest.mark.django_db
def test_evidence_is_returned_and_filed_again(county: small.County) -> None:
    task = assigned(county)
    do(share(task), "sign", "file", by=clerk(county))
    do(share(task), "return", by=office(county), reason="缺少签章")
    assert states(task) == ("returned", ["returned"]) and share(task).filed_at is None
    do(share(task), "file", by=clerk(county))
    assert states(task) == ("filed", ["filed"])


@pytest.mark.django_db
def test_evidence_and_reasons_are_asked_for(county: small.County) -> None:
    task = assigned(county)
    do(share(task), "sign", "begin", by=clerk(county))
    for step, code in (("file", "evidence"), ("ask_extension", "reason")):
        with pytest.raises(RefusedError) as refused:
            cases.act(share(task).case, step, clerk(county))
        assert code in refused.value.refusals[0].code and states(task)[1] == ["in_progress"]
    with pytest.raises(RefusedError):
        cases.act(share(task).case, "file", clerk(county), evidence=[paper("程序.exe")])


@pytest.mark.django_db
def test_every_step_is_in_the_trail(county: small.County) -> None:
    task = assigned(county)
    do(share(task), "sign", "begin", "report", "file", by=clerk(county))
    do(share(task), "verify", by=office(county))
    cases.act(Task.objects.get(pk=task.pk).case, "close", office(county))
    own = AuditEntry.objects.filter(subject_id=share(task).case.number).order_by("sequence")
    verbs = [entry.verb for entry in own]
    assert verbs == ["case.open", "case.sign", "case.begin", "case.report", "case.file", "case.verify"]
    whole = AuditEntry.objects.filter(subject_id=task.number, user_id=office(county).user_id)
    assert [entry.verb for entry in whole.order_by("sequence")] == ["case.open", "case.assign", "case.close"]


@pytest.mark.django_db
def test_a_cancelled_task_takes_its_shares_with_it(county: small.County) -> None:
    task = assigned(county, item("取消的", "县卫健局", "县医保局"))
    do(share(task, 1), "sign", by=clerk(county))
    cases.act(Task.objects.get(pk=task.pk).case, "cancel", office(county), reason="文件废止")
    assert states(task) == ("cancelled", ["withdrawn", "withdrawn"])
    assert not cases.todo(clerk(county)).exists()


@pytest.mark.parametrize(
    ("duties", "state"),
    [
        (["assigned", "signed"], "assigned"),
        (["signed", "signed"], "signed"),
        (["signed", "in_progress"], "in_progress"),
        (["filed", "in_progress"], "in_progress"),
        (["filed", "verified"], "filed"),
        (["verified", "verified"], "verified"),
        (["verified", "withdrawn"], "verified"),
        (["withdrawn"], "assigned"),
        (["filed", "returned"], "returned"),
        (["overdue", "verified"], "overdue"),
        (["instructed", "verified"], "overdue"),
        (["overdue", "escalated"], "escalated"),
        (["returned", "escalated"], "returned"),
        (["extended", "signed"], "extended"),
        (["extension_asked", "signed"], "in_progress"),
    ],
)
def test_the_state_of_a_task_follows_from_its_shares(duties: list[str], state: str) -> None:
    assert state_of([DutyState(duty) for duty in duties]) is TaskState(state)


@pytest.mark.django_db
def test_registering_the_same_document_twice_changes_only_what_waits(county: small.County) -> None:
    from tests.governance.tasks.office import register

    first, second = register(county, item("甲", "县卫健局"), item("乙", "县医保局"))
    cases.act(first.case, "assign", office(county))
    again = register(county, item("甲改", "县财政局"), item("乙改", "县财政局", due_on=date(2030, 1, 1)))
    assert [one.number for one in again] == [first.number, second.number]
    assert [(one.title, one.lead_unit) for one in again] == [("甲", "县卫健局"), ("乙改", "县财政局")]
    assert share(again[1]).organisation_id == FINANCE and Case.objects.filter(chart="governance.task").count() == 2
