"""Parquet读取: typed columns become the texts that people would write, piece by piece."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import polars as pl

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import FileKind
from sanyi.exchange.intake.jobs.limits import Limits
from sanyi.exchange.intake.jobs.sources import PIECE_ROWS, ROW_NUMBER, WIDTH, Sheet
from sanyi.exchange.intake.rules.headers import Merge, Row
from sanyi.kernel.refusals import Refusal, RefusedError


class ColumnarSource:
    """Parquet来源: the header is row 0, the first record row 1."""

    kind = FileKind.PARQUET
    encoding = ""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self.limits = path, limits
        try:
            lazy = pl.scan_parquet(path)
            self.schema = lazy.collect_schema()
            count = lazy.select(pl.len()).collect().item()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise RefusedError(self._broken()) from error
        if len(self.schema) > limits.columns:
            raise RefusedError(codes.TOO_MANY_COLUMNS(limit=limits.columns))
        if count > limits.rows:
            raise RefusedError(codes.TOO_MANY_ROWS(limit=limits.rows))

    @property
    def sheets(self) -> tuple[Sheet]:
        """工作表: one without a name."""
        return (Sheet(0, ""),)

    def head(self, sheet: Sheet, count: int) -> list[Row]:
        """表头: the names of the columns."""
        return [(0, self.schema.names())]

    def merges(self, sheet: Sheet) -> list[Merge]:
        """合并单元格: none."""
        return []

    def formula_count(self, sheet: Sheet) -> int:
        """公式个数: none."""
        return 0

    def close(self) -> None:
        """关闭: nothing is held open."""

    def pieces(self, sheet: Sheet, after_row: int, width: int) -> Generator[pl.DataFrame]:
        """分段读取: in the order of the file."""
        texts = [text_expr(name, dtype).alias(f"c{place}") for place, (name, dtype) in enumerate(self.schema.items())]
        number = 0
        try:
            for frame in (
                pl.scan_parquet(self.path).select(texts).collect_batches(chunk_size=PIECE_ROWS, maintain_order=True)
            ):
                for piece in frame.iter_slices(PIECE_ROWS):
                    yield piece.select(
                        pl.int_range(number + 1, number + 1 + pl.len(), dtype=pl.Int64).alias(ROW_NUMBER),
                        pl.lit(width, dtype=pl.Int64).alias(WIDTH),
                        *(pl.col(f"c{place}") for place in range(width)),
                    )
                    number += piece.height
        except pl.exceptions.PolarsError as error:
            raise RefusedError(self._broken()) from error

    def _broken(self) -> Refusal:
        return codes.FILE_BROKEN(kind=self.kind.zh, kind_en=self.kind.en)


def text_expr(name: str, dtype: pl.DataType) -> pl.Expr:
    """文本形式: of a typed column; instants with a zone become China time; binary and nested columns are empty."""
    column = pl.col(name)
    if dtype == pl.String:
        return column
    if isinstance(dtype, pl.Datetime):
        local = column.dt.convert_time_zone("Asia/Shanghai") if dtype.time_zone else column
        return local.dt.strftime("%Y-%m-%d %H:%M:%S")
    if dtype == pl.Boolean:
        return pl.when(column).then(pl.lit("TRUE")).when(~column).then(pl.lit("FALSE"))
    if dtype.is_float():
        is_whole = (column == column.round()) & (column.abs() < 1e15)
        whole = pl.when(is_whole).then(column).cast(pl.Int64, strict=False).cast(pl.String)
        return pl.coalesce(whole, pl.when(column.is_finite()).then(column.cast(pl.String)))
    if isinstance(dtype, pl.List) and dtype.inner == pl.String:
        return column.list.join("|")
    if dtype.is_nested() or dtype == pl.Binary or dtype == pl.Object:
        return pl.lit(None, dtype=pl.String)
    return column.cast(pl.String, strict=False)
