"""The interface: keys, anti-forgery, problem+json, idempotency, ETag."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.models import AuditEntry
from sanyi.registry.cases.models import NumberSeries
from sanyi.registry.doors.idempotency import forget_old
from sanyi.registry.doors.models import IdempotentAnswer
from tests.registry import county as small
from tests.registry.threads import together

pytestmark = pytest.mark.urls("tests.registry.door_urls")
ORDER = f"/api/v1/orders/{small.HOSPITAL}"


def key(county: small.County, *permissions: Permission) -> dict[str, str]:
    _, secret = access.issue_key(
        by=county.actor("system_administrator"),
        name="医院信息系统",
        user=county.user("hospital_insurance_office"),
        organisation_code=small.HOSPITAL,
        permissions=permissions or [Permission.BATCH_UPLOAD, Permission.PERSON_READ, Permission.STAY_READ],
        days=1,
    )
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def order(headers: dict[str, str], body: dict[str, Any] | None = None, url: str = ORDER, **more: Any) -> Any:
    client = Client(raise_request_exception=False)
    return client.post(url, json.dumps(body or {"amount_fen": 1}), "application/json", **headers, **more)


def carried_out() -> int:
    return NumberSeries.objects.filter(name="orders").values_list("last_number", flat=True).first() or 0


def test_the_anonymous_get_a_problem_and_not_a_page(county: small.County) -> None:
    answer = order({})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json; charset=utf-8")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "access.sign_in_required"


def test_a_key_opens_what_it_names(county: small.County) -> None:
    answer = order(key(county), {"amount_fen": 7})
    assert (answer.status_code, answer.json()) == (200, {"number": 1, "amount_fen": 7})


def test_a_foreign_organisation_is_refused_before_the_body_is_read(county: small.County) -> None:
    answer = order(key(county), {"wrong": 1}, f"/api/v1/orders/{small.TOWNSHIP}")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.organisation_out_of_scope")


def test_a_permission_that_the_key_lacks_is_refused(county: small.County) -> None:
    headers = key(county, Permission.STAY_READ)
    assert order(headers).json()["code"] == "access.permission_missing"


def test_a_wrong_key_is_refused(county: small.County) -> None:
    answer = order({"HTTP_AUTHORIZATION": "Bearer sanyi_x_y"})
    assert (answer.status_code, answer.json()["code"]) == (401, "access.key_invalid")


def test_a_wrong_body_is_a_problem_with_its_place(county: small.County) -> None:
    answer = order(key(county), {"amount_fen": "many"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "doors.body_wrong")
    assert problem["refusals"][0]["place"] == {"key": "body.body.amount_fen"}


def test_a_refusal_has_code_sentence_remedy_basis(county: small.County) -> None:
    problem = order(key(county), {"amount_fen": 1, "words": "refuse"}).json()
    assert (problem["code"], problem["title"], problem["remedy"], problem["basis"], problem["status"]) == (
        "tests.refused",
        "不行。",
        "请改正。",
        "第三条",
        422,
    )


def test_a_fault_is_apologised_for_without_details(county: small.County) -> None:
    answer = order(key(county), {"amount_fen": 1, "words": "fault"})
    assert (answer.status_code, answer.json()["code"]) == (500, "doors.fault")
    assert "ZeroDivision" not in answer.content.decode()


def test_a_browser_needs_the_anti_forgery_mark_and_a_key_does_not(county: small.County) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(county.user("hospital_insurance_office"))
    answer = client.post(ORDER, '{"amount_fen": 1}', "application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "doors.csrf_wrong")
    assert carried_out() == 0
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ORDER, '{"amount_fen": 1}', "application/json", **key(county)).status_code == 200


def test_a_reading_through_the_interface_is_recorded(county: small.County) -> None:
    headers = key(county)
    assert Client().get("/api/v1/people/P1", **headers).json() == {"name": "王示安"}
    entry = AuditEntry.objects.get(verb="read")
    assert (entry.person_ids, entry.route, entry.purpose) == (["P1"], "tests.doors.read_person", "payment")
    assert Client().get("/api/v1/people/P2", **headers).status_code == 403
    assert AuditEntry.objects.filter(verb="read").count() == 1


def test_an_unchanged_answer_is_not_sent_again(county: small.County) -> None:
    headers = key(county)
    first = Client().get("/api/v1/people/P1", **headers)
    for known in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}', "*"):
        again = Client().get("/api/v1/people/P1", HTTP_IF_NONE_MATCH=known, **headers)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert Client().get("/api/v1/people/P1", HTTP_IF_NONE_MATCH='"x"', **headers).status_code == 200


def test_a_list_of_the_interface_has_items_and_a_mark_for_the_next(county: small.County) -> None:
    headers = key(county)
    answer = Client().get("/api/v1/stays?sort=stay_id", **headers).json()
    assert ([item["stay_id"] for item in answer["items"]], answer["next"]) == (["S1", "S2"], None)


# --- idempotency ----------------------------------------------------------------------------------------------------


def test_the_same_key_gets_the_same_answer_and_is_carried_out_once(county: small.County) -> None:
    headers = key(county) | {"HTTP_IDEMPOTENCY_KEY": "order-0001"}
    first, second = order(headers), order(headers)
    assert first.json() == second.json() == {"number": 1, "amount_fen": 1}
    assert (second["Idempotent-Replayed"], carried_out()) == ("true", 1)


def test_another_key_is_another_request(county: small.County) -> None:
    headers = key(county)
    order(headers | {"HTTP_IDEMPOTENCY_KEY": "order-0001"})
    assert order(headers | {"HTTP_IDEMPOTENCY_KEY": "order-0002"}).json()["number"] == 2
    assert order(headers).json()["number"] == 3


def test_the_same_key_with_another_content_is_refused(county: small.County) -> None:
    headers = key(county) | {"HTTP_IDEMPOTENCY_KEY": "order-0001"}
    order(headers)
    answer = order(headers, {"amount_fen": 2})
    assert (answer.status_code, answer.json()["code"]) == (422, "doors.idempotency_key_reused")
    assert carried_out() == 1


def test_a_key_belongs_to_its_caller(county: small.County) -> None:
    headers = key(county)
    order(headers | {"HTTP_IDEMPOTENCY_KEY": "order-0001"})
    client = county.client("insurance_officer")
    answer = client.post(ORDER, '{"amount_fen": 2}', "application/json", HTTP_IDEMPOTENCY_KEY="order-0001")
    assert answer.json()["number"] == 2


@pytest.mark.parametrize("wrong", ["short", "with space", "中文的一把钥匙很长", "x" * 101])
def test_a_malformed_key_is_refused(county: small.County, wrong: str) -> None:
    answer = order(key(county) | {"HTTP_IDEMPOTENCY_KEY": wrong})
    assert (answer.status_code, answer.json()["code"]) == (400, "doors.idempotency_key_wrong")


def test_a_refusal_is_kept_and_leaves_nothing_behind(county: small.County) -> None:
    headers = key(county) | {"HTTP_IDEMPOTENCY_KEY": "order-0001"}
    body = {"amount_fen": 1, "words": "refuse"}
    assert [order(headers, body).status_code for _ in range(2)] == [422, 422]
    assert carried_out() == 0
    assert IdempotentAnswer.objects.count() == 1


@pytest.mark.parametrize(("words", "status"), [("conflict", 409), ("fault", 500)])
def test_what_may_go_better_next_time_is_not_kept(county: small.County, words: str, status: int) -> None:
    headers = key(county) | {"HTTP_IDEMPOTENCY_KEY": "order-0001"}
    assert order(headers, {"amount_fen": 1, "words": words}).status_code == status
    assert (carried_out(), IdempotentAnswer.objects.count()) == (0, 0)
    assert order(headers).status_code == 200


def test_old_answers_are_forgotten(county: small.County) -> None:
    order(key(county) | {"HTTP_IDEMPOTENCY_KEY": "order-0001"})
    assert forget_old() == 0
    IdempotentAnswer.objects.update(created_at="2020-01-01T00:00:00Z")
    assert forget_old() == 1


def test_two_threads_with_the_same_key_are_carried_out_once(open_county: small.County) -> None:
    headers = key(open_county) | {"HTTP_IDEMPOTENCY_KEY": "order-0001"}
    answers = together(*[lambda: order(headers).json()] * 4)
    assert answers == [{"number": 1, "amount_fen": 1}] * 4
    assert carried_out() == 1


# --- the description ------------------------------------------------------------------------------------------------


def test_the_description_needs_a_sign_in_and_names_no_outside_host(county: small.County) -> None:
    assert Client().get("/api/v1/docs").status_code == 302
    assert Client().get("/api/v1/openapi.json").status_code == 302
    client = county.client("insurance_officer")
    page = client.get("/api/v1/docs").content.decode()
    assert "https://" not in page and "//cdn" not in page
    described = client.get("/api/v1/openapi.json").json()
    assert "/api/v1/runs/{number}" in described["paths"]
    assert not any(path.startswith("/api/v1/orders") for path in described["paths"])
