"""工作簿读取: sheets to a draft; whatever cannot be read becomes a finding, and reading goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sanyi.insurance.scheme_change.codes import sheet_findings as codes
from sanyi.insurance.scheme_change.rules.draft import Draft, DraftRow, Findings, SheetRows
from sanyi.insurance.scheme_change.tables.forms import HELP_SHEETS, SCHEME, SHEETS, SheetColumn, SheetForm
from sanyi.insurance.scheme_change.tables.head import HEAD

MARK = "\x00"
"""读不出的单元格: begins with this mark, as readers of workbooks set it."""

NUMBER_MAX = 32_767
_BLANK = " \t\r\n\u3000\u00a0"
_EXACT = frozenset({"code", "target"})
"""逐字读取: blanks of codes are judged later, because some published codes hold them."""


def read_draft(sheets: Sequence[SheetRows], findings: Findings) -> Draft:
    """草稿: of the sheets of a workbook."""
    by_name = {_plain(sheet.name): sheet for sheet in sheets}
    known = {form.zh for form in SHEETS} | {form.name for form in SHEETS} | {form.en for form in SHEETS}
    for name in by_name:
        if name not in known and name not in HELP_SHEETS:
            findings.add(codes.SHEET_UNKNOWN, name, sheet=name)
    tables: dict[str, list[DraftRow]] = {}
    for form in SHEETS:
        sheet = next((by_name[name] for name in (form.zh, form.name, form.en) if name in by_name), None)
        if sheet is None:
            if not form.is_optional:
                findings.add(codes.SHEET_MISSING, form, sheet=form.zh)
            continue
        tables[form.name] = list(_rows(sheet, form, findings))
        if not tables[form.name] and not form.is_optional:
            findings.add(codes.SHEET_EMPTY, form, sheet=form.zh)
    head, places = _head(tables.pop(SCHEME.name, []), findings)
    return Draft(head, places, tables)


def _plain(text: str | None) -> str:
    return (text or "").strip(_BLANK)


def _rows(sheet: SheetRows, form: SheetForm, findings: Findings) -> Iterable[DraftRow]:
    if sheet.merges:
        shown = "、".join(f"{_letters(a)}{row}:{_letters(b)}{last}" for row, a, last, b in sheet.merges[:3])
        findings.add(codes.CELLS_MERGED, form, sheet.merges[0][0], cells=shown)
    if sheet.formula_count:
        findings.add(codes.FORMULA_FOUND, form, count=sheet.formula_count)
    filled = ((number, cells) for number, cells in sheet.rows if any(_plain(cell) for cell in cells))
    header = next(iter(filled), None)
    places = _places(header[1] if header else (), form, header[0] if header else 1, findings)
    missing = [column for column in form.columns if column.is_read and column.is_required and column.name not in places]
    if missing:
        return
    read = [(form.column(name), place) for name, place in places.items() if form.column(name).is_read]
    for number, cells in filled:
        yield DraftRow(
            number, {column.name: _cell(cells, place, column, form, number, findings) for column, place in read}
        )


def _places(cells: Sequence[str | None], form: SheetForm, number: int, findings: Findings) -> dict[str, int]:
    """Where each column stands: by its Chinese, English or technical name."""
    names = {name: column.name for column in form.columns for name in (column.zh, column.en, column.name)}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = names.get(_plain(cell))
        if name is None:
            continue
        if name in found:
            findings.add(codes.COLUMN_TWICE, form, number, name, label=form.column(name).zh)
        found.setdefault(name, place)
    for column in form.columns:
        if column.is_read and column.is_required and column.name not in found:
            findings.add(codes.COLUMN_MISSING, form, number, column.name, label=column.zh)
    return found


def _cell(
    cells: Sequence[str | None], place: int, column: SheetColumn, form: SheetForm, number: int, findings: Findings
) -> str:
    raw = (cells[place] if place < len(cells) else None) or ""
    text = raw if column.name in _EXACT else _plain(raw)
    where = (form, number, column.name)
    if raw.startswith(MARK):
        findings.add(codes.CELL_UNREADABLE, *where, label=column.zh)
        return ""
    if not _plain(text):
        if column.is_required:
            findings.add(codes.VALUE_MISSING, *where, label=column.zh)
        return ""
    if len(text) > column.max_length:
        findings.add(codes.VALUE_TOO_LONG, *where, label=column.zh, limit=column.max_length)
        return ""
    if column.is_whole_number and not (text.isascii() and text.isdigit() and int(text) <= NUMBER_MAX):
        findings.add(codes.NUMBER_WRONG, *where, label=column.zh, value=text)
        return ""
    meant = column.meant(text)
    if meant is None:
        choices = "、".join(zh for _, zh in column.choices)
        findings.add(codes.CHOICE_WRONG, *where, label=column.zh, value=text, choices=choices)
        return ""
    return meant


def _head(rows: Iterable[DraftRow], findings: Findings) -> tuple[dict[str, str], dict[str, int]]:
    names = {name: item.name for item in HEAD for name in (item.zh, item.en, item.name)}
    found: dict[str, str] = {}
    places: dict[str, int] = {}
    for row in rows:
        name = names.get(row["item"])
        if name is None:
            findings.add(codes.ITEM_UNKNOWN, SCHEME, row.number, "item", label=row["item"])
        elif name in found:
            findings.add(codes.ITEM_TWICE, SCHEME, row.number, "item", label=row["item"])
        else:
            found[name], places[name] = row["value"], row.number
    return found, places


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
