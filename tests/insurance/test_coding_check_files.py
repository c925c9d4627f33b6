"""当场检查文件: a file of settlement lists is checked on the spot and nothing of it is kept."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from sanyi.exchange.settlement_list.services import register
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.coding_check import services
from sanyi.registry.access.models import AuditEntry
from tests.registry.county import HOSPITAL, OTHER_HOSPITAL, County

pytestmark = pytest.mark.django_db
UPLOAD = "/coding-check/upload/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def book_of(answer: Any) -> openpyxl.Workbook:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return openpyxl.load_workbook(io.BytesIO(content))


def filled(number: int, **given: Any) -> dict[str, Any]:
    row = {
        "settlement_id": f"U{number:04d}", "visit_id": f"V{number}", "institution_code": HOSPITAL,
        "medical_record_number": f"M{number}", "sex": "2", "born_on": "1958-05-01", "age_years": "66",
        "certificate_type_code": "01", "certificate_number": "990830195805010027", "insurance_type_code": "390",
        "insured_place_code": "140830", "admitted_at": "2025-03-01 09:00", "discharged_at": "2025-03-08 10:00",
        "admission_department_code": "A03", "discharge_department_code": "A03", "length_of_stay_days": "7",
        "diagnosis_codes": "I63.900", "procedure_codes": "", "discharge_way_code": "1",
        "doctor_code": "D990000000001", "total_fen": "5000.00", "person_name": "王示安",
        "account_payment_fen": "0", "cash_payment_fen": "2000.00", "settled_on": "2025-03-08",
    }  # fmt: skip
    return row | given


def csv_file(file_rows: list[dict[str, Any]], name: str = "清单.csv") -> SimpleUploadedFile:
    head = list(file_rows[0])
    lines = [",".join(SETTLEMENT_LIST.column(column).zh for column in head)]
    lines += [",".join(str(row[column]) for column in head) for row in file_rows]
    return SimpleUploadedFile(name, "\n".join(lines).encode("utf-8-sig"), content_type="text/csv")


def xlsx_file(file_rows: list[dict[str, Any]]) -> SimpleUploadedFile:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("结算清单")
    for place, column in enumerate(file_rows[0]):
        sheet.write_string(0, place, SETTLEMENT_LIST.column(column).zh)
        for line, row in enumerate(file_rows, start=1):
            sheet.write_string(line, place, str(row[column]))
    book.close()
    return SimpleUploadedFile("清单.xlsx", content.getvalue())


@pytest.fixture
def registered() -> None:
    register()


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
@pytest.mark.usefixtures("registered")
def test_a_file_is_checked_on_the_spot(county: County, own_lake: Path, make: Any) -> None:
    file = make([filled(1), filled(2, diagnosis_codes="C61.x00|I10.x00"), filled(3, age_years="x")])
    answer = county.client("hospital_insurance_office").post(UPLOAD, {"file": file})
    assert answer.status_code == 200
    assert AuditEntry.objects.filter(verb="coding_check.upload").exists()
    book = book_of(answer)
    sheet = list(book["问题明细"].iter_rows(values_only=True))
    head = list(sheet[0])
    found = {(row[head.index("结算ID")], row[head.index("问题")]) for row in sheet[1:]}
    assert ("U0002", "诊断与性别不符") in found
    assert ("U0002", "诊断为灰码") in found
    assert ("U0003", "年龄缺失") in found
    assert not {row for row in found if row[0] == "U0001"}
    everything = str([list(one.iter_rows(values_only=True)) for one in book.worksheets])
    assert "王示安" not in everything
    assert "990830195805010027" not in everything
    assert services.current_findings().collect().height == 0


@pytest.mark.usefixtures("registered")
def test_a_file_of_another_institution_is_refused(county: County, own_lake: Path) -> None:
    file = csv_file([filled(1), filled(2, institution_code=OTHER_HOSPITAL)])
    answer = county.client("hospital_insurance_office").post(UPLOAD, {"file": file})
    assert answer.status_code == 422
    assert "不在您的授权范围内" in text_of(answer)


@pytest.mark.usefixtures("registered")
def test_a_row_without_an_institution_belongs_to_nobody(county: County, own_lake: Path) -> None:
    file = csv_file([filled(1, institution_code="")])
    answer = county.client("hospital_insurance_office").post(UPLOAD, {"file": file})
    assert answer.status_code == 422
    assert "（空）" in text_of(answer)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 x", b"\x00\x01\x02" * 40, "甲,乙\n1,2\n".encode()])
@pytest.mark.usefixtures("registered")
def test_files_that_are_no_list_are_refused_with_a_sentence(county: County, own_lake: Path, content: bytes) -> None:
    answer = county.client("hospital_insurance_office").post(UPLOAD, {"file": SimpleUploadedFile("a.csv", content)})
    assert answer.status_code == 422
    assert "未能办理" in text_of(answer)


@pytest.mark.usefixtures("registered")
def test_too_many_rows_are_refused(county: County, own_lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sanyi.insurance.coding_check.services import uploads

    book = uploads.policies.book()

    class Small:
        """The book with a small limit."""

        def value(self, key: str, **asked: Any) -> Any:
            found = book.value(key, **asked)
            return type("Limit", (), {"value": 2}) if key.endswith("upload_rows_count") else found

    monkeypatch.setattr(
        uploads, "policies", type("P", (), {"book": lambda: Small(), "county": uploads.policies.county})
    )
    answer = county.client("hospital_insurance_office").post(UPLOAD, {"file": csv_file([filled(n) for n in range(3)])})
    assert answer.status_code == 422
    assert "超过 2 行" in text_of(answer)


def test_no_file_is_a_sentence(county: County, own_lake: Path) -> None:
    answer = county.client("hospital_insurance_office").post(UPLOAD, {})
    assert answer.status_code == 422
    assert "没有选择文件" in text_of(answer)
