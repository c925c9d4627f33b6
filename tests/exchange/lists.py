"""Settlement lists for tests: right rows, changed at will, as CSV, workbook and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
import xlsxwriter

from sanyi.exchange.settlement_list.services import examples
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from tests.registry.county import HOSPITAL

Row = dict[str, str]


def row(number: int = 1, /, *, example: Any = 0, **changes: str | None) -> Row:
    """A right row of the test hospital, after example 0, 1 or 2; a change to None empties the cell."""
    found: Row = {**examples()[example], "institution_code": HOSPITAL, "settlement_id": f"SL{number:06d}"}
    found |= {"visit_id": f"MZ{number:06d}", "medical_record_number": f"B{number:06d}"}
    for name, value in changes.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = value
    return found


def table(rows: Iterable[Mapping[str, str]], names: Sequence[str] | None = None) -> list[list[str]]:
    """Header (Chinese names unless others are given as ``label=column``) and rows."""
    columns = [column.name for column in SETTLEMENT_LIST.columns] if names is None else list(names)
    header = [SETTLEMENT_LIST.column(name).zh for name in columns]
    return [header, *([one.get(name, "") for name in columns] for one in rows)]


def csv_bytes(rows: Iterable[Mapping[str, str]], encoding: str = "utf-8", **more: Any) -> bytes:
    """The rows as CSV."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(table(rows, **more))
    return stream.getvalue().encode(encoding)


def sheet_bytes(*sheets: tuple[str, Sequence[Sequence[Any]]], **options: Any) -> bytes:
    """Cells as a workbook, one sheet after another; texts as texts, numbers as numbers."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, **options})
    for name, cells in sheets:
        sheet = book.add_worksheet(name)
        for place, line in enumerate(cells):
            for column, cell in enumerate(line):
                if cell is None or cell == "":
                    continue
                (sheet.write_string if isinstance(cell, str) else sheet.write)(place, column, cell)
    book.close()
    return stream.getvalue()


def workbook_bytes(rows: Iterable[Mapping[str, str]]) -> bytes:
    """The rows as a workbook."""
    return sheet_bytes(("数据", table(rows)))


def parquet_bytes(rows: Iterable[Mapping[str, str]]) -> bytes:
    """The rows as Parquet of texts."""
    header, *lines = table(rows)
    stream = io.BytesIO()
    frame = pl.DataFrame(lines, schema=dict.fromkeys(header, pl.String), orient="row")
    frame.write_parquet(stream)
    return stream.getvalue()
