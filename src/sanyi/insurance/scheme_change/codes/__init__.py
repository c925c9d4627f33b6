"""方案调整代码: purposes, states of a group between two schemes, run kinds, refusals and findings."""

from sanyi.insurance.scheme_change.codes.choices import READ_PURPOSES, WORK_PURPOSES, Basis, Change
from sanyi.insurance.scheme_change.codes.refusals import (
    COMPARISON_NOT_DONE,
    COMPARISON_OUTDATED,
    DATE_WRONG,
    FILE_MISSING,
    NOT_A_WORKBOOK,
    NOTHING_TO_COMPARE,
    PROPOSAL_OPEN,
    SAME_SCHEME,
    SCHEME_NOT_NEW,
    VERSION_TAKEN,
    WEIGHTS_MISSING,
)

__all__ = [
    "COMPARISON_NOT_DONE",
    "COMPARISON_OUTDATED",
    "DATE_WRONG",
    "FILE_MISSING",
    "NOTHING_TO_COMPARE",
    "NOT_A_WORKBOOK",
    "PROPOSAL_OPEN",
    "READ_PURPOSES",
    "SAME_SCHEME",
    "SCHEME_NOT_NEW",
    "VERSION_TAKEN",
    "WEIGHTS_MISSING",
    "WORK_PURPOSES",
    "Basis",
    "Change",
]
