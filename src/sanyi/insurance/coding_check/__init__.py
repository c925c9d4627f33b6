"""病案编码质控: checks the coding of a stay before discharge and before settlement; proposes no code.

Works on one record, a Polars frame or a whole month, without Django::

    from sanyi.insurance.coding_check import Checker, Record

    checker = Checker("linfen_2022")
    checked = checker.check(Record(diagnosis_codes=("K80.100",), procedure_codes=("51.2300",), sex=2, age_years=56))
    [finding.message() for finding in checked.findings]
"""

from sanyi.insurance.coding_check.codes.kind import Finding, FindingKind, Severity
from sanyi.insurance.coding_check.rules.checker import Checked, Checker
from sanyi.insurance.coding_check.rules.record import Record
from sanyi.insurance.coding_check.rules.thresholds import Thresholds
from sanyi.insurance.coding_check.rules.yardstick import GroupStatistics, Yardstick

__all__ = [
    "Checked",
    "Checker",
    "Finding",
    "FindingKind",
    "GroupStatistics",
    "Record",
    "Severity",
    "Thresholds",
    "Yardstick",
]
