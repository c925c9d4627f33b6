"""Emergency access: opening by clinicians alone, for a reason and some hours, and the review that follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.models import AuditEntry, BreakGlass
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Case
from sanyi.registry.emergency_access import services as emergency_access
from tests.registry import county as small

ROLES = list(small.HOME)
REASON = "患者昏迷送诊，需了解既往用药"


def test_an_emergency_opens_the_record_and_a_review(county: small.County) -> None:
    doctor = county.actor("hospital_doctor")
    row = emergency_access.open_record(doctor, "P9", reason=REASON)
    opened = county.actor("hospital_doctor")
    assert access.decide(
        opened, Permission.PERSON_READ, purpose=Purpose.CARE, organisation_code=small.TOWNSHIP, person_id="P9"
    )
    assert row.ends_at - row.starts_at == timedelta(hours=emergency_access.limit("hours"))
    case = cases.get(row.case_number)
    assert case is not None and (case.chart, case.state, case.subject_id) == (
        "registry.emergency_access.review",
        "open",
        str(row.pk),
    )
    assert AuditEntry.objects.get(verb="access.break_glass").person_ids == ["P9"]
    assert case.pk in cases.todo(county.actor("auditor")).values_list("pk", flat=True)


def test_an_emergency_ends(county: small.County) -> None:
    emergency_access.open_record(county.actor("hospital_doctor"), "P9", reason=REASON)
    BreakGlass.objects.update(starts_at=timezone.now() - timedelta(hours=9), ends_at=timezone.now())
    assert county.actor("hospital_doctor").glass == ()


@pytest.mark.parametrize("reason", ["", "     ", "抢救病人！"])
def test_an_emergency_needs_a_reason(county: small.County, reason: str) -> None:
    with pytest.raises(RefusedError) as error:
        emergency_access.open_record(county.actor("hospital_doctor"), "P9", reason=reason)
    assert error.value.refusals[0].code == "access.glass_reason_needed"
    assert BreakGlass.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"hospital_doctor", "township_doctor"}])
def test_only_clinicians_open_in_an_emergency(county: small.County, role: str) -> None:
    with pytest.raises(RefusedError) as error:
        emergency_access.open_record(county.actor(role), "P9", reason=REASON)
    assert error.value.refusals[0].code in {"access.permission_missing", "access.purpose_not_allowed"}


def test_nobody_opens_in_an_emergency_without_signing_in(db: Any) -> None:
    with pytest.raises(RefusedError) as error:
        emergency_access.open_record(access.ANONYMOUS, "P9", reason=REASON)
    assert error.value.refusals[0].code == "access.sign_in_required"


# --- the page ---------------------------------------------------------------------------------------------------------


def test_a_clinician_says_why_and_is_led_on(county: small.County) -> None:
    client = county.client("hospital_doctor")
    page = client.get("/emergency-access/P9/?next=/people/P9/").content.decode()
    assert "4 小时" in page and "事后复核" in page
    answer = client.post("/emergency-access/P9/?next=/people/P9/", {"reason": REASON})
    assert (answer.status_code, answer["Location"]) == (302, "/people/P9/")
    assert BreakGlass.objects.get().reason == REASON
    assert Case.objects.get().title == "紧急调阅复核：县级医生示"
    assert AuditEntry.objects.filter(verb="access.break_glass", subject_id="P9").exists()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_it_never_leads_to_another_site(county: small.County, target: str) -> None:
    answer = county.client("hospital_doctor").post(f"/emergency-access/P9/?next={target}", {"reason": REASON})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("reason", ["", "急"])
def test_without_a_reason_nothing_opens(county: small.County, reason: str) -> None:
    answer = county.client("hospital_doctor").post("/emergency-access/P9/", {"reason": reason})
    assert answer.status_code == 422
    assert not BreakGlass.objects.exists()


# --- the review of emergency access ---------------------------------------------------------------------------------


def review(county: small.County) -> Case:
    row = emergency_access.open_record(county.actor("hospital_doctor"), "P9", reason=REASON)
    found = cases.get(row.case_number)
    assert found is not None
    return found


REVIEW = {
    ("open", "justify"): {"auditor"},
    ("open", "reject"): {"auditor"},
    ("open", "ask"): {"auditor"},
    ("explaining", "explain"): {"hospital_doctor"},
}


@pytest.mark.parametrize("role", list(small.HOME))
@pytest.mark.parametrize(("state", "transition"), list(REVIEW))
def test_every_step_of_the_review_by_every_role(county: small.County, role: str, state: str, transition: str) -> None:
    case = review(county)
    if state == "explaining":
        case = cases.act(case, "ask", county.actor("auditor"), reason="请说明")
    actor = county.actor(role)
    if role in REVIEW[state, transition]:
        assert cases.act(case, transition, actor, reason="有理由").revision == case.revision + 1
    else:
        with pytest.raises(RefusedError):
            cases.act(case, transition, actor, reason="有理由")


def test_a_review_is_seen_by_the_auditor_and_by_who_opened_it(county: small.County) -> None:
    case = review(county)
    assert cases.may_read(county.actor("auditor"), case)
    assert cases.may_read(county.actor("hospital_doctor"), case)
    assert not cases.may_read(county.actor("hospital_director"), case)
    assert county.client("hospital_director").get(f"/cases/{case.number}/").status_code == 404
    assert county.client("auditor").get(f"/cases/{case.number}/").status_code == 200


def test_the_review_is_due_in_five_working_days(county: small.County) -> None:
    case = review(county)
    assert case.deadline_at is not None
    assert timedelta(days=4) < case.deadline_at - case.opened_at < timedelta(days=15)
