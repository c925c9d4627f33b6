"""数据湖文件: a stream of frames becomes one Parquet file, and the file becomes one commit.

The file comes first and the commit after it: whatever stops in between leaves a file that no commit names, which no
reader ever sees. Polars writes a wide stream in a fraction of the memory that the table library's own writer takes
(measured with 49 frames of 1,000 rows and 101 columns: 60 MB against 200 MB).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import polars as pl
from deltalake import CommitProperties, DeltaTable, Schema
from deltalake.transaction import AddAction, create_table_with_add_actions
from polars.io.plugins import register_io_source

# Rows of a hundred columns wait in memory until their group is full: half the rows, half of that. Narrow rows may be
# more, since a scan of many millions of them pays for every group.
_GROUP_ROWS, _GROUP_CELLS = 8192, 819_200
_INSTANTS = {pl.Datetime("us"), pl.Datetime("us", "UTC")}
_PLAIN = {pl.String(), pl.Int64(), pl.Int32(), pl.Float64(), pl.Float32(), pl.Boolean(), pl.Date()} | _INSTANTS


def suits(folder: str, schema: pl.Schema) -> bool:
    """Whether a stream can be written here: a local folder, and columns that Parquet and the table name alike."""
    return "://" not in folder and all(dtype in _PLAIN for dtype in schema.values())


def write(folder: str, frames: Iterator[pl.DataFrame], schema: pl.Schema) -> tuple[AddAction, int]:
    """写文件: one file of all frames, none of them held longer than its row group; the file and its count of rows."""
    path = Path(folder, f"part-{uuid4()}.parquet")
    source = _Source(frames, schema)
    rows = max(_GROUP_ROWS, _GROUP_CELLS // max(len(schema), 1))
    try:
        register_io_source(source, schema=schema).sink_parquet(
            path, compression="zstd", compression_level=1, row_group_size=rows, engine="streaming"
        )
    except BaseException as error:
        path.unlink(missing_ok=True)
        if source.fault is not None:
            raise source.fault from error
        raise
    stats = json.dumps({"numRecords": source.rows})
    return AddAction(path.name, path.stat().st_size, {}, time.time_ns() // 1_000_000, True, stats), source.rows


def commit(
    folder: str,
    delta: DeltaTable | None,
    file: AddAction,
    properties: CommitProperties,
    settings: Mapping[str, str],
    schema: Schema,
) -> None:
    """提交: the file enters the table, or makes it; a table that was made meanwhile is a conflict."""
    if delta is None:
        create_table_with_add_actions(
            folder, schema, [file], mode="error", configuration=settings, commit_properties=properties
        )
    else:
        delta.create_write_transaction([file], "append", schema, commit_properties=properties)


class _Source:
    """The frames as Polars asks for them; what goes wrong while they are made is kept, to be raised as it was."""

    def __init__(self, frames: Iterable[pl.DataFrame], schema: pl.Schema) -> None:
        self._frames, self._schema = frames, schema
        self.rows = 0
        self.fault: BaseException | None = None

    def __call__(
        self, columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        try:
            for frame in self._frames:
                if frame.schema != self._schema:
                    raise ValueError(f"a stream has one schema: {frame.schema} is not {self._schema}")
                self.rows += frame.height
                yield frame
        except GeneratorExit:
            raise
        except BaseException as fault:
            self.fault = fault
            raise
