"""模板与错误工作簿: what is given to the sender can be filled in, corrected and sent back as it is."""

from __future__ import annotations

import json
import sys
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.mapping.codes import Edition
from sanyi.exchange.settlement_list.services import examples, register
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.tables import ColumnType
from tests.exchange.checking import checked
from tests.exchange.lists import csv_bytes, parquet_bytes, row, sheet_bytes, table, workbook_bytes
from tests.registry.county import HOSPITAL, County

RED, YELLOW = "FFF8CBAD", "FFFFF2CC"
NOTE = "错误说明"
ROWS = [row(1), row(2, total_fen="1"), row(3, age_years="73"), row(4, sex="7", born_on="2025-13-01")]


@pytest.fixture
def office(county: County) -> Any:
    return county.actor("hospital_insurance_office")


def received(by: Any, content: bytes, name: str, **more: Any) -> Batch:
    return intake.receive(content, SETTLEMENT_LIST.name, HOSPITAL, by=by, file_name=name, **more)


def workbook_of(batch: Batch) -> bytes:
    with intake.error_workbook(batch) as file:
        return file.read()


def sheet_of(content: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def cells(sheet: Worksheet) -> list[list[str]]:
    return [["" if value is None else str(value) for value in line] for line in sheet.iter_rows(values_only=True)]


def place(sheet: Worksheet, label: str, header: int = 1) -> int:
    found = [cell.column for cell in sheet[header] if cell.value == label]
    assert len(found) == 1, f"{label}: {found}"
    return int(found[0])


def colour(sheet: Worksheet, line: int, column: int) -> str:
    return str(sheet.cell(line, column).fill.fgColor.rgb)


def message(rows: list[dict[str, str]]) -> bytes:
    labelled = [{SETTLEMENT_LIST.column(name).zh: value for name, value in one.items()} for one in rows]
    return json.dumps({"rows": labelled}, ensure_ascii=False).encode()


FORMS = [
    ("清单.csv", csv_bytes),
    ("清单.xlsx", workbook_bytes),
    ("清单.parquet", parquet_bytes),
    ("清单.json", message),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "made"), FORMS)
def test_mistakes_stand_beside_the_rows_and_are_coloured(office: Any, name: str, made: Any) -> None:
    batch = received(office, made(ROWS), name)
    assert (batch.state, batch.refused_count) == (BatchState.CHECKED, 2), batch.refusals
    sheet = sheet_of(workbook_of(batch))
    note = place(sheet, NOTE)
    notes = {sheet.cell(line, 1).value: str(sheet.cell(line, note).value or "") for line in range(2, sheet.max_row + 1)}
    identifier = place(sheet, "结算ID")
    by_id = {str(sheet.cell(line, identifier).value): line for line in range(2, sheet.max_row + 1)}
    assert set(by_id) == {"SL000001", "SL000002", "SL000003", "SL000004"}, notes
    total, sex, born = (place(sheet, SETTLEMENT_LIST.column(one).zh) for one in ("total_fen", "sex", "born_on"))
    assert sheet.cell(by_id["SL000001"], note).value is None
    assert colour(sheet, by_id["SL000002"], total) == RED
    assert colour(sheet, by_id["SL000003"], place(sheet, SETTLEMENT_LIST.column("age_years").zh)) == YELLOW
    assert (colour(sheet, by_id["SL000004"], sex), colour(sheet, by_id["SL000004"], born)) == (RED, RED)
    assert colour(sheet, by_id["SL000001"], total) not in (RED, YELLOW)
    assert str(sheet.cell(by_id["SL000003"], note).value).startswith("【存疑】")
    lines = str(sheet.cell(by_id["SL000004"], note).value).split("\n")
    assert len(lines) == 2
    assert all(line.startswith("【错误】") for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "made"), FORMS)
def test_a_corrected_error_workbook_can_be_sent_as_it_is(office: Any, name: str, made: Any) -> None:
    batch = received(office, made(ROWS), name)
    book = openpyxl.load_workbook(BytesIO(workbook_of(batch)))
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    identifier = place(sheet, "结算ID")
    right = {f"SL{number:06d}": row(number) for number in range(1, 5)}
    for line in range(2, sheet.max_row + 1):
        for column in ("total_fen", "sex", "born_on"):
            wanted = right[str(sheet.cell(line, identifier).value)][column]
            sheet.cell(line, place(sheet, SETTLEMENT_LIST.column(column).zh)).value = wanted
    stream = BytesIO()
    book.save(stream)
    again = received(office, stream.getvalue(), "清单-错误说明.xlsx")
    assert (again.state, again.row_count, again.refused_count) == (BatchState.CHECKED, 4, 0), again.report
    assert not [one for one in again.report["notices"] if one["code"] == "unknown_columns"], "the note is known"
    assert intake.accept(again, by=office).written_count == 4


@pytest.mark.django_db
def test_an_uncorrected_error_workbook_has_the_same_mistakes_and_one_note(office: Any) -> None:
    first = received(office, workbook_bytes(ROWS), "清单.xlsx")
    content = workbook_of(first)
    second = received(office, content, "再报.xlsx")
    wanted = ("row_number", "column", "code", "value")
    assert intake.issues(second).select(wanted).collect().rows() == intake.issues(first).select(wanted).collect().rows()
    assert cells(sheet_of(workbook_of(second))) == cells(sheet_of(content))


@pytest.mark.django_db
def test_title_and_second_header_stay_where_they_were(office: Any) -> None:
    header, *lines = table([row(1, total_fen="1"), row(2)])
    standard = [column.standard_code for column in SETTLEMENT_LIST.columns]
    rows = [["示范县人民医院结算清单"], header, standard, *lines, ["注：本表由病案室填报"]]
    batch = received(office, sheet_bytes(("数据", rows)), "清单.xlsx")
    sheet = sheet_of(workbook_of(batch))
    assert sheet.cell(1, 1).value == "示范县人民医院结算清单"
    assert sheet.cell(2, place(sheet, NOTE, 3)).value is None
    assert "合计" in str(sheet.cell(4, place(sheet, NOTE, 3)).value)
    assert cells(sheet)[2][: len(standard)] == standard
    assert cells(sheet)[5][0] == "注：本表由病案室填报"
    again = received(office, workbook_of(batch), "再报.xlsx")
    assert (again.row_count, again.refused_count) == (2, 1)


@pytest.mark.django_db
def test_of_a_very_large_file_only_the_rows_with_issues_are_given(office: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys.modules["sanyi.exchange.intake.services.error_workbook"], "WHOLE_ROWS_MAX", 3)
    batch = received(office, csv_bytes(ROWS), "清单.csv")
    sheet = sheet_of(workbook_of(batch))
    identifier = place(sheet, "结算ID")
    assert [sheet.cell(line, identifier).value for line in range(2, sheet.max_row + 1)] == [
        "SL000002",
        "SL000003",
        "SL000004",
    ]


@pytest.mark.django_db
def test_a_text_that_looks_like_a_formula_stays_a_text(office: Any) -> None:
    batch = received(office, csv_bytes([row(1, total_fen="1", filling_department="=1+1")]), "清单.csv")
    sheet = sheet_of(workbook_of(batch))
    cell = sheet.cell(2, place(sheet, SETTLEMENT_LIST.column("filling_department").zh))
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.django_db
def test_a_code_that_waits_for_a_choice_is_named_in_the_error_workbook(office: Any) -> None:
    content = csv_bytes([row(1, procedure_codes="01.5900x053")])
    batch = received(office, content, "清单.csv", edition=Edition.CLINICAL)
    sheet = sheet_of(workbook_of(batch))
    assert "01.5900x053" in str(sheet.cell(2, place(sheet, NOTE)).value)
    assert colour(sheet, 2, place(sheet, SETTLEMENT_LIST.column("procedure_codes").zh)) == RED


def template() -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(intake.template(register())))


def test_the_template_says_what_to_fill_in() -> None:
    book = template()
    assert book.sheetnames == ["数据", "填写说明", "示例", "取值代码"]
    data = book["数据"]
    assert [cell.value for cell in data[1]] == [column.zh for column in SETTLEMENT_LIST.columns]
    assert [cell.value for cell in data[2]] == [
        column.standard_code or column.name for column in SETTLEMENT_LIST.columns
    ]
    for cell, column in zip(data[1], SETTLEMENT_LIST.columns, strict=True):
        assert cell.comment is not None
        assert column.help_zh[:20] in cell.comment.text
        assert (cell.fill.fgColor.rgb == "FFF9D9D9") is (column.is_required or column.required_when is not None)
    told = {line[0]: line for line in book["填写说明"].iter_rows(values_only=True) if line[0]}
    assert all(column.zh in told for column in SETTLEMENT_LIST.columns)
    assert told["结算ID"][1:4] == ("settlement_id", "setl_id", "必填")


def test_choices_are_picked_from_a_list_that_holds_all_of_them() -> None:
    book = template()
    data = book["数据"]
    assert isinstance(data, Worksheet)
    lists = {
        str(found.sqref).split(":")[0].rstrip("0123456789"): found for found in data.data_validations.dataValidation
    }
    for position, column in enumerate(SETTLEMENT_LIST.columns, start=1):
        letter = get_column_letter(position)
        is_one_code = bool(column.choices) and column.type is not ColumnType.CODES
        assert (letter in lists) is is_one_code, column.name
        if not is_one_code or not column.choices:
            continue
        formula = lists[letter].formula1
        if formula.startswith('"'):
            offered = formula.strip('"').split(",")
        else:
            place = formula.split("!")[1].replace("$", "")
            offered = [line[0].value for line in book["取值代码"][place]]
        assert offered == [f"{code} {name}" for code, name in column.choices.items()]


def test_the_empty_template_is_refused_for_having_no_rows() -> None:
    with pytest.raises(RefusedError) as caught, checked(intake.template(register()), "模板.xlsx"):
        pass
    assert [refusal.code for refusal in caught.value.refusals] == ["exchange.intake.no_rows"]


def test_the_examples_of_the_template_pass_when_they_are_filled_in() -> None:
    book = template()
    for number, line in enumerate(book["示例"].iter_rows(min_row=3, values_only=True), start=3):
        for position, value in enumerate(line, start=1):
            book["数据"].cell(number, position).value = value
    position = 1 + SETTLEMENT_LIST.column_names.index("institution_code")
    for number in range(3, 3 + len(examples())):
        book["数据"].cell(number, position).value = HOSPITAL
    stream = BytesIO()
    book.save(stream)
    with checked(stream.getvalue(), "模板.xlsx") as found:
        assert found.codes() == []
        assert found.report.row_count == len(examples())


def test_a_choice_picked_from_the_list_is_read_as_its_code() -> None:
    choices = SETTLEMENT_LIST.column("sex").choices
    assert choices
    picked = [row(1, sex=f"1 {choices[1]}"), row(2, example=1, sex=f"2 {choices[2]}")]
    with checked(workbook_bytes(picked), "清单.xlsx") as found:
        assert found.codes() == []
        assert found.rows["sex"].to_list() == [1, 2]


def test_a_template_can_be_made_of_every_registered_contract() -> None:
    for declared in intake.registered().values():
        book = openpyxl.load_workbook(BytesIO(intake.template(declared)))
        assert book["数据"].max_column == len(declared.contract.columns)
