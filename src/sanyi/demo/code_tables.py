"""编码表: the code tables that the demonstration writes its stays with, and the grouper that judges them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

Grouper = Callable[[pl.DataFrame], pl.DataFrame]  # adds status, mdc, adrg, drg to grouping records
GROUPED = "分组成功"
_CODES_OF_A_PREFIX = 6
_OPERATIONS_OF_A_PREFIX = 4


@dataclass(frozen=True, slots=True)
class CodeTables:
    """编码表: insurance codes (code, grey) and the clinical edition's map (clinical_code, nhsa_code, same_code).

    ``open_diagnoses`` are codes of other editions that lead to several insurance codes.
    """

    diagnoses: pl.DataFrame
    procedures: pl.DataFrame
    clinical_diagnoses: pl.DataFrame
    open_diagnoses: list[str] = field(default_factory=list)
    settled_diagnoses: list[str] = field(init=False, default_factory=list)
    settled_procedures: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.settled_diagnoses.extend(_settled(self.diagnoses))
        self.settled_procedures.extend(_settled(self.procedures))

    def diagnoses_of(self, prefix: str, limit: int = _CODES_OF_A_PREFIX) -> list[str]:
        """诊断代码: those below a prefix that may be settled, the plainest first."""
        return _below(self.settled_diagnoses, prefix, limit)

    def procedures_of(self, prefix: str, limit: int = _OPERATIONS_OF_A_PREFIX) -> list[str]:
        """手术操作代码: those below a prefix that may be settled, the plainest first."""
        return _below(self.settled_procedures, prefix, limit)


def _settled(table: pl.DataFrame) -> list[str]:
    """Codes that may be settled, sorted; pairs of aetiology and manifestation are left to the hospitals."""
    chosen = table.filter(~pl.col("grey") & ~pl.col("code").str.contains("+", literal=True))
    return sorted(chosen["code"].to_list())


def _below(codes: list[str], prefix: str, limit: int) -> list[str]:
    found = codes[bisect_left(codes, prefix) : bisect_left(codes, prefix + "\uffff")]
    return sorted(found, key=lambda code: (len(code), code))[:limit]
