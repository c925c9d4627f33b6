"""页面框架: drawn once for many, and yet everybody's own: name, mark against forgery, address, language."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from sanyi.registry.access import services as access
from tests.registry import county as small

LIST = "/organisations/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"')


@pytest.fixture
def county(db: Any) -> small.County:
    return small.build()


def text(client: Client, address: str = LIST) -> str:
    return client.get(address).content.decode()


def test_each_reader_sees_the_own_name_and_role(county: small.County) -> None:
    first, second = county.client("health_bureau"), county.client("township_doctor")
    for _ in range(2):
        shown, other = text(first), text(second)
        assert "卫健局示" in shown and "乡镇医生示" not in shown
        assert "乡镇医生示" in other and "卫健局示" not in other


def test_nothing_that_stands_in_for_something_is_left(county: small.County) -> None:
    for address in (LIST, "/people/?q=示", "/", "/nowhere/"):
        assert "\ue000" not in text(county.client("health_bureau"), address)


def test_all_forms_of_a_page_carry_one_mark_and_it_is_accepted(county: small.County) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = county.client("health_bureau").cookies
    found = set(TOKEN.findall(text(client, "/people/")))
    again = set(TOKEN.findall(text(client, "/people/")))
    assert len(found) == len(again) == 1 and found != again, "one mark a page, masked anew for each page"
    (token,) = found
    assert f'"X-CSRFToken": "{token}"' not in text(client, "/people/")
    sent = {"language": "en", "next": LIST}
    assert client.post("/language/", {**sent, "csrfmiddlewaretoken": token}).status_code == 302
    assert client.post("/language/", {**sent, "csrfmiddlewaretoken": "x" * 64}).status_code == 403


def test_the_mark_of_one_reader_is_not_the_mark_of_another(county: small.County) -> None:
    first, second = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    first.cookies, second.cookies = county.client("health_bureau").cookies, county.client("cdc_staff").cookies
    (token,) = set(TOKEN.findall(text(first)))
    text(second)
    assert second.post("/language/", {"language": "en", "csrfmiddlewaretoken": token}).status_code == 403


def test_the_way_back_is_this_pages_address_and_written_safely(county: small.County) -> None:
    client = county.client("health_bureau")
    assert 'name="next" value="/organisations/?q=%3Cb%3E&amp;a=1"' in text(client, f"{LIST}?q=%3Cb%3E&a=1")
    assert 'name="next" value="/organisations/"' in text(client)


def test_words_searched_for_are_written_safely_and_kept_for_nobody_else(county: small.County) -> None:
    client = county.client("health_bureau")
    assert 'value="王示"' in text(client, "/people/?q=王示")
    assert 'value="王示"' not in text(client, "/people/")
    assert '"><b>' not in text(client, "/people/?q=%22%3E%3Cb%3E")


def test_the_frame_changes_with_the_language(county: small.County) -> None:
    client = county.client("health_bureau")
    assert "退出登录" in text(client)
    client.cookies["django_language"] = "en"
    assert "退出登录" not in text(client) and "Sign out" in text(client)


def test_a_session_that_has_ended_opens_nothing(county: small.County) -> None:
    client = county.client("health_bureau")
    assert client.get(LIST).status_code == 200
    Session.objects.update(expire_date=timezone.now())
    assert client.get(LIST).status_code == 302
    county.sessions.clear()
    client = county.client("health_bureau")
    assert client.get(LIST).status_code == 200
    client.post("/sign-out/")
    assert client.get(LIST).status_code == 302
    assert not Session.objects.filter(expire_date__gt=timezone.now()).exists()


def test_what_is_read_of_a_user_is_what_the_database_holds(county: small.County) -> None:
    from django.contrib.auth.models import User

    from sanyi.registry.access.models import RoleGrant
    from sanyi.registry.statements import marks, rows_of

    user = county.user("health_bureau")
    user.refresh_from_db()
    (found,) = rows_of(User, "id = %s", [user.pk])
    assert {field.attname: getattr(found, field.attname) for field in User._meta.concrete_fields} == {
        field.attname: getattr(user, field.attname) for field in User._meta.concrete_fields
    }
    access.grant_role(user, "auditor", small.COUNTY, by=access.SYSTEM, purposes=[*access.role("auditor").purposes])
    right = list(RoleGrant.objects.filter(user=user).order_by("pk"))
    read = rows_of(RoleGrant, "user_id = %s ORDER BY id", [user.pk])
    assert [(one.pk, one.purposes, one.starts_at, one.ends_at) for one in read] == [
        (one.pk, one.purposes, one.starts_at, one.ends_at) for one in right
    ]
    assert not read[0]._state.adding and rows_of(RoleGrant, f"id IN ({marks([])})", []) == []
