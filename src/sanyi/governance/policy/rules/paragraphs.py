"""段落 (paragraphs): lines broken by pages and margins are joined again, rows of tables stay rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sanyi.governance.policy.rules.decimals import decimal_markers, starts_decimal
from sanyi.governance.policy.rules.markers import Marker, marker_of
from sanyi.governance.policy.rules.texts import narrow, tidy
from sanyi.governance.policy.rules.unit_names import is_unit
from sanyi.governance.policy.tables import Line

_ENDS = "。;；:：!！?？"
_TABLE_OF_CONTENTS = re.compile(r"^(.{2,60}?)(?:\.{3,}|…+|·{3,}|\t+)(\d{1,3})$")
_LOOSE = re.compile(
    r"[\u4e00-\u9fff]{2,14}\(\d{4}\)第?\d+号$|各.{0,80}:$|\(?此件.{0,12}\)?$|抄送:|主送:|.{2,30}\d{4}年\d{1,2}月\d{1,2}日印发$|\d{4}年\d{1,2}月\d{1,2}日$|\d{4}年\d{1,2}月$|"
    r"[二三]〇.{2}年.{1,2}月.{1,3}日$|附件(?:下载)?:?\d{0,2}\.?$|附件\d{0,2}:|-?\d{1,3}-?$|—\d{1,3}—$|目录$|联系人|联系电话|来源:|发布时间|发布日期"
)
_FULL_LENGTH_MIN = 30


@dataclass(slots=True)
class Paragraph:
    """段落: joined text with the place where it begins."""

    text: str
    page: int
    line: int
    last_line: int = 0
    marker: Marker | None = None
    """标记: of a document that numbers its clauses 1.1, where the text alone does not say so."""


@dataclass(slots=True)
class TableBlock:
    """表格: rows as tuples of cells; a head printed again on the next page begins no new table."""

    rows: list[tuple[int, int, tuple[str, ...]]] = field(default_factory=list)
    """行: page, line and cells."""


@dataclass(slots=True)
class Outline:
    """目录: entries of the table of contents, with markers, without page numbers."""

    entries: list[str] = field(default_factory=list)


def build_blocks(lines: Sequence[Line]) -> tuple[list[Paragraph | TableBlock], Outline]:
    """成段: paragraphs and tables in the order of the document, and its table of contents."""
    blocks: list[Paragraph | TableBlock] = []
    outline = Outline()
    width = _width(lines)
    previous: Line | None = None
    for line in lines:
        text = tidy(line.text)
        if line.is_row and (entry := _TABLE_OF_CONTENTS.match(_as_entry(line.cells))):
            outline.entries.append(entry.group(1))
            previous = None
            continue
        if line.is_row:
            _add_row(blocks, line)
            previous = None
            continue
        if not text or re.fullmatch(r"[-—_=*·\s]*\d{0,3}[-—_=*·\s]*", text):
            continue
        entry = _TABLE_OF_CONTENTS.match(text)
        if entry:
            outline.entries.append(entry.group(1))
            previous = None
            continue
        last = blocks[-1] if blocks else None
        if isinstance(last, Paragraph) and previous is not None and _continues(last.text, text, previous, width):
            last.text += text
            last.last_line = line.number
        elif isinstance(last, TableBlock) and _finishes_cell(last, text):
            _append_to_cell(last, text)
        else:
            blocks.append(Paragraph(text, line.page, line.number, line.number))
        previous = line
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    for index, marker in decimal_markers([each.text for each in paragraphs]).items():
        paragraphs[index].marker = marker
    return blocks, outline


def _as_entry(cells: Sequence[str]) -> str:
    """目录行: of a table of contents that was made with tabs: heading with dots, page number."""
    filled = [tidy(cell) for cell in cells if cell.strip()]
    is_entry = len(filled) == 2 and filled[1].isdigit() and re.search(r"(?:\.{3,}|…+|·{3,})$", filled[0])
    return "".join(filled) if is_entry else ""


def _width(lines: Sequence[Line]) -> int:
    """版心: the length of a full line when the file was broken into lines of one width, otherwise 0."""
    lengths = sorted(len(tidy(line.text)) for line in lines if not line.is_row and line.text.strip())
    if len(lengths) < 8:
        return 0
    longest = lengths[-1]
    near = sum(1 for length in lengths if length >= longest - 4)
    return longest if longest <= 60 and near * 4 >= len(lengths) else 0


def _continues(text: str, following: str, previous: Line, width: int) -> bool:
    plain = narrow(text)
    is_open = (
        plain.count("(") > plain.count(")") or text.count("《") > text.count("》") or text.count("“") > text.count("”")
    )
    if marker_of(following) is not None or starts_decimal(following):
        return False
    if _LOOSE.match(narrow(following)) or _LOOSE.match(plain):
        return False
    length = len(tidy(previous.text))
    is_full = previous.is_full or (width and length >= width - 3) or (not width and length >= _FULL_LENGTH_MIN)
    if text[-1] in _ENDS:
        return bool(width or previous.is_full) and is_full and text[-1] not in "。" and not is_open
    if is_open:
        return True
    if plain[-1] == ")" and re.search(r"\([^()]*(?:\([^()]*\)[^()]*)*\)$", plain):
        return bool(is_full and (width or previous.is_full)) and len(text) < 40
    return bool(is_full)


def _add_row(blocks: list[Paragraph | TableBlock], line: Line) -> None:
    cells = tuple(_tidy_cell(cell) for cell in line.cells)
    if not any(cells):
        return
    last = blocks[-1] if blocks else None
    if not isinstance(last, TableBlock):
        last = TableBlock()
        blocks.append(last)
    last.rows.append((line.page, line.number, cells))


def _tidy_cell(cell: str) -> str:
    """单元格: lines of a cell are joined, with a full stop between numbered ones."""
    text = before = ""
    for part in (tidy(part) for part in cell.split("\n")):
        if text and text[-1] not in _ENDS and marker_of(part) is not None and len(part) > 3:
            text += "；"
        elif is_unit(before) and is_unit(part) and len(part) >= 4:
            text += "、"
        text += part
        before = part
    return text


def _finishes_cell(table: TableBlock, text: str) -> bool:
    last = next((cell for cell in reversed(table.rows[-1][2]) if cell), "")
    plain = narrow(last)
    return plain.count("(") > plain.count(")") and narrow(text).count(")") > 0 and marker_of(text) is None


def _append_to_cell(table: TableBlock, text: str) -> None:
    page, number, cells = table.rows[-1]
    at = max(index for index, cell in enumerate(cells) if cell)
    table.rows[-1] = (page, number, (*cells[:at], cells[at] + text, *cells[at + 1 :]))


def is_loose(text: str) -> bool:
    """文尾: signature, date, copies and the like, which belong to no clause."""
    return _LOOSE.match(narrow(text)) is not None
