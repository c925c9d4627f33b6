"""工作簿读取: sheets to a draft; whatever cannot be read becomes a finding, and reading goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sanyi.insurance.scheme_change.codes import sheet_findings as codes
from sanyi.insurance.scheme_change.rules.draft import Draft, DraftRow, Findings, SheetRows
from sanyi.insurance.scheme_change.tables.forms import HELP_SHEETS, SCHEME, SHEETS, SheetColumn, SheetForm
from sanyi.insurance.scheme_change.tables.head import HEAD

MARK = "\x00"
"""读不出的单元格: begins with this mark, as readers of workbooks set it."""

NOTE_COLUMN = "错误说明"
"""错误说明列: what the annotated workbook adds; it is not read when the workbook comes back."""

NUMBER_MAX = 32_767
_BLANK = " \t\r\n\u3000\u00a0"
_EXACT = frozenset({"code", "target"})
"""逐字读取: blanks of codes are judged later, because some published codes hold them."""


def form_of(name: str) -> SheetForm | None:
    """工作表的格式: by its Chinese, English or technical name."""
    return next((form for form in SHEETS if _plain(name) in (form.zh, form.name, form.en)), None)


def header_of(sheet: SheetRows, form: SheetForm) -> tuple[int, dict[str, int]]:
    """表头: its row (1 where the sheet is empty) and where each column of the format stands, counted from 0."""
    number, cells = next(_filled(sheet), (1, ()))
    names = _names(form)
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if name := names.get(_plain(cell)):
            found.setdefault(name, place)
    return number, found


def read_draft(sheets: Sequence[SheetRows], findings: Findings) -> Draft:
    """草稿: of the sheets of a workbook."""
    by_form: dict[str, SheetRows] = {}
    for sheet in sheets:
        form, name = form_of(sheet.name), _plain(sheet.name)
        if form is None:
            if name not in HELP_SHEETS:
                findings.add(codes.SHEET_UNKNOWN, name, sheet=name)
        elif form.name in by_form:
            findings.add(codes.SHEET_TWICE, name, sheet=name, other=by_form[form.name].name)
        else:
            by_form[form.name] = sheet
    tables: dict[str, list[DraftRow]] = {}
    for form in SHEETS:
        found = by_form.get(form.name)
        if found is None:
            if not form.is_optional:
                findings.add(codes.SHEET_MISSING, form, sheet=form.zh)
            continue
        tables[form.name] = list(_rows(found, form, findings))
        if not tables[form.name] and not form.is_optional:
            findings.add(codes.SHEET_EMPTY, form, sheet=form.zh)
    head, places = _head(tables.pop(SCHEME.name, []), findings)
    findings.head_rows.update(places)
    return Draft(head, places, tables)


def _plain(text: str | None) -> str:
    return (text or "").strip(_BLANK)


def _rows(sheet: SheetRows, form: SheetForm, findings: Findings) -> Iterable[DraftRow]:
    if sheet.merges:
        shown = "、".join(f"{_letters(a)}{row}:{_letters(b)}{last}" for row, a, last, b in sheet.merges[:3])
        findings.add(codes.CELLS_MERGED, form, sheet.merges[0][0], cells=shown)
    if sheet.formula_count:
        rows = "、".join(map(str, sheet.formula_rows))
        findings.add(codes.FORMULA_FOUND, form, sheet.formula_rows[0], count=sheet.formula_count, rows=rows)
    filled = _filled(sheet)
    header = next(filled, None)
    head = header[1] if header else ()
    places = _places(head, form, header[0] if header else 1, findings)
    missing = [column for column in form.columns if column.is_read and column.is_required and column.name not in places]
    if missing:
        return
    read = [(form.column(name), place) for name, place in places.items() if form.column(name).is_read]
    nameless = {place for place, cell in enumerate(head) if not _plain(cell)}
    for number, cells in filled:
        if nameless or len(cells) > len(head):
            _nameless(cells, len(head), nameless, form, number, findings)
        yield DraftRow(
            number, {column.name: _cell(cells, place, column, form, number, findings) for column, place in read}
        )


def _filled(sheet: SheetRows) -> Iterator[tuple[int, Sequence[str | None]]]:
    """Rows in which anything stands."""
    return ((number, cells) for number, cells in sheet.rows if any(_plain(cell) for cell in cells))


def _names(form: SheetForm) -> dict[str, str]:
    return {name: column.name for column in form.columns for name in (column.zh, column.en, column.name)}


def _nameless(
    cells: Sequence[str | None], width: int, nameless: set[int], form: SheetForm, number: int, findings: Findings
) -> None:
    """A cell under no name of a column belongs to nothing; that is said, so that nobody believes it was read."""
    for place, cell in enumerate(cells):
        if (place >= width or place in nameless) and _plain(cell):
            findings.add(codes.CELL_NAMELESS, form, number, letters=_letters(place + 1))
            return


def _places(cells: Sequence[str | None], form: SheetForm, number: int, findings: Findings) -> dict[str, int]:
    """Where each column stands: by its Chinese, English or technical name."""
    names = _names(form)
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        label = _plain(cell)
        name = names.get(label)
        if name is None:
            if label and not label.startswith(NOTE_COLUMN):
                findings.add(codes.COLUMN_UNKNOWN, form, number, label=label[:40], letters=_letters(place + 1))
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
