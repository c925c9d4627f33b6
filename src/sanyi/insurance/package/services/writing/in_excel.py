"""打印为 Excel: the facts first, then a sheet for each table; amounts are numbers in yuan."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import xlsxwriter

from sanyi.insurance.package.services.writing.paper import Cell, Paper, Section

_NAME_MAX = 31


def workbook(paper: Paper) -> bytes:
    """工作簿."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    styles = {
        "head": book.add_format({"bold": True, "bg_color": "#E6EEF7", "border": 1}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "amount": book.add_format({"num_format": "#,##0.00", "valign": "top"}),
    }
    styles["text"].set_quote_prefix()
    about = (("名称", paper.title), ("期间", paper.subtitle), *paper.facts, *(("说明", note) for note in paper.notes))
    _sheet(book, Section("说明", ("项目", "内容"), about), styles)
    for section in paper.sections:
        _sheet(book, section, styles)
    book.close()
    return file.getvalue()


def _sheet(book: Any, section: Section, styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet(section.title[:_NAME_MAX])
    sheet.freeze_panes(1, 0)
    for place, head in enumerate(section.heads):
        sheet.set_column(place, place, 18 if len(head) < 8 else 28)
        sheet.write_string(0, place, head, styles["head"])
    for number, row in enumerate(section.rows, start=1):
        for place, value in enumerate(row):
            _write(sheet, number, place, value, styles)


def _write(sheet: Any, row: int, place: int, value: Cell, styles: dict[str, Any]) -> None:
    if isinstance(value, str):
        sheet.write_string(row, place, value, styles["text"])
    elif value.fen is not None:
        sheet.write_number(row, place, Decimal(value.fen) / 100, styles["amount"])
