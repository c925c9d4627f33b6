"""结算单: what one institution gets for a month or a year and why, as a page, a PDF and a workbook of the same rows."""

from sanyi.insurance.payment.services.statements.building import Statement, periods_of, statement
from sanyi.insurance.payment.services.statements.printing import pdf
from sanyi.insurance.payment.services.statements.workbooks import XLSX, workbook

__all__ = ["XLSX", "Statement", "pdf", "periods_of", "statement", "workbook"]
