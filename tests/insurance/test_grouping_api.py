"""分组接口: the same results and the same limits as the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.registry.county import HOSPITAL, OTHER_HOSPITAL, County

pytestmark = pytest.mark.django_db
RECORD = {"sex": 1, "age": 50, "los": 5, "dx": ["G40.900"], "px": ["51.2300"]}


def post(client: Client, body: dict[str, Any]) -> Any:
    return client.post("/api/v1/grouping/group", body, content_type="application/json")


def test_records_are_grouped_with_their_reasons(county: County) -> None:
    answer = post(county.client("hospital_doctor"), {"scheme": "chs_drg_11", "records": [RECORD, RECORD | {"sex": 9}]})
    assert answer.status_code == 200
    first, second = answer.json()["results"]
    assert (first["status"], first["mdc"], first["adrg"], first["drg"]) == ("分组成功", "MDCB", "BV1", "BV15")
    assert any(step["kind"] == "gate" for step in first["trace"])
    assert second["status"] == "信息校验不通过"


def test_without_a_scheme_the_county_s_own_applies(county: County) -> None:
    answer = post(
        county.client("hospital_doctor"), {"on": "2025-03-01", "with_trace": False, "records": [RECORD]}
    ).json()
    assert (answer["scheme"], answer["is_scheme_assumed"]) == ("linfen_2022", True)
    assert answer["results"][0]["trace"] == []


def test_unknown_schemes_and_days_are_refused(county: County) -> None:
    client = county.client("hospital_doctor")
    unknown = post(client, {"scheme": "nowhere_2099", "records": [RECORD]})
    assert (unknown.status_code, unknown["Content-Type"].split(";")[0]) == (422, "application/problem+json")
    assert unknown.json()["code"] == "grouping.scheme_unknown"
    assert post(client, {"on": "2001-01-01", "records": [RECORD]}).status_code == 422
    assert post(client, {"records": [{"sex": 1}]}).status_code == 422


def test_the_list_is_the_one_of_the_page(grouped: County) -> None:
    answer = grouped.client("hospital_insurance_office").get("/api/v1/grouping/stays?sort=settlement_id").json()
    assert [item["settlement_id"] for item in answer["items"]] == ["S0001", "S0002", "S0003", "S0007"]


def test_a_stay_with_its_reasons_and_provenance(grouped: County) -> None:
    answer = grouped.client("insurance_officer").get(f"/api/v1/grouping/stays/{HOSPITAL}/S0001").json()
    assert answer["stay"]["drg"].startswith("BR2")
    assert answer["provenance"]["input_versions"] == {"settlement_list": 0}
    assert answer["trace"][-1]["kind"] == "weight"


def test_foreign_stays_are_refused(grouped: County) -> None:
    client = grouped.client("insurance_officer")
    assert client.get(f"/api/v1/grouping/stays/{OTHER_HOSPITAL}/S0006").status_code == 403
    assert Client().get(f"/api/v1/grouping/stays/{HOSPITAL}/S0001").status_code == 401


def test_the_summary_is_limited_to_the_scope(grouped: County) -> None:
    answer = grouped.client("county_leader").get("/api/v1/grouping/summary?first_month=2025-03").json()
    assert answer["whole"]["stay_count"] == 6
    assert {item["institution_code"] for item in answer["items"]} == {HOSPITAL, "990000000005"}
    assert grouped.client("village_doctor").get("/api/v1/grouping/summary").status_code == 403


def test_the_schemes_are_listed(county: County) -> None:
    answer = county.client("hospital_doctor").get("/api/v1/grouping/schemes").json()
    assert answer["current"] == "linfen_2022"
    assert len(answer["items"]) == 30
