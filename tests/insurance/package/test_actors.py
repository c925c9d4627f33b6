"""Every step of every workflow: the right person, the wrong roles, the same role of another county, the same person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sanyi.insurance.package import workflow
from sanyi.insurance.package.models import PackageYear
from sanyi.insurance.package.services import advances, clearings, disputes, months, warnings, years
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import StateChart
from sanyi.registry.access import services as access
from sanyi.registry.cases import services as cases
from tests.insurance.package.fund_year import (
    GROUP,
    TOWNSHIP,
    YEAR,
    Books,
    advanced,
    agreed,
    approver,
    balances,
    budgeted,
    codes_of,
    lead,
    officer,
    paper,
    spent,
)
from tests.registry.county import HOME, OTHER_COUNTY, OTHER_HOSPITAL, County

pytestmark = pytest.mark.django_db
APPLY, VERIFY, MANAGE, APPROVE = "group_director", "health_bureau", "insurance_officer", "finance_officer"
NOBODY = ("auditor", "hospital_doctor", "resident", "reform_office")
CHARTS = (
    workflow.YEAR_CHART,
    workflow.ADVANCE_CHART,
    workflow.CLEARING_CHART,
    workflow.DISPUTE_CHART,
    workflow.FINDING_CHART,
    workflow.WARNING_CHART,
)
RIGHT = {
    workflow.YEAR: {
        "endorse": VERIFY, "review": MANAGE, "file": APPROVE, "sign": APPLY, "apply_again": APPLY, "adjust": APPROVE,
        "terminate": APPROVE, "withdraw": APPLY,
    },
    workflow.ADVANCE: {"pay": APPROVE, "cancel": MANAGE},
    workflow.CLEARING: {"compute": MANAGE, "clear": APPROVE, "pay": APPROVE, "reopen": APPROVE},
    workflow.DISPUTE: {"accept": MANAGE, "reject": MANAGE, "withdraw": APPLY, "correct": MANAGE},
    workflow.FINDING: {"rectify": "hospital_director", "confirm": APPLY, "return": APPLY},
    workflow.WARNING: {"explain": APPLY, "note": MANAGE, "return": MANAGE},
}  # fmt: skip
RETURNING = {"applied": VERIFY, "endorsed": MANAGE, "reviewed": APPROVE}
tried: set[tuple[str, str, str]] = set()


def who(county: County, role: str, where: str = "") -> access.Actor:
    if role == APPLY:
        return lead(county)
    return county.actor(role, where or {"hospital_director": TOWNSHIP}.get(role, HOME[role]))


def stranger(county: County, role: str) -> access.Actor:
    return county.actor(role, OTHER_HOSPITAL if role in (APPLY, "hospital_director") else OTHER_COUNTY)


def step(county: County, case: cases.Case, name: str, **more: Any) -> cases.Case:
    """One step: first by those who may not, then by the one who may."""
    case = cases.get(case.number)
    role = RETURNING[case.state] if (case.chart, name) == (workflow.YEAR, "return") else RIGHT[case.chart][name]
    given = {"reason": "依据", "evidence": [paper()], **more}
    wrong = [who(county, other) for other in NOBODY] + [stranger(county, role)]
    wrong += [who(county, other) for other in (APPLY, VERIFY, MANAGE, APPROVE) if not may(case, name, other)]
    for actor in wrong:
        with pytest.raises(RefusedError) as refused:
            cases.act(case, name, actor, **{**given, "evidence": [paper()]})
        assert codes_of(refused)[0] in ("workflow.actor_not_allowed", "cases.opener_only"), codes_of(refused)
    tried.add((case.chart, case.state, name))
    return cases.act(case, name, who(county, role), **given)


def may(case: cases.Case, name: str, role: str) -> bool:
    """Whether another role carries the permission, too: the bureau's officer may also approve what others prepared."""
    chart = next(one for one in CHARTS if one.name == case.chart)
    return bool(chart.transition(case.state, name).actors & {one.value for one in access.role(role).permissions})


@pytest.fixture(scope="module", autouse=True)
def all_tried() -> Iterator[None]:
    yield
    wanted = {(chart.name, one.source, one.name) for chart in CHARTS for one in chart.transitions}
    assert tried == wanted or len({chart for chart, _, _ in tried}) < len(CHARTS), sorted(wanted - tried)


def test_the_year(county: County, books: Books) -> None:
    year = budgeted(county)
    for back in ((), ("endorse",), ("endorse", "review")):
        case = years.apply(year, by=lead(county)) if year.case is None else years.require(YEAR, GROUP).case
        assert case is not None
        for name in back:
            case = step(county, case, name)
        case = step(county, case, "return")
        assert PackageYear.objects.get().step == "returned"
        case = step(county, case, "apply_again")
    case = step(county, case, "withdraw")
    year = years.require(YEAR, GROUP)
    assert (year.case, year.step) == (None, "")
    case = years.apply(year, by=lead(county))
    case = step(county, step(county, case, "endorse"), "return")
    case = step(county, case, "withdraw")
    case = years.apply(years.require(YEAR, GROUP), by=lead(county))
    for name in ("endorse", "review", "file", "sign"):
        case = step(county, case, name)
    case = step(county, case, "adjust", data={"amount_fen": 100})
    case = step(county, case, "terminate")
    year = years.require(YEAR, GROUP)
    assert (year.case, year.agreed_on, balances()) == (None, None, {})


def test_an_advance(county: County, books: Books) -> None:
    year = agreed(county)
    row = advances.request(year, 1, by=officer(county))
    step(county, row.case, "cancel")
    row = advances.request(year, 1, by=officer(county))
    with pytest.raises(RefusedError) as refused:
        cases.act(row.case, "pay", officer(county))
    assert codes_of(refused) == ["cases.not_by_opener"]
    step(county, row.case, "pay")
    assert advances.advances(year)[-1].state == "paid"


def test_a_clearing(county: County, books: Books) -> None:
    year = agreed(county)
    books.give(spent(100))
    row = clearings.open_clearing(year, by=officer(county))
    score = {"data": {"score_e4": 950_000}}
    case = step(county, row.case, "compute", **score)
    case = step(county, case, "compute")
    with pytest.raises(RefusedError) as refused:
        cases.act(case, "clear", officer(county))
    assert codes_of(refused) == ["package.same_person"]
    case = step(county, case, "clear")
    step(county, case, "reopen")
    second = clearings.current(year)
    assert second is not None and second.revision == 2
    case = second.case
    for name in ("compute", "clear", "pay", "reopen"):
        case = step(county, case, name, **score)
    assert [one.revision for one in clearings.clearings(year)] == [3, 2, 1]


def test_a_dispute(county: County, books: Books) -> None:
    year = agreed(county)
    with pytest.raises(RefusedError) as refused:
        disputes.raise_dispute(year, month=1, text="少计", by=lead(county))
    assert codes_of(refused) == ["package.nothing_to_dispute"]
    books.give(spent(100), month=1)
    months.close_month(year, 1, by=officer(county))
    for name in ("reject", "withdraw"):
        row = disputes.raise_dispute(year, month=1, text="少计", claim_fen=50, by=lead(county))
        step(county, row.case, name)
        row.refresh_from_db()
        assert row.outcome == {"reject": "rejected", "withdraw": "withdrawn"}[name]
    row = disputes.raise_dispute(year, month=1, text="少计", by=lead(county))
    case = step(county, row.case, "accept")
    with pytest.raises(RefusedError) as refused:
        cases.act(case, "correct", officer(county))
    assert codes_of(refused) == ["package.not_corrected"]
    months.reopen_month(year, 1, reason="采纳异议", by=officer(county))
    books.give(spent(150), month=1, number="JS-2")
    months.close_month(year, 1, by=officer(county))
    step(county, case, "correct")
    row.refresh_from_db()
    assert (row.outcome, row.revision, row.corrected_revision) == ("corrected", 1, 2)


def test_a_finding_counts_as_unreasonable_once_confirmed(county: County, books: Books) -> None:
    year = agreed(county)
    with pytest.raises(RefusedError) as refused:
        disputes.raise_finding(
            year, member_code=OTHER_HOSPITAL, month=3, amount_fen=1, text="重复收费", by=lead(county)
        )
    assert codes_of(refused) == ["package.not_a_member"]
    row = disputes.raise_finding(year, member_code=TOWNSHIP, month=3, amount_fen=700, text="重复收费", by=lead(county))
    case = step(county, step(county, row.case, "rectify"), "return")
    case = step(county, step(county, case, "rectify"), "confirm")
    assert case.closed_at is not None
    advanced(county, year, 1)
    books.give(spent(year.budget_fen + 1000))
    found = clearings.compute(clearings.open_clearing(year, by=officer(county)), 950_000, by=officer(county))
    assert (found.unreasonable_fen, found.fund_share_fen, found.holder_share_fen) == (700, 210, 790)


def test_a_warning_is_given_once_a_level_and_explained(county: County, books: Books) -> None:
    year = agreed(county)
    for month, fen in ((1, year.budget_fen // 12 + 100), (2, year.budget_fen // 12 + 100), (3, year.budget_fen)):
        rows = [(one[0], one[1], one[2], f"{YEAR}-{month:02d}", *one[4:]) for one in spent(fen)]
        books.give(rows, month=month)
        months.close_month(year, month, by=officer(county))
    red, yellow = warnings.warnings_of(year)
    assert (yellow.data["level"], red.data["level"], red.data["months"]) == ("黄色预警", "红色预警", 3)
    case = step(county, step(county, red, "explain"), "return")
    case = step(county, step(county, case, "explain"), "note")
    assert case.closed_at is not None


def test_the_reviewer_does_not_file(county: County, books: Books) -> None:
    """The bureau's officer carries both permissions and still needs a second person."""
    case = years.apply(budgeted(county), by=lead(county))
    case = cases.act(case, "endorse", who(county, VERIFY), "同意")
    case = cases.act(case, "review", officer(county))
    with pytest.raises(RefusedError) as refused:
        cases.act(case, "file", officer(county))
    assert codes_of(refused) == ["package.same_person"]
    cases.act(case, "file", approver(county))


def test_every_chart_is_walked() -> None:
    for chart in CHARTS:
        assert isinstance(chart, StateChart) and set(RIGHT[chart.name]) >= {one.name for one in chart.transitions} - {
            "return"
        }
