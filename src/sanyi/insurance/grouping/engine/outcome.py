"""分组结果列: runs the kernel over batches and turns its whole numbers into columns of text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sanyi.insurance.grouping.engine import columns, kernel, layout, native
from sanyi.insurance.grouping.engine.compiled import CompiledScheme

RESULT_COLUMNS = ("status", "mdc", "adrg", "drg")
BATCH_ROWS = 131_072


@dataclass(frozen=True)
class Outcomes:
    """一批结果: the outcome of each stay and, when wanted, its trace columns."""

    numbers: NDArray[np.int32]
    marks: layout.Marks | None


def run(stays: layout.Stays, scheme: CompiledScheme, has_trace: bool = False) -> Outcomes:
    """Group a batch that is already in whole numbers."""
    count = len(stays.state)
    numbers = np.zeros(count, dtype=np.int32)
    size = count if has_trace else 0
    marks = layout.Marks(
        int(has_trace), *(np.zeros(size, np.int64) for _ in range(4)), procedure=np.zeros(size, np.int32)
    )
    fast = native.module("kernel")
    if fast is not None:
        fast.group(scheme.tables, stays, np.zeros(layout.FACT_COUNT, np.int64), numbers, marks)
    else:
        run_plainly(stays, scheme, numbers, marks)
    return Outcomes(numbers, marks if has_trace else None)


def run_plainly(stays: layout.Stays, scheme: CompiledScheme, numbers: Any, marks: layout.Marks) -> None:
    """The same with lists and the kernel's plain Python."""
    lists = layout.Stays(*(part.tolist() for part in stays))
    plain_marks = layout.Marks(marks.is_wanted, *(part.tolist() for part in marks[1:]))
    plain_numbers = [0] * len(numbers)
    kernel.group(scheme.plain_tables, lists, [0] * layout.FACT_COUNT, plain_numbers, plain_marks)
    numbers[:] = plain_numbers
    for kept, filled in zip(marks[1:], plain_marks[1:], strict=True):
        kept[:] = filled


def run_batch(batch: pa.RecordBatch, scheme: CompiledScheme, is_translated: bool, has_trace: bool) -> Outcomes:
    """Group one batch of text columns."""
    return run(columns.stays_of(batch, scheme, is_translated), scheme, has_trace)


def batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    """Batches of at most ``BATCH_ROWS`` rows; at least one, even when the table is empty."""
    parts = table.to_batches(max_chunksize=BATCH_ROWS)
    yield from parts or [pa.RecordBatch.from_pylist([], schema=table.schema)]
