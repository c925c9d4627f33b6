"""Evidence over the interface: filed, listed, read and verified under the rules of the pages."""

from __future__ import annotations

from typing import Any

import pytest

from sanyi.registry.access.models import AuditEntry
from tests.governance.tasks.office import HEALTH, REFORM, assigned, item, paper, share, states
from tests.registry import county as small

pytestmark = pytest.mark.django_db


def closed(answer: Any) -> int:
    """The status of an answer whose file has been read to its end."""
    b"".join(answer) if answer.streaming else answer.content
    return int(answer.status_code)


def file(client: Any, path: str, revision: int, *files: Any) -> Any:
    return client.post(f"{path}/units/1/evidence?revision={revision}&reason=已办结", {"evidence": list(files)})


def test_evidence_is_filed_read_and_verified(county: small.County) -> None:
    task = assigned(county, item("推进分级诊疗", "县卫健局", "县医保局"))
    path = f"/api/v1/tasks/{task.number}"
    health, reform = county.client("health_bureau", HEALTH), county.client("reform_office", REFORM)
    signed = health.post(f"{path}/units/1/act", {"transition": "sign", "revision": 0}, content_type="application/json")
    assert signed.status_code == 200, signed.content
    assert file(health, path, 1).json()["code"] == "workflow.evidence_required"
    assert file(health, path, 1, paper("程序.exe")).status_code == 422
    assert file(health, path, 0, paper()).status_code == 409
    stranger = file(county.client("insurance_officer"), path, 1, paper())
    assert stranger.status_code in (403, 404, 422) and states(task)[1][0] == "signed", stranger.content
    done = file(health, path, 1, paper("报告.txt", "已完成"), paper("清单.txt", "清单"))
    assert (done.status_code, done.json()["units"][0]["state"]) == (200, "filed")
    rows = reform.get(f"{path}/evidence").json()["evidence"]
    assert [(row["unit"], row["file_name"]) for row in rows] == [("县卫健局", "报告.txt"), ("县卫健局", "清单.txt")]
    one = f"{path}/evidence/{rows[0]['id']}"
    assert reform.get(one).content.decode() == "已完成"
    page = f"/cases/{share(task).case.number}/evidence/{rows[0]['id']}/"
    for role, where in (("insurance_officer", None), ("reform_office", small.OTHER_COUNTY), ("village_doctor", None)):
        other = county.client(role, where)
        assert (other.get(one).status_code == 200) is (closed(other.get(page)) == 200), role
    assert county.client("reform_office", small.OTHER_COUNTY).get(one).status_code in (403, 404)
    assert reform.get(f"{path}/evidence/0").status_code == 404
    steps = {"transition": "verify", "revision": share(task).case.revision}
    own = health.post(f"{path}/units/1/act", steps, content_type="application/json")
    assert own.status_code in (403, 422)
    assert reform.post(f"{path}/units/1/act", steps, content_type="application/json").status_code == 200
    again = reform.post(f"{path}/units/1/act", steps, content_type="application/json")
    assert again.status_code == 409
    assert states(task)[1] == ["verified", "assigned"]
    verbs = AuditEntry.objects.filter(subject_id=share(task).case.number).order_by("sequence")
    assert list(verbs.values_list("verb", flat=True)) == ["case.open", "case.sign", "case.file", "case.verify"]
