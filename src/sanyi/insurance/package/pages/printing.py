"""打印页: the order of an advance, the statements of a month and of a year, in PDF and Excel."""

from __future__ import annotations

from django.http import HttpResponseBase

from sanyi.insurance.package.models import PackageYear
from sanyi.insurance.package.pages import holder as pages
from sanyi.insurance.package.pages.table import PDF, READ_PURPOSES, XLSX, attachment, routes
from sanyi.insurance.package.pages.years import holder_owner
from sanyi.insurance.package.services import clearings, statements, writing
from sanyi.insurance.package.services.writing import Paper
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors import codes as door_codes
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.services import GuardedRequest


@routes.page(
    "package/<int:year>/<str:holder>/print/<str:what>.<str:suffix>",
    name="print",
    permission=Permission.PACKAGE_READ,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    zh="打印",
    en="Print",
)
def print_page(request: GuardedRequest, year: int, holder: str, what: str, suffix: str) -> HttpResponseBase:
    """打印: ``what`` is advance-<id>, month-<id> or year; anything else is not there."""
    paper = _paper(pages.found(year, holder), what)
    if paper is None or suffix not in ("pdf", "xlsx"):
        raise RefusedError(door_codes.NOT_FOUND())
    name = f"{paper.title}-{paper.subtitle.split('（')[0]}.{suffix}"
    if suffix == "pdf":
        return attachment(writing.pdf(paper), name, PDF)
    return attachment(writing.workbook(paper), name, XLSX)


def _paper(row: PackageYear, what: str) -> Paper | None:
    kind, _dash, identity = what.partition("-")
    key = int(identity) if identity.isdecimal() and len(identity) < 19 else 0
    if kind == "advance":
        advance = row.advances.select_related("case", "package_year").filter(pk=key).first()
        return statements.advance_order(advance) if advance else None
    if kind == "month":
        month = row.months.select_related("package_year__fund_budget").filter(pk=key).first()
        return statements.month_statement(month) if month else None
    found = clearings.current(row) if what == "year" else None
    return statements.year_statement(found) if found is not None and found.result else None
