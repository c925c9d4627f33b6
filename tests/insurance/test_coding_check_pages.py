"""编码质控的页面: the form while typing, months, results and the list, for the right reader and the stranger."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from sanyi.insurance.coding_check import services
from sanyi.insurance.coding_check.pages.form import typed_codes
from sanyi.registry.access.models import AuditEntry, AuditPerson
from sanyi.registry.runs import services as runs
from tests.insurance import settlements
from tests.insurance.test_coding_check_services import rows
from tests.registry.county import COUNTY, HOSPITAL, TOWNSHIP, County

pytestmark = pytest.mark.django_db
TYPED = {"sex": "2", "age_years": "66", "diagnosis_codes": "C61.x00", "procedure_codes": "60.5x02"}
FORM, PREVIEW, MONTH = "/coding-check/", "/coding-check/preview/", "/coding-check/month/"
FINDINGS = "/coding-check/findings/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def book_of(answer: Any) -> openpyxl.Workbook:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture
def checked(county: County, own_lake: Path) -> tuple[County, int]:
    """The county after the check of its month by the insurance officer."""
    settlements.write(rows(), batch_number=1)
    number = services.start_check(
        by=county.actor("insurance_officer"),
        scope=frozenset({HOSPITAL, TOWNSHIP}),
        organisation_code=COUNTY,
        month="2025-03",
    )
    assert runs.carry_out(number) == "done"
    return county, number


# --- the form --------------------------------------------------------------------------------------------------------


def test_the_form_works_without_scripts(county: County, own_lake: Path) -> None:
    client = county.client("hospital_doctor")
    assert "结果显示在这里" in text_of(client.get(FORM))
    answer = client.post(FORM, TYPED)
    assert answer.status_code == 200
    text = text_of(answer)
    for part in ("无法入组", "诊断与性别不符", "手术操作与性别不符", "MDCM", "规则库", "方案为假定"):
        assert part in text
    assert 'value="C61.x00"' in text or ">C61.x00</textarea>" in text


def test_typing_gets_the_result_alone(county: County, own_lake: Path) -> None:
    client = county.client("hospital_doctor")
    page = text_of(client.get(FORM))
    assert f'hx-post="{PREVIEW}"' in page
    assert "delay:400ms" in page
    text = text_of(client.post(PREVIEW, TYPED, headers={"HX-Request": "true"}))
    assert "<html" not in text
    assert "诊断与性别不符" in text


def test_the_group_is_previewed(county: County, own_lake: Path) -> None:
    typed = {"sex": "2", "age_years": "56", "diagnosis_codes": "K80.101", "procedure_codes": "51.2300"}
    text = text_of(county.client("medical_record_coder").post(PREVIEW, typed))
    for part in ("HC25", "胆囊切除", "分组成功", "没有发现问题"):
        assert part in text


def test_half_typed_fields_are_said_and_the_rest_is_checked(county: County, own_lake: Path) -> None:
    text = text_of(county.client("hospital_doctor").post(PREVIEW, {**TYPED, "age_years": "6x"}))
    assert "“年龄”的值“6x”不能识别" in text
    assert "年龄缺失" in text


def test_an_empty_form_is_not_answered_with_findings(county: County, own_lake: Path) -> None:
    text = text_of(county.client("hospital_doctor").post(PREVIEW, {"sex": "1"}))
    assert "结果显示在这里" in text
    assert "主要诊断缺失" not in text


def test_a_day_without_a_scheme_is_a_sentence(county: County, own_lake: Path) -> None:
    text = text_of(county.client("hospital_doctor").post(PREVIEW, {**TYPED, "discharged_on": "1990-01-01"}))
    assert "没有适用于本县的分组方案" in text


def test_what_is_typed_is_shown_as_text(county: County, own_lake: Path) -> None:
    text = text_of(county.client("hospital_doctor").post(PREVIEW, {"diagnosis_codes": "<script>x</script>"}))
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text


def test_the_form_is_there_in_english(county: County, own_lake: Path) -> None:
    client = county.client("medical_record_coder")
    client.post("/language/", {"language": "en"})
    text = text_of(client.post(PREVIEW, TYPED))
    for part in ("Diagnosis against sex", "is for male patients", "Must be mended"):
        assert part in text


@pytest.mark.parametrize("role", ["pharmacist", "cdc_staff", "resident", "village_doctor"])
def test_roles_without_schemes_cannot_check(county: County, own_lake: Path, role: str) -> None:
    assert county.client(role).post(PREVIEW, TYPED).status_code == 403


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("K80.101|I10.x05", ("K80.101", "I10.x05")),
        (" K80.101，I10.x05；\nE11.900 ", ("K80.101", "I10.x05", "E11.900")),
        ("||", ()),
        (None, ()),
    ],
)
def test_typed_codes_may_be_separated_anyhow(text: str | None, codes: tuple[str, ...]) -> None:
    assert typed_codes(text) == codes


# --- months and results ----------------------------------------------------------------------------------------------


def test_a_month_is_started_from_the_page(county: County, own_lake: Path) -> None:
    settlements.write(rows(), batch_number=1)
    client = county.client("hospital_insurance_office")
    page = text_of(client.get(MONTH))
    assert "2025-03" in page
    assert "东镇卫生院" not in page
    answer = client.post(MONTH, {"month": "2025-03"})
    assert answer.status_code == 302
    number = int(re.findall(r"\d+", answer["Location"])[0])
    assert runs.carry_out(number) == "done"
    run = runs.get(number)
    assert run is not None
    assert (run.organisation_code, run.parameters["institution_codes"]) == (HOSPITAL, [HOSPITAL])
    assert f"/coding-check/runs/{number}/" in text_of(client.get(MONTH))


def test_what_cannot_be_started_is_a_sentence(county: County, own_lake: Path) -> None:
    client = county.client("hospital_insurance_office")
    for typed, sentence in (
        ({}, "没有选择出院月份或数据批次"),
        ({"month": "三月"}, "不是月份"),
        ({"batch_number": "x"}, "不是批次号"),
        ({"batch_number": "9" * 30}, "不是批次号"),
        ({"month": "2025-03"}, "没有符合条件的已入库病例"),
    ):
        answer = client.post(MONTH, typed)
        assert answer.status_code == 422
        assert sentence in text_of(answer)


def test_the_result_page_shows_figures(checked: tuple[County, int]) -> None:
    county, number = checked
    text = text_of(county.client("insurance_officer").get(f"/coding-check/runs/{number}/"))
    for part in (
        "示范县人民医院",
        "东镇卫生院",
        "A04",
        "D990000000002",
        "诊断与性别不符",
        "下载工作簿",
        "0.00%",
        "100.00%",
    ):
        assert part in text


def test_the_workbook_holds_the_readers_scope_and_is_recorded(checked: tuple[County, int]) -> None:
    county, number = checked
    answer = county.client("insurance_officer").get(f"/coding-check/runs/{number}/workbook/")
    entry = AuditEntry.objects.filter(verb="read").latest("sequence")
    assert entry.route == "insurance.coding_check.workbook"
    persons = set(AuditPerson.objects.filter(entry=entry).values_list("person_id", flat=True))
    assert persons == {"P-2", "P-3", "P-4"}
    book = book_of(answer)
    assert book.sheetnames == ["科室汇总", "医师汇总", "问题明细", "说明"]
    assert len(list(book["问题明细"].iter_rows())) == 5


@pytest.mark.parametrize("role", ["hospital_director", "medical_record_coder", "township_doctor", "county_leader"])
def test_a_run_of_another_organisation_is_refused(checked: tuple[County, int], role: str) -> None:
    county, number = checked
    for path in (f"/coding-check/runs/{number}/", f"/coding-check/runs/{number}/workbook/"):
        assert county.client(role).get(path).status_code == 403


def test_a_run_of_another_kind_is_not_a_check(checked: tuple[County, int]) -> None:
    county, _ = checked
    other = runs.start("access.verify_trail", by=county.actor("auditor"), organisation_code=COUNTY)
    assert county.client("insurance_officer").get(f"/coding-check/runs/{other.number}/").status_code == 404


def test_the_list_shows_the_findings_of_the_scope(checked: tuple[County, int]) -> None:
    county, _ = checked
    officer = text_of(county.client("insurance_officer").get(FINDINGS))
    assert set(re.findall(r"S000\d", officer)) == {"S0002", "S0003", "S0004"}
    assert "仅适用于男性" in officer
    town = text_of(county.client("township_doctor").get(FINDINGS))
    assert re.findall(r"S000\d", town) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("severity=refuse", {"S0002", "S0003"}),
        ("kind=main_repeated", {"S0004"}),
        ("department_code=A04&severity=warn", {"S0004"}),
        ("doctor_code=D990000000001", {"S0002"}),
        ("discharge_month=2025-03&code=C61", {"S0003"}),
        ("q=s0002", {"S0002"}),
        ("run_number=999999", set()),
    ],
)
def test_the_list_filters(checked: tuple[County, int], query: str, expected: set[str]) -> None:
    county, _ = checked
    text = text_of(county.client("insurance_officer").get(f"{FINDINGS}?{query}"))
    assert set(re.findall(r"S000\d", text)) == expected


def test_the_export_holds_sentences_and_sources(checked: tuple[County, int]) -> None:
    county, _ = checked
    book = book_of(county.client("insurance_officer").get(f"{FINDINGS}?format=xlsx&sort=settlement_id"))
    sheet = list(book.worksheets[0].iter_rows(values_only=True))
    head = list(sheet[0])
    assert [row[head.index("结算ID")] for row in sheet[1:]] == ["S0002", "S0003", "S0003", "S0004"]
    assert all(row[head.index("说明")] and row[head.index("依据")] for row in sheet[1:])


def test_reading_the_list_is_recorded_person_by_person(checked: tuple[County, int]) -> None:
    county, _ = checked
    county.client("hospital_insurance_office").get(FINDINGS)
    entry = AuditEntry.objects.filter(verb="read").latest("sequence")
    persons = set(AuditPerson.objects.filter(entry=entry).values_list("person_id", flat=True))
    assert persons == {"P-2", "P-3", "P-4"}


def test_the_interface_lists_the_same(checked: tuple[County, int]) -> None:
    county, _ = checked
    answer = county.client("insurance_officer").get("/api/v1/coding-check/findings?severity=warn").json()
    assert [item["settlement_id"] for item in answer["items"]] == ["S0004"]


def test_a_day_of_the_lake_is_a_date(checked: tuple[County, int]) -> None:
    days = services.current_findings().select(pl.col("discharged_on").unique()).collect()
    assert days["discharged_on"].to_list() == [date(2025, 3, 8)]
