"""打印: the ledger, the notice, the pack in Word and Excel, and the one-page briefing in PDF."""

from sanyi.governance.tasks.services.writing.briefing import briefing
from sanyi.governance.tasks.services.writing.documents import ledger_document, notice_document, pack_document
from sanyi.governance.tasks.services.writing.workbooks import ledger_workbook, notice_workbook, pack_workbook

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"

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
