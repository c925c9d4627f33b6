"""工作表读取: the rows of one sheet as texts, in a stream.

Rows are cut out of the XML and read with one pattern that must account for every byte of the row; a row it does not
account for is read by the XML parser instead, so the quick way can only be quick, never wrong. A sheet in an unusual
dress (prefixed names, another encoding) is read by the parser altogether.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from xml.parsers import expat

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.jobs.archive import BROKEN
from sanyi.exchange.intake.jobs.workbook import PIECE, SheetPart, Workbook, is_utf8, new_parser, unescape
from sanyi.exchange.intake.rules.cells import MARK
from sanyi.exchange.intake.rules.headers import Merge
from sanyi.kernel.refusals import RefusedError

_CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]+"((?: [a-z]+="[^"<>]*")*)(?:/>|>'
    r"(<f[^>]*/>|<f[^>]*>[^<]*</f>)?(?:<v[^>/]*>([^<]*)</v>|<v/>|<is><t[^>]*>([^<]*)</t></is>)?</c>)\s*"
)
_KIND = re.compile(r' t="([a-zA-Z]+)"')
_STYLE = re.compile(r' s="([0-9]+)"')
_ROW_NUMBER = re.compile(r' r="([0-9]+)"')
_MERGE = re.compile(rb'<(?:[a-z]+:)?mergeCell [^>]*?ref="([A-Z]{1,3})([0-9]+):([A-Z]{1,3})([0-9]+)"')
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]*)")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - the calendar of Excel has no zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LONG_NUMBER = 1e15
_DIGITS_KEPT = 15
_TEXTS_KEPT_MAX, _KEPT_LENGTH_MAX = 20_000, 60
_ROW_BYTES_MAX = 1 << 26
"""A row of more than 64 MB is an attack, not a row."""

Cells = list[str | None]


class SheetReader:
    """工作表读取器: ``rows`` may be called again; ``formula_count`` is known once they have been read."""

    def __init__(self, workbook: Workbook, part: SheetPart, columns_max: int) -> None:
        self.workbook, self.part, self.columns_max = workbook, part, columns_max
        self.formula_count = 0
        self._epoch = _EPOCH_1904 if workbook.is_1904 else _EPOCH
        self._widest = 0
        self._merges: list[Merge] | None = None
        self._places: dict[str, int] = {}
        self._forms: dict[str, tuple[str, bool]] = {}
        self._texts: dict[str, str] = {}

    def merges(self) -> list[Merge]:
        """合并单元格: all merged ranges, found in one pass over the sheet, once."""
        if self._merges is None:
            self._merges = self._find_merges()
        return self._merges

    def _find_merges(self) -> list[Merge]:
        found: list[Merge] = []
        tail = b""
        for piece in self._pieces():
            window = tail + piece
            tail = window[-512:]
            if b"mergeCell" not in window:
                continue
            last = 0
            for match in _MERGE.finditer(window):
                first_column, first_row, last_column, last_row = match.groups()
                first, last_place = _place(first_column.decode()), _place(last_column.decode())
                found.append((int(first_row), first + 1, int(last_row), last_place + 1))
                last = match.end()
            tail = window[max(last, len(window) - 512) :]
        return found

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """各行: number as Excel shows it, and the texts of its cells; rows without cells are left out."""
        self.formula_count = 0
        number = 0
        try:
            try:
                with closing(self._pieces()) as pieces:
                    for number, cells in self._quick_rows(pieces):
                        yield number, cells
            except _UnusualError:
                self.formula_count = 0
                with closing(self._pieces()) as pieces:
                    yield from (row for row in self._parsed_rows(pieces) if row[0] > number)
        except (*BROKEN, expat.ExpatError, ValueError, IndexError) as error:
            if isinstance(error, RefusedError):
                raise
            raise RefusedError(codes.ARCHIVE_BROKEN()) from error

    def _pieces(self) -> Generator[bytes]:
        try:
            with self.workbook.archive.open(self.part.path) as stream:
                while piece := stream.read(PIECE):
                    yield piece
        except (*BROKEN, zipfile.LargeZipFile) as error:
            raise RefusedError(codes.ARCHIVE_BROKEN()) from error

    def _quick_rows(self, pieces: Iterator[bytes]) -> Iterator[tuple[int, Cells]]:
        window = b""
        for piece in pieces:
            window += piece
            if b"sheetData" in window or len(window) > 64 * PIECE:
                break
        start = re.search(rb"<sheetData\s*>", window)
        if start is None and b"<sheetData/>" in window:
            return
        if start is None or b"<!DOCTYPE" in window or not is_utf8(window):
            raise _UnusualError
        number = 0
        window = window[start.end() :]
        while True:
            is_last = b"</sheetData>" in window
            end = window.find(b"</sheetData>") if is_last else window.rfind(b"</row>") + 6
            if end > len(b"</row>") or is_last:
                block, window = window[:end].decode(), window[end:]
                for attributes, content in _split(block):
                    given = _ROW_NUMBER.search(attributes)
                    number = int(given[1]) if given else number + 1
                    cells = self._cells(content)
                    if cells:
                        yield number, cells
            if is_last:
                return
            piece = next(pieces, b"")
            if not piece or len(window) > _ROW_BYTES_MAX:
                raise RefusedError(codes.ARCHIVE_BROKEN())
            window += piece

    def _cells(self, content: str) -> Cells:
        """The texts of one row; every cell must be one that the pattern knows."""
        found = _CELL.findall(content)
        if content.count("<c") != len(found):
            return self._parsed_cells(content)
        places, forms, texts = self._places, self._forms, self._texts
        cells: Cells = [None] * self._widest
        for reference, attributes, formula, value, inline in found:
            place = places.get(reference)
            if place is None:
                place = places[reference] = self.place_of(reference, 0)
                if place >= self._widest:
                    self._widest = place + 1
            if place >= len(cells):
                cells.extend([None] * (self._widest - len(cells)))
            kind, is_date = forms.get(attributes) or self._form(attributes)
            if formula:
                self.formula_count += 1
            if not value and not inline:
                cells[place] = MARK + "F" if formula else None
            elif kind == "s":
                cells[place] = texts.get(value) or self._shared(value)
            elif inline and "&" not in inline and "_x" not in inline:
                cells[place] = inline
            elif kind == "n" and not is_date and len(value) <= _DIGITS_KEPT and "E" not in value:
                cells[place] = value
            else:
                plain = inline or value
                cells[place] = self.text(html.unescape(plain) if "&" in plain else plain, kind, is_date=is_date)
        return cells

    def _shared(self, number: str) -> str:
        """A shared text; a short one is kept for the next rows, since most come again and again."""
        text = self.workbook.texts[int(number)]
        if len(text) <= _KEPT_LENGTH_MAX:
            if len(self._texts) >= _TEXTS_KEPT_MAX:
                self._texts.clear()
            self._texts[number] = text
        return text

    def _form(self, attributes: str) -> tuple[str, bool]:
        kind, style = _KIND.search(attributes), _STYLE.search(attributes)
        form = (kind[1] if kind else "n", self.is_date(int(style[1])) if style else False)
        self._forms[attributes] = form
        return form

    def is_date(self, style: int) -> bool:
        """是否日期样式: whether numbers of this cell style are shown as dates."""
        return style < len(self.workbook.is_date) and self.workbook.is_date[style]

    def text(self, value: str, kind: str, *, is_date: bool) -> str | None:
        """单元格文本: of a value as stored, by the kind of the cell."""
        if kind == "s":
            return self.workbook.texts[int(value)]
        if kind == "n":
            return self._number(value, is_date=is_date)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "e":
            return MARK + "E" + value
        return unescape(value)

    def _number(self, value: str, *, is_date: bool) -> str | None:
        if not value:
            return None
        if is_date:
            return self._date(float(value))
        return number_text(value)

    def _date(self, serial: float) -> str:
        """A date as ISO text; a time of day alone (below one day) stays a time."""
        if not 0 <= serial < 2_958_466:  # noqa: PLR2004 - the last day Excel knows, 9999-12-31
            return number_text(repr(serial))
        if 1 <= serial < 60 and self._epoch is _EPOCH:  # noqa: PLR2004 - before Excel's invented 29 February 1900
            serial += 1
        at = self._epoch + timedelta(seconds=round(serial * 86_400))
        if serial < 1:
            return f"{at:%H:%M:%S}"
        return f"{at:%Y-%m-%d}" if at.time() == datetime.min.time() else f"{at:%Y-%m-%d %H:%M:%S}"

    def _refuse_wide(self, place: int) -> None:
        if place >= self.columns_max:
            raise RefusedError(codes.TOO_MANY_COLUMNS(limit=self.columns_max))

    # by the XML parser

    def _parsed_cells(self, content: str) -> Cells:
        rows: list[tuple[int, Cells]] = []
        parser = self._row_parser(rows)
        parser.Parse(f'<sheetData><row r="1">{content}</row></sheetData>', True)
        return rows[0][1] if rows else []

    def _parsed_rows(self, pieces: Iterator[bytes]) -> Iterator[tuple[int, Cells]]:
        rows: list[tuple[int, Cells]] = []
        parser = self._row_parser(rows)
        for piece in pieces:
            parser.Parse(piece)
            yield from rows
            rows.clear()
        parser.Parse(b"", True)
        yield from rows

    def _row_parser(self, rows: list[tuple[int, Cells]]) -> expat.XMLParserType:
        state = _ParsedRow(self)

        def end(name: str) -> None:
            if state.end(name) and state.cells:
                rows.append((state.number, state.cells))

        return new_parser(state.start, end, state.add)

    def place_of(self, reference: str, before: int) -> int:
        """列位置: of a cell reference; a cell without one stands behind the cell before."""
        found = _REFERENCE.match(reference)
        place = _place(found[1]) if found else before + 1
        self._refuse_wide(place)
        return place


class _UnusualError(Exception):
    """The quick way cannot read this sheet; the parser has to."""


class _ParsedRow:
    """The row the parser is in."""

    def __init__(self, reader: SheetReader) -> None:
        self.reader = reader
        self.number = 0
        self.cells: Cells = []
        self._place = -1
        self._kind = self._style = ""
        self._has_formula = self._is_value = False
        self._value: list[str] = []
        self._phonetic = self._size = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.cells, self._place, self._size = [], -1, 0
        elif name == "c":
            self._place = self.reader.place_of(attributes.get("r", ""), self._place)
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._has_formula, self._value = False, []
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._phonetic += 1
        self._is_value = name in ("v", "t") and not self._phonetic

    def add(self, data: str) -> None:
        if self._is_value:
            self._size += len(data)
            if self._size > _ROW_BYTES_MAX:
                raise RefusedError(codes.ARCHIVE_BROKEN())
            self._value.append(data)

    def end(self, name: str) -> bool:
        """Whether a row has ended."""
        if name == "c":
            self._keep()
        elif name == "rPh":
            self._phonetic -= 1
        self._is_value = False
        return name == "row"

    def _keep(self) -> None:
        value = "".join(self._value)
        self.reader.formula_count += self._has_formula
        if value:
            is_date = self._style.isdigit() and self.reader.is_date(int(self._style))
            text = self.reader.text(value, self._kind, is_date=is_date)
        else:
            text = MARK + "F" if self._has_formula else None
        if text is not None:
            self.cells.extend([None] * (self._place + 1 - len(self.cells)))
            self.cells[self._place] = text


def number_text(value: str) -> str:
    """数字的书写形式: what Excel shows: 15 digits, no binary noise; longer whole numbers are marked as damaged."""
    number = float(value)
    if abs(number) >= _LONG_NUMBER:
        is_whole = value.lstrip("-").isdigit()
        return value if is_whole and number != float(f"{number:.15g}") else MARK + "L" + f"{number:.15g}"
    text = f"{number:.15g}"
    if "e" in text:
        text = f"{number:.20f}".rstrip("0").rstrip(".")
    return text


def _place(reference: str) -> int:
    place = 0
    for letter in reference:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _split(block: str) -> Iterator[tuple[str, str]]:
    """The attributes and the content of each row of a block that ends with a row."""
    *rows, rest = block.split("</row>")
    for row in rows:
        opened, _, content = row.lstrip().partition(">")
        while opened.endswith("/"):
            opened, _, content = content.lstrip().partition(">")
        if not opened.startswith("<row") or "<row" in content:
            raise _UnusualError
        yield opened[4:], content
    if rest.strip() and not re.fullmatch(r"\s*(<row[^<>]*/>\s*)+", rest):
        raise _UnusualError
