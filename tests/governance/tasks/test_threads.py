"""Two at the same time: one wins and the other is told; a task never misses the share that moved beside another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sanyi.governance.tasks.models import Task
from sanyi.governance.tasks.services import daily, problems
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.cases import services as cases
from tests.governance.tasks.office import assigned, clerk, do, item, office, paper, share, states
from tests.registry import county as small
from tests.registry.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clerks_verify_the_same_evidence(open_county: small.County) -> None:
    task = assigned(open_county)
    do(share(task), "sign", "file", by=clerk(open_county))
    case, clerks = share(task).case, (office(open_county), open_county.actor("reform_office", small.COUNTY))
    results = together(*[lambda one=one: cases.act(case, "verify", one) for one in clerks])
    refused = [result for result in results if isinstance(result, RefusedError)]
    assert len(refused) == 1 and refused[0].refusals[0].code == "cases.changed_meanwhile"
    assert states(task) == ("verified", ["verified"])
    assert AuditEntry.objects.filter(verb="case.verify", subject_id=case.number).count() == 1


def test_lead_and_supporting_unit_file_at_once(open_county: small.County) -> None:
    task = assigned(open_county, item("同时", "县卫健局", "县医保局"))
    one, other = share(task, 1), share(task, 2)
    do(one, "sign", by=clerk(open_county))
    do(other, "sign", by=clerk(open_county, small.BUREAU))
    acts = [(share(task, 1).case, clerk(open_county)), (share(task, 2).case, clerk(open_county, small.BUREAU))]
    results = together(*[lambda one=one: cases.act(one[0], "file", one[1], evidence=[paper()]) for one in acts])
    assert not [result for result in results if isinstance(result, Exception)]
    assert states(task) == ("filed", ["filed", "filed"])


def test_two_workers_open_a_period_once(open_county: small.County) -> None:
    assigned(open_county, item("督导", cycle="每季度", due_on=date(2099, 3, 31)))
    results = together(*[lambda: daily.daily(date(2099, 5, 1))] * 2)
    assert sum(result.period_count for result in results) == 1
    assert sum(result.overdue_count for result in results) == 1
    assert Task.objects.count() == 2


def test_an_institution_reports_a_quarter_once(open_county: small.County) -> None:
    quarter = problems.reportable_quarters()[0]
    director = open_county.actor("hospital_director")

    def none() -> Any:
        return problems.report_none(small.HOSPITAL, quarter, by=director)

    def some() -> Any:
        asked = (small.HOSPITAL, quarter, problems.Receiver.HEALTH, "care", "问题")
        return problems.report_problem(*asked, by=director)

    results = together(none, some)
    assert len([result for result in results if isinstance(result, RefusedError)]) == 1
