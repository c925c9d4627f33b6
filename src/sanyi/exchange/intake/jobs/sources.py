"""数据来源: what every kind of file looks like to the checks: sheets, first rows, merged cells, and rows in pieces.

A piece is a frame with ``_row_number``, ``_width`` (how many cells the row had) and the texts ``c0``, ``c1`` ...
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Protocol

import polars as pl

from sanyi.exchange.intake.codes import FileKind
from sanyi.exchange.intake.rules.headers import Merge, Row

PIECE_ROWS = 2_500
ROW_NUMBER = "_row_number"
WIDTH = "_width"


@dataclass(frozen=True, slots=True)
class Sheet:
    """工作表: its place in the source, its name, and whether people see it."""

    place: int
    name: str
    is_hidden: bool = False


class Source(Protocol):
    """数据来源: rows are read anew by every call, never held whole."""

    kind: FileKind
    encoding: str

    @property
    def sheets(self) -> Sequence[Sheet]: ...

    def head(self, sheet: Sheet, count: int) -> list[Row]: ...

    def merges(self, sheet: Sheet) -> list[Merge]: ...

    def pieces(self, sheet: Sheet, after_row: int, width: int) -> Generator[pl.DataFrame]: ...

    def formula_count(self, sheet: Sheet) -> int: ...

    def close(self) -> None: ...


class RowSource:
    """逐行来源: a source that gives rows one by one; subclasses say how."""

    kind: FileKind
    encoding = ""

    @property
    def sheets(self) -> Sequence[Sheet]:
        """工作表: a file without sheets has one without a name."""
        return (Sheet(0, ""),)

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """各行: number and cells."""
        raise NotImplementedError

    def head(self, sheet: Sheet, count: int) -> list[Row]:
        """前几行: the first rows that have any cell."""
        return list(islice(self.rows(sheet), count))

    def merges(self, sheet: Sheet) -> list[Merge]:
        """合并单元格: none in a text file."""
        return []

    def formula_count(self, sheet: Sheet) -> int:
        """公式个数: known once the rows have been read."""
        return 0

    def close(self) -> None:
        """关闭: gives back what the source holds open."""

    def pieces(self, sheet: Sheet, after_row: int, width: int) -> Generator[pl.DataFrame]:
        """分段读取: the rows behind a row number, in frames."""
        return framed((row for row in self.rows(sheet) if row[0] > after_row), width)


def framed(rows: Iterable[Row], width: int) -> Generator[pl.DataFrame]:
    """成段: rows to frames of at most ``PIECE_ROWS``; short rows are filled up, cells beyond ``width`` are dropped."""
    source = iter(rows)
    names = [f"c{place}" for place in range(width)]
    while (frame := _frame(list(islice(source, PIECE_ROWS)), names)) is not None:
        yield frame


def _frame(taken: list[Row], names: Sequence[str]) -> pl.DataFrame | None:
    """Some rows as a frame; the texts of the rows themselves do not outlive this."""
    if not taken:
        return None
    numbers = pl.Series(ROW_NUMBER, [number for number, _ in taken], dtype=pl.Int64)
    widths = pl.Series(WIDTH, [_filled(cells) for _, cells in taken], dtype=pl.Int64)
    padded = [_padded(cells, len(names)) for _, cells in taken]
    cells = pl.Series(list(chain.from_iterable(zip(*padded, strict=True))), dtype=pl.String)
    return pl.DataFrame([numbers, widths]).hstack(split(cells, names))


def lengthened(frame: pl.DataFrame) -> pl.Series:
    """拉长: columns of one type one below the other. One question to one long column is cheaper than many to many."""
    return frame.unpivot().get_column("value")


def split(long: pl.Series, names: Sequence[str]) -> list[pl.Series]:
    """拆回: a long column into columns of these names, all of one height."""
    height = len(long) // len(names) if names else 0
    return [long.slice(place * height, height).alias(name) for place, name in enumerate(names)]


def _padded(cells: Sequence[str | None], width: int) -> Sequence[str | None]:
    missing = width - len(cells)
    return [*cells, *[None] * missing] if missing > 0 else cells[:width]


def _filled(cells: Sequence[str | None]) -> int:
    count = len(cells)
    while count and not cells[count - 1]:
        count -= 1
    return count
