"""编码质控的接口: one record, many, garbage, and what it declares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.registry.county import County

pytestmark = pytest.mark.django_db
RECORD = {"record_id": "甲", "sex": 2, "age_years": 66, "diagnosis_codes": ["C61.x00"], "procedure_codes": ["60.5x02"]}
API = "/api/v1/coding-check"


def post(client: Client, body: Any) -> Any:
    return client.post(API, body, content_type="application/json")


def test_the_interface_answers_one_record(county: County, own_lake: Path) -> None:
    answer = post(county.client("medical_record_coder"), {"records": [RECORD], "scheme": "chs_drg_11"})
    assert answer.status_code == 200
    result = answer.json()["results"][0]
    assert (result["record_id"], result["scheme"], result["status"]) == ("甲", "chs_drg_11", "无法入组")
    assert result["is_scheme_assumed"] is None
    kinds = [finding["kind"] for finding in result["findings"]]
    assert kinds == ["main_mdc_unmet", "diagnosis_sex", "procedure_sex"]
    assert result["refuse_count"] == 3
    finding = result["findings"][1]
    assert (finding["field"], finding["position"], finding["code"]) == ("diagnosis_codes", 1, "C61.x00")
    assert finding["message"] and finding["remedy"] and finding["source"]


def test_the_interface_answers_many_in_order_under_the_scheme_of_their_day(county: County, own_lake: Path) -> None:
    records = [{**RECORD, "record_id": str(number), "discharged_on": "2025-03-08"} for number in range(40)]
    answer = post(county.client("medical_record_coder"), {"records": records}).json()
    assert [result["record_id"] for result in answer["results"]] == [str(number) for number in range(40)]
    assert {(result["scheme"], result["is_scheme_assumed"]) for result in answer["results"]} == {("linfen_2022", True)}


def test_garbage_in_the_interface_is_answered_with_findings(county: County, own_lake: Path) -> None:
    odd = {
        "sex": 9,
        "age_years": -5,
        "diagnosis_codes": ["", "💥", "A" * 900, "K80.101|x"],
        "procedure_codes": [" "],
        "total_fen": -1,
        "newborn_weight_grams": 2**63 - 1,
    }
    answer = post(county.client("medical_record_coder"), {"records": [odd]})
    assert answer.status_code == 200
    kinds = {finding["kind"] for finding in answer.json()["results"][0]["findings"]}
    assert {"sex_missing", "value_impossible", "diagnosis_empty", "diagnosis_unknown", "procedure_empty"} <= kinds


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"records": []}, "doors.body_wrong"),
        ({"records": [RECORD], "scheme": "nowhere"}, "grouping.scheme_unknown"),
        ({"records": [{**RECORD, "discharged_on": "1990-01-01"}]}, "coding_check.scheme_missing"),
        ({"records": [{"sex": "x"}]}, "doors.body_wrong"),
        ({"records": [RECORD] * 1001}, "doors.body_wrong"),
    ],
)
def test_wrong_requests_are_refused(county: County, own_lake: Path, body: Any, code: str) -> None:
    answer = post(county.client("medical_record_coder"), body)
    assert answer.status_code == 422
    assert answer.json()["code"] == code


def test_one_record_asks_the_database_little(
    county: County, own_lake: Path, django_assert_max_num_queries: Any
) -> None:
    """Five milliseconds are promised and measured in benchmarks; here only that nothing is asked anew each time."""
    client = county.client("medical_record_coder")
    post(client, {"records": [RECORD]})
    with django_assert_max_num_queries(6):
        post(client, {"records": [RECORD]})


def test_the_answer_is_what_the_interface_declares(grouped: County) -> None:
    from sanyi.insurance.coding_check.api import CheckAnswer

    record = {
        "record_id": "一",
        "sex": 2,
        "age_years": 66,
        "diagnosis_codes": ["C61.x00"],
        "procedure_codes": ["60.5x02"],
    }
    answer = grouped.client("medical_record_coder").post(
        "/api/v1/coding-check", {"records": [record, {}]}, content_type="application/json"
    )
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    declared = CheckAnswer.model_validate_json(answer.content)
    assert declared.model_dump() == answer.json()
    assert [row.record_id for row in declared.results] == ["一", ""]
    assert declared.results[0].findings
