"""检查结果目录: how the results of a check lie on the disk until they are accepted, piece by piece.

``rows/00001.arrow`` … are the rows without errors in the stored form, ``issues/…`` one row per mistake or doubt,
``refused/…`` the refused rows as written with personal columns masked, and ``keys.parquet`` the row number, natural
key, digest and state of every row that can enter. Pieces are Arrow files: of a hundred columns and few rows they are
written ten times as fast as Parquet.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polars as pl

from sanyi.exchange.intake import tables
from sanyi.exchange.lake.tables import ROW_NUMBER

ROWS, ISSUES, REFUSED = "rows", "issues", "refused"
LAST = 99_999
"""最后一段: what is only known when all pieces have been read."""

KEYS = "keys.parquet"
_PIECES = "*.arrow"


def prepare(staging: Path) -> None:
    """建目录."""
    for folder in (ROWS, ISSUES, REFUSED):
        (staging / folder).mkdir(parents=True, exist_ok=True)


def write(frame: pl.DataFrame, folder: Path, number: int) -> None:
    """写一段."""
    frame.write_ipc(folder / f"{number:05d}.arrow", compression="zstd")


def write_keys(keys: pl.DataFrame, staging: Path) -> None:
    """写主键."""
    keys.write_parquet(staging / KEYS, compression="zstd")


def compact(frame: pl.DataFrame) -> pl.DataFrame:
    """收紧: the same rows, which hold on to nothing else that was read with them."""
    content = BytesIO()
    frame.write_ipc(content, compression="uncompressed")
    content.seek(0)
    return pl.read_ipc(content)


def parts(staging: Path) -> Iterator[pl.DataFrame]:
    """各段可入库的行."""
    return (pl.read_ipc(path) for path in sorted((staging / ROWS).glob(_PIECES)))


def staged_issues(staging: Path) -> pl.LazyFrame:
    """问题明细: of a checked file, by row and order; empty when there are none."""
    if not any((staging / ISSUES).glob(_PIECES)):
        return pl.LazyFrame(schema=tables.ISSUES)
    return pl.scan_ipc(staging / ISSUES / _PIECES).sort("row_number", "order", "column", maintain_order=True)


def staged_refused(staging: Path) -> pl.LazyFrame | None:
    """被拒绝的行: as they were written, personal columns masked; None when there are none."""
    found = sorted((staging / REFUSED).glob(_PIECES))
    return pl.concat([pl.scan_ipc(path) for path in found], how="diagonal") if found else None


def staged_keys(staging: Path) -> pl.DataFrame:
    """主键: of the rows that can enter."""
    return pl.read_parquet(staging / KEYS)


def staged_rows(staging: Path, wanted: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """可入库的行: of the staged parts only those whose row number is in ``wanted``; empty parts are left out."""
    numbers = wanted["row_number"].implode()
    for part in parts(staging):
        entering = part.filter(part[ROW_NUMBER].is_in(numbers))
        if entering.height:
            yield entering
