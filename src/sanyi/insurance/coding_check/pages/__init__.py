"""编码质控页面: the ward's form, checks of months, batches and files, one check, and the list of findings."""

from sanyi.insurance.coding_check.pages.doors import routes
from sanyi.insurance.coding_check.pages.findings import finding_list
from sanyi.insurance.coding_check.pages.form import check_form, preview
from sanyi.insurance.coding_check.pages.month import check_run, month, upload, workbook

__all__ = ["check_form", "check_run", "finding_list", "month", "preview", "routes", "upload", "workbook"]
