"""机构页面与接口: for those who may, and for the stranger."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from sanyi.registry.access.services import SYSTEM
from sanyi.registry.organisations import services
from sanyi.registry.organisations.codes import MembershipRole
from sanyi.registry.organisations.models import GroupMembership, Organisation
from tests.registry import county as small
from tests.registry.county import County
from tests.registry.workbooks import exported

GROUP = "990000000101"


@pytest.fixture
def grouped(county: County) -> County:
    services.register(GROUP, name="示范医疗集团", kind="medical_group", parent_id=small.COUNTY, by=SYSTEM)
    services.found_group(GROUP, founded_on=date(2024, 1, 1), by=SYSTEM, legal_representative_name="示院长")
    services.join(GROUP, small.HOSPITAL, starts_on=date(2024, 1, 1), role=MembershipRole.LEAD, by=SYSTEM)
    services.join(GROUP, small.TOWNSHIP, starts_on=date(2024, 7, 1), by=SYSTEM)
    return county


def test_the_list_shows_the_scope_and_nothing_else(grouped: County) -> None:
    text = grouped.client("health_bureau").get("/organisations/").content.decode()
    assert "示范县人民医院" in text and "西村卫生室" in text and "邻县" not in text
    own = grouped.client("village_doctor").get("/organisations/").content.decode()
    assert "西村卫生室" in own and "示范县人民医院" not in own


def test_the_list_filters_by_kind_and_group_and_exports_the_same(grouped: County) -> None:
    client = grouped.client("health_bureau")
    rows = exported(client, f"/organisations/?group_code={GROUP}&sort=-code&format=xlsx")
    assert [row[1] for row in rows[1:]] == [small.TOWNSHIP, small.HOSPITAL]
    text = client.get("/organisations/?kind=village_clinic").content.decode()
    assert "西村卫生室" in text and "示范县人民医院分院" not in text


def test_one_organisation_with_parents_units_and_history(grouped: County) -> None:
    text = grouped.client("health_bureau").get(f"/organisations/{small.TOWNSHIP}/").content.decode()
    assert "东镇卫生院" in text and "西村卫生室" in text and "示范医疗集团" in text and "2024-07-01" in text
    assert f'href="/organisations/{small.COUNTY}/"' in text


def test_a_group_on_any_day(grouped: County) -> None:
    client = grouped.client("health_bureau")
    before = client.get(f"/organisations/groups/{GROUP}/?on=2024-06-30").content.decode()
    after = client.get(f"/organisations/groups/{GROUP}/?on=2024-07-01").content.decode()
    cards = "card h-100 "
    assert "自 2024-07-01" in after and "自 2024-07-01" not in before and cards in after
    assert "示院长" in after
    assert client.get(f"/organisations/groups/{GROUP}/?on=yesterday").status_code == 400
    assert client.get("/organisations/groups/").content.decode().count("示范医疗集团") >= 1
    assert client.get(f"/organisations/groups/{small.HOSPITAL}/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        f"/organisations/{small.OTHER_HOSPITAL}/",
        f"/organisations/{small.OTHER_HOSPITAL}/edit/",
        f"/api/v1/organisations/{small.OTHER_HOSPITAL}",
    ],
)
def test_another_countys_hospital_is_refused(grouped: County, address: str) -> None:
    assert grouped.client("health_bureau").get(address).status_code == 403


def test_only_those_who_keep_the_register_see_its_forms(grouped: County) -> None:
    for role, status in (("health_bureau", 200), ("village_doctor", 403), ("auditor", 403)):
        assert grouped.client(role).get("/organisations/new/").status_code == status
    assert Client().get("/organisations/new/").status_code == 302


def test_registering_through_the_form(grouped: County) -> None:
    client = grouped.client("health_bureau")
    data = {"code": "H99000000001", "name": "新卫生室", "kind": "village_clinic", "parent_code": small.TOWNSHIP}
    assert client.post("/organisations/new/", data).headers["Location"] == "/organisations/H99000000001/"
    made = services.get("H99000000001")
    assert (made.parent_id, made.hospital_level, made.ownership) == (small.TOWNSHIP, "0", "government")
    again = client.post("/organisations/H99000000001/edit/", {**data, "name": "新村卫生室", "code": ""})
    assert again.status_code == 302 and services.get("H99000000001").name == "新村卫生室"


def test_a_refused_form_says_why_beside_the_field(grouped: County) -> None:
    client = grouped.client("health_bureau")
    data = {"code": "H99", "name": "", "kind": "village_clinic", "parent_code": small.TOWNSHIP}
    answer = client.post("/organisations/new/", data)
    assert answer.status_code == 422 and "invalid-feedback" in answer.content.decode()
    wrong = {**data, "code": "H99000000001", "name": "示例", "social_credit_code": "91350100M000100Y44"}
    assert "统一社会信用代码“91350100M000100Y44”不正确" in client.post("/organisations/new/", wrong).content.decode()
    assert not Organisation.objects.filter(code="H99000000001").exists()


def test_a_parent_elsewhere_is_refused(grouped: County) -> None:
    data = {"code": "H99000000001", "name": "示例", "kind": "clinic", "parent_code": small.OTHER_COUNTY}
    assert grouped.client("health_bureau").post("/organisations/new/", data).status_code == 422
    assert not Organisation.objects.filter(code="H99000000001").exists()


def test_joining_and_leaving_through_the_forms(grouped: County) -> None:
    client = grouped.client("health_bureau")
    address = f"/organisations/groups/{GROUP}"
    joined = {"organisation_code": small.BRANCH, "role": "member", "starts_on": "2025-01-01", "basis": "示文"}
    assert client.post(f"{address}/join/", joined).status_code == 302
    twice = client.post(f"{address}/join/", joined)
    assert twice.status_code == 422 and "同一时期不能加入两个集团" in twice.content.decode()
    left = {"organisation_code": small.BRANCH, "ends_on": "2025-06-30"}
    assert client.post(f"{address}/leave/", left).status_code == 302
    assert GroupMembership.objects.get(organisation_id=small.BRANCH).ends_on == date(2025, 6, 30)
    foreign = {**joined, "organisation_code": small.OTHER_HOSPITAL}
    assert client.post(f"{address}/join/", foreign).status_code == 422
    assert not GroupMembership.objects.filter(organisation_id=small.OTHER_HOSPITAL).exists()


def test_the_interface(grouped: County) -> None:
    client = grouped.client("health_bureau")
    assert client.get(f"/api/v1/organisations/{small.TOWNSHIP}").json()["parent_code"] == small.COUNTY
    items = client.get("/api/v1/organisations?kind=county_hospital").json()["items"]
    assert [item["code"] for item in items] == [small.HOSPITAL]
    members = client.get(f"/api/v1/organisations/{GROUP}/members?on=2024-06-30").json()
    assert [(row["organisation_code"], row["role"]) for row in members] == [(small.HOSPITAL, "lead")]
    assert client.get(f"/api/v1/organisations/{small.TOWNSHIP}/members").status_code == 422
