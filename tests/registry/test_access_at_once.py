"""What a process keeps in memory never outlives a change, whoever makes it: the next page is decided anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sanyi.registry.access import services as access
from sanyi.registry.access.models import RoleGrant, UserIdentity
from sanyi.registry.cases import services as cases
from sanyi.registry.emergency_access import services as emergency_access
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import MembershipRole
from sanyi.registry.organisations.models import GroupMembership, Organisation
from tests.registry import county as small
from tests.registry.threads import together

GROUP = "990000000101"
LIST, TOWNSHIP = "/organisations/", f"/organisations/{small.TOWNSHIP}/"


@pytest.fixture
def director(open_county: small.County) -> Client:
    """The director of a medical group whose members are the hospital and the township hospital."""
    organisations.register(GROUP, name="示范医疗集团", kind="medical_group", parent_id=small.COUNTY, by=access.SYSTEM)
    organisations.found_group(GROUP, founded_on=date(2024, 1, 1), by=access.SYSTEM)
    organisations.join(GROUP, small.HOSPITAL, starts_on=date(2024, 1, 1), role=MembershipRole.LEAD, by=access.SYSTEM)
    organisations.join(GROUP, small.TOWNSHIP, starts_on=date(2024, 1, 1), by=access.SYSTEM)
    return open_county.client("group_director", GROUP)


def elsewhere(change: Callable[[], object]) -> None:
    """Another thread with a connection of its own, as another process would do it."""
    (found,) = together(change)
    assert not isinstance(found, Exception), found


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def leave() -> None:
    organisations.leave(small.TOWNSHIP, ends_on=yesterday(), by=access.SYSTEM)


def leave_by_a_change_of_rows() -> None:
    GroupMembership.objects.filter(organisation_id=small.TOWNSHIP).update(ends_on=yesterday())


def leave_without_trace() -> None:
    GroupMembership.objects.filter(organisation_id=small.TOWNSHIP).delete()


@pytest.mark.parametrize("change", [leave, leave_by_a_change_of_rows, leave_without_trace])
def test_a_membership_that_ended_opens_nothing_any_more(director: Client, change: Callable[[], None]) -> None:
    for _ in range(2):
        assert director.get(TOWNSHIP).status_code == 200
        text = director.get(LIST).content.decode()
        assert "东镇卫生院" in text and "西村卫生室" in text
    elsewhere(change)
    assert director.get(TOWNSHIP).status_code == 403
    text = director.get(LIST).content.decode()
    assert "东镇卫生院" not in text and "西村卫生室" not in text


def test_a_unit_that_moved_is_seen_by_its_new_parent_alone(director: Client, open_county: small.County) -> None:
    hospital = open_county.client("hospital_director")
    clinic = f"/organisations/{small.CLINIC}/"
    assert hospital.get(clinic).status_code == 403
    elsewhere(lambda: organisations.register(small.CLINIC, parent_id=small.HOSPITAL, by=access.SYSTEM))
    assert hospital.get(clinic).status_code == 200
    assert open_county.client("township_doctor").get(clinic).status_code == 403


def test_a_revoked_grant_closes_page_and_navigation(open_county: small.County) -> None:
    client, user = open_county.client("health_bureau"), open_county.user("health_bureau")
    assert 'href="/staff/"' in client.get(LIST).content.decode()
    now = timezone.now()
    elsewhere(lambda: RoleGrant.objects.filter(user=user).update(ends_at=now))
    assert client.get(LIST).status_code == 403
    assert 'href="/staff/"' not in client.get("/").content.decode()
    elsewhere(lambda: RoleGrant.objects.filter(user=user).update(ends_at=None))
    assert 'href="/staff/"' in client.get(LIST).content.decode()


def test_a_disabled_user_and_a_changed_name_count_at_once(open_county: small.County) -> None:
    client, user = open_county.client("health_bureau"), open_county.user("health_bureau")
    assert "卫健局示" in client.get(LIST).content.decode()
    elsewhere(lambda: UserIdentity.objects.filter(user=user).update(display_name="另示名"))
    assert "另示名" in client.get(LIST).content.decode()
    elsewhere(lambda: User.objects.filter(pk=user.pk).update(is_active=False))
    assert client.get(LIST).status_code == 302


def test_a_renamed_institution_is_shown_with_its_new_name(open_county: small.County) -> None:
    client = open_county.client("township_doctor")
    assert "东镇卫生院" in client.get("/").content.decode()
    elsewhere(lambda: Organisation.objects.filter(code=small.TOWNSHIP).update(name="东镇中心卫生院"))
    assert "东镇中心卫生院" in client.get("/").content.decode()


def test_the_count_of_the_frame_is_the_length_of_the_list(open_county: small.County) -> None:
    """For every role, before and after a case is opened: the kept statement says what the list says."""
    roles = sorted(access.roles())

    def counted() -> dict[str, int]:
        actors = {role: open_county.actor(role) for role in roles}
        found = {role: cases.todo_count(actor) for role, actor in actors.items()}
        assert found == {role: cases.todo(actor).count() for role, actor in actors.items()}
        return found

    before = counted()
    emergency_access.open_record(
        open_county.actor("hospital_doctor"), person_id="P-1", reason="昏迷患者急诊入院，需核对既往用药史。"
    )
    assert counted() != before
    elsewhere(lambda: RoleGrant.objects.update(ends_at=timezone.now()))
    assert set(counted().values()) == {0}
