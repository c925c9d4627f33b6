"""填报表服务: the template of a unit and period, a filled one read row by row, and given back with its mistakes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import xlsxwriter
from django.core.files.base import ContentFile, File
from django.db import transaction
from openpyxl.styles import Alignment, Font, PatternFill

from sanyi.governance.indicators.codes import NodeKind
from sanyi.governance.indicators.codes import collecting as codes
from sanyi.governance.indicators.codes.collecting import Entered, Reference
from sanyi.governance.indicators.rules.entries import Entry, plain
from sanyi.governance.indicators.rules.periods import Period
from sanyi.governance.indicators.services import items
from sanyi.governance.indicators.services.collecting import Desk, Read, put
from sanyi.governance.indicators.tables import COLLECTED_ENTRY
from sanyi.kernel.refusals import Refusal, RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.organisations import services as organisations

BYTES_MAX, UNPACKED_BYTES_MAX, ROWS_MAX, COLUMNS_MAX = 1_000_000, 10_000_000, 2_000, 60
ERRORS = "错误说明"
DATA, HELP, LISTED = COLLECTED_ENTRY.zh, "填写说明", "可填报的指标"
_READ = ("code", "part", "node", "period", "numerator", "denominator", "value", "source_name", "note")
_NEEDED = ("code", "period", "numerator", "denominator", "value")
_SHOWN_ONLY = ("name", "unit")
_ENTITIES = b"<!DOCTYPE"
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError)
_WIDTHS = {"code": 40, "name": 34, "node": 16, "source_name": 24, "note": 28}


@dataclass(frozen=True, slots=True)
class Taken:
    """导入结果: how many values are new, changed and as before; their numbers."""

    counts: Mapping[Entered, int]
    numbers: tuple[str, ...]


class Sheet:
    """已读的填报表: rows as they were written, with the number of each; opened once, annotated from the same file.

    Refuses what is no workbook, what is too large, and a table without the columns.
    """

    def __init__(self, content: bytes) -> None:
        self.book = _opened(content)
        self.sheet = self.book[DATA] if DATA in self.book.sheetnames else self.book.worksheets[0]
        if self.sheet.max_row > ROWS_MAX + 1 or self.sheet.max_column > COLUMNS_MAX:
            raise RefusedError(codes.SHEET_TOO_LARGE(megabytes=BYTES_MAX // 1_000_000, rows=ROWS_MAX))
        for merged in list(self.sheet.merged_cells.ranges):  # merged cells hold one value and cannot be annotated
            self.sheet.unmerge_cells(str(merged))
        self.columns = self._columns()
        self.mistakes: dict[int, list[Refusal]] = {}

    def entries(self) -> dict[int, Entry]:
        """各行: those with a figure, by row number; cells that hold no plain value are noted as mistakes."""
        found: dict[int, Entry] = {}
        for number in range(2, self.sheet.max_row + 1):
            texts: dict[str, str] = {}
            wrong: list[Refusal] = []
            for name in _READ:
                try:
                    texts[name] = self._text(number, name)
                except RefusedError as error:
                    texts[name] = "?"
                    wrong += error.refusals
            entry = Entry(**texts)
            if entry.is_filled:
                found[number] = entry
                if wrong:
                    self.note(number, wrong)
        return found

    def note(self, number: int, refusals: Iterable[Refusal]) -> None:
        """记下错误: at a row."""
        self.mistakes.setdefault(number, []).extend(one.at(row=number) for one in refusals)

    @property
    def refusals(self) -> list[Refusal]:
        """全部错误: by row."""
        return [one for number in sorted(self.mistakes) for one in self.mistakes[number]]

    def annotated(self) -> bytes:
        """标注后的工作簿: the sender's own file, wrong cells in red and the sentence at the end of each row."""
        place = self.columns.get(ERRORS) or self.sheet.max_column + 1
        head = self.sheet.cell(1, place, ERRORS)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="F8CBAD")
        self.sheet.column_dimensions[head.column_letter].width = 70
        for number in range(2, self.sheet.max_row + 1):
            found = self.mistakes.get(number, [])
            cell = self.sheet.cell(number, place)
            cell.value = "\n".join(f"{one.message()}{one.remedy()}" for one in found) or None
            cell.font, cell.alignment = Font(color="C00000"), Alignment(wrap_text=True, vertical="top")
            for column in filter(None, (one.place.column for one in found)):
                if column in self.columns:
                    self.sheet.cell(number, self.columns[column]).fill = PatternFill("solid", fgColor="F8CBAD")
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()

    def _columns(self) -> dict[str, int]:
        """Column names to places; the errors of an earlier round are known and not read."""
        found: dict[str, int] = {}
        for place, cell in enumerate(next(self.sheet.iter_rows(min_row=1, max_row=1)), start=1):
            name = str(cell.value or "").strip()
            if name and name in found:
                raise RefusedError(codes.SHEET_COLUMN_TWICE(column=name))
            if name:
                found[name] = place
        missing = [_zh(name) for name in _NEEDED if _zh(name) not in found]
        if missing:
            raise RefusedError(codes.SHEET_COLUMNS(columns="、".join(missing)))
        return found

    def _text(self, number: int, name: str) -> str:
        """A cell as text: whole numbers without decimals, percentages as they are shown, dates as months."""
        place = self.columns.get(_zh(name))
        cell = self.sheet.cell(number, place) if place else None
        value: Any = cell.value if cell is not None else None
        if value is None or cell is None:
            return ""
        if cell.data_type == "f":
            text = value if isinstance(value, str) else "="
            raise RefusedError(codes.FORMULA_IN_CELL(column=_zh(name), given=text[:40]).at(column=_zh(name)))
        if cell.data_type == "e":
            raise RefusedError(codes.CELL_BROKEN(column=_zh(name), given=value).at(column=_zh(name)))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            shown = Decimal(repr(value)) * (100 if name == "value" and "%" in cell.number_format else 1)
            return f"{shown.normalize():f}" if shown else "0"
        if isinstance(value, (datetime, date)):
            return f"{value:%Y-%m}" if name == "period" else f"{value:%Y-%m-%d}"
        return str(value).strip()


@transaction.atomic
def take_in(sheet: Sheet, name: str, content: bytes, *, by: Actor, evidence: Sequence[File[Any]] = ()) -> Taken:
    """导入: every row or none. The workbook is kept with each value as evidence, as are the files that come with it.

    Refuses with the row, column and remedy of every mistake. The same workbook twice changes nothing.
    """
    desk = Desk(by)
    read = check(sheet, desk)
    counts = dict.fromkeys(Entered, 0)
    numbers = []
    for number, one in read.items():
        try:
            row, outcome = put(desk, one)
        except RefusedError as error:
            sheet.note(number, error.refusals)
            continue
        counts[outcome] += 1
        numbers.append(row.number)
        if outcome is not Entered.SAME:
            for file in (ContentFile(content, name or "填报表.xlsx"), *evidence):
                cases.attach(row.case, file, by=by)
    if sheet.mistakes:
        raise RefusedError(sheet.refusals)
    return Taken(counts, tuple(numbers))


def check(sheet: Sheet, desk: Desk) -> dict[int, Read]:
    """检查: what every row means, by its number. Refuses with every mistake of every row."""
    found: dict[int, Read] = {}
    first: dict[tuple[str, str, str, str], int] = {}
    entries = sheet.entries()
    for number, entry in entries.items():
        if number in sheet.mistakes:
            continue
        try:
            read = desk.read(entry)
        except RefusedError as error:
            sheet.note(number, error.refusals)
            continue
        if read.key in first:
            sheet.note(number, [codes.SHEET_ROW_TWICE(row=first[read.key])])
        first.setdefault(read.key, number)
        found[number] = read
    if sheet.mistakes:
        raise RefusedError(sheet.refusals)
    if not entries:
        raise RefusedError(codes.SHEET_EMPTY())
    return found


def template(period: Period, *, by: Actor) -> bytes:
    """填报模板: what a unit has to fill in for a period, with what it entered before; help; all it may enter."""
    desk = Desk(by)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    forms = {
        "required": book.add_format({"bold": True, "bg_color": "#F9D9D9", "border": 1}),
        "optional": book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1}),
        "known": book.add_format({"num_format": "@", "font_color": "#667382"}),
        "text": book.add_format({"num_format": "@"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
    }
    data, help_sheet, listed = (book.add_worksheet(name) for name in (DATA, HELP, LISTED))
    _write_data(data, [_row(one) for one in items.standings(desk.county, period, desk.unit)], forms)
    _write_help(help_sheet, period, organisations.get(desk.unit).name, forms)
    _write_listed(listed, items.items(desk.county, period, desk.unit, is_required=False), forms)
    data.activate()
    book.close()
    return stream.getvalue()


def _opened(content: bytes) -> Any:
    """The workbook; an archive that would unpack to too much is not opened."""
    if len(content) > BYTES_MAX:
        raise RefusedError(codes.SHEET_TOO_LARGE(megabytes=BYTES_MAX // 1_000_000, rows=ROWS_MAX))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            is_huge = sum(part.file_size for part in archive.infolist()) > UNPACKED_BYTES_MAX
            # A workbook declares no entities; one that does wants to be unfolded into something else.
            is_odd = not is_huge and any(_ENTITIES in archive.read(part) for part in archive.infolist())
    except _DAMAGED:
        raise RefusedError(codes.SHEET_DAMAGED()) from None
    if is_odd:
        raise RefusedError(codes.SHEET_DAMAGED())
    if is_huge:
        raise RefusedError(codes.SHEET_TOO_LARGE(megabytes=BYTES_MAX // 1_000_000, rows=ROWS_MAX))
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
    except Exception:  # noqa: BLE001  (a damaged part of a workbook shows as any error of the library)
        raise RefusedError(codes.SHEET_DAMAGED()) from None
    if not book.worksheets:
        raise RefusedError(codes.SHEET_DAMAGED())
    return book


def _row(one: items.Standing) -> dict[str, str | int]:
    """What the template says of an item; figures entered before stand there again."""
    item, entered = one.item, one.entered
    node = Reference(item.node_code).zh if item.node_kind is NodeKind.OUTSIDE else ""
    row: dict[str, str | int] = {
        "code": item.definition.code,
        "name": item.definition.name.zh,
        "part": item.part_words(),
        "node": node,
        "period": item.period.name,
        "unit": item.version.unit,
    }
    if entered is None:
        return row
    figures: dict[str, str | int] = {"value": plain(entered.value_e6 or 0)}
    if entered.numerator is not None and entered.denominator is not None:
        figures = {"numerator": entered.numerator, "denominator": entered.denominator}
    return row | figures | {"source_name": entered.source_name, "note": entered.note}


def _write_data(sheet: Any, rows: list[dict[str, str | int]], forms: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 2)
    for place, column in enumerate(COLLECTED_ENTRY.columns):
        sheet.write_string(0, place, column.zh, forms["required" if column.is_required else "optional"])
        sheet.write_comment(0, place, column.help_zh)
        is_number = column.name in ("numerator", "denominator", "value")
        sheet.set_column(place, place, _WIDTHS.get(column.name, 13), None if is_number else forms["text"])
        for number, row in enumerate(rows, start=1):
            value = row.get(column.name, "")
            if isinstance(value, int) or (value and is_number):
                sheet.write_number(number, place, float(value) if isinstance(value, str) else value)
            elif value:
                sheet.write_string(number, place, value, forms["known" if column.name in _SHOWN_ONLY else "text"])


def _write_help(sheet: Any, period: Period, unit: str, forms: dict[str, Any]) -> None:
    lines = (
        f"{unit}：{period.label_zh}指标填报",
        "在“指标填报表”中填写，每行一个指标；没有数的行留空，不要填0。",
        "有分母的填分子和分母，由系统计算；只知道结果的填“指标值”，85%写作85。",
        "填好后在“指标填报”页上传；有一行不对就一行也不收，错误写在最后一列，改好后可以直接再传。",
        "同一张表传两次，不会重复。每个值须有佐证材料：上传的表会一并留存，报表、台账可同时上传。",
        "提交后由另一人审定；已结账的期间不再接受。",
    )
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line, forms["title"] if number == 0 else None)
    top = len(lines) + 1
    for place, (name, width) in enumerate((("列", 14), ("必填", 8), ("填写要求", 70))):
        sheet.write_string(top, place, name, forms["optional"])
        sheet.set_column(place, place, width)
    for number, column in enumerate(COLLECTED_ENTRY.columns, start=top + 1):
        for place, text in enumerate((column.zh, "必填" if column.is_required else "", column.help_zh)):
            sheet.write_string(number, place, text, forms["wrap"])


def _write_listed(sheet: Any, listed: Sequence[items.Item], forms: dict[str, Any]) -> None:
    heads = (
        ("指标代码", 40),
        ("指标", 34),
        ("部分", 10),
        ("单位", 10),
        ("分子", 50),
        ("分母", 50),
        ("周期", 10),
        ("来源", 30),
    )
    for place, (name, width) in enumerate(heads):
        sheet.write_string(0, place, name, forms["optional"])
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 2)
    for number, item in enumerate(listed, start=1):
        version = item.version
        node = Reference(item.node_code).zh if item.node_kind is NodeKind.OUTSIDE else ""
        texts = (item.definition.code, item.definition.name.zh, item.part_words() or node, version.unit,
                 version.numerator.zh, version.denominator.zh, "、".join(one.zh for one in version.windows),
                 version.source.zh)  # fmt: skip
        for place, text in enumerate(texts):
            sheet.write_string(number, place, text, forms["wrap"])


def _zh(name: str) -> str:
    return COLLECTED_ENTRY.column(name).zh
