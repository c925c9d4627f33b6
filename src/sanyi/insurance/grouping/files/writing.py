"""写出分组文件: beside the target and renamed at the end, so that nobody ever finds half a file."""

import base64
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sanyi.insurance.grouping import codes
from sanyi.insurance.grouping.engine.batch import TEXT_RESULTS
from sanyi.insurance.grouping.files.reading import kind_of
from sanyi.insurance.grouping.files.splicing import Piece, Splicer, Stored, held, stored_in
from sanyi.kernel.refusals import RefusedError

SHEET_ROWS_MAX = 1_048_575
CELL_LENGTH_MAX = 32_767
"""单元格上限: Excel cuts what is longer; a cell with more is not written at all by the maker of workbooks."""
Write = Callable[[pa.RecordBatch], None]
_MANY_VALUES = frozenset({"case_id", "dx", "px"})
_COUNTED = ("case_id", "trace_rule")  # the only columns of which smallest and largest values help a reader


@contextmanager
def open_target(path: Path, schema: pa.Schema, results: Collection[str]) -> Iterator[Write]:
    """A function that writes batches; the file appears when the block ends without a mistake.

    Columns of text named in ``results`` come as codes with their texts (Arrow dictionaries).
    """
    coded = TEXT_RESULTS.intersection(results)
    opener = {"parquet": _parquet, "csv": _csv, "excel": _workbook}[kind_of(path)]
    with _appearing(path) as part, opener(part, schema, coded) as write:
        yield write


@contextmanager
def open_copy(
    path: Path, schema: pa.Schema, results: pa.Schema, source: Path, stored: Stored, groups: Iterable[int]
) -> Iterator[Write]:
    """A function that takes batches of ``results`` alone; the other columns are copied from the source as they lie.

    ``groups`` are the row groups of the source that the batches belong to, in their order.
    """
    kept, new = frozenset(schema.names) - frozenset(results.names), frozenset(results.names)
    counts = stored.row_counts
    left = deque((group, counts[group]) for group in groups if counts[group])
    waiting: list[pa.RecordBatch] = []
    with _appearing(path) as part, source.open("rb") as old, part.open("wb") as file, Splicer(file, schema) as splicer:
        splicer.declare(stored, kept)
        splicer.declare(held(_encoded(pa.RecordBatch.from_pylist([], schema=results), results)), new)

        def write(batch: pa.RecordBatch) -> None:
            waiting.append(batch)
            if not left or sum(one.num_rows for one in waiting) < left[0][1]:
                return
            group, _ = left.popleft()
            content = _encoded(pa.Table.from_batches(waiting).unify_dictionaries(), results)
            splicer.write([Piece(stored, group, old, kept), Piece(held(content), 0, BytesIO(content), new)])
            waiting.clear()

        yield write
        assert not left, "every row group was written"


def join_parts(parts: list[Path], target: Path) -> None:
    """拼接分片: Parquet files of one schema, made by ``open_copy``, one after another."""
    schema = pq.read_schema(parts[0]).remove_metadata()
    names = frozenset(schema.names)
    with _appearing(target) as whole, whole.open("wb") as file, Splicer(file, schema) as splicer:
        for path in parts:
            stored = stored_in(path)
            assert stored is not None, "parts are written to be copied"
            splicer.declare(stored, names)
            with path.open("rb") as part:
                for group in range(len(stored.groups)):
                    splicer.write([Piece(stored, group, part, names)])


@contextmanager
def _appearing(path: Path) -> Iterator[Path]:
    """A file beside the target that takes its place when the block ends without a mistake."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            yield part
            part.replace(path)
        except (PermissionError, FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise RefusedError(codes.TARGET_UNWRITABLE(file=str(path))) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _parquet(path: Path, schema: pa.Schema, coded: Collection[str]) -> Iterator[Write]:
    """Result columns come as codes with their texts and are written so; the stored schema says that they are texts."""
    with _parquet_writer(path, schema, coded) as writer:
        yield writer.write_batch
        encoded = base64.b64encode(schema.serialize().to_pybytes()).decode()
        writer.add_key_value_metadata({"ARROW:schema": encoded})


def _parquet_writer(where: Path | pa.NativeFile, schema: pa.Schema, coded: Collection[str]) -> pq.ParquetWriter:
    stored = schema
    for place, field in enumerate(schema):
        if field.name in coded:
            stored = stored.set(place, field.with_type(pa.dictionary(pa.int16(), pa.string())))
    repeated = [field.name for field in schema if field.name not in _MANY_VALUES]
    return pq.ParquetWriter(
        where, stored, store_schema=False, compression="snappy", use_dictionary=repeated,
        write_statistics=list(_COUNTED),
    )  # fmt: skip


def _encoded(results: pa.Table | pa.RecordBatch, schema: pa.Schema) -> bytes:
    """A Parquet file of one row group, in memory; none when there are no rows."""
    sink = pa.BufferOutputStream()
    with _parquet_writer(sink, schema, TEXT_RESULTS.intersection(schema.names)) as writer:
        if results.num_rows:
            writer.write(results, row_group_size=results.num_rows)
    content: bytes = sink.getvalue().to_pybytes()
    return content


@contextmanager
def _csv(path: Path, schema: pa.Schema, coded: Collection[str]) -> Iterator[Write]:
    plain = pa.schema([field.with_type(_spelled_type(field.type)) for field in schema])
    with pacsv.CSVWriter(path, plain) as writer:
        yield lambda batch: writer.write_batch(_spelled(batch, plain))


def _spelled_type(kind: pa.DataType) -> pa.DataType:
    """The type itself where CSV has a way to write it, else text."""
    values = kind.value_type if pa.types.is_dictionary(kind) else kind
    is_plain = (
        pa.types.is_primitive(values)
        or pa.types.is_decimal(values)
        or pa.types.is_string(values)
        or pa.types.is_large_string(values)
        or pa.types.is_null(values)
    )
    return kind if is_plain and not pa.types.is_interval(values) else pa.string()


def _spelled(batch: pa.RecordBatch, plain: pa.Schema) -> pa.RecordBatch:
    """The batch with its result columns as plain texts, and lists and the like in words."""
    columns = []
    for column, field in zip(batch.columns, plain, strict=True):
        kind = column.type
        if pa.types.is_string(field.type) and (pa.types.is_nested(kind) or _spelled_type(kind) != kind):
            columns.append(pa.array([_text(value) for value in column.to_pylist()], pa.string()))
        else:
            columns.append(column.cast(field.type))
    return pa.RecordBatch.from_arrays(columns, schema=plain)


def _text(value: Any) -> str | None:
    """A value as text: a list as codes are written, with ``|`` between its parts; bytes in hexadecimal digits."""
    if isinstance(value, list):
        return "|".join(_text(part) or "" for part in value)
    if isinstance(value, dict):
        return "|".join(f"{name}={_text(part) or ''}" for name, part in value.items())
    if isinstance(value, bytes):
        return value.hex()
    return None if value is None else str(value)


@contextmanager
def _workbook(path: Path, schema: pa.Schema, coded: Collection[str]) -> Iterator[Write]:
    import xlsxwriter

    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = workbook.add_worksheet("分组结果")
    bold = workbook.add_format({"bold": True})
    for place, name in enumerate(schema.names):
        sheet.write_string(0, place, name, bold)
    sheet.freeze_panes(1, 0)
    done = 0

    def write(batch: pa.RecordBatch) -> None:
        nonlocal done
        if done + batch.num_rows > SHEET_ROWS_MAX:
            raise RefusedError(codes.TOO_MANY_ROWS(limit=SHEET_ROWS_MAX))
        rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
        for row, values in enumerate(rows, start=done + 1):  # this kind of workbook must be written row by row
            for place, value in enumerate(values):
                if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53:
                    sheet.write_number(row, place, value)
                elif value is not None and value != "":
                    sheet.write_string(row, place, (_text(value) or "")[:CELL_LENGTH_MAX])
        done += batch.num_rows

    try:
        yield write
    finally:
        workbook.close()
