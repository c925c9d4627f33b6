"""DIP 代码: kinds, steps, bands, reasons, purposes, refusals."""

from sanyi.insurance.dip.codes.choices import (
    READ_PURPOSES,
    WORK_PURPOSES,
    Band,
    CorridorPay,
    Dimension,
    Origin,
    Reason,
    RowKind,
    ScoreForm,
    StepKind,
    Treatment,
    Trimming,
)
from sanyi.insurance.dip.codes.refusals import (
    BENCHMARK_MISSING,
    CATALOGUE_DAMAGED,
    COLUMN_MISSING,
    MEAN_NOT_POSITIVE,
    METHOD_UNKNOWN,
    NOTHING_TO_BUILD,
    POOL_WITHOUT_SCORES,
    SHARE_NOT_POSITIVE,
)

__all__ = [
    "BENCHMARK_MISSING",
    "CATALOGUE_DAMAGED",
    "COLUMN_MISSING",
    "METHOD_UNKNOWN",
    "NOTHING_TO_BUILD",
    "MEAN_NOT_POSITIVE",
    "POOL_WITHOUT_SCORES",
    "READ_PURPOSES",
    "SHARE_NOT_POSITIVE",
    "WORK_PURPOSES",
    "Band",
    "CorridorPay",
    "Dimension",
    "Origin",
    "Reason",
    "RowKind",
    "ScoreForm",
    "StepKind",
    "Treatment",
    "Trimming",
]
