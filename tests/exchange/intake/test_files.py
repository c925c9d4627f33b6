"""各种写法的文件: what real files look like and must be read as."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.kernel.tables import ColumnType
from tests.exchange.checking import Checked, checked
from tests.exchange.compound import old_workbook
from tests.exchange.lists import csv_bytes, parquet_bytes, row, sheet_bytes, table, workbook_bytes

ROWS = [row(1), row(2, example=1), row(3, example=2)]


def digest(content: bytes, name: str = "file", **more: Any) -> str:
    with checked(content, name, **more) as found:
        assert found.issues.filter(~pl.col("is_warning")).is_empty(), found.issues
        return found.report.content_digest


RIGHT = digest(csv_bytes(ROWS))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_every_encoding(encoding: str) -> None:
    assert digest(csv_bytes(ROWS, encoding)) == RIGHT


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_csv_with_other_delimiters(delimiter: str) -> None:
    lines = [delimiter.join(cell.replace(",", "") for cell in line) for line in table(ROWS)]
    assert digest("\r\n".join(lines).encode()) == RIGHT


def test_every_kind_of_file_gives_the_same_content() -> None:
    message = json.dumps({"rows": [dict(zip(table(ROWS)[0], line, strict=True)) for line in table(ROWS)[1:]]}).encode()
    kinds = [workbook_bytes(ROWS), parquet_bytes(ROWS), old_workbook("数据", table(ROWS)), message]
    assert {digest(content) for content in kinds} == {RIGHT}


@pytest.mark.parametrize("label", ["name", "standard_code", "zh", "en"])
def test_a_header_in_any_of_its_names(label: str) -> None:
    cells = table(ROWS)
    cells[0] = [getattr(column, label) for column in SETTLEMENT_LIST.columns]
    if label == "name":
        fen = [place for place, column in enumerate(SETTLEMENT_LIST.columns) if column.type is ColumnType.FEN]
        for line in cells[1:]:
            for place in fen:
                if line[place]:
                    line[place] = str(round(float(line[place].replace(",", "")) * 100))
    assert digest(sheet_bytes(("数据", cells))) == RIGHT


def test_a_title_above_blank_rows_between_and_notes_below() -> None:
    header, *lines = table(ROWS)
    blank: list[str] = []
    cells = [["医疗保障基金结算清单（2025年3月）"], blank, header, lines[0], blank, [" ", "-"], *lines[1:]]
    cells += [blank, ["合计", "", "3", "", "", "23435.86"], ["填表人：王示安", "", "复核：李示平"], ["注：单位为元"]]
    for content in (sheet_bytes(("数据", cells)), as_csv(cells)):
        with checked(content) as found:
            assert found.report.content_digest == RIGHT
            notices = {notice["code"]: notice for notice in found.report.notices}
            assert notices["rows_trailing"]["rows"] == [10, 11, 12] or notices["rows_trailing"]["rows"] == [11, 12, 13]


def test_a_total_in_the_middle_is_data_and_refused() -> None:
    header, *lines = table(ROWS)
    with checked(as_csv([header, lines[0], ["合计", "1"], *lines[1:]])) as found:
        assert found.report.row_count == 4
        assert found.report.refused_count == 1
        assert set(found.issues["row_number"]) == {3}


def test_row_numbers_are_those_that_the_sender_sees() -> None:
    header, *lines = table([row(1), row(2, total_fen="1")])
    cells = [["标题"], [""], header, [""], lines[0], [""], lines[1]]
    for content in (sheet_bytes(("数据", cells)), as_csv(cells)):
        with checked(content) as found:
            assert set(found.issues["row_number"]) == {7}
            assert found.keys["row_number"].to_list() == [5]


def test_two_header_rows_of_names_and_codes() -> None:
    header, *lines = table(ROWS)
    codes = [column.standard_code for column in SETTLEMENT_LIST.columns]
    assert digest(sheet_bytes(("数据", [header, codes, *lines]))) == RIGHT
    assert digest(sheet_bytes(("数据", [codes, header, *lines]))) == RIGHT


def test_group_titles_above_the_header_and_vertically_merged_titles() -> None:
    header, *lines = table(ROWS)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["基本信息", *[""] * 4, "患者", *[""] * (len(header) - 6)])
    sheet.append(header)
    sheet["A1"], sheet["A2"] = header[0], None
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:E1")
    for line in lines:
        sheet.append(line)
    assert digest(saved(book)) == RIGHT


def test_stars_units_and_blanks_in_the_header() -> None:
    header, *lines = table(ROWS)
    dressed = [
        f" *{name}（必填） " if place % 3 == 0 else f"{name} (元)" if "费" in name else name
        for place, name in enumerate(header)
    ]
    assert digest(sheet_bytes(("数据", [dressed, *lines]))) == RIGHT


def test_an_amount_whose_header_says_fen() -> None:
    cells = table([row(1)])
    place = cells[0].index("医疗费总额")
    cells[0][place], cells[1][place] = "医疗费总额（分）", "864000"
    assert digest(sheet_bytes(("数据", cells))) == digest(csv_bytes([row(1)]))


def test_unknown_columns_are_reported_and_do_no_harm() -> None:
    cells = table(ROWS)
    cells[0] += ["床号", "错误说明"]
    for line in cells[1:]:
        line += ["12", "【错误】……"]
    with checked(sheet_bytes(("数据", cells))) as found:
        assert found.report.content_digest == RIGHT
        notices = {notice["code"]: notice for notice in found.report.notices}
        assert [name.split()[1] for name in notices["unknown_columns"]["names"]] == ["床号"]


def test_a_repeated_column_with_the_same_content_is_taken_once() -> None:
    cells = table(ROWS)
    place = cells[0].index("性别")
    for line in cells:
        line.append(line[place])
    with checked(sheet_bytes(("数据", cells))) as found:
        assert found.report.content_digest == RIGHT
        assert {"code": "columns_same", "names": ["性别"]} in found.report.notices


def test_help_and_example_sheets_are_set_aside_and_hidden_ones_named() -> None:
    book = openpyxl.Workbook()
    for name, hidden in (("填写说明", False), ("示例", False), ("数据", False), ("旧数据", True)):
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if hidden else "visible"
        for line in table(ROWS):
            sheet.append(line)
    del book["Sheet"]
    with checked(saved(book)) as found:
        assert found.report.content_digest == RIGHT
        assert found.report.sheet == "数据"
        notices = {notice["code"]: notice for notice in found.report.notices}
        assert notices["sheets_hidden"]["names"] == ["旧数据"]
        assert notices["sheets_ignored"]["names"] == ["填写说明", "示例"]


def test_formulas_with_a_stored_result_are_read_and_counted() -> None:
    cells = table(ROWS)
    place = cells[0].index("住院天数" if "住院天数" in cells[0] else "实际住院天数")
    content = sheet_bytes(("数据", cells))
    letters = openpyxl.utils.get_column_letter(place + 1)
    old = re.compile(rf'<c r="{letters}2"[^>]*>.*?</c>'.encode())
    new = f'<c r="{letters}2"><f>3+4</f><v>7</v></c>'.encode()
    with checked(rewritten(content, lambda xml: old.sub(new, xml))) as found:
        assert found.report.content_digest == RIGHT
        assert {"code": "formulas", "count": 1} in found.report.notices


def test_a_formula_without_a_result_and_an_error_are_refused_at_their_cell() -> None:
    book = openpyxl.Workbook()
    for line in table(ROWS):
        book.active.append(line)
    total, days = place_of("医疗费总额"), place_of("实际住院天数")
    book.active.cell(2, total).value = "=SUM(A1:A2)"
    book.active.cell(3, days).value = "#REF!"
    with checked(saved(book)) as found:
        shown = found.issues.select("row_number", "column", "code").rows()
        assert (2, "total_fen", "exchange.intake.formula_without_value") in shown
        assert (3, "length_of_stay_days", "exchange.intake.cell_is_error") in shown
        assert not [code for _, _, code in shown if code == "table.value_missing"], "unreadable is not also empty"
        assert found.keys["row_number"].to_list() == [4]


def test_dates_and_numbers_as_excel_stores_them() -> None:
    book = openpyxl.Workbook()
    for line in table([row(1)]):
        book.active.append(line)
    set_cell(book, "出生日期", date(1952, 3, 14))
    set_cell(book, "入院时间", datetime(2025, 3, 1, 9, 30))
    set_cell(book, "结算结束日期", 45724)
    set_cell(book, "医疗费总额", 8640)
    set_cell(book, "实际住院天数", 7.0)
    set_cell(book, "性别", 1)
    assert digest(saved(book)) == digest(csv_bytes([row(1)]))


def test_a_long_number_that_excel_has_rounded_is_refused() -> None:
    book = openpyxl.Workbook()
    for line in table([row(1)]):
        book.active.append(line)
    set_cell(book, "患者证件号码", 9.90830195203140e17)
    with checked(saved(book)) as found:
        assert found.codes() == ["exchange.intake.number_lost_digits"]


def test_texts_in_runs_and_with_control_characters() -> None:
    book = openpyxl.Workbook()
    for line in table([row(1)]):
        book.active.append(line)
    bold = InlineFont(b=True)
    set_cell(book, "病案号", CellRichText(TextBlock(bold, "B000"), "001"))
    assert digest(saved(book)) == digest(csv_bytes([row(1)]))


DIALECTS: dict[str, Callable[[bytes], bytes]] = {
    "names with a prefix": lambda xml: re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml).replace(b"xmlns=", b"xmlns:x="),
    "rows and cells without references": lambda xml: re.sub(rb'(<(?:row|c)) r="[A-Z]*\d+"', rb"\1", filled(xml)),
    "blanks between the tags": lambda xml: xml.replace(b"><", b">\n  <"),
    "single quotes": lambda xml: re.sub(rb'r="([A-Z]+\d+)"', rb"r='\1'", xml),
    "utf-16": lambda xml: xml.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
    "comments between rows": lambda xml: xml.replace(b"</row>", b"</row><!-- x -->"),
    "self-closed rows": lambda xml: xml.replace(b"</row>", b'</row><row r="999999"/>', 1),
}


def filled(xml: bytes) -> bytes:
    """Every cell up to the last of the table, so that places follow from the order."""
    width = len(table([])[0])

    def fill(found: re.Match[bytes]) -> bytes:
        number = re.search(rb'r="(\d+)"', found[0])
        assert number
        cells = dict(re.findall(rb'(<c r="([A-Z]+)\d+".*?(?:/>|</c>))', found[0]) and [
            (m[2], m[1]) for m in re.finditer(rb'(<c r="([A-Z]+)\d+"(?:[^>]*/>|.*?</c>))', found[0])
        ])  # fmt: skip
        names = [openpyxl.utils.get_column_letter(place + 1).encode() for place in range(width)]
        body = b"".join(cells.get(name, b'<c r="' + name + number[1] + b'"/>') for name in names)
        return b'<row r="' + number[1] + b'">' + body + b"</row>"

    return re.sub(rb"<row .*?</row>", fill, xml, flags=re.DOTALL)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_workbook_in_an_unusual_dress(dialect: str) -> None:
    assert digest(rewritten(workbook_bytes(ROWS), DIALECTS[dialect])) == RIGHT


def test_a_workbook_that_counts_from_1904() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for line in table([row(1)]):
        book.active.append(line)
    set_cell(book, "出生日期", date(1952, 3, 14))
    assert digest(saved(book)) == digest(csv_bytes([row(1)]))


def test_a_row_of_csv_that_is_too_long_is_refused_alone() -> None:
    header, *lines = table([row(1), row(2)])
    lines[1].append("多余")
    with checked(as_csv([header, *lines])) as found:
        assert found.codes() == ["exchange.intake.row_too_long"]
        assert found.keys["row_number"].to_list() == [2]


def test_damaged_characters_are_named_at_their_cell() -> None:
    content = csv_bytes([row(1), row(2)]).replace("示例县人民医院".encode(), "示例县人民医院".encode()[:-1], 1)
    with checked(content) as found:
        assert found.codes() == ["exchange.intake.text_undecodable"]
        assert found.keys["row_number"].to_list() == [3]


def test_repeated_rows_and_repeated_keys() -> None:
    same, other = row(1), row(1, bed_fen="281.00", treatment_fen="899.00")
    with checked(csv_bytes([same, same, row(2)])) as found:
        assert found.codes() == ["exchange.intake.key_twice"]
        assert (found.report.new_count, found.report.refused_count) == (2, 1)
    with checked(csv_bytes([same, other, row(2), other])) as found:
        assert set(found.codes()) == {"exchange.intake.key_rows_differ"}
        assert sorted(found.issues["row_number"]) == [2, 3, 5]
        assert (found.report.new_count, found.report.refused_count) == (1, 3)


def test_typed_parquet_is_read_like_text() -> None:
    frame = pl.DataFrame(table([row(1)])[1:], schema=dict.fromkeys(table([])[0], pl.String), orient="row")
    typed = frame.with_columns(
        pl.col("出生日期").str.to_date(),
        pl.col("入院时间").str.to_datetime("%Y-%m-%d %H:%M").dt.replace_time_zone("Asia/Shanghai"),
        pl.col("性别").cast(pl.Int8),
        pl.col("医疗费总额").cast(pl.Float64),
        pl.col("个人现金支付").str.to_decimal(scale=2),
        pl.col("出院诊断代码").str.split("|"),
        pl.col("医保类型").cast(pl.Categorical),
    )
    stream = io.BytesIO()
    typed.write_parquet(stream)
    assert digest(stream.getvalue()) == digest(csv_bytes([row(1)]))


amounts = st.integers(0, 10**9)


@st.composite
def lists(draw: st.DrawFn) -> list[dict[str, str]]:
    """Rows whose money still adds up, with other texts, numbers and dates."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        bed, care = draw(amounts), draw(amounts)
        total = bed + care
        fund = draw(st.integers(0, total))
        text = draw(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12))
        given = {
            **{name: "" for name in SETTLEMENT_LIST.column_names if name.endswith("_fen")},
            "bed_fen": yuan(bed), "treatment_fen": yuan(care), "total_fen": yuan(total),
            "pooled_fund_payment_fen": yuan(fund), "cash_payment_fen": yuan(total - fund), "account_payment_fen": "0",
            "institution_name": text, "filling_department": text,
            "admitted_at": draw(st.sampled_from(["2025-03-01 09:30", "2025/3/1 9:30", "2025年3月1日9时30分"])),
        }  # fmt: skip
        made.append(row(number, **given))
    return made


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@given(lists())
@settings(max_examples=5)
def test_any_list_is_the_same_in_every_kind_of_file(rows: list[dict[str, str]]) -> None:
    contents = [csv_bytes(rows), csv_bytes(rows, "gb18030"), workbook_bytes(rows), parquet_bytes(rows)]
    results: list[Checked] = []
    for content in contents:
        with checked(content) as found:
            results.append(found)
    frames = [found.rows.drop("_row_number") for found in results]
    assert all(frame.equals(frames[0]) for frame in frames)
    assert len({found.report.content_digest for found in results}) == 1
    assert results[0].report.refused_count == 0


def place_of(label: str) -> int:
    return table([])[0].index(label) + 1


def set_cell(book: Any, label: str, value: Any) -> None:
    book.active.cell(2, place_of(label)).value = value


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with its first sheet changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            found = source.read(name)
            target.writestr(name, change(found) if name == "xl/worksheets/sheet1.xml" else found)
    return stream.getvalue()


def as_csv(cells: list[list[str]]) -> bytes:
    import csv

    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(cells)
    return stream.getvalue().encode()
