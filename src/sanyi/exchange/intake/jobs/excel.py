"""Excel来源: xlsx by our own stream reader, the old xls by the library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import FileKind
from sanyi.exchange.intake.jobs.archive import open_archive
from sanyi.exchange.intake.jobs.limits import Limits
from sanyi.exchange.intake.jobs.sheet import SheetReader, number_text
from sanyi.exchange.intake.jobs.sources import RowSource, Sheet
from sanyi.exchange.intake.jobs.workbook import Workbook, open_workbook
from sanyi.exchange.intake.rules.cells import MARK
from sanyi.exchange.intake.rules.headers import Merge, Row
from sanyi.kernel.refusals import RefusedError


class WorkbookSource(RowSource):
    """xlsx来源."""

    kind = FileKind.XLSX

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self._readers: dict[int, SheetReader] = {}
        self._archive = open_archive(path, limits)

    @cached_property
    def _workbook(self) -> Workbook:
        return open_workbook(self._archive)

    def close(self) -> None:
        """关闭: the archive."""
        self._archive.close()

    @cached_property
    def sheets(self) -> Sequence[Sheet]:
        """工作表: in the order of their tabs."""
        return [Sheet(place, part.name, part.is_hidden) for place, part in enumerate(self._workbook.sheets)]

    def _reader(self, sheet: Sheet) -> SheetReader:
        if sheet.place not in self._readers:
            part = self._workbook.sheets[sheet.place]
            self._readers[sheet.place] = SheetReader(self._workbook, part, self.limits.columns)
        return self._readers[sheet.place]

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """各行."""
        return self._reader(sheet).rows()

    def merges(self, sheet: Sheet) -> list[Merge]:
        """合并单元格."""
        return self._reader(sheet).merges()

    def formula_count(self, sheet: Sheet) -> int:
        """公式个数."""
        return self._reader(sheet).formula_count


class OldWorkbookSource(RowSource):
    """xls来源: at most 65,536 rows, held in memory by the library."""

    kind = FileKind.XLS

    def __init__(self, path: Path, limits: Limits) -> None:
        self.limits = limits
        try:
            self._workbook = CalamineWorkbook.from_path(path)
        except PasswordError as error:
            raise RefusedError(codes.PASSWORD_PROTECTED()) from error
        except (CalamineError, ValueError) as error:
            is_locked = "password" in str(error).lower()
            broken = codes.FILE_BROKEN(kind=self.kind.zh, kind_en=self.kind.en)
            raise RefusedError(codes.PASSWORD_PROTECTED() if is_locked else broken) from error
        if not self.sheets:
            raise RefusedError(codes.FILE_BROKEN(kind=self.kind.zh, kind_en=self.kind.en))

    @cached_property
    def sheets(self) -> Sequence[Sheet]:
        """工作表: charts and macros left out."""
        return [
            Sheet(place, meta.name, meta.visible != SheetVisibleEnum.Visible)
            for place, meta in enumerate(self._workbook.sheets_metadata)
            if meta.typ == SheetTypeEnum.WorkSheet
        ]

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """各行: from the first used cell on, numbered as Excel shows them."""
        page = self._workbook.get_sheet_by_index(sheet.place)
        if page.start is None:
            return
        first_row, first_column = page.start
        for number, cells in enumerate(page.iter_rows(), start=first_row + 1):
            texts = [None] * first_column + [_cell_text(cell) for cell in cells]
            if any(text is not None for text in texts):
                yield number, texts

    def close(self) -> None:
        """关闭: the library's file."""
        self._workbook.close()

    def merges(self, sheet: Sheet) -> list[Merge]:
        """合并单元格."""
        ranges = self._workbook.get_sheet_by_index(sheet.place).merged_cell_ranges or []
        return [(a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in ranges]


def _cell_text(cell: object) -> str | None:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return number_text(repr(cell))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    text = str(cell)
    return MARK + "E" + text if text in ("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#N/A", "#NUM!") else text or None
