"""分组结果: runs the kernel over a batch that is already in whole numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sanyi.insurance.grouping.engine import kernel, layout, native
from sanyi.insurance.grouping.engine.compiled import CompiledScheme

RESULT_COLUMNS = ("status", "mdc", "adrg", "drg")


@dataclass(frozen=True)
class Outcomes:
    """一批结果: the outcome of each stay and, when wanted, its trace.

    ``marks`` has four masks for each stay: MCC counted, MCC excluded, CC counted, CC excluded; bit k stands for
    secondary diagnosis k + 1, the last bit for all later ones. ``retried`` is the procedure (0 the first) that was
    grouped alone.
    """

    numbers: NDArray[np.int32]
    marks: NDArray[np.int64]
    retried: NDArray[np.int32]


def run(stays: layout.Stays, scheme: CompiledScheme, has_trace: bool = False) -> Outcomes:
    """Group a batch that is already in whole numbers."""
    count = len(stays.state)
    outcomes = Outcomes(
        numbers=np.zeros(count, dtype=np.int32),
        marks=np.zeros(4 * count if has_trace else 0, dtype=np.int64),
        retried=np.zeros(count if has_trace else 0, dtype=np.int32),
    )
    fast = native.module("kernel", count)
    if fast is not None:
        facts = np.zeros(layout.FACT_COUNT, np.int64)
        fast.group(scheme.tables, stays, facts, outcomes.numbers, outcomes.marks, outcomes.retried)
    else:
        _run_plainly(stays, scheme, outcomes)
    return outcomes


def _run_plainly(stays: layout.Stays, scheme: CompiledScheme, outcomes: Outcomes) -> None:
    """The same with lists and the kernel's plain Python."""
    lists = layout.Stays(*(part.tolist() for part in stays))
    filled = (outcomes.numbers.tolist(), outcomes.marks.tolist(), outcomes.retried.tolist())
    kernel.group(scheme.plain_tables, lists, [0] * layout.FACT_COUNT, *filled)
    outcomes.numbers[:], outcomes.marks[:], outcomes.retried[:] = filled
