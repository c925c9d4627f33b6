"""错误工作簿: the sender's own rows with what is wrong beside them; corrected, it can be uploaded as it is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import IO, Any, cast

import polars as pl
import xlsxwriter
from django.utils import timezone

from sanyi.exchange.intake.jobs.layout import Table, choose_table
from sanyi.exchange.intake.jobs.opening import open_source
from sanyi.exchange.intake.jobs.report import Report
from sanyi.exchange.intake.jobs.sources import ROW_NUMBER, RowSource, Source
from sanyi.exchange.intake.models import Batch
from sanyi.exchange.intake.rules.cells import MARK
from sanyi.exchange.intake.rules.headers import ERROR_COLUMN, Row
from sanyi.exchange.intake.services import terms
from sanyi.exchange.intake.services.checking import original_of
from sanyi.exchange.intake.services.issues import issues, refusal_of
from sanyi.exchange.intake.tables import IntakeContract
from sanyi.kernel.tables import ColumnType

WHOLE_ROWS_MAX = 20_000
"""整表上限: up to here the workbook holds every row, beyond it those with issues; the others are no change anyhow."""

_NUMERIC = (ColumnType.INTEGER, ColumnType.FEN)
_TEXT_MAX = 32_000


def error_workbook(batch: Batch) -> IO[bytes]:
    """错误工作簿: an open temporary file at its beginning; the caller closes it.

    Header, titles and rows stand where the sender had them (CSV and messages get the same shape), the column 错误说明
    is added behind, cells with mistakes are red, doubtful ones yellow.
    """
    declared = terms.contract(batch.contract)
    limits = terms.limits(timezone.localdate())
    found = issues(batch).collect()
    file = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115  (the caller closes it)
    with closing(open_source(original_of(batch), batch.file_name, limits, declared)) as source:
        table = choose_table(source, declared, Report())
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
        is_whole = batch.row_count <= WHOLE_ROWS_MAX
        _Writer(book, declared, table, found, is_whole=is_whole).write(_rows(source, table))
        book.close()
    file.seek(0)
    return file


class _Writer:
    """Writes one sheet row by row."""

    def __init__(
        self, book: Any, declared: IntakeContract, table: Table, found: pl.DataFrame, *, is_whole: bool
    ) -> None:
        self.declared, self.table, self.found, self.is_whole = declared, table, found, is_whole
        self.sheet = book.add_worksheet("数据")
        self.error = book.add_format({"bg_color": "#F8CBAD", "num_format": "@"})
        self.doubt = book.add_format({"bg_color": "#FFF2CC", "num_format": "@"})
        self.note = book.add_format({"font_color": "#C00000", "text_wrap": True, "valign": "top"})
        self.head = book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1})
        columns = {position: declared.contract.column(name) for name, position in table.header.columns.items()}
        self.numeric = {position for position, column in columns.items() if column.type in _NUMERIC}
        known = [position for position, label in table.header.labels.items() if label == ERROR_COLUMN]
        self.note_place = known[0] if known else table.header.width
        text = book.add_format({"num_format": "@"})
        for position, column in columns.items():
            self.sheet.set_column(position, position, 14, None if column.type in _NUMERIC else text)
        self.sheet.set_column(self.note_place, self.note_place, 70)

    def write(self, rows: Iterator[Row]) -> None:
        """All rows, or the header and those with issues."""
        by_row = self._by_row()
        shift = 1 if self.table.header.last_row == 0 else 0
        place = 0
        for number, cells in rows:
            is_header = number <= self.table.header.last_row
            wrong = by_row.get(number, [])
            if not (is_header or wrong or self.is_whole):
                continue
            place = number - 1 + shift if self.is_whole or is_header else place + 1
            self._write_row(place, cells, wrong, is_header=is_header, is_last=number == self.table.header.last_row)

    def _by_row(self) -> Mapping[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = {}
        for issue in self.found.iter_rows(named=True):
            found.setdefault(issue["row_number"], []).append(issue)
        return found

    def _write_row(
        self,
        place: int,
        cells: Sequence[str | None],
        wrong: Sequence[Mapping[str, Any]],
        *,
        is_header: bool,
        is_last: bool,
    ) -> None:
        forms: dict[int, Any] = {}
        for issue in sorted(wrong, key=lambda one: not one["is_warning"]):
            position = self.table.header.columns.get(issue["column"])
            if position is not None:
                forms[position] = self.doubt if issue["is_warning"] else self.error
        count = max(len(cells), max(forms, default=-1) + 1, self.note_place + 1)
        for position in range(count):
            cell = cells[position] if position < len(cells) else None
            if position == self.note_place:
                self._write_note(place, wrong, is_header=is_header, is_last=is_last)
            else:
                self._write_cell(place, position, cell, self.head if is_header else forms.get(position))

    def _write_note(self, place: int, wrong: Sequence[Mapping[str, Any]], *, is_header: bool, is_last: bool) -> None:
        if is_header:
            if is_last:
                self.sheet.write_string(place, self.note_place, ERROR_COLUMN, self.head)
            return
        if wrong:
            text = "\n".join(self._sentence(issue) for issue in wrong)
            self.sheet.write_string(place, self.note_place, text[:_TEXT_MAX], self.note)

    def _sentence(self, issue: Mapping[str, Any]) -> str:
        refusal = refusal_of(self.declared, issue)
        mark = "存疑" if issue["is_warning"] else "错误"
        return f"【{mark}】{refusal.message('zh')}{refusal.remedy('zh')}"

    def _write_cell(self, place: int, position: int, cell: str | None, form: Any) -> None:
        if cell is None or cell.startswith(MARK + "F"):
            if form is not None:
                self.sheet.write_blank(place, position, None, form)
            return
        text = cell[2:] if cell.startswith(MARK) else cell
        if position in self.numeric and _is_number(text):
            self.sheet.write_number(place, position, float(text), form)
        else:
            self.sheet.write_string(place, position, text[:_TEXT_MAX], form)


def _rows(source: Source, table: Table) -> Iterator[Row]:
    """Every row of the sheet, also those above the header and the notes below the table."""
    if isinstance(source, RowSource):
        yield from source.rows(table.sheet)
        return
    head = source.head(table.sheet, 1)[0]
    yield head
    for piece in source.pieces(table.sheet, head[0], len(head[1])):
        for values in piece.select(ROW_NUMBER, *(f"c{place}" for place in range(len(head[1])))).iter_rows():
            yield values[0], values[1:]


def _is_number(text: str) -> bool:
    digits = text.lstrip("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit() and len(digits) <= 15 and not text.startswith("-.")  # noqa: PLR2004
