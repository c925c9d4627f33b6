"""工作簿: a frame of texts as an Excel workbook, the way a hospital's program writes one."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import polars as pl
import xlsxwriter

_SHEET_NAME_MAX = 31
_CREATED_AT = datetime(2025, 1, 1, tzinfo=UTC)


def workbook(form: pl.DataFrame, sheet_name: str) -> bytes:
    """工作簿: one sheet, headers in bold, every cell a text so that codes keep their zeros."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"created": _CREATED_AT})  # the same rows are the same bytes
        sheet = book.add_worksheet(sheet_name[:_SHEET_NAME_MAX])
        bold, text = book.add_format({"bold": True, "bg_color": "#DCE6F1"}), book.add_format({"num_format": "@"})
        sheet.set_column(0, form.width - 1, 18, text)
        sheet.write_row(0, 0, form.columns, bold)
        for number, row in enumerate(form.iter_rows(), start=1):
            sheet.write_row(number, 0, ["" if cell is None else cell for cell in row], text)
        sheet.freeze_panes(1, 0)
    return target.getvalue()
