"""登录会话: sign-in, lock-out, safe targets, password, language and health."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-secret"  # noqa: S105 - a test's own


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user("clerk", password=PASSWORD)


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> int:
    return client.post("/sign-in/", {"username": "clerk", "password": password, **more}).status_code


def test_a_right_password_opens_the_wanted_page(client: Client, clerk: User) -> None:
    answer = client.post("/sign-in/", {"username": "clerk", "password": PASSWORD, "next": "/policy/?q=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/policy/?q=1")


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_sign_in_never_leads_to_another_site(client: Client, clerk: User, target: str) -> None:
    assert client.post("/sign-in/", {"username": "clerk", "password": PASSWORD, "next": target})["Location"] == "/"


def test_a_password_hashed_in_the_old_way_still_opens_and_is_hashed_anew(client: Client, clerk: User) -> None:
    """The cost is the one of docs/decisions/0008."""
    assert clerk.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    User.objects.filter(pk=clerk.pk).update(password=make_password(PASSWORD, hasher="scrypt"))
    assert sign_in(client) == 302
    clerk.refresh_from_db()
    assert clerk.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert client.get("/password/").status_code == 200 and sign_in(Client()) == 302


def test_a_wrong_password_is_answered_with_a_sentence(client: Client, clerk: User) -> None:
    answer = client.post("/sign-in/", {"username": "clerk", "password": "wrong"})
    assert answer.status_code == 403
    assert "用户名或口令不正确" in answer.content.decode()
    assert 'value="clerk"' in answer.content.decode()
    assert "wrong" not in answer.content.decode()


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(client: Client, clerk: User) -> None:
    known = client.post("/sign-in/", {"username": "clerk", "password": "wrong"}).content.decode()
    unknown = client.post("/sign-in/", {"username": "stranger", "password": "wrong"}).content.decode()
    assert "用户名或口令不正确" in known
    assert "用户名或口令不正确" in unknown


def test_too_many_failures_lock_the_name_even_for_the_right_password(client: Client, clerk: User) -> None:
    for _ in range(5):
        assert sign_in(client, "wrong") == 403
    answer = client.post("/sign-in/", {"username": "clerk", "password": PASSWORD})
    assert answer.status_code == 403
    assert "锁定" in answer.content.decode()


def test_a_form_without_its_mark_is_refused_in_chinese(clerk: User) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "clerk", "password": PASSWORD})
    assert answer.status_code == 403
    assert "页面已失效" in answer.content.decode()


def test_sign_out_ends_the_session(client: Client, clerk: User) -> None:
    sign_in(client)
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/password/").status_code == 302
    assert client.get("/sign-out/").status_code == 405


def test_the_password_can_be_changed_and_weak_ones_are_refused(client: Client, clerk: User) -> None:
    sign_in(client)
    weak = {"old_password": PASSWORD, "new_password1": "1234567", "new_password2": "1234567"}
    assert client.post("/password/", weak).status_code == 400
    strong = {"old_password": PASSWORD, "new_password1": "an-even-longer-one", "new_password2": "an-even-longer-one"}
    assert client.post("/password/", strong).status_code == 302
    assert sign_in(Client(), "an-even-longer-one") == 302
    assert sign_in(Client()) == 403


def test_pages_are_chinese_until_english_is_chosen(client: Client) -> None:
    assert 'lang="zh-hans"' in client.get("/sign-in/", headers={"Accept-Language": "en"}).content.decode()
    chosen = client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert chosen["Location"] == "/sign-in/"
    page = client.get("/sign-in/").content.decode()
    assert 'lang="en"' in page
    assert "Sign in" in page
    client.post("/language/", {"language": "zh-hans"})
    assert 'lang="zh-hans"' in client.get("/sign-in/").content.decode()


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    assert not client.post("/language/", {"language": "xx"}).cookies


def test_health_says_whether_the_database_answers(client: Client) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.post("/healthz").status_code == 405
