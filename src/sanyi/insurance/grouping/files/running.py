"""分组运行: reads, groups and writes a file piece by piece; memory does not grow with the file.

As many threads as there are processors read and group; where a file can only be read from its beginning to its end one
of them reads. The caller's thread writes, in the order of the file.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from os import cpu_count
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from sanyi.insurance.grouping.engine import columns
from sanyi.insurance.grouping.engine.batch import Grouping
from sanyi.insurance.grouping.files.reading import copyable, kind_of, open_source
from sanyi.insurance.grouping.files.writing import open_copy, open_target
from sanyi.insurance.grouping.tables import STAY_TO_GROUP

KEY_COLUMN = "case_id"
CHINESE_NAMES = {column.zh: column.name for column in STAY_TO_GROUP.columns}
Report = Callable[[int, int | None], None]


@dataclass
class Summary:
    """分组小结: how many stays a file had, and how they ended."""

    stay_count: int = 0
    status_counts: Counter[str] = field(default_factory=Counter)

    def add(self, batch: pa.RecordBatch) -> None:
        """Count a batch of results."""
        self.stay_count += batch.num_rows
        for row in pc.value_counts(batch.column("status")).to_pylist():
            self.status_counts[row["values"]] += row["counts"]


def group_file(
    source: Path,
    target: Path,
    chosen: Grouping,
    *,
    only_results: bool = False,
    row_groups: list[int] | None = None,
    report: Report | None = None,
) -> Summary:
    """分组一个文件: every input column is kept, the result columns are added or replaced.

    ``only_results`` keeps just ``case_id``. ``report(done, total)`` is told the progress; the total of a text file is
    unknown. Raises ``RefusedError`` for files that cannot be read or written and columns that are missing.
    """
    summary = Summary()

    def wanted(found: list[str]) -> list[str]:
        return _needed(found, chosen) if only_results else found

    with open_source(source, row_groups, wanted=wanted) as found:
        names = _names(found.schema.names)
        schema = output_schema(found.schema, chosen, only_results)
        columns.check_columns(
            pa.schema([found.schema.field(shown).with_name(name) for name, shown in names.items()]), chosen.compiled
        )
        results = chosen.result_schema()
        stored = copyable(source) if kind_of(target) == "parquet" else None
        if stored is None:
            opened = open_target(target, schema, results.names)
        else:
            groups = range(len(stored.groups)) if row_groups is None else row_groups
            opened = open_copy(target, schema, results, source, stored, groups)
        with opened as write, ThreadPoolExecutor(max_workers=cpu_count()) as pool:

            def work(piece: pa.RecordBatch) -> pa.RecordBatch:
                found = chosen.results(_input(piece, names))
                return found if stored is not None else _beside(piece, found, schema)

            grouped = _by_parts(found.parts, work, pool) if found.parts else _in_order(found.pieces, work, pool)
            for batch in grouped:
                write(batch)
                summary.add(batch)
                if report is not None:
                    report(summary.stay_count, found.row_count)
    return summary


def _by_parts(
    parts: Sequence[Callable[[], list[pa.RecordBatch]]],
    work: Callable[[pa.RecordBatch], pa.RecordBatch],
    pool: ThreadPoolExecutor,
) -> Iterator[pa.RecordBatch]:
    """Results in the order of the parts, each read and grouped by one thread, a few under way at a time."""

    def whole(part: Callable[[], list[pa.RecordBatch]]) -> list[pa.RecordBatch]:
        return [work(piece) for piece in part()]

    waiting: deque[Future[list[pa.RecordBatch]]] = deque()
    for part in parts:
        waiting.append(pool.submit(whole, part))
        if len(waiting) > (cpu_count() or 1):
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def _in_order(
    pieces: Iterator[pa.RecordBatch], work: Callable[[pa.RecordBatch], pa.RecordBatch], pool: ThreadPoolExecutor
) -> Iterator[pa.RecordBatch]:
    """Results in the order of the pieces, with only a few pieces under way at a time."""
    waiting: deque[Future[pa.RecordBatch]] = deque()
    reading: Future[pa.RecordBatch | None] = pool.submit(next, pieces, None)
    while True:
        piece = reading.result()
        if piece is not None:
            reading = pool.submit(next, pieces, None)
            waiting.append(pool.submit(work, piece))
        while waiting and (piece is None or len(waiting) > (cpu_count() or 1) or waiting[0].done()):
            yield waiting.popleft().result()
        if piece is None:
            return


def output_schema(schema: pa.Schema, chosen: Grouping, only_results: bool) -> pa.Schema:
    """The columns of the output: the input's (or its key alone), with the results replaced or at the end."""
    if only_results:
        schema = pa.schema([schema.field(KEY_COLUMN)] if KEY_COLUMN in schema.names else [])
    for wanted in chosen.result_schema():
        place = schema.get_field_index(wanted.name)
        schema = schema.append(wanted) if place < 0 else schema.set(place, wanted)
    return schema


def _names(found: list[str]) -> dict[str, str]:
    """For each column the grouper reads, its name in the file: the name itself or a Chinese one."""
    names = {name: name for name in columns.ALL if name in found}
    for chinese, name in CHINESE_NAMES.items():
        if name in columns.ALL and name not in names and chinese in found:
            names[name] = chinese
    return names


def _needed(found: list[str], chosen: Grouping) -> list[str]:
    """The columns of a file that the results need, in its order: its key and what the grouper reads."""
    fields = {*columns.REQUIRED, *chosen.compiled.fields_read}
    read = {shown for name, shown in _names(found).items() if name in fields}
    return [name for name in found if name in read or name == KEY_COLUMN]


def _input(piece: pa.RecordBatch, names: dict[str, str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([piece.column(shown) for shown in names.values()], names=list(names))


def _beside(piece: pa.RecordBatch, results: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The columns of the piece with those of the results in their places."""
    found = set(results.schema.names)
    parts = [(results if name in found else piece).column(name) for name in schema.names]
    return pa.RecordBatch.from_arrays(parts, names=schema.names)
