"""The guard: who comes in, how refusals look, and that every reading of a person is recorded."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.routes import Routes
from sanyi.registry.doors.services import route, route_table
from sanyi.registry.emergency_access import services as emergency_access
from tests.registry import county as small

pytestmark = pytest.mark.urls("tests.registry.door_urls")


def read_entries() -> list[tuple[str, list[str], str, str]]:
    entries = AuditEntry.objects.filter(verb="read").order_by("sequence")
    return [(entry.route, entry.person_ids, entry.organisation_code, entry.purpose) for entry in entries]


def test_the_anonymous_are_led_to_sign_in_and_back(county: small.County) -> None:
    answer = Client().get("/people/P1/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fpeople%2FP1%2F%3Fa%3D1")


def test_an_anonymous_fragment_sends_the_whole_page_to_sign_in(county: small.County) -> None:
    answer = Client().get("/people/P1/", HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in/?next=%2Fpeople%2FP1%2F")


@pytest.mark.parametrize(("person", "status"), [("P1", 200), ("P2", 403), ("P3", 403), ("P9", 404)])
def test_a_doctor_opens_the_own_hospitals_people(county: small.County, person: str, status: int) -> None:
    assert county.client("hospital_doctor").get(f"/people/{person}/").status_code == status


def test_without_the_permission_existing_and_missing_people_look_alike(county: small.County) -> None:
    client = county.client("finance_officer")
    assert client.get("/people/P1/").status_code == client.get("/people/P9/").status_code == 403


def test_a_resident_opens_the_own_record_alone(county: small.County) -> None:
    client = county.client("resident")
    assert client.get(f"/people/{small.OWN_PERSON}/").status_code == 200
    assert client.get("/people/P1/").status_code == 403


def test_other_methods_are_refused_with_those_that_work(county: small.County) -> None:
    client = county.client("hospital_doctor")
    assert client.delete("/people/P1/").status_code == 405
    assert client.post("/stays/").status_code == 405
    assert client.head("/people/P1/").status_code == 200


def test_a_refusal_is_a_page_with_sentence_remedy_basis_and_place(county: small.County) -> None:
    answer = county.client("auditor").get("/refuses/")
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("不行。", "请改正。", "第三条", "第3行", "tests.refused"):
        assert words in page


def test_a_refusal_speaks_english_to_whoever_wants_it(county: small.County) -> None:
    answer = county.client("auditor").get("/refuses/", HTTP_ACCEPT_LANGUAGE="en", headers={"cookie": ""})
    client = county.client("auditor")
    client.cookies["django_language"] = "en"
    answer = client.get("/refuses/")
    assert "Mend it." in answer.content.decode()


def test_topics_choose_the_status_of_their_refusals(county: small.County) -> None:
    assert county.client("auditor").get("/conflicts/").status_code == 409


def test_one_reading_is_one_entry_with_purpose_and_right(county: small.County) -> None:
    county.client("hospital_doctor").get("/people/P1/")
    assert read_entries() == [("tests.doors.person", ["P1"], small.HOSPITAL, "care")]
    assert AuditEntry.objects.get(verb="read").via == "hospital_doctor"


def test_what_was_refused_was_not_read(county: small.County) -> None:
    county.client("hospital_doctor").get("/people/P2/")
    assert read_entries() == []


def test_a_change_of_a_person_is_not_a_reading(county: small.County) -> None:
    county.client("hospital_doctor").post("/people/P1/")
    assert read_entries() == []


def test_a_page_about_persons_that_names_nobody_is_a_fault(county: small.County) -> None:
    with pytest.raises(RuntimeError, match="did not say whom"):
        county.client("hospital_doctor").get("/careless/P1/")
    assert county.client("township_doctor").get("/careless/P2/").status_code == 200
    assert read_entries() == [("tests.doors.careless", ["P2"], small.TOWNSHIP, "care")]


def test_personal_pages_are_not_kept_by_browsers(county: small.County) -> None:
    client = county.client("hospital_doctor")
    assert client.get("/people/P1/")["Cache-Control"] == "private, no-store"
    assert client.get("/organisations/")["Cache-Control"] == "private, no-cache"


def test_a_refused_clinician_is_shown_the_way_to_emergency_access(county: small.County) -> None:
    page = county.client("hospital_doctor").get("/people/P2/").content.decode()
    assert "/emergency-access/P2/?next=%2Fpeople%2FP2%2F" in page
    assert "/emergency-access/" not in county.client("pharmacist").get("/people/P2/").content.decode()


def test_an_emergency_opens_the_page_and_is_recorded_as_such(county: small.County) -> None:
    row = emergency_access.open_record(county.actor("hospital_doctor"), "P2", reason="患者昏迷送诊，需了解既往用药")
    client = county.client("hospital_doctor")
    assert client.get("/people/P2/").status_code == 200
    assert client.get("/people/P3/").status_code == 403
    assert AuditEntry.objects.get(verb="read").via == f"glass:{row.case_number}"


@pytest.mark.parametrize("role", list(small.HOME))
def test_nobody_of_this_county_opens_people_of_another(county: small.County, role: str) -> None:
    assert county.client(role).get("/people/P3/").status_code == 403


def test_a_disabled_user_is_out_at_once(county: small.County) -> None:
    client = county.client("auditor")
    user = county.user("auditor")
    user.is_active = False
    user.save()
    assert client.get("/organisations/").status_code == 302


def declare(**changes: Any) -> None:
    given: dict[str, Any] = {
        "path": "x/",
        "name": "x",
        "permission": Permission.HOME_READ,
        "purpose": Purpose.CARE,
    }
    routes = Routes("tests.wrong")
    routes.page(**(given | changes))(lambda request: None)
    routes.page(**(given | changes))(lambda request: None)


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"purpose": ()}, "no purpose"),
        ({"subject": Subject.RUN}, "does not say whose"),
        ({"path": "/x/"}, "without a slash"),
        ({}, "declared twice"),
    ],
)
def test_a_wrong_declaration_is_found_at_the_start(changes: dict[str, Any], mistake: str) -> None:
    with pytest.raises(ValueError, match=mistake):
        declare(**changes)


def test_the_table_is_asked_by_name() -> None:
    assert route("registry.access.audit").path == "audit/"
    assert route("registry.access.audit").url() == "/audit/"
    assert len({item.full_name for item in route_table()}) == len(route_table())
    with pytest.raises(KeyError):
        route("registry.access.nothing")
