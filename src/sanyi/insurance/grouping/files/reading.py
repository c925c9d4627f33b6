"""读取病例文件: Parquet by row group, CSV in pieces, a workbook at once; every reader gives batches of one schema.

In files of text (CSV, Excel) an empty cell is an empty text. Their columns of whole numbers become whole numbers when
every cell of the column is one; all other columns stay text, so that a code such as ``0302`` keeps its zero.
"""

import codecs
import csv
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sanyi.insurance.grouping import codes
from sanyi.insurance.grouping.engine.batch import BATCH_ROWS
from sanyi.insurance.grouping.files.splicing import Stored, stored_in
from sanyi.kernel.file_codes import FILE_EMPTY, FILE_MISSING
from sanyi.kernel.refusals import RefusedError

NUMBER_COLUMNS = ("case_id", "sex", "age", "age_days", "weight", "los", "icu_hours")
UNPACKED_BYTES_MAX = 4 * 2**30
GROUP_BATCHES_MAX = 16
"""行组上限: results of so many batches are held until their row group is written; larger groups are cut."""
_WHOLE = r"^-?(0|[1-9][0-9]{0,17})$"
_PIECE = 1 << 20
_ASCII_END = 0x80
_SEPARATORS = (",", "\t", ";")
_SUFFIXES = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "excel",
             ".xlsm": "excel", ".xls": "excel", ".xlsb": "excel", ".ods": "excel"}  # fmt: skip


@dataclass
class Source(AbstractContextManager["Source"]):
    """病例来源: a schema and batches of it; close it when done.

    ``parts`` are the same batches as pieces to be read each by itself, in several threads at once; empty where a
    source can only be read from its beginning to its end.
    """

    schema: pa.Schema
    pieces: Iterator[pa.RecordBatch]
    row_count: int | None = None
    parts: Sequence[Callable[[], list[pa.RecordBatch]]] = ()
    cleanup: ExitStack = field(default_factory=ExitStack)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.cleanup.close()


def kind_of(path: Path) -> str:
    """``parquet``, ``csv`` or ``excel``, from the name of the file; refuses other names."""
    kind = _SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise RefusedError(codes.FILE_KIND_UNKNOWN(file=path.name))
    return kind


def copyable(path: Path) -> Stored | None:
    """可照抄的文件: whose columns may be copied as they lie; None for others, which are written anew in pieces."""
    stored = stored_in(path) if kind_of(path) == "parquet" else None
    if stored is None or max(stored.row_counts, default=0) > GROUP_BATCHES_MAX * BATCH_ROWS:
        return None
    return stored


def open_source(
    path: Path,
    row_groups: list[int] | None = None,
    as_codes: tuple[str, ...] = (),
    wanted: Callable[[list[str]], list[str]] | None = None,
) -> Source:
    """Open a file of stays; refuses what cannot be read.

    ``row_groups`` picks parts of a Parquet file; its columns ``as_codes`` come as codes with their texts, and only the
    columns that ``wanted`` picks from all names are read.
    """
    if not path.exists():
        raise RefusedError(FILE_MISSING(file=path.name))
    if not path.is_file():
        raise RefusedError(codes.FILE_KIND_UNKNOWN(file=path.name))
    kind = kind_of(path)
    if path.stat().st_size == 0:
        raise RefusedError(FILE_EMPTY().at(file=path.name))
    if kind == "parquet":
        return _open_parquet(path, row_groups, as_codes, wanted)
    return _open_csv(path) if kind == "csv" else _open_workbook(path)


def _open_parquet(
    path: Path,
    row_groups: list[int] | None,
    as_codes: tuple[str, ...],
    wanted: Callable[[list[str]], list[str]] | None,
) -> Source:
    cleanup = ExitStack()
    try:
        file = cleanup.enter_context(pq.ParquetFile(path, read_dictionary=list(as_codes)))
        schema = file.schema_arrow.remove_metadata()
    except (pa.ArrowException, OSError) as error:
        cleanup.close()
        raise RefusedError(codes.FILE_UNREADABLE(file=path.name, kind="Parquet")) from error
    _refuse_repeated(schema.names, path)
    names = wanted(schema.names) if wanted else schema.names
    groups = range(file.num_row_groups) if row_groups is None else row_groups
    counts = {number: file.metadata.row_group(number).num_rows for number in groups}

    def pieces_of(opened: pq.ParquetFile, number: int) -> Iterator[pa.RecordBatch]:
        try:
            if counts[number] <= BATCH_ROWS:  # cheaper than in pieces
                found = opened.read_row_group(number, names, use_threads=False).combine_chunks().to_batches()
            else:
                found = opened.iter_batches(BATCH_ROWS, [number], names, use_threads=False)
            for piece in found:
                _refuse_no_texts(piece)
                yield piece
        except (pa.ArrowException, OSError) as error:
            raise RefusedError(codes.FILE_UNREADABLE(file=path.name, kind="Parquet")) from error

    own = threading.local()

    def part(number: int) -> list[pa.RecordBatch]:
        """A row group, by the file as this thread alone has opened it."""
        if not hasattr(own, "file"):
            again = pq.ParquetFile(path, metadata=file.metadata, read_dictionary=list(as_codes))
            own.file = cleanup.enter_context(again)
        return list(pieces_of(own.file, number))

    return Source(
        pa.schema([schema.field(name) for name in names]),
        (piece for number in groups for piece in pieces_of(file, number)),
        sum(counts.values()),
        [partial(part, number) for number in groups] if max(counts.values(), default=0) <= BATCH_ROWS else (),
        cleanup,
    )


def _refuse_no_texts(piece: pa.RecordBatch) -> None:
    """Raises ``pa.ArrowInvalid`` for texts that are none; bytes that are all ASCII need no second look."""
    for column in piece.columns:
        if not (_is_stored_text(column.type) and _is_ascii(column)):
            column.validate(full=True)


def _is_stored_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_ascii(column: pa.Array) -> bool:
    data = column.buffers()[2]
    return data is None or data.size == 0 or bool(np.frombuffer(data, np.uint8).max() < _ASCII_END)


def _open_csv(path: Path) -> Source:
    cleanup = ExitStack()
    try:
        readable = _in_utf8(path, cleanup)
        names, separator = _header(readable, path)
        _refuse_repeated(names, path)
        numbers = _whole_columns(_csv_pieces(readable, names, separator, path))
    except BaseException:
        cleanup.close()
        raise
    schema = pa.schema([(name, pa.int64() if name in numbers else pa.string()) for name in names])
    pieces = (_typed(piece, schema) for piece in _csv_pieces(readable, names, separator, path))
    return Source(schema, pieces, cleanup=cleanup)


def _in_utf8(path: Path, cleanup: ExitStack) -> Path:
    """The file itself when it is UTF-8, else a copy turned into it from UTF-16 or GB18030."""
    with path.open("rb") as file:
        head = file.read(4)
    encodings = ["utf-16"] if head[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        if encoding == "utf-8-sig" and head[:3] != codecs.BOM_UTF8 and _decodes(path):
            return path
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="sanyi-group-")))
        copy = folder / "utf8.csv"
        try:
            with (
                path.open("r", encoding=encoding, newline="") as old,
                copy.open("w", encoding="utf-8", newline="") as new,
            ):
                while text := old.read(_PIECE):
                    new.write(text)
        except UnicodeError:
            continue
        return copy
    raise RefusedError(codes.FILE_UNREADABLE(file=path.name, kind="CSV"))


def _decodes(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _header(readable: Path, path: Path) -> tuple[list[str], str]:
    """Column names of the first line and the separator that gives most of them."""
    with readable.open("r", encoding="utf-8", newline="") as file:
        line = file.readline(_PIECE).strip("\r\n")
    if "\0" in line:
        raise RefusedError(codes.FILE_UNREADABLE(file=path.name, kind="CSV"))
    separator = max(_SEPARATORS, key=line.count)
    names = [name.strip().strip('"').strip() for name in line.split(separator)]
    return names, separator


def _csv_pieces(readable: Path, names: list[str], separator: str, path: Path) -> Iterator[pa.RecordBatch]:
    try:
        reader = pacsv.open_csv(
            readable,
            read_options=pacsv.ReadOptions(column_names=names, skip_rows=1, block_size=16 * _PIECE),
            parse_options=pacsv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=True
            ),
        )
        yield from reader
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return
        line = _first_uneven_line(readable, separator, len(names))
        raise RefusedError(codes.CSV_BROKEN(file=path.name, line=line, count=len(names))) from error


def _first_uneven_line(readable: Path, separator: str, count: int) -> int:
    """The line on which the first row with another number of cells ends; the last line when all have as many."""
    with readable.open("r", encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=separator)
        for row in reader:
            if len(row) != count:
                break
        return reader.line_num


def _open_workbook(path: Path) -> Source:
    import python_calamine

    _refuse_bomb(path)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=True)
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise RefusedError(codes.FILE_UNREADABLE(file=path.name, kind="Excel")) from error
    if not rows:
        raise RefusedError(FILE_EMPTY().at(file=path.name))
    names = [_cell_text(cell).strip() for cell in rows[0]]
    width = max((place + 1 for place, name in enumerate(names) if name), default=0)
    names = names[:width]
    _refuse_repeated(names, path)
    columns = [pa.array([_cell_text(row[place]) for row in rows[1:]], pa.string()) for place in range(width)]
    batch = pa.RecordBatch.from_arrays(columns, names=names)
    numbers = _whole_columns(iter([batch]))
    schema = pa.schema([(name, pa.int64() if name in numbers else pa.string()) for name in names])
    typed = _typed(batch, schema)
    pieces = (typed.slice(start, BATCH_ROWS) for start in range(0, max(1, typed.num_rows), BATCH_ROWS))
    return Source(schema, pieces, typed.num_rows)


def _refuse_bomb(path: Path) -> None:
    """A workbook that would unpack to more than any workbook needs is not opened."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > UNPACKED_BYTES_MAX:
            raise RefusedError(codes.FILE_UNREADABLE(file=path.name, kind="Excel"))


def _cell_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _refuse_repeated(names: list[str], path: Path) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        shown = "、".join(name or "（空）" for name in repeated)
        raise RefusedError(codes.COLUMN_REPEATED(columns=shown).at(file=path.name))


def _whole_columns(pieces: Iterator[pa.RecordBatch]) -> set[str]:
    """The known columns of numbers in which every cell is a whole number or empty."""
    found: set[str] | None = None
    for piece in pieces:
        if found is None:
            found = set(NUMBER_COLUMNS) & set(piece.schema.names)
        for name in sorted(found):
            column = piece.column(name)
            fits = pc.or_(pc.match_substring_regex(column, _WHOLE), pc.equal(column, ""))
            if not pc.all(fits, min_count=0).as_py():
                found.discard(name)
    return found or set()


def _typed(piece: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for wanted, column in zip(schema, piece.columns, strict=True):
        if pa.types.is_int64(wanted.type):
            column = pc.if_else(pc.equal(column, ""), None, column).cast(pa.int64())
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, schema=schema)
