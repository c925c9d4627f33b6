"""多表工作簿: the guards of intake (size, kind, password, archive) for topics whose workbooks have forms of their own.

Cells are texts as people see them. A cell that begins with ``MARK`` could not be read: ``F`` is a formula without a
stored result, ``E`` an error value, ``L`` a number that lost its digits.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import FileKind
from sanyi.exchange.intake.jobs.excel import WorkbookSource
from sanyi.exchange.intake.jobs.limits import size_text
from sanyi.exchange.intake.jobs.opening import detect_kind
from sanyi.exchange.intake.rules.cells import MARK
from sanyi.exchange.intake.services import originals, terms
from sanyi.exchange.intake.services.originals import Stored
from sanyi.kernel.refusals import RefusedError

__all__ = ["MARK", "ReadSheet", "Stored", "keep", "path_of", "size_text", "workbook_sheets"]

REPORT_ROWS = 5_000
FORMULA_ROWS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """读出的工作表: ``rows`` are (number as Excel shows it, texts), ``merges`` first row, column, last row, column.

    ``formula_rows`` are the first rows in which formulas stand.
    """

    name: str
    is_hidden: bool
    rows: list[tuple[int, list[str | None]]]
    merges: list[tuple[int, int, int, int]]
    formula_count: int
    formula_rows: list[int]


def keep(file: Any, bytes_max: int | None = None) -> Stored:
    """保存原文件: under the digest of its content. Refuses an empty one and one that is too large."""
    limit = terms.limits(timezone.localdate()).file_bytes
    return originals.store(file, limit if bytes_max is None else min(bytes_max, limit))


def path_of(digest: str) -> Path:
    """原文件位置."""
    return originals.path_of(digest)


def workbook_sheets(
    path: Path, file_name: str, rows_max: int, report: Callable[[int], None] | None = None
) -> list[ReadSheet]:
    """各工作表: of an xlsx workbook. Refuses what is none, locked, damaged, a bomb, or has too many rows.

    ``report`` is called now and then with the number of rows read.
    """
    limits = terms.limits(timezone.localdate())
    kind = detect_kind(path, file_name, limits)
    if kind is not FileKind.XLSX:
        raise RefusedError(codes.FILE_KIND_WRONG(found=kind.zh))
    found: list[ReadSheet] = []
    count = 0
    with closing(WorkbookSource(path, limits)) as source:
        for sheet in source.sheets:
            rows, formula_rows, formula_count = [], [], 0
            for number, cells in source.rows(sheet):
                if (so_far := source.formula_count(sheet)) > formula_count:
                    formula_count = so_far
                    formula_rows.append(number)
                count += 1
                if count > rows_max:
                    raise RefusedError(codes.TOO_MANY_ROWS(limit=rows_max))
                if report is not None and count % REPORT_ROWS == 0:
                    report(count)
                rows.append((number, list(cells)))
            merges, formula_count = list(source.merges(sheet)), source.formula_count(sheet)
            shown = formula_rows[:FORMULA_ROWS_SHOWN]
            found.append(ReadSheet(sheet.name, sheet.is_hidden, rows, merges, formula_count, shown))
    return found
