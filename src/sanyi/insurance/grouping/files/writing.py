"""写出分组文件: beside the target and renamed at the end, so that nobody ever finds half a file."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sanyi.insurance.grouping import codes
from sanyi.insurance.grouping.files.reading import kind_of
from sanyi.kernel.refusals import RefusedError

SHEET_ROWS_MAX = 1_048_575
Write = Callable[[pa.RecordBatch], None]
_LONG_TEXTS = frozenset({"dx", "px"})


@contextmanager
def open_target(path: Path, schema: pa.Schema) -> Iterator[Write]:
    """A function that writes batches of the schema; the file appears when the block ends without a mistake."""
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
    repeated = [field.name for field in schema if field.name not in _LONG_TEXTS]
    with pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=repeated) as writer:
        yield writer.write_batch


@contextmanager
def _csv(path: Path, schema: pa.Schema) -> Iterator[Write]:
    with pacsv.CSVWriter(path, schema) as writer:
        yield writer.write_batch


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
