"""编码质控服务: a checker for today's rules, checks of accepted months and batches, uploads, and what was found."""

from sanyi.insurance.coding_check.services.checkers import Choice, checker_on, yardstick
from sanyi.insurance.coding_check.services.findings import (
    checked_of_run,
    current_findings,
    findings_of_run,
    months_of_findings,
    workbook_of,
)
from sanyi.insurance.coding_check.services.runs import (
    institutions_with_stays,
    months_with_stays,
    recent_checks,
    start_check,
)
from sanyi.insurance.coding_check.services.uploads import check_upload

__all__ = [
    "Choice",
    "check_upload",
    "checked_of_run",
    "checker_on",
    "current_findings",
    "findings_of_run",
    "institutions_with_stays",
    "months_of_findings",
    "months_with_stays",
    "recent_checks",
    "start_check",
    "workbook_of",
    "yardstick",
]
