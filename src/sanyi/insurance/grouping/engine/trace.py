"""分组轨迹: why a stay has its group, as a few whole numbers that can be stored as columns.

``trace_rule``        number of the rule in its scheme, 0 when no rule gave the result
``trace_candidate``   the candidate of that rule, counted from 1; 0 when none was needed
``trace_mcc``, ``trace_cc``                    secondary diagnoses that count as MCC, as CC (bit 0 is the first)
``trace_mcc_excluded``, ``trace_cc_excluded``  those that the exclusion table voids
``trace_procedure``   the procedure (0 the first) that was grouped as the only one, where a scheme tries again
``trace_repairs``     repairs of the clean mode without which the result were another (bits of data/repairs.yaml)
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sanyi.insurance.grouping.engine.compiled import CompiledScheme
from sanyi.insurance.grouping.engine.outcome import Outcomes

PREFIX = "trace_"


@dataclass(frozen=True)
class Trace:
    """分组轨迹 of one stay."""

    rule: int = 0
    candidate: int = 0
    mcc: int = 0
    mcc_excluded: int = 0
    cc: int = 0
    cc_excluded: int = 0
    procedure: int = 0
    repairs: int = 0

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Trace":
        """From a stored row with the columns ``trace_…``."""
        return cls(**{field.name: int(row[PREFIX + field.name]) for field in fields(cls)})

    def as_row(self) -> dict[str, int]:
        """As columns to store."""
        return {PREFIX + field.name: getattr(self, field.name) for field in fields(self)}


_TYPES = (np.int16, np.int16, np.int64, np.int64, np.int64, np.int64, np.int16, np.int64)
TRACE_TYPES: dict[str, Any] = {PREFIX + field.name: kind for field, kind in zip(fields(Trace), _TYPES, strict=True)}


def positions(mask: int) -> list[int]:
    """Positions of the diagnoses in a mask; 1 is the first secondary diagnosis."""
    return [bit + 1 for bit in range(mask.bit_length()) if mask >> bit & 1]


def trace_columns(outcomes: Outcomes, scheme: CompiledScheme, repairs: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """The trace columns of a batch; ``repairs`` is empty in strict mode."""
    marks = outcomes.marks.reshape(-1, 4)
    columns: list[NDArray[Any]] = [
        np.array(scheme.outcome_rule)[outcomes.numbers],
        np.array(scheme.outcome_candidate)[outcomes.numbers],
        *(marks[:, place] for place in range(4)),
        np.minimum(outcomes.retried, 2**15 - 1),
        repairs if repairs.size else np.zeros(outcomes.numbers.size, dtype=np.int64),
    ]
    return {
        name: np.ascontiguousarray(column.astype(kind))
        for (name, kind), column in zip(TRACE_TYPES.items(), columns, strict=True)
    }
