"""打印为 PDF: A4 pages with numbered feet. The font is one of the PDF standard's Chinese ones: no file is needed."""

from __future__ import annotations

import io
from functools import cache
from html import escape
from typing import Any

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm as _mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from sanyi.insurance.package.services.writing.paper import Cell, Fen, Paper, Section

mm = float(_mm)
FONT, MARGIN = "STSong-Light", 18 * mm
WIDTH = A4[0] - 2 * MARGIN
LENGTH_MIN, LENGTH_MAX = 6, 30
_BASE: dict[str, Any] = {"fontName": FONT, "fontSize": 9, "leading": 12, "wordWrap": "CJK"}
_TEXT = ParagraphStyle("text", **_BASE)
_AMOUNT = ParagraphStyle("amount", **_BASE, alignment=TA_RIGHT)
_TITLE = ParagraphStyle("title", fontName=FONT, fontSize=18, leading=26, alignment=TA_CENTER)
_UNDER = ParagraphStyle("under", fontName=FONT, fontSize=10, leading=16, alignment=TA_CENTER)
_HEAD = ParagraphStyle("head", fontName=FONT, fontSize=11, leading=18, spaceBefore=6)
_GRID = [
    ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#9aa5b1")),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#E6EEF7")),
]


def pdf(paper: Paper) -> bytes:
    """PDF: the same content gives the same bytes."""
    _load_font()
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        invariant=1,
        title=paper.title,
        author="",
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )
    parts: list[Any] = [_said(paper.title, _TITLE), _said(paper.subtitle, _UNDER), Spacer(1, 4 * mm)]
    parts += [_facts(paper)] if paper.facts else []
    for section in paper.sections:
        parts += [_said(section.title, _HEAD), _table(section)]
    parts.append(Spacer(1, 4 * mm))
    parts += [_said(note, _TEXT) for note in paper.notes]
    if paper.signatures:
        places = Table([[_said(f"{one}：", _TEXT) for one in paper.signatures]])
        parts += [Spacer(1, 14 * mm), places]
    document.build(parts, onFirstPage=_foot, onLaterPages=_foot)
    return file.getvalue()


@cache
def _load_font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def _said(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text), style)


def _cell(value: Cell) -> Paragraph:
    return _said(str(value), _AMOUNT if isinstance(value, Fen) else _TEXT)


def _facts(paper: Paper) -> Table:
    """Two facts to a line."""
    flat = [cell for name, value in paper.facts for cell in (_said(name, _TEXT), _cell(value))]
    flat += [_said("", _TEXT)] * (-len(flat) % 4)
    rows = [flat[place : place + 4] for place in range(0, len(flat), 4)]
    table = Table(rows, colWidths=[WIDTH * share for share in (0.18, 0.32, 0.18, 0.32)])
    table.setStyle(TableStyle(_GRID[:2]))
    return table


def _table(section: Section) -> Table:
    heads = [_said(head, _TEXT) for head in section.heads]
    rows = [[_cell(value) for value in row] for row in section.rows]
    table = Table([heads, *rows], colWidths=_widths(section), repeatRows=1)
    last = [("BACKGROUND", (0, -1), (-1, -1), colors.HexColor("#F5F7FA"))] if section.has_sum and rows else []
    table.setStyle(TableStyle([*_GRID, *last]))
    return table


def _widths(section: Section) -> list[float]:
    """Columns by their longest text, within limits, so that short ones do not stand wide."""
    texts = [section.heads, *(tuple(str(value) for value in row) for row in section.rows)]
    lengths = [min(LENGTH_MAX, max(LENGTH_MIN, *map(len, column))) for column in zip(*texts, strict=True)]
    return [WIDTH * length / sum(lengths) for length in lengths]


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(FONT, 8)
    canvas.drawCentredString(A4[0] / 2, 9 * mm, f"第 {document.page} 页")
