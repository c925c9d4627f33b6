"""PDF (portable documents): the text layer with its places on the page; ruled tables become rows of cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pypdfium2 as pdfium

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import FileFormat
from sanyi.governance.policy.jobs.page_marks import characters, rules
from sanyi.governance.policy.jobs.plain_font import use_plain_font
from sanyi.governance.policy.jobs.ruled_tables import Box, RuledTable, find_tables, rows_of
from sanyi.governance.policy.jobs.sequence import Opened
from sanyi.governance.policy.rules.markers import marker_of
from sanyi.governance.policy.tables import Problem
from sanyi.kernel.refusals import RefusedError

use_plain_font()
_PAGES_MAX = 2_000
_GAP = 3.5


@dataclass(slots=True)
class PageLine:
    """版面行: its text and its box; ``size`` is the height of its characters."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        """竖直中点."""
        return (self.top + self.bottom) * 0.5


@dataclass(slots=True)
class Sheet:
    """版面: lines outside tables and tables, from top to bottom."""

    number: int
    width: float
    height: float
    parts: list[PageLine | RuledTable] = field(default_factory=list)


def open_pdf(content: bytes, name: str) -> Opened:
    """打开PDF: refuses an encrypted or broken file; pages without text are said, the others are read."""
    try:
        document = pdfium.PdfDocument(content)
        page_count = len(document)
    except pdfium.PdfiumError as fault:
        if "password" in str(fault).lower():
            raise RefusedError(codes.FILE_ENCRYPTED(name=name)) from fault
        raise RefusedError(codes.FILE_BROKEN(name=name, problem="内部结构不完整")) from fault
    opened = Opened(FileFormat.PDF, page_count=page_count)
    try:
        sheets = [sheet for number in range(min(page_count, _PAGES_MAX)) if (sheet := _sheet(document, number, opened))]
    finally:
        document.close()
    _drop_running_heads(sheets)
    _write(sheets, opened)
    return opened


def _sheet(document: pdfium.PdfDocument, number: int, opened: Opened) -> Sheet | None:
    try:
        page = document[number]
        text_page = page.get_textpage()
        boxes = characters(text_page)
        width, height = page.get_size()
        if not boxes:
            _say(opened, number + 1, "page_without_text", f"第{number + 1}页没有文字层（可能是扫描页），未能读取",
                 f"Page {number + 1} has no text layer (perhaps a scan) and was not read.")  # fmt: skip
            return None
        tables = find_tables(rules(page), boxes)
    except pdfium.PdfiumError:
        _say(opened, number + 1, "page_broken", f"第{number + 1}页已损坏，未能读取",
             f"Page {number + 1} is broken and was not read.")  # fmt: skip
        return None
    taken = {id(box) for table in tables for box in table.boxes}
    parts: list[PageLine | RuledTable] = [*_lines([box for box in boxes if id(box) not in taken]), *tables]
    parts.sort(key=lambda part: -part.top)
    return Sheet(number + 1, width, height, parts)


def _say(opened: Opened, page: int, code: str, zh: str, en: str) -> None:
    opened.problems.append(Problem(code, "error", zh, en, page))


def _lines(boxes: Sequence[Box]) -> list[PageLine]:
    """成行: characters whose middles lie within half a character of each other, from left to right."""
    return [_line(row) for row in rows_of(boxes)]


def _line(row: Sequence[Box]) -> PageLine:
    text, before = row[0].sign, row[0]
    for box in row[1:]:
        gap = box.left - before.right
        if gap > max(before.size, 4) * _GAP:
            text += "  "
        elif gap > before.size * 0.18 and before.sign.isascii() and box.sign.isascii():
            text += " "
        text += box.sign
        before = box
    sizes = Counter([round(box.size, 1) for box in row])
    size = sizes.most_common(1)[0][0] or max(box.top - box.bottom for box in row)
    return PageLine(text, row[0].left, max([box.right for box in row]), max([box.top for box in row]),
                    min([box.bottom for box in row]), max(size, 4.0))  # fmt: skip


def _drop_running_heads(sheets: Sequence[Sheet]) -> None:
    """页眉页脚: page numbers, and texts that stand at the same edge of three pages or more."""
    edge: Counter[tuple[bool, str]] = Counter()
    for sheet in sheets:
        for part in sheet.parts:
            if isinstance(part, PageLine) and (side := _edge(part, sheet)) is not None:
                edge[(side, re.sub(r"\d+", "", part.text))] += 1
    for sheet in sheets:
        sheet.parts = [
            part
            for part in sheet.parts
            if not isinstance(part, PageLine)
            or (side := _edge(part, sheet)) is None
            or not (
                re.fullmatch(r"[-—–\s第页共/]*\d{1,4}[-—–\s页共/\d]*", part.text)
                or (
                    edge[(side, re.sub(r"\d+", "", part.text))] >= 3
                    and not re.match(r"[一二三四五六七八九十（(①\d]", part.text)
                )
            )
        ]


def _edge(part: PageLine, sheet: Sheet) -> bool | None:
    if part.bottom > sheet.height * 0.93:
        return True
    return False if part.top < sheet.height * 0.075 else None


def _write(sheets: Sequence[Sheet], opened: Opened) -> None:
    """成段: lines become paragraphs by margin, indent and spacing; tables go on over page breaks."""
    writer = _Writer(opened, *_margins(sheets), _pitch(sheets))
    for sheet in sheets:
        writer.is_new_page = True
        for part in sheet.parts:
            if isinstance(part, RuledTable):
                writer.table(part, sheet.number)
            else:
                writer.line(part, sheet.number)
    writer.flush()


def _margins(sheets: Sequence[Sheet]) -> tuple[float, float, bool]:
    """版心: left and right margin, and whether paragraphs begin with an indent."""
    lines = [part for sheet in sheets for part in sheet.parts if isinstance(part, PageLine)]
    if not lines:
        return 0.0, 0.0, False
    left = Counter(round(line.left / 3) for line in lines)
    common = {place: count for place, count in left.items() if count * 12 >= len(lines)}
    start = min(common or left) * 3.0
    ends = sorted(line.right for line in lines)
    right = ends[min(len(ends) - 1, int(len(ends) * 0.97))]
    indented = sum(1 for line in lines if 1.4 * line.size <= line.left - start <= 2.8 * line.size)
    return start, right, indented * 6 >= len(lines)


def _pitch(sheets: Sequence[Sheet]) -> float:
    """行距: the smallest distance between lines that is met often; that between paragraphs may be a little larger."""
    steps: Counter[float] = Counter()
    for sheet in sheets:
        lines = [part for part in sheet.parts if isinstance(part, PageLine)]
        for above, below in zip(lines, lines[1:], strict=False):
            if abs(above.size - below.size) <= 0.6:
                steps[round((above.middle - below.middle) * 2) / 2] += 1
    often = [step for step, count in steps.items() if step > 0 and count * 8 >= sum(steps.values())]
    return min(often, default=0.0)


class _Writer:
    def __init__(self, opened: Opened, left: float, right: float, has_indents: bool, pitch: float) -> None:
        self.opened, self.left, self.right, self.has_indents = opened, left, right, has_indents
        self.text, self.page, self.pitch = "", 0, pitch
        self.last: PageLine | None = None
        self.is_new_page = True
        self.count = 0
        self.columns = 0

    def flush(self) -> None:
        """A paragraph is whole."""
        if self.text:
            self.opened.add_text(self.text, self.page)
        self.text, self.last = "", None

    def line(self, line: PageLine, page: int) -> None:
        """A line goes on with the paragraph or begins one."""
        if self.last is None or not self._goes_on(line):
            self.flush()
            self.page = page
        self.text += line.text
        self.last, self.is_new_page, self.columns = line, False, 0

    def _goes_on(self, line: PageLine) -> bool:
        last = self.last
        assert last is not None
        is_full = last.right >= self.right - 1.6 * last.size
        is_indented = line.left - self.left >= 1.2 * line.size
        if not is_full or is_indented or abs(last.size - line.size) > 0.6:
            return False
        if marker_of(line.text) is not None and self.text[-1] in "。；;：:）)〕":
            return False
        if self.is_new_page:
            return self.has_indents or self.text[-1] not in "。；;：:"
        return last.middle - line.middle <= self.pitch * 1.1

    def table(self, table: RuledTable, page: int) -> None:
        """Rows of a table; a row cut by a page break is put together again."""
        self.flush()
        rows = table.rows
        if self.is_new_page and self.columns == table.column_count and rows:
            if len(rows) > 1 and rows[0] == self.head:
                rows = rows[1:]
            rows = self._mended(rows)
        else:
            self.head = rows[0] if rows else ()
            self.count += 1
        for cells in rows:
            self.opened.add_row(cells, page, self.count)
        self.is_new_page, self.columns = False, table.column_count

    head: tuple[str, ...] = ()

    def _mended(self, rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        last, first = self.opened.lines[-1], rows[0]
        both = [(above, below) for above, below in zip(last.cells, first, strict=False) if below]
        is_rest = (
            both
            and all(above for above, _ in both)
            and not any(
                re.match(r"[一二三四五六七八九十]+$|[一二三四五六七八九十]+、|[（(]|\d+[.、]?|[①-⑳]", below)
                for _, below in both
            )
        )
        if not is_rest or all(above[-1] in "。；;" for above, _ in both):
            return rows
        cells = tuple(above + below for above, below in zip(last.cells, first, strict=False))
        self.opened.lines.pop()
        self.opened.add_row(cells, last.page, last.table)
        return rows[1:]
