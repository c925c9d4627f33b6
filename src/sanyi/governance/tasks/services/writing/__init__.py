"""打印: the ledger, the notice, the pack in Word and Excel, and the one-page briefing in PDF.

The makers of Word and PDF are loaded when something is printed, not when the site starts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sanyi.governance.tasks.services.writing.briefing_page import briefing
    from sanyi.governance.tasks.services.writing.documents import ledger_document, notice_document, pack_document
    from sanyi.governance.tasks.services.writing.workbooks import ledger_workbook, notice_workbook, pack_workbook

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
_WRITERS = {
    "briefing": "briefing_page",
    "ledger_document": "documents",
    "notice_document": "documents",
    "pack_document": "documents",
    "ledger_workbook": "workbooks",
    "notice_workbook": "workbooks",
    "pack_workbook": "workbooks",
}

__all__ = [
    "DOCX",
    "PDF",
    "XLSX",
    "briefing",
    "ledger_document",
    "ledger_workbook",
    "notice_document",
    "notice_workbook",
    "pack_document",
    "pack_workbook",
]


def __getattr__(name: str) -> Any:
    if name not in _WRITERS:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_WRITERS[name]}"), name)
