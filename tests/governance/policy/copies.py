"""Copies of a text in other formats: html, Word and pdf, as offices make them."""

from __future__ import annotations

import io
from html import escape
from typing import Any

import docx

PAGE = '<!doctype html><html><head><meta charset="utf-8"></head><body>'


def blocks(text: str) -> list[Any]:
    """Paragraphs as texts, tables as lists of rows; a row has tabs."""
    found: list[Any] = []
    for line in text.split("\n"):
        is_row = "\t" in line.strip() or (found and isinstance(found[-1], list) and line.count("\t") >= 2)
        if is_row:
            if not found or not isinstance(found[-1], list):
                found.append([])
            found[-1].append([cell.strip() for cell in line.split("\t")])
        elif line.strip():
            found.append(line.strip())
    return found


def as_html(text: str) -> str:
    parts = []
    for block in blocks(text):
        if isinstance(block, list):
            width = max(map(len, block))
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row + [""] * (width - len(row))) for row in block)
            parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        else:
            parts.append(f"<p>{escape(block)}</p>")
    return PAGE + "\n".join(parts) + "</body></html>"


def as_docx(text: str) -> bytes:
    document = docx.Document()
    for block in blocks(text):
        if isinstance(block, list):
            table = document.add_table(rows=0, cols=max(map(len, block)))
            for row in block:
                cells = table.add_row().cells
                for cell, content in zip(cells, row, strict=False):
                    cell.text = content
        else:
            document.add_paragraph(block)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_pdf(text: str) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle("body", fontName="STSong-Light", fontSize=12, leading=19, wordWrap="CJK", spaceAfter=4)
    small = ParagraphStyle("small", fontName="STSong-Light", fontSize=8, leading=10, wordWrap="CJK")
    parts: list[Any] = []
    for block in blocks(text):
        if isinstance(block, list):
            width = max(map(len, block))
            rows = [[Paragraph(escape(cell), small) for cell in row + [""] * (width - len(row))] for row in block]
            parts.append(Table(rows, colWidths=[450 / width] * width, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")]))
        else:
            parts.append(Paragraph(escape(block), body))
    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=A4).build(parts)
    return stream.getvalue()
