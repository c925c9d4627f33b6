"""成批写入: a frame becomes rows of a table; COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import connection, models

CHUNK = 50_000


def insert_frame(model: type[models.Model], frame: pl.DataFrame) -> int:
    """成批写入: columns are those of the database table. Constraints hold; errors are Django's. Returns the rows.

    Instants must be UTC. Call it inside a transaction.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(name) for name in frame.columns)
    if connection.vendor == "postgresql":
        _copy(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv)", frame)
    else:
        marks = ", ".join(["%s"] * frame.width)
        _insert(f"INSERT INTO {table} ({columns}) VALUES ({marks})", frame)  # noqa: S608  (names are the model's)
    return frame.height


def refresh_statistics(*tables: type[models.Model]) -> None:
    """更新统计信息: PostgreSQL plans by what it knows of a table, and of one that was just filled it knows nothing.

    SQLite needs none: its plans follow the indexes alone.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _insert(statement: str, frame: pl.DataFrame) -> None:
    plain = frame.with_columns(_text(name, dtype, "%Y-%m-%d %H:%M:%S%.6f") for name, dtype in frame.schema.items())
    with connection.cursor() as cursor:
        for part in plain.iter_slices(CHUNK):
            cursor.executemany(statement, part.rows())


def _copy(statement: str, frame: pl.DataFrame) -> None:
    plain = frame.with_columns(_text(name, dtype, "%Y-%m-%dT%H:%M:%S%.6fZ") for name, dtype in frame.schema.items())
    with connection.cursor() as cursor:
        copying: Any = cursor
        with copying.copy(statement) as copy:
            for part in plain.iter_slices(CHUNK):
                hexed = part.with_columns(
                    ("\\x" + pl.col(name).bin.encode("hex")).alias(name)
                    for name, dtype in part.schema.items()
                    if dtype == pl.Binary
                )
                copy.write(hexed.write_csv(include_header=False, quote_style="necessary").encode())


def _text(name: str, dtype: pl.DataType, instant_format: str) -> pl.Expr:
    if dtype == pl.Date:
        return pl.col(name).dt.strftime("%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        return pl.col(name).dt.strftime(instant_format)
    return pl.col(name)
