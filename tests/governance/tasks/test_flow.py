"""The way of a task: registered, assigned, signed for, begun, filed, verified, closed; and the ways beside it."""

from __future__ import annotations

import pytest

from sanyi.governance.tasks.models import Task
from sanyi.registry.cases import services as cases
from tests.governance.tasks import office
from tests.governance.tasks.office import HEALTH, assigned, clerk, do, item, share, states
from tests.registry import county as small

pytestmark = pytest.mark.django_db


def test_a_task_goes_its_way_with_two_units(county: small.County) -> None:
    task = assigned(county, item("推进分级诊疗", "县卫健局", "县医保局"))
    lead, other = share(task, 1), share(task, 2)
    assert (lead.organisation_id, other.organisation_id) == (HEALTH, small.BUREAU)
    assert states(task) == ("assigned", ["assigned", "assigned"])
    do(lead, "sign", by=clerk(county))
    assert states(task)[0] == "assigned"
    do(other, "sign", by=clerk(county, small.BUREAU))
    assert states(task)[0] == "signed"
    do(lead, "begin", "report", "file", by=clerk(county))
    assert states(task)[0] == "in_progress"
    do(other, "begin", "file", by=clerk(county, small.BUREAU))
    assert states(task)[0] == "filed"
    do(lead, "verify", by=office.office(county))
    do(other, "verify", by=office.office(county))
    assert states(task) == ("verified", ["verified", "verified"])
    cases.act(Task.objects.get(pk=task.pk).case, "close", office.office(county))
    assert states(task)[0] == "closed"
