"""The demonstration's supervision: every state is there, twice adds nothing."""

from __future__ import annotations

import pytest

from sanyi.demo import sign_ins, supervision
from sanyi.governance.tasks.models import Finding, Milestone, Problem, QuarterReport, Task, TaskLink
from sanyi.registry.organisations.models import Organisation
from tests.governance.tasks import office
from tests.registry import county as small

pytestmark = pytest.mark.django_db
TCM = "990000000020"


def test_the_demonstration_shows_every_state_once(county: small.County, monkeypatch: pytest.MonkeyPatch) -> None:
    Organisation.objects.create(code=TCM, name="示范县中医医院", kind="tcm_hospital", parent_id=small.COUNTY)
    users = {
        "reform": office.office(county),
        "health": office.clerk(county),
        "insurance": office.clerk(county, small.BUREAU),
        "finance": office.clerk(county, office.FINANCE),
        "director": county.actor("hospital_director"),
        "tcm": county.actor("hospital_insurance_office", TCM),
        "leader": county.actor("county_leader"),
    }
    monkeypatch.setattr(sign_ins, "actor", users.__getitem__)
    for _ in range(2):
        supervision.leave()
    assert sorted(Task.objects.values_list("case__state", flat=True)) == sorted(
        ["registered"] * 3 + ["in_progress"] * 3 + ["closed", "filed", "escalated", "assigned"]
    )
    assert set(Task.objects.values_list("light", flat=True)) == {"red", "yellow", "green", "grey"}
    counts = [model.objects.count() for model in (TaskLink, Finding, Problem, QuarterReport, Milestone)]
    assert counts == [2, 1, 1, 2, 3]
