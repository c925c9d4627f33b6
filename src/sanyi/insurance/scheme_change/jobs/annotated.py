"""标注工作簿: the sender's own sheets and rows, what is wrong beside them; corrected, it can be uploaded as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from sanyi.insurance.scheme_change.codes.findings import WARNINGS
from sanyi.insurance.scheme_change.rules.draft import Findings, SheetRows
from sanyi.insurance.scheme_change.rules.reading import MARK, NOTE_COLUMN, form_of, header_of
from sanyi.insurance.scheme_change.tables.forms import SheetForm
from sanyi.kernel.refusals import Refusal

OVERVIEW = "检查结果"
_HEAD = ("性质", "工作表", "行", "列", "问题", "办法")
_WIDTHS = (8, 14, 8, 18, 80, 60)
_TEXT_MAX = 32_000
_DIGITS_MAX = 15
_NUMBERS = frozenset({"weight"})
_KINDS = {False: "错误", True: "提示"}


def annotate(path: Path, sheets: Sequence[SheetRows], findings: Findings) -> None:
    """标注: writes the workbook to ``path``.

    Every cell stands where the sender had it, as the value that was read (results in place of formulas, nothing
    merged). Behind the last column stands 错误说明; what concerns a whole sheet stands in its header. The first sheet
    lists everything, and says how many further ones of a kind there are.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        forms = _forms(book)
        _overview(book, findings, forms)
        taken = {OVERVIEW}
        for sheet in sheets:
            if sheet.name != OVERVIEW:  # one that was sent back is written anew
                name = _free_name(sheet.name, taken)
                taken.add(name.lower())
                _Sheet(book.add_worksheet(name), sheet, findings, forms).write()


def _forms(book: Any) -> dict[str, Any]:
    return {
        "error": book.add_format({"bg_color": "#F8CBAD", "num_format": "@"}),
        "doubt": book.add_format({"bg_color": "#FFF2CC", "num_format": "@"}),
        "text": book.add_format({"num_format": "@"}),
        "note": book.add_format({"font_color": "#C00000", "text_wrap": True, "valign": "top"}),
        "head": book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1, "text_wrap": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _overview(book: Any, findings: Findings, forms: dict[str, Any]) -> None:
    sheet = book.add_worksheet(OVERVIEW)
    for place, (name, width) in enumerate(zip(_HEAD, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, forms["head"])
    sheet.freeze_panes(1, 0)
    rows = list(_overview_rows(findings))
    for number, cells in enumerate(rows, start=1):
        for place, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(number, place, cell, forms["wrap"])
            else:
                sheet.write_string(number, place, cell, forms["wrap"])


def _overview_rows(findings: Findings) -> Iterator[tuple[str | int, ...]]:
    listed = findings.listed()
    for one in listed:
        place = one.place
        row: str | int = place.row if place.row is not None else ""
        yield (_KINDS[one.code in WARNINGS], place.sheet or "", row, place.column or "", one.message("zh"),
               one.remedy("zh"))  # fmt: skip
    shown: dict[str, int] = defaultdict(int)
    for one in listed:
        shown[one.code] += 1
    for code, count in findings.counts.items():
        if count > shown[code]:
            like = next(one for one in listed if one.code == code)
            text = f"还有 {count - shown[code]} 处同类问题，逐处标注在各表的“{NOTE_COLUMN}”列。"
            yield _KINDS[code in WARNINGS], like.place.sheet or "", "", like.place.column or "", text, like.remedy("zh")


class _Sheet:
    """Writes one sheet of the sender."""

    def __init__(self, target: Any, sheet: SheetRows, findings: Findings, forms: dict[str, Any]) -> None:
        self.target, self.sheet, self.forms = target, sheet, forms
        self.form: SheetForm | None = form_of(sheet.name)
        self.header_row, self.places = header_of(sheet, self.form) if self.form else (1, {})
        self.numeric = self._numeric()
        self.notes = self._notes(findings)
        self.note_place = self._note_place()

    def write(self) -> None:
        """Header, rows and notes, each in its row."""
        self._columns()
        rows = dict(self.sheet.rows)
        for number in sorted(rows.keys() | self.notes.keys()):
            self._row(number, rows.get(number, ()), self.notes.get(number, []))

    def _columns(self) -> None:
        widths = {"condition": 80, "name": 40, "help": 70, "list": 28, "value": 36, "item": 20}
        if self.form is None:
            return
        for name, place in self.places.items():
            self.target.set_column(place, place, widths.get(name, 14), self.forms["text"])
        self.target.set_column(self.note_place, self.note_place, 70)
        self.target.freeze_panes(self.header_row, 0)

    def _row(self, number: int, cells: Sequence[str | None], wrong: list[Refusal]) -> None:
        is_header = self.form is not None and number == self.header_row
        marked = self._marked(wrong)
        count = max(len(cells), max(marked, default=-1) + 1)
        for place in range(count):
            if place != self.note_place:
                cell = cells[place] if place < len(cells) else None
                self._cell(number, place, cell, self.forms["head"] if is_header else marked.get(place))
        if is_header:
            text = "\n".join([NOTE_COLUMN, *map(_sentence, wrong)])
            self.target.write_string(number - 1, self.note_place, text[:_TEXT_MAX], self.forms["head"])
        elif wrong:
            text = "\n".join(map(_sentence, wrong))
            self.target.write_string(number - 1, self.note_place, text[:_TEXT_MAX], self.forms["note"])

    def _cell(self, number: int, place: int, cell: str | None, form: Any) -> None:
        if cell is None or cell.startswith(f"{MARK}F"):
            if form is not None:
                self.target.write_blank(number - 1, place, None, form)
            return
        text = cell[2:] if cell.startswith(MARK) else cell
        if place in self.numeric and _is_number(text):
            self.target.write_number(number - 1, place, float(text), form)
        else:
            self.target.write_string(number - 1, place, text[:_TEXT_MAX], form)

    def _marked(self, wrong: list[Refusal]) -> dict[int, Any]:
        """Cells to be coloured; an error wins over a doubt."""
        found: dict[int, Any] = {}
        for one in sorted(wrong, key=lambda one: one.code not in WARNINGS):
            place = self.places.get(self._labels().get(one.place.column or "", ""))
            if place is not None:
                found[place] = self.forms["doubt" if one.code in WARNINGS else "error"]
        return found

    def _labels(self) -> dict[str, str]:
        return {column.zh: column.name for column in self.form.columns} if self.form else {}

    def _notes(self, findings: Findings) -> dict[int, list[Refusal]]:
        """What was found in each row; what concerns the whole sheet belongs to its header."""
        names = {self.form.zh, self.sheet.name.strip()} if self.form else {self.sheet.name.strip()}
        found: dict[int, list[Refusal]] = defaultdict(list)
        for one in findings.items:
            if one.place.sheet in names:
                found[one.place.row or self.header_row].append(one)
        return found

    def _note_place(self) -> int:
        """Behind the last cell of the header, or where the column stands since the last time."""
        header = next((cells for number, cells in self.sheet.rows if number == self.header_row), ())
        known = [place for place, cell in enumerate(header) if (cell or "").strip().startswith(NOTE_COLUMN)]
        return known[0] if known else max((len(cells) for _, cells in self.sheet.rows), default=0)

    def _numeric(self) -> frozenset[int]:
        if self.form is None:
            return frozenset()
        names = {column.name for column in self.form.columns if column.is_whole_number} | _NUMBERS
        return frozenset(place for name, place in self.places.items() if name in names)


def _free_name(name: str, taken: set[str]) -> str:
    """A name that spreadsheets take; only crafted files need another than their own."""
    plain = "".join(one for one in name if one not in "[]:*?/\\").strip("'")[:31]
    if plain and plain.lower() not in taken:
        return plain
    return next(one for one in (f"表{number}" for number in range(1, 10_000)) if one not in taken)


def _sentence(one: Refusal) -> str:
    return f"【{_KINDS[one.code in WARNINGS]}】{one.message('zh')}{one.remedy('zh')}"


def _is_number(text: str) -> bool:
    digits = text.replace(".", "", 1)
    return digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX
