"""Word文档 (docx): paragraphs and tables in their order, with the numbers that Word only counts and does not write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import XMLSyntaxError

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import FileFormat
from sanyi.governance.policy.jobs.sequence import Opened
from sanyi.governance.policy.rules.numbers import chinese_numeral, circled_sign
from sanyi.kernel.refusals import RefusedError

UNPACKED_MEGABYTES_MAX = 200


def open_docx(content: bytes, name: str) -> Opened:
    """打开docx: a page ends where the file says so; soft page ends are not stored in it.

    Refuses a broken file, and one that would unpack to more than a document can be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist() if part.filename.endswith((".xml", ".rels")))
        if unpacked > UNPACKED_MEGABYTES_MAX << 20:
            raise RefusedError(codes.FILE_TOO_LARGE_UNPACKED(name=name, megabytes_max=UNPACKED_MEGABYTES_MAX))
        document = docx.Document(io.BytesIO(content))
        body = document.element.body
    except RefusedError:
        raise
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, XMLSyntaxError, AttributeError) as fault:
        raise RefusedError(codes.FILE_BROKEN(name=name, problem=_said(fault))) from fault
    opened = Opened(FileFormat.DOCX)
    numbering = _Numbering(document)
    page, table = 1, 0
    for element in body.iterchildren():
        if element.tag == qn("w:p"):
            for text in _lines(Paragraph(element, document), numbering):
                opened.add_text(text, page)
            page += _breaks(element)
        elif element.tag == qn("w:tbl"):
            table += 1
            for cells in _rows(Table(element, document), numbering):
                opened.add_row(cells, page, table)
        elif element.tag == qn("w:sdt"):
            for paragraph in element.iter(qn("w:p")):
                for text in _lines(Paragraph(paragraph, document), numbering):
                    opened.add_text(text, page)
    opened.page_count = page if page > 1 else 0
    return opened


def _said(fault: Exception) -> str:
    return "不是有效的压缩包" if isinstance(fault, zipfile.BadZipFile) else "内部结构不完整"


def _breaks(element: Any) -> int:
    return sum(1 for each in element.iter(qn("w:br")) if each.get(qn("w:type")) == "page")


def _lines(paragraph: Paragraph, numbering: _Numbering) -> list[str]:
    text = paragraph.text
    if not text.strip():
        return [""]
    return (numbering.label(paragraph) + text).split("\n")


def _rows(table: Table, numbering: _Numbering) -> Iterator[tuple[str, ...]]:
    """Cells by grid column; what goes on from above or from the left is empty."""
    for row in table._tbl.tr_lst:
        cells: list[str] = []
        for cell in row.tc_lst:
            is_continued = cell.vMerge == "continue"
            paragraphs = [] if is_continued else [Paragraph(each, table) for each in cell.iterchildren(qn("w:p"))]
            text = "\n".join(line for each in paragraphs for line in _lines(each, numbering) if line.strip())
            cells += [text, *[""] * (cell.grid_span - 1)]
        yield tuple(cells)


class _Numbering:
    """自动编号: counts list paragraphs as Word does when it shows them."""

    def __init__(self, document: Any) -> None:
        self.counts: dict[tuple[str, int], int] = {}
        self.levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.abstract: dict[str, str] = {}
        self.styles: dict[str, Any] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        for each in root.iterchildren(qn("w:num")):
            link = each.find(qn("w:abstractNumId"))
            if link is not None:
                self.abstract[each.get(qn("w:numId"))] = link.get(qn("w:val"))
        for each in root.iterchildren(qn("w:abstractNum")):
            for level in each.iterchildren(qn("w:lvl")):
                self._level(each.get(qn("w:abstractNumId")), level)

    def _level(self, abstract: str, level: Any) -> None:
        def value(tag: str, default: str) -> str:
            found = level.find(qn(tag))
            return str(found.get(qn("w:val"))) if found is not None else default

        self.levels[(abstract, int(level.get(qn("w:ilvl"))))] = (
            value("w:numFmt", "decimal"),
            value("w:lvlText", "%1."),
            int(value("w:start", "1")),
        )

    def label(self, paragraph: Paragraph) -> str:
        """编号文字: of a paragraph, empty for one that is not in a list or only has a bullet."""
        properties: Any = paragraph._p.pPr
        numbered: Any = properties.numPr if properties is not None else None
        if numbered is None and properties is not None and properties.pStyle is not None:
            numbered = self._of_style(paragraph, str(properties.pStyle.val))
        if numbered is None or numbered.numId is None or numbered.numId.val == 0:
            return ""
        abstract = self.abstract.get(str(numbered.numId.val), "")
        depth = numbered.ilvl.val if numbered.ilvl is not None else 0
        if (abstract, depth) not in self.levels or self.levels[(abstract, depth)][0] in ("bullet", "none"):
            return ""
        start = self.levels[(abstract, depth)][2]
        self.counts[(abstract, depth)] = self.counts.get((abstract, depth), start - 1) + 1
        for deeper in [key for key in self.counts if key[0] == abstract and key[1] > depth]:
            del self.counts[deeper]
        return self._written(abstract, depth)

    def _of_style(self, paragraph: Paragraph, name: str) -> Any:
        """列表样式: what a paragraph style says about numbering, looked up once for each style."""
        if name not in self.styles:
            style: Any = paragraph.style
            properties = style._element.pPr if style is not None else None
            self.styles[name] = properties.numPr if properties is not None else None
        return self.styles[name]

    def _written(self, abstract: str, depth: int) -> str:
        text = self.levels[(abstract, depth)][1]
        for level in range(depth + 1):
            form, _, start = self.levels.get((abstract, level), ("decimal", "", 1))
            text = text.replace(f"%{level + 1}", _numeral(form, self.counts.get((abstract, level), start)))
        return text


def _numeral(form: str, number: int) -> str:
    if form.startswith(("chinese", "japanese", "ideograph", "taiwanese")):
        return chinese_numeral(number)
    return circled_sign(number) if form.startswith("decimalEnclosedCircle") else str(number)
