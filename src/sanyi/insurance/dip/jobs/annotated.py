"""标注工作簿: the sender's own sheets, what is wrong beside each row; corrected, it can be sent as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from sanyi.insurance.dip.codes.findings import WARNINGS
from sanyi.insurance.dip.rules.workbook import NOTE_COLUMN, OVERVIEW, Draft, Sheet, plain
from sanyi.insurance.dip.tables.forms import DISEASES, RULES, SEVERITIES
from sanyi.kernel.refusals import Refusal

_HEAD = ("性质", "工作表", "行", "列", "问题", "办法")
_WIDTHS = (8, 14, 8, 18, 70, 60)
_TEXT_MAX = 32_000


def annotate(path: Path, sheets: Sequence[Sheet], draft: Draft) -> None:
    """标注: writes the workbook to ``path``; errors are red, hints yellow, the first sheet lists them all."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        forms = {
            "head": book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1}),
            "error": book.add_format({"bg_color": "#F8CBAD"}),
            "doubt": book.add_format({"bg_color": "#FFF2CC"}),
            "note": book.add_format({"font_color": "#C00000", "text_wrap": True}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _overview(book.add_worksheet(OVERVIEW), draft.findings, forms)
        taken = {OVERVIEW}
        for number, sheet in enumerate(sheets, start=1):
            if sheet.name != OVERVIEW:
                name = _free_name(sheet.name, number, taken)
                taken.add(name.lower())
                own = [one for one in draft.findings if one.place.sheet == sheet.name]
                _sheet(book.add_worksheet(name), sheet, own, draft.places.get(sheet.name, {}), forms)


def _overview(target: Any, findings: Sequence[Refusal], forms: dict[str, Any]) -> None:
    for place, (name, width) in enumerate(zip(_HEAD, _WIDTHS, strict=True)):
        target.set_column(place, place, width)
        target.write_string(0, place, name, forms["head"])
    for number, one in enumerate(findings, start=1):
        cells = (
            _kind(one),
            one.place.sheet or "",
            one.place.row or "",
            one.place.column or "",
            one.message(),
            one.remedy(),
        )
        for place, cell in enumerate(cells):
            target.write(number, place, cell, forms["wrap"])


def _sheet(
    target: Any, sheet: Sheet, findings: Sequence[Refusal], places: dict[str, int], forms: dict[str, Any]
) -> None:
    """One sheet of the sender; constant memory asks for rows in order, cells from left to right."""
    rows = dict(sheet.rows)
    header = min((number for number, cells in sheet.rows if any(plain(cell) for cell in cells)), default=1)
    wrong: dict[int, list[Refusal]] = defaultdict(list)
    for one in findings:
        wrong[one.place.row or header].append(one)
    note = _note_place(sheet, rows.get(header, ()))
    target.set_column(note, note, 70)
    for number in sorted(rows.keys() | wrong.keys() | {header}):
        is_header = number == header
        marked = {} if is_header else _marked(wrong[number], places, forms)
        cells = rows.get(number, ())
        for place in range(max(len(cells), max(marked, default=-1) + 1)):
            text = plain(cells[place]) if place < len(cells) else ""
            if place != note and (text or place in marked):
                target.write_string(number - 1, place, text, forms["head"] if is_header else marked.get(place))
        sentences = [f"【{_kind(one)}】{one.message()}{one.remedy()}" for one in wrong[number]]
        if is_header or sentences:
            text = "\n".join([NOTE_COLUMN, *sentences] if is_header else sentences)
            target.write_string(number - 1, note, text[:_TEXT_MAX], forms["head" if is_header else "note"])


def _marked(wrong: Sequence[Refusal], places: dict[str, int], forms: dict[str, Any]) -> dict[int, Any]:
    """The cells that the findings of a row are about; an error wins over a hint."""
    names = {column.zh: column.name for column in (*DISEASES, *SEVERITIES, *RULES)}
    found: dict[int, Any] = {}
    for one in sorted(wrong, key=lambda one: one.code not in WARNINGS):
        place = places.get(names.get(one.place.column or "", ""))
        if place is not None:
            found[place] = forms["doubt" if one.code in WARNINGS else "error"]
    return found


def _kind(one: Refusal) -> str:
    return "提示" if one.code in WARNINGS else "错误"


def _note_place(sheet: Sheet, header: Sequence[str | None]) -> int:
    """Behind the last cell, or where the column stands since the last time."""
    known = [place for place, cell in enumerate(header) if plain(cell).startswith(NOTE_COLUMN)]
    return known[0] if known else max((len(cells) for _, cells in sheet.rows), default=0)


def _free_name(name: str, number: int, taken: set[str]) -> str:
    free = "".join(one for one in name if one not in "[]:*?/\\").strip("'")[:31]
    return free if free and free.lower() not in taken else f"表{number}"
