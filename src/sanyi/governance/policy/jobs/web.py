"""网页 (html): text of block elements and rows of tables; menus, scripts and forms are left out."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import FileFormat
from sanyi.governance.policy.jobs.plain import decode
from sanyi.governance.policy.jobs.sequence import Opened
from sanyi.kernel.refusals import RefusedError

_LEFT_OUT = {
    "script",
    "style",
    "head",
    "nav",
    "noscript",
    "form",
    "button",
    "select",
    "iframe",
    "svg",
    "template",
    "footer",
}
_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "center",
    "body",
    "html",
    "hr",
    "address",
    "figure",
    "figcaption",
    "aside",
}


def open_html(content: bytes, name: str) -> Opened:
    """打开网页: in the order of the page; cells that span rows are empty in the rows below."""
    try:
        root = html.document_fromstring(_decoded(content, name))
    except (etree.ParserError, ValueError) as fault:
        raise RefusedError(codes.FILE_EMPTY(name=name)) from fault
    walker = _Walker(Opened(FileFormat.HTML))
    walker.block(root)
    walker.flush()
    return walker.opened


def _decoded(content: bytes, name: str) -> str:
    declared = re.search(rb"charset=[\"']?\s*([\w-]+)", content[:2048])
    if declared and declared.group(1).lower() not in (b"utf-8", b"utf8"):
        encoding = declared.group(1).decode("ascii").lower()
        try:
            text = content.decode("gb18030" if encoding in ("gb2312", "gbk") else encoding)
        except (LookupError, UnicodeDecodeError):
            text = decode(content, name)[0]
    else:
        text = decode(content, name)[0]
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


class _Walker:
    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.text = ""
        self.table = 0

    def flush(self) -> None:
        """One line for what has been gathered."""
        if self.text.strip():
            for line in self.text.split("\n"):
                if line.strip():
                    self.opened.add_text(line.strip())
        self.text = ""

    def block(self, element: Any) -> None:
        """Walk through an element and what follows its children."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _LEFT_OUT:
            return
        if tag == "table":
            self.flush()
            if _is_layout(element):
                self.inside(element)
            else:
                self.rows(element)
            return
        if tag == "br":
            self.text += "\n"
            return
        is_block = tag in _BLOCKS or tag in ("tr", "td", "th")
        if is_block:
            self.flush()
        if tag == "li" and element.getparent() is not None and element.getparent().tag == "ol":
            siblings = [each for each in element.getparent() if each.tag == "li"]
            start = int(element.getparent().get("start") or 1)
            self.text += f"{start + siblings.index(element)}."
        self.inside(element)
        if is_block:
            self.flush()

    def inside(self, element: Any) -> None:
        """Text, children and the text behind each child."""
        if element.text:
            self.text += _flat(element.text, is_kept=element.tag == "pre")
        for child in element:
            self.block(child)
            if child.tail:
                self.text += _flat(child.tail, is_kept=element.tag == "pre")

    def rows(self, table: Any) -> None:
        """Rows with the cells that reach down from rows above left empty."""
        self.table += 1
        reaching: dict[int, int] = {}
        for row in (each for each in table.iter("tr") if _nearest_table(each) is table):
            cells: list[str] = []
            for cell in (each for each in row if each.tag in ("td", "th")):
                while reaching.get(len(cells), 0) > 0:
                    reaching[len(cells)] -= 1
                    cells.append("")
                spans, rows = _span(cell, "colspan"), _span(cell, "rowspan")
                for _ in range(spans):
                    if rows > 1:
                        reaching[len(cells)] = rows - 1
                    cells.append("" if _ else _cell_text(cell))
            while reaching.get(len(cells), 0) > 0:
                reaching[len(cells)] -= 1
                cells.append("")
            if any(cells):
                self.opened.add_row(tuple(cells), 0, self.table)


def _span(cell: Any, name: str) -> int:
    value = cell.get(name) or "1"
    return min(int(value), 200) if value.isdigit() and int(value) > 0 else 1


def _nearest_table(row: Any) -> Any:
    parent = row.getparent()
    while parent is not None and parent.tag != "table":
        parent = parent.getparent()
    return parent


def _is_layout(table: Any) -> bool:
    """版面表格: a table that only places things: it holds another table, or one cell alone."""
    if table.find(".//table") is not None:
        return True
    cells = list(table.iter("td", "th"))
    return len(cells) <= 1


def _flat(text: str, *, is_kept: bool) -> str:
    return text if is_kept else re.sub(r"\s+", " ", text)


def _cell_text(cell: Any) -> str:
    inner = _Walker(Opened(FileFormat.HTML))
    inner.inside(cell)
    inner.flush()
    return "\n".join(line.text for line in inner.opened.lines)
