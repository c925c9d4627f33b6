"""Damaged workbooks, read as files: an exact sentence with sheet, row and column for each, and nothing of them lost."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sanyi.exchange.intake.services import workbooks as files
from sanyi.insurance.scheme_change.jobs.annotated import annotate
from sanyi.insurance.scheme_change.jobs.edition import edition
from sanyi.insurance.scheme_change.rules.building import Checked, checked
from sanyi.kernel.refusals import RefusedError
from tests.insurance.schemes import Change, add_row, content, set_cell, tiny

AREAS = {"141000000000", "000000000000"}


def sheets_of(data: bytes, folder: Path, name: str = "方案.xlsx") -> list[files.ReadSheet]:
    path = folder / "sent.xlsx"
    path.write_bytes(data)
    return files.workbook_sheets(path, name, 1_000)


def judged(sheets: list[files.ReadSheet]) -> Checked:
    return checked(sheets, edition=edition(), shipped=("chs_drg_11",), jurisdictions=AREAS)


def renamed_sheet(old: str, new: str) -> Change:
    def change(book: Any) -> None:
        book[old].title = new

    return change


def emptied(sheet: str) -> Change:
    return lambda book: book[sheet].delete_rows(1, 100)


def without_rows(sheet: str) -> Change:
    return lambda book: book[sheet].delete_rows(2, 100)


def copied(old: str, new: str) -> Change:
    def change(book: Any) -> None:
        book.copy_worksheet(book[old]).title = new

    return change


def merged(sheet: str, cells: str) -> Change:
    return lambda book: book[sheet].merge_cells(cells)


DAMAGE: list[tuple[Change, tuple[str, int | None, str], str]] = [
    (renamed_sheet("规则", "规则表"), ("规则", None, ""), "缺少工作表“规则”。"),
    (renamed_sheet("规则", "规则表"), ("规则表", None, ""), "工作表“规则表”不是格式中的表，没有读取。"),
    (copied("规则", "rules"), ("rules", None, ""), "工作表“rules”与“规则”是同一张表，只能有一张。"),
    (without_rows("细分组"), ("细分组", None, ""), "工作表“细分组”没有数据行。"),
    (emptied("细分组"), ("细分组", 1, "DRG"), "缺少“DRG”列。"),
    (set_cell("规则", "G1", "入组条件"), ("规则", 1, "条件"), "缺少“条件”列。"),
    (set_cell("规则", "J1", "备注"), ("规则", 1, ""), "J 列“备注”不是格式中的列，没有读取。"),
    (set_cell("规则", "J2", "见会议纪要"), ("规则", 2, ""), "J 列没有列名，其中的内容没有读取。"),
    (merged("编码表", "A3:A4"), ("编码表", 3, ""), "有合并单元格（A3:A4），合并后只有左上角有值。"),
    (merged("编码表", "A3:A4"), ("编码表", 4, "表名"), "“表名”没有填写。"),
    (
        set_cell("病种组", "C3", "=SUM(C2:C2)"),
        ("病种组", 3, ""),
        "有 1 个公式（第 3 行）；方案必须是确定的内容，不能由公式算出。",
    ),
    (set_cell("规则", "A3", "２"), ("规则", 3, "序号"), "“序号”的“２”不是 0 至 32767 的整数。"),
    (set_cell("规则", "A3", "第二条"), ("规则", 3, "序号"), "“序号”的“第二条”不是 0 至 32767 的整数。"),
    (set_cell("规则", "A3", 40_000), ("规则", 3, "序号"), "“序号”的“40000”不是 0 至 32767 的整数。"),
    (set_cell("规则", "A3", -1), ("规则", 3, "序号"), "“序号”的“-1”不是 0 至 32767 的整数。"),
    (set_cell("规则", "E3", "或许"), ("规则", 3, "类型"), "“类型”的“或许”不在可选值中。"),
    (
        set_cell("病种组", "C4", -0.5),
        ("病种组", 4, "权重"),
        "组“ES29”的权重“-0.5”不是大于零、最多六位小数的数。",
    ),
    (set_cell("病种组", "C4", "1_0"), ("病种组", 4, "权重"), "组“ES29”的权重“1_0”不是大于零、最多六位小数的数。"),
    (set_cell("病种组", "C4", "未定"), ("病种组", 4, "权重"), "组“ES29”的权重“未定”不是大于零、最多六位小数的数。"),
    (set_cell("病种组", "C4", None), ("病种组", None, "权重"), "有 1 个组没有权重，例如 ES29；其余组有权重。"),
    (set_cell("病种组", "B4", None), ("病种组", 4, "名称"), "组“ES29”没有名称。"),
    (
        add_row("病种组", "BZ15", "其他", None),
        ("病种组", 5, "组编码"),
        "组“BZ15”在“病种组”表中，却没有任何规则给出它。",
    ),
    (
        set_cell("规则", "G2", "主要诊断 属于 中风"),
        ("规则", 2, "条件"),
        "条件引用的编码表“中风”不在“编码表”中，或没有任何编码。",
    ),
    (
        set_cell("规则", "G2", "主要诊断 属于 神经"),
        ("编码表", 2, "表名"),
        "编码表“卒中”没有被任何条件引用，其中的编码不起作用。",
    ),
    (
        set_cell("编码表", "C2", "i63.900"),
        ("编码表", 2, "编码"),
        "编码“i63.900”不在医保版编码表中，也不在任何已知方案中。",
    ),
    (
        add_row("规则", 3, "MDCB", "BR3", "BR3", "入组", "内科", "主要诊断 属于 卒中", "BR3"),
        ("规则", 4, "条件"),
        "规则“BR3”的条件与前面的“BR2”完全相同。",
    ),
    (
        add_row("规则", 3, "MDCB", "BR3", "BR3", "入组", "内科", "主要诊断 属于 神经", "BR3"),
        ("规则", 4, "条件"),
        "规则“BR3”与前面的“BR2”有 1 个相同的诊断，这些编码总是先入“BR2”，例如 I63.900。",
    ),
    (
        add_row("规则", 3, "MDCB", "BR3", "BR3", "入组", "内科", "主要诊断 属于 卒中 且 年龄<17", "BR3"),
        ("规则", 4, "条件"),
        "规则“BR3”永远不起作用：前面的 BR2 条件更宽，病例都先入了它。",
    ),
    (add_row("细分组", 1, 3, "BR29", "CC"), ("细分组", 5, "条件"), "组“BR29”永远不能入组：排在无条件的 BR25 之后。"),
    (
        add_row("规则", 1, "MDCB", "BR3", "BR3", "入组", "内科", "无条件", "BR3"),
        ("规则", 4, "序号"),
        "规则序号 1 出现两次（第 2 行）。",
    ),
    (add_row("大类", "MDCB", "再来", "无条件"), ("大类", 4, "大类"), "大类“MDCB”出现两次（第 2 行）。"),
]


@pytest.mark.parametrize(("change", "place", "sentence"), DAMAGE)
def test_each_damage_has_its_exact_sentence_and_nothing_is_lost(
    tmp_path: Path, change: Change, place: tuple[str, int | None, str], sentence: str
) -> None:
    sheets = sheets_of(content(tiny(), change), tmp_path)
    found = judged(sheets)
    said = {(one["sheet"], one["row"], one["column"], one["zh"]) for one in found.findings.plain()}
    assert (*place, sentence) in said
    assert all(one[part] for one in found.findings.plain() for part in ("zh", "remedy_zh", "en", "remedy_en"))
    path = tmp_path / "annotated.xlsx"
    annotate(path, sheets, found.findings)
    again = files.workbook_sheets(path, "方案.xlsx", 1_000)
    assert kept(sheets, again)
    assert any(sentence in (cell or "") for sheet in again[1:] for _, cells in sheet.rows for cell in cells) or (
        "缺少工作表" in sentence
    )
    assert any(sentence in (cell or "") for _, cells in again[0].rows for cell in cells)


def kept(sent: list[files.ReadSheet], given: list[files.ReadSheet]) -> bool:
    """Whether every cell that was sent stands where it stood."""
    cells = {(one.name, number): row for one in given for number, row in one.rows}
    return all(
        cell is None or cell.startswith(files.MARK) or cells[one.name, number][place] == cell
        for one in sent
        for number, row in one.rows
        for place, cell in enumerate(row)
    )


def test_numbers_written_as_texts_are_the_same_scheme(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for sheet, column in (("规则", 1), ("细分组", 1), ("细分组", 2), ("病种组", 3), ("排除表", 2), ("并发症", 3)):
            for (cell,) in book[sheet].iter_rows(min_row=2, min_col=column, max_col=column):
                cell.value = f" {cell.value} "

    assert judged(sheets_of(content(tiny(), change), tmp_path)).package == tiny()


def test_an_annotated_workbook_that_is_not_mended_says_the_same_again(tmp_path: Path) -> None:
    """The column and the sheet that were added are not taken for the sender's."""
    sheets = sheets_of(content(tiny(), set_cell("编码表", "C2", "I63.9OO"), set_cell("病种组", "C4", -1)), tmp_path)
    first = judged(sheets)
    path = tmp_path / "annotated.xlsx"
    annotate(path, sheets, first.findings)
    again = files.workbook_sheets(path, "方案.xlsx", 1_000)
    second = judged(again)
    assert second.findings.plain() == first.findings.plain()
    twice = tmp_path / "twice.xlsx"
    annotate(twice, again, second.findings)
    third = files.workbook_sheets(twice, "方案.xlsx", 1_000)
    assert [(one.name, one.rows) for one in third] == [(one.name, one.rows) for one in again]


def test_every_mistake_of_a_kind_is_beside_its_cell_and_the_list_says_how_many(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for number in range(300):
            book["编码表"].append(["卒中", "诊断", f"I63.9x{number:03d}"])

    sheets = sheets_of(content(tiny(), change), tmp_path)
    found = judged(sheets).findings
    assert found.error_count == 300
    assert len([one for one in found.plain() if not one["is_warning"]]) == 200
    path = tmp_path / "annotated.xlsx"
    annotate(path, sheets, found)
    book = openpyxl.load_workbook(path, read_only=True)
    notes = [row[4] for row in book["编码表"].iter_rows(min_row=2, values_only=True)]
    assert sum("不在医保版编码表中" in (note or "") for note in notes) == 300
    told = [row[4] for row in book["检查结果"].iter_rows(values_only=True)]
    assert "还有 100 处同类问题，逐处标注在各表的“错误说明”列。" in told


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def bomb() -> bytes:
    """A small file that would fill the memory: one sheet of very many blanks."""
    stream = io.BytesIO(content(tiny()))
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = next(name for name in parts if name.startswith("xl/worksheets/"))
    return zipped(parts | {sheet: parts[sheet][:-20] + b" " * 150_000_000})


FILES = {
    "csv": ("大类,名称\nMDCB,神经\n".encode(), "file_kind_wrong"),
    "csv of a spreadsheet": ("大类,名称\r\n".encode("gbk"), "file_kind_wrong"),
    "pdf": (b"%PDF-1.7 nothing", "file_kind_wrong"),
    "cut off": (content(tiny())[:2000], "archive_broken"),
    "no workbook inside": (zipped({"word/document.xml": b"<a/>"}), "file_kind_wrong"),
    "with a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, None),
}


@pytest.mark.parametrize(("data", "code"), FILES.values(), ids=FILES)
def test_what_is_no_workbook_is_a_sentence(tmp_path: Path, data: bytes, code: str | None) -> None:
    with pytest.raises(RefusedError) as refused:
        sheets_of(data, tmp_path)
    (one,) = refused.value.refusals
    assert code is None or one.code == f"exchange.intake.{code}"
    assert one.message("zh") and one.remedy("zh") and one.message("en") and one.remedy("en")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        sheets_of(bomb(), tmp_path)
    assert refused.value.refusals[0].code == "exchange.intake.archive_too_large"


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        sheets_of(content(tiny(), *[add_row("编码表", "卒中", "诊断", "I63.900")] * 1000), tmp_path)
    assert refused.value.refusals[0].code == "exchange.intake.too_many_rows"
