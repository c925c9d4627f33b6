"""The collector's workbook: taken whole or refused with row, column, reason and remedy; twice is once."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes.collecting import Entered
from sanyi.governance.indicators.models import CollectedValue
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.services import periods, sheets
from sanyi.kernel.refusals import Refusal, RefusedError
from tests.governance.indicators import bureau
from tests.registry import county as small

CODE, OTHER = bureau.CODE, "consortium.resources"
RIGHT = {CODE: {"分子": 86, "分母": 120}, OTHER: {"指标值": 75, "说明": "自评"}}


def take(county: small.County, content: bytes, name: str = "填报表.xlsx") -> sheets.Taken:
    return sheets.take_in(sheets.Sheet(content), name, content, by=bureau.clerk(county))


def refused(county: small.County, content: bytes) -> list[Refusal]:
    with pytest.raises(RefusedError) as error:
        take(county, content)
    assert not CollectedValue.objects.exists()
    return list(error.value.refusals)


def codes_of(found: list[Refusal]) -> list[str]:
    return [one.code.removeprefix("governance.indicators.") for one in found]


def test_the_template_lists_what_the_unit_has_to_fill_in(offices: small.County) -> None:
    content = sheets.template(period_of("2025"), by=bureau.clerk(offices))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["指标填报表", "填写说明", "可填报的指标"]
    codes = [row[0].value for row in book.worksheets[0].iter_rows(min_row=2)]
    assert CODE in codes and OTHER in codes and bureau.INSURANCE_CODE not in codes
    listed = [row[0].value for row in book.worksheets[2].iter_rows(min_row=2)]
    assert set(codes) <= set(listed) and len(listed) > len(codes)
    assert "示范县卫生健康局" in str(book.worksheets[1]["A1"].value)


def test_a_right_workbook_is_taken_whole_and_kept_as_evidence(offices: small.County) -> None:
    content = bureau.filled(offices, RIGHT)
    taken = take(offices, content)
    assert taken.counts == {Entered.NEW: 2, Entered.CHANGED: 0, Entered.SAME: 0}
    rows = {one.code: one for one in CollectedValue.objects.all()}
    assert (rows[CODE].value_e6, rows[OTHER].value_e6, rows[OTHER].note) == (71_666_667, 75_000_000, "自评")
    assert [one.file_name for one in rows[CODE].case.evidence.all()] == ["填报表.xlsx"]


def test_the_same_workbook_twice_changes_nothing(offices: small.County) -> None:
    content = bureau.filled(offices, RIGHT)
    take(offices, content)
    again = take(offices, content)
    assert again.counts == {Entered.NEW: 0, Entered.CHANGED: 0, Entered.SAME: 2}
    assert CollectedValue.objects.count() == 2
    assert CollectedValue.objects.get(code=CODE).case.evidence.count() == 1
    assert take(offices, sheets.template(period_of("2025"), by=bureau.clerk(offices))).counts[Entered.SAME] == 2


def test_a_later_workbook_changes_drafts(offices: small.County) -> None:
    take(offices, bureau.filled(offices, RIGHT))
    taken = take(offices, bureau.filled(offices, {CODE: {"分子": 90}}))
    assert taken.counts[Entered.CHANGED] == 1 and CollectedValue.objects.get(code=CODE).numerator == 90


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"分子": "约86"}, "number_unreadable", "分子"),
    ({"分子": "=80+6"}, "formula_in_cell", "分子"),
    ({"分子": "#DIV/0!"}, "cell_broken", "分子"),
    ({"分子": 86.5}, "number_not_whole", "分子"),
    ({"分母": 0}, "collected_denominator_zero", "分母"),
    ({"分子": 130}, "value_over_whole", "分子"),
    ({"指标代码": "no.such"}, "indicator_unknown", "指标代码"),
    ({"指标代码": bureau.INSURANCE_CODE}, "wrong_collector", "指标代码"),
    ({"指标代码": None}, "collected_code_missing", "指标代码"),
    ({"期间": "2025年底"}, "period_wrong", "期间"),
    ({"期间": None}, "collected_period_missing", "期间"),
    ({"节点": "邻县人民医院"}, "node_unknown", "节点"),
]


@pytest.mark.parametrize(("given", "code", "column"), WRONG, ids=[code for _given, code, _column in WRONG])
def test_a_mistake_is_refused_with_its_row_and_column(
    offices: small.County, given: dict[str, Any], code: str, column: str
) -> None:
    right = {"指标代码": CODE, "期间": 2025, "分子": 86, "分母": 120}
    found = refused(offices, bureau.filled(offices, [right | {"指标代码": OTHER}, right | given]))
    assert codes_of(found) == [code]
    assert (found[0].place.row, found[0].place.column) == (3, column)
    assert found[0].remedy() and found[0].remedy("en")


def test_every_mistake_of_every_row_comes_back_in_the_workbook(offices: small.County) -> None:
    right = {"指标代码": CODE, "期间": "2025", "分子": 86, "分母": 120}
    content = bureau.filled(offices, [right, right, {**right, "指标代码": OTHER, "分母": 0}])
    sheet = sheets.Sheet(content)
    with pytest.raises(RefusedError) as error:
        sheets.take_in(sheet, "表.xlsx", content, by=bureau.clerk(offices))
    assert codes_of(list(error.value.refusals)) == ["sheet_row_twice", "collected_denominator_zero"]
    back = sheet.annotated()
    page = openpyxl.load_workbook(io.BytesIO(back)).worksheets[0]
    heads = {cell.value: cell.column for cell in page[1]}
    notes = [page.cell(number, heads["错误说明"]).value for number in (2, 3, 4)]
    assert notes[0] is None and "第 2 行" in notes[1] and "分母为 0" in notes[2]
    assert page.cell(4, heads["分母"]).fill.fgColor.rgb == "00F8CBAD"
    page.delete_rows(3)
    page.cell(3, heads["分母"]).value = 120
    stream = io.BytesIO()
    page.parent.save(stream)
    assert take(offices, stream.getvalue()).counts[Entered.NEW] == 2  # the corrected workbook, errors beside it


def test_percentages_and_months_as_a_spreadsheet_keeps_them(offices: small.County) -> None:
    content = bureau.filled(offices, [{"指标代码": CODE, "期间": 2025.0, "指标值": 0.716}])
    book = openpyxl.load_workbook(io.BytesIO(content))
    heads = {cell.value: cell.column for cell in book.worksheets[0][1]}
    book.worksheets[0].cell(2, heads["指标值"]).number_format = "0.00%"
    stream = io.BytesIO()
    book.save(stream)
    take(offices, stream.getvalue())
    assert CollectedValue.objects.get().value_e6 == 71_600_000


def test_a_closed_period_is_refused_by_row(offices: small.County) -> None:
    content = bureau.filled(offices, RIGHT)
    periods.close("2025", by=bureau.office(offices), county_code=small.COUNTY, reason="定稿")
    assert codes_of(refused(offices, content)) == ["period_closed", "period_closed"]


def test_one_submitted_already_refuses_the_whole_workbook(offices: small.County) -> None:
    row = bureau.entered(offices, "submit")
    content = bureau.filled(offices, {CODE: {"分子": 90}, OTHER: {"指标值": 75}})
    with pytest.raises(RefusedError) as error:
        take(offices, content)
    assert codes_of(list(error.value.refusals)) == ["already_submitted"]
    assert list(CollectedValue.objects.values_list("number", flat=True)) == [row.number]


def _archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_damaged"),
        (b"\xd0\xcf\x11\xe0 old", "sheet_damaged"),
        ("指标代码,分子".encode("gb18030"), "sheet_damaged"),
        (_archive(a=b"x"), "sheet_damaged"),
        (_archive(a=b"0" * 11_000_000), "sheet_too_large"),
        (b"PK\x03\x04" + b"0" * 1_000_001, "sheet_too_large"),
    ],
)
def test_what_is_no_workbook_is_refused_in_a_sentence(content: bytes, code: str) -> None:
    with pytest.raises(RefusedError) as error:
        sheets.Sheet(content)
    assert codes_of(list(error.value.refusals)) == [code]


def test_a_cut_off_workbook_and_missing_columns(offices: small.County) -> None:
    content = bureau.filled(offices, RIGHT)
    with pytest.raises(RefusedError) as error:
        sheets.Sheet(content[: len(content) // 2])
    assert codes_of(list(error.value.refusals)) == ["sheet_damaged"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0]["F1"].value = "分子数"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(RefusedError) as error:
        sheets.Sheet(stream.getvalue())
    assert codes_of(list(error.value.refusals)) == ["sheet_columns"]
    assert "分子" in error.value.refusals[0].message()
    empty = sheets.template(period_of("2025"), by=bureau.clerk(offices))
    assert codes_of(refused(offices, empty)) == ["sheet_empty"]


def test_too_many_rows_are_refused(offices: small.County) -> None:
    book = openpyxl.load_workbook(io.BytesIO(bureau.filled(offices, RIGHT)))
    book.worksheets[0].cell(900_000, 1).value = "x"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(RefusedError) as error:
        sheets.Sheet(stream.getvalue())
    assert codes_of(list(error.value.refusals)) == ["sheet_too_large"]


def test_a_unit_without_an_organisation_is_told(offices: small.County) -> None:
    from sanyi.registry.access.services import SYSTEM

    with pytest.raises(RefusedError) as error:
        services.sheets.template(period_of("2025"), by=SYSTEM)
    assert codes_of(list(error.value.refusals)) == ["collector_without_unit"]


def test_merged_cells_are_read_as_what_they_hold(offices: small.County) -> None:
    right = {"指标代码": CODE, "期间": "2025", "分子": 86, "分母": 0}
    book = openpyxl.load_workbook(io.BytesIO(bureau.filled(offices, [right, right | {"指标代码": OTHER}])))
    page = book.worksheets[0]
    heads = {cell.value: cell.column_letter for cell in page[1]}
    page.merge_cells(f"{heads['期间']}2:{heads['期间']}3")
    page.merge_cells(f"{heads['说明']}1:{heads['说明']}3")
    stream = io.BytesIO()
    book.save(stream)
    sheet = sheets.Sheet(stream.getvalue())
    with pytest.raises(RefusedError) as error:
        sheets.take_in(sheet, "表.xlsx", stream.getvalue(), by=bureau.clerk(offices))
    assert codes_of(list(error.value.refusals)) == ["collected_denominator_zero", "collected_period_missing"]
    assert openpyxl.load_workbook(io.BytesIO(sheet.annotated())).worksheets[0].max_row == 3


def test_entities_that_grow_are_not_followed(offices: small.County) -> None:
    content = bureau.filled(offices, RIGHT)
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written:
        for part in read.namelist():
            text = read.read(part)
            if part == "xl/worksheets/sheet1.xml":
                begins = text.index(b"<worksheet")
                text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{laughs}]>'.encode() + text[begins:]
                text = text.replace(b"<t>", b"<t>&a8;", 1)
            written.writestr(part, text)
    with pytest.raises(RefusedError) as error:
        take(offices, stream.getvalue())
    assert codes_of(list(error.value.refusals)) == ["sheet_damaged"]
