"""写出分组文件: beside the target and renamed at the end, so that nobody ever finds half a file."""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sanyi.insurance.grouping import codes
from sanyi.insurance.grouping.engine.batch import TEXT_RESULTS
from sanyi.insurance.grouping.files.reading import kind_of
from sanyi.kernel.refusals import RefusedError

SHEET_ROWS_MAX = 1_048_575
Write = Callable[[pa.RecordBatch], None]
_MANY_VALUES = frozenset({"case_id", "dx", "px"})
_COUNTED = ("case_id", "trace_rule")  # the only columns of which smallest and largest values help a reader


@contextmanager
def open_target(path: Path, schema: pa.Schema) -> Iterator[Write]:
    """A function that writes batches; the file appears when the block ends without a mistake.

    Result columns of text may come as codes with their texts (Arrow dictionaries).
    """
    kind = kind_of(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with {"parquet": _parquet, "csv": _csv, "excel": _workbook}[kind](part, schema) as write:
                yield write
            part.replace(path)
        except (PermissionError, FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise RefusedError(codes.TARGET_UNWRITABLE(file=str(path))) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _parquet(path: Path, schema: pa.Schema) -> Iterator[Write]:
    """Result columns come as codes with their texts and are written so; the stored schema says that they are texts."""
    stored = schema
    for place, field in enumerate(schema):
        if field.name in TEXT_RESULTS:
            stored = stored.set(place, field.with_type(pa.dictionary(pa.int16(), pa.string())))
    repeated = [field.name for field in schema if field.name not in _MANY_VALUES]
    with pq.ParquetWriter(
        path, stored, store_schema=False, compression="snappy", use_dictionary=repeated, write_statistics=list(_COUNTED)
    ) as writer:
        yield writer.write_batch
        encoded = base64.b64encode(schema.serialize().to_pybytes()).decode()
        writer.add_key_value_metadata({"ARROW:schema": encoded})


@contextmanager
def _csv(path: Path, schema: pa.Schema) -> Iterator[Write]:
    with pacsv.CSVWriter(path, schema) as writer:
        yield lambda batch: writer.write_batch(_spelled(batch, schema))


def _spelled(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch with its result columns as plain texts."""
    return pa.RecordBatch.from_arrays(
        [column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)], schema=schema
    )


@contextmanager
def _workbook(path: Path, schema: pa.Schema) -> Iterator[Write]:
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
                    sheet.write_string(row, place, str(value))
        done += batch.num_rows

    try:
        yield write
    finally:
        workbook.close()
