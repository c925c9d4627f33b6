"""坏文件: every wrong file is answered with a sentence in Chinese and a remedy, and twice with the same."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.kernel.refusals import Refusal, RefusedError
from tests.exchange.checking import LIMITS, checked
from tests.exchange.compound import compound, old_workbook
from tests.exchange.lists import csv_bytes, parquet_bytes, row, sheet_bytes, table, workbook_bytes

RIGHT = [row(1), row(2, example=2)]
FEW = ["settlement_id", "institution_code", "sex"]


def refusals(content: bytes, name: str = "清单.xlsx", **more: Any) -> tuple[Refusal, ...]:
    with pytest.raises(RefusedError) as first, checked(content, name, **more):
        pass
    with pytest.raises(RefusedError) as second, checked(content, name, **more):
        pass
    assert first.value.text() == second.value.text(), "the same wrong input gets the same answer"
    return first.value.refusals


def zipped(members: dict[str, bytes], level: int = 9) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def changed(content: bytes, **members: Callable[[bytes], bytes] | None) -> bytes:
    """A workbook with some members changed or (None) left out; ``sheet1`` stands for its full path."""
    paths = {"sheet1": "xl/worksheets/sheet1.xml", "book": "xl/workbook.xml", "rels": "xl/_rels/workbook.xml.rels"}
    wanted = {paths[name]: change for name, change in members.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    for name, change in wanted.items():
        if change is None:
            del kept[name]
        else:
            kept[name] = change(kept[name])
    return zipped(kept)


def encrypted() -> bytes:
    """A zip whose first member says that it is encrypted."""
    content = bytearray(workbook_bytes(RIGHT))
    central = content.find(b"PK\x01\x02")
    content[central + 8] |= 1
    return bytes(content)


def bomb() -> bytes:
    """A workbook whose sheet is 200 MB of blanks: 1,000 times its size."""
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": b"<workbook/>",
            "xl/worksheets/sheet1.xml": b" " * 200_000_000,
        }
    )


def locked_sheet(cells: list[list[str]]) -> bytes:
    return sheet_bytes(("数据", cells))


BAD: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "清单.xlsx", "file_empty"),
    "locked workbook": (compound("EncryptedPackage", b"x"), "清单.xlsx", "password_protected"),
    "encrypted member": (encrypted(), "清单.xlsx", "password_protected"),
    "zip bomb": (bomb(), "清单.xlsx", "archive_too_large"),
    "half a workbook": (workbook_bytes(RIGHT)[:2000], "清单.xlsx", "archive_broken"),
    "workbook without its book": (changed(workbook_bytes(RIGHT), book=None), "清单.xlsx", "archive_broken"),
    "workbook without sheets": (changed(workbook_bytes(RIGHT), sheet1=None), "清单.xlsx", "archive_broken"),
    "sheet cut off": (changed(workbook_bytes(RIGHT), sheet1=lambda xml: xml[:3000]), "清单.xlsx", "archive_broken"),
    "entities in a workbook": (
        changed(workbook_bytes(RIGHT), book=lambda xml: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml.split(b"?>", 1)[1]),
        "清单.xlsx",
        "archive_broken",
    ),
    "word document": (zipped({"word/document.xml": b"<w/>"}), "清单.xlsx", "file_kind_wrong"),
    "old word document": (compound("WordDocument", b"x"), "清单.xls", "file_kind_wrong"),
    "binary workbook": (zipped({"xl/workbook.bin": b"x"}), "清单.xlsb", "file_kind_wrong"),
    "open document": (zipped({"content.xml": b"<x/>", "mimetype": b"x"}), "清单.ods", "file_kind_wrong"),
    "plain archive": (zipped({"清单.csv": csv_bytes(RIGHT)}), "清单.zip", "file_kind_wrong"),
    "gzip": (gzip.compress(csv_bytes(RIGHT)), "清单.csv.gz", "file_kind_wrong"),
    "pdf": (b"%PDF-1.7 ...", "清单.pdf", "file_kind_wrong"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "清单.png", "file_kind_wrong"),
    "html dressed as xls": (b"<html><table><tr><td>1</td></tr></table></html>", "清单.xls", "file_disguised"),
    "xml dressed as xls": (b'<?xml version="1.0"?><Workbook/>', "清单.xls", "file_disguised"),
    "html": (b"<!DOCTYPE html><html></html>", "清单.htm", "file_kind_wrong"),
    "binary": (bytes(range(256)) * 20, "清单.dat", "file_kind_wrong"),
    "broken xls": (compound("Workbook", b"\x09\x08\x10\x00\x00\x06\x05\x00broken"), "清单.xls", "file_broken"),
    "broken parquet": (b"PAR1" + bytes(100) + b"PAR1", "清单.parquet", "file_broken"),
    "half a parquet": (parquet_bytes(RIGHT)[:500], "清单.parquet", "file_broken"),
    "broken json": (b'{"rows": [', "清单.json", "message_wrong"),
    "json without rows": (b'{"data": 1}', "清单.json", "message_wrong"),
    "json rows that are none": (b'{"rows": [1]}', "清单.json", "message_wrong"),
    "unknown encoding": (bytes([0xFF, 0x41] * 2000) + b"\n", "清单.csv", "encoding_unknown"),
    "unclosed quotation": (csv_bytes(RIGHT) + b'"' + b"x," * 20_000, "清单.csv", "field_too_long"),
    "other table": (b"a,b\n1,2\n", "清单.csv", "header_not_found"),
    "other sheet": (sheet_bytes(("数据", [["甲", "乙"], ["1", "2"]])), "清单.xlsx", "header_not_found"),
    "empty sheet": (sheet_bytes(("数据", [])), "清单.xlsx", "header_not_found"),
    "header alone": (csv_bytes([]), "清单.csv", "no_rows"),
    "header and notes alone": (csv_bytes([]) + "合计\n".encode(), "清单.csv", "no_rows"),
    "missing columns": (csv_bytes(RIGHT, names=FEW), "清单.csv", "table.column_missing"),
    "two tables": (sheet_bytes(("一月", table(RIGHT)), ("二月", table(RIGHT))), "清单.xlsx", "sheets_several"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_a_sentence_and_a_remedy(name: str) -> None:
    content, file_name, code = BAD[name]
    first = refusals(content, file_name)[0]
    assert first.code == (code if "." in code else f"exchange.intake.{code}")
    for sentence in (first.message("zh"), first.remedy("zh")):
        assert sentence.endswith(("。", "？"))
        assert any("\u4e00" <= letter <= "\u9fff" for letter in sentence)
        assert "{" not in sentence.replace('{"rows"', "").replace("{…}", "")
    assert first.message("en") and first.remedy("en")


def test_a_file_over_the_limit_is_refused_by_its_size_alone() -> None:
    (refusal,) = refusals(csv_bytes(RIGHT), limits=replace(LIMITS, file_bytes=1000))
    assert refusal.code == "exchange.intake.file_too_large"
    assert "1000 B" in refusal.message()


def test_a_message_has_a_limit_of_its_own() -> None:
    content = json.dumps({"rows": [{"结算ID": "1" * 100}] * 20}).encode()
    (refusal,) = refusals(content, limits=replace(LIMITS, message_bytes=1000))
    assert refusal.code == "exchange.intake.file_too_large"


def test_too_many_rows_and_columns_are_refused() -> None:
    rows = [row(number) for number in range(12)]
    for content in (csv_bytes(rows), workbook_bytes(rows), parquet_bytes(rows)):
        assert refusals(content, limits=replace(LIMITS, rows=11))[0].code == "exchange.intake.too_many_rows"
        assert refusals(content, limits=replace(LIMITS, columns=50))[0].code == "exchange.intake.too_many_columns"
        with checked(content, limits=replace(LIMITS, rows=12)) as found:
            assert found.report.row_count == 12


def test_a_small_archive_that_packs_well_is_no_bomb() -> None:
    rows = table([row(1, person_name="示" * 2000)] * 1)
    blank = [[" " * 30_000] * 20 for _ in range(60)]
    with checked(sheet_bytes(("数据", rows), ("说明", blank)), "清单.xlsx") as found:
        assert found.report.new_count + found.report.refused_count == 1


def test_data_in_a_hidden_sheet_alone_is_refused() -> None:
    book = openpyxl.Workbook()
    book.active.title = "封面"
    hidden = book.create_sheet("数据")
    for line in table(RIGHT):
        hidden.append(line)
    hidden.sheet_state = "hidden"
    (refusal,) = refusals(saved(book))
    assert refusal.code == "exchange.intake.sheet_hidden"
    assert "数据" in refusal.message()


def test_a_merged_header_is_refused_with_its_place() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    names = [name for name in table([])[0] if name not in ("入院科别", "出院时间")]
    sheet.append([*names, "出院时间", "", ""])
    sheet.append([*[""] * len(names), "1", "2", "3"])
    sheet.merge_cells(start_row=1, end_row=1, start_column=len(names) + 1, end_column=len(names) + 3)
    (refusal,) = refusals(saved(book))
    assert refusal.code == "exchange.intake.header_merged"
    assert "出院时间" in refusal.message()
    assert ":" in refusal.message()


def test_merged_cells_among_the_rows_are_refused_with_their_place() -> None:
    book = openpyxl.Workbook()
    for line in table(RIGHT):
        book.active.append(line)
    book.active.merge_cells("D2:D3")
    (refusal,) = refusals(saved(book))
    assert refusal.code == "exchange.intake.cells_merged"
    assert "D2:D3" in refusal.message()


def test_repeated_columns_with_other_content_are_refused() -> None:
    cells = table(RIGHT)
    cells[0].append("性别")
    cells[1].append("2")
    cells[2].append("1")
    (refusal,) = refusals(sheet_bytes(("数据", cells)))
    assert refusal.code == "exchange.intake.column_twice"
    assert "性别" in refusal.message()


def test_missing_columns_are_all_named_with_their_codes() -> None:
    missing = refusals(csv_bytes(RIGHT, names=FEW))
    assert {refusal.code for refusal in missing} == {"table.column_missing"}
    assert "缺少“病案号”（medcasno）这一列。" in [refusal.message() for refusal in missing]
    assert [refusal.place.column for refusal in missing] == [
        column.name for column in SETTLEMENT_LIST.columns if column.is_required and column.name not in FEW
    ]


def test_an_old_workbook_is_read() -> None:
    with checked(old_workbook("数据", table(RIGHT)), "清单.xls") as found:
        assert found.report.file_kind == "xls"
        assert found.report.new_count == 2


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
