"""方案调整服务: import schemes, offer them as workbooks, compare two, propose and decide a switch."""

from sanyi.insurance.scheme_change.services.comparing import (
    compared_stays,
    comparison,
    owner_of,
    recent,
    start,
    table_of,
)
from sanyi.insurance.scheme_change.services.importing import (
    annotated_workbook,
    bytes_max,
    imports,
    is_under_way,
    receive,
    scheme_import,
    versions,
)
from sanyi.insurance.scheme_change.services.switching import open_proposal, proposals_of, propose
from sanyi.insurance.scheme_change.services.workbooks import is_known, scheme_workbook

__all__ = [
    "annotated_workbook",
    "bytes_max",
    "compared_stays",
    "comparison",
    "imports",
    "is_known",
    "is_under_way",
    "open_proposal",
    "owner_of",
    "proposals_of",
    "propose",
    "receive",
    "recent",
    "scheme_import",
    "scheme_workbook",
    "start",
    "table_of",
    "versions",
]
