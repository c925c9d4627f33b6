"""Pages of access: the trail for auditor and institution, grants, keys, unlocking."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.models import ApiKey, RoleGrant, SignInGuard
from tests.registry import county as small


def rows(answer: Any, column: str) -> list[Any]:
    assert answer.status_code == 200
    return [row[column] for row in answer.context["page"].rows]


@pytest.fixture
def trail(county: small.County) -> small.County:
    """Four entries: of the hospital, of a village person, of the other county, and of nobody."""
    access.record_write(access.SYSTEM, "batch.accept", "batch", 1, small.HOSPITAL, "接收批次")
    access.record_person_read(county.actor("village_doctor"), ["P1", "P2"], Purpose.CARE, "people.list", small.CLINIC)
    access.record_write(access.SYSTEM, "batch.accept", "batch", 2, small.OTHER_HOSPITAL)
    access.record_write(access.SYSTEM, "access.lock_out", "user", "ghost")
    return county


@pytest.mark.parametrize(("role", "seen"), [("auditor", [4, 2, 1]), ("hospital_director", [1])])
def test_each_sees_the_entries_that_concern_them(trail: small.County, role: str, seen: list[int]) -> None:
    assert rows(trail.client(role).get("/audit/"), "sequence") == seen


def test_the_head_of_a_township_hospital_sees_who_read_its_people(trail: small.County) -> None:
    client = trail.client("hospital_director", small.TOWNSHIP)
    assert rows(client.get("/audit/"), "sequence") == [2]
    page = client.get("/audit/2/").content.decode()
    assert "P1" in page and "P2" in page and "乡村医生示" in page


@pytest.mark.parametrize("role", [role for role in small.HOME if role not in {"auditor", "hospital_director"}])
def test_nobody_else_reads_the_trail(trail: small.County, role: str) -> None:
    assert trail.client(role).get("/audit/").status_code == 403


@pytest.mark.parametrize(("sequence", "status"), [(1, 200), (2, 403), (3, 403), (4, 403), (9, 404)])
def test_an_institution_opens_its_own_entries_alone(trail: small.County, sequence: int, status: int) -> None:
    assert trail.client("hospital_director").get(f"/audit/{sequence}/").status_code == status


@pytest.mark.parametrize(("sequence", "status"), [(1, 200), (2, 200), (3, 403), (4, 200)])
def test_the_auditor_opens_the_whole_county(trail: small.County, sequence: int, status: int) -> None:
    assert trail.client("auditor").get(f"/audit/{sequence}/").status_code == status


def test_who_read_this_person(trail: small.County) -> None:
    client = trail.client("auditor")
    assert rows(client.get("/audit/?person=P1"), "sequence") == [2]
    assert rows(client.get("/audit/?person=P9"), "sequence") == []


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("verb=access.lock_out", [4]),
        ("subject_kind=person", [2]),
        ("actor_name=乡村", [2]),
        ("purpose=care", [2]),
        ("sequence_from=2", [4, 2]),
        ("sort=at", [1, 2, 4]),
    ],
)
def test_the_trail_is_filtered_and_sorted(trail: small.County, query: str, seen: list[int]) -> None:
    assert rows(trail.client("auditor").get(f"/audit/?{query}"), "sequence") == seen


def test_the_trail_is_exported(trail: small.County) -> None:
    answer = trail.client("auditor").get("/audit/?format=xlsx")
    assert answer.status_code == 200 and len(b"".join(answer.streaming_content)) > 1000


def test_only_who_may_verify_sees_the_button(trail: small.County) -> None:
    assert "/audit/verify/" in trail.client("auditor").get("/audit/").content.decode()
    assert "/audit/verify/" not in trail.client("hospital_director").get("/audit/").content.decode()
    assert trail.client("hospital_director").post("/audit/verify/").status_code == 403


# --- grants ---------------------------------------------------------------------------------------------------------


def grant_form(**changes: str) -> dict[str, str]:
    given = {"username": "new", "role_code": "pharmacist", "organisation_code": small.HOSPITAL}
    return given | changes


def test_a_role_is_given_and_taken_from_the_page(county: small.County) -> None:
    client, user = county.client("system_administrator"), User.objects.create(username="new")
    day = timezone.localdate()
    dates = {"starts_on": day.isoformat(), "ends_on": (day + timedelta(days=1)).isoformat()}
    assert client.post("/access/grants/new/", grant_form(**dates)).status_code == 302
    row = RoleGrant.objects.get(user=user)
    assert row.ends_at is not None
    assert timezone.localtime(row.ends_at).date() == day + timedelta(days=2)
    assert "药师" in client.get("/access/").content.decode()
    assert client.post(f"/access/grants/{row.pk}/revoke/").status_code == 302
    assert access.actor_of_user(user).grants == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": "ghost"}, "没有用户“ghost”"),
        ({"username": ""}, "未填写"),
        ({"role_code": "king"}, "请从下拉列表中选择"),
        ({"organisation_code": "999999999999"}, "999999999999"),
        ({"organisation_code": small.OTHER_HOSPITAL}, "不在您的授权机构范围内"),
        ({"starts_on": "2026-02-30"}, "不能识别"),
        ({"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "早于开始"),
    ],
)
def test_a_wrong_grant_is_refused_beside_its_field(county: small.County, changes: dict[str, str], words: str) -> None:
    User.objects.create(username="new")
    before = RoleGrant.objects.count()
    client = county.client("system_administrator")
    answer = client.post("/access/grants/new/", grant_form(**changes))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert RoleGrant.objects.count() == before + 1  # the administrator's own


def test_the_form_has_help_from_its_contract(county: small.County) -> None:
    page = county.client("system_administrator").get("/access/grants/new/").content.decode()
    assert "是否及于下属机构由角色决定" in page and "医院医保办" in page and 'type="date"' in page


def test_a_locked_name_is_unlocked_only_within_reach(county: small.County) -> None:
    near, far = county.user("pharmacist"), county.user("pharmacist", small.OTHER_HOSPITAL)
    for user in (near, far):
        SignInGuard.objects.create(username=user.username, locked_until=timezone.now() + timedelta(hours=1))
    client = county.client("system_administrator")
    assert client.post("/access/unlock/", {"username": near.username}).status_code == 302
    assert client.post("/access/unlock/", {"username": far.username}).status_code == 422
    assert client.post("/access/unlock/", {"username": "ghost"}).status_code == 422
    assert list(SignInGuard.objects.values_list("username", flat=True)) == [far.username]


# --- keys -----------------------------------------------------------------------------------------------------------


def key_form(county: small.County, **changes: str) -> dict[str, str]:
    user = county.user("hospital_insurance_office")
    given = {"name": "医院信息系统", "username": user.username, "organisation_code": small.HOSPITAL}
    return given | {"permissions": "batch.upload|batch.read", "term_days": "30"} | changes


def test_a_key_is_shown_once_and_works_until_revoked(county: small.County) -> None:
    client = county.client("system_administrator")
    answer = client.post("/access/keys/new/", key_form(county))
    found = re.search(r"sanyi_[0-9a-f]{12}_[0-9a-f]{64}", answer.content.decode())
    assert found is not None and answer["Cache-Control"] == "no-store"
    secret, key = found.group(), ApiKey.objects.get()
    assert access.actor_of_key(secret).grants[0].permissions == {Permission.BATCH_UPLOAD, Permission.BATCH_READ}
    page = client.get("/access/keys/").content.decode()
    assert key.prefix in page and secret not in page
    assert client.post(f"/access/keys/{key.pk}/revoke/").status_code == 302
    with pytest.raises(ValueError, match="接口密钥无效"):
        access.actor_of_key(secret)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"permissions": "batch.fly"}, "batch.fly"),
        ({"permissions": "audit.read"}, "查看审计日志"),
        ({"term_days": "366"}, "1 至 365 天"),
        ({"term_days": "0"}, "不小于1"),
        ({"username": "ghost"}, "ghost"),
        ({"organisation_code": small.OTHER_HOSPITAL}, "不在您的授权机构范围内"),
    ],
)
def test_a_wrong_key_is_refused_beside_its_field(county: small.County, changes: dict[str, str], words: str) -> None:
    answer = county.client("system_administrator").post("/access/keys/new/", key_form(county, **changes))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert ApiKey.objects.count() == 0
