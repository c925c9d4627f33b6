"""月度核算页: what each closed month charged to the package, by flow, with closing and reopening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from sanyi.insurance.package import services
from sanyi.insurance.package.codes import Flow, MonthState, YearStep
from sanyi.insurance.package.models import MonthAccount, PackageYear
from sanyi.insurance.package.pages import holder as pages
from sanyi.insurance.package.pages import why
from sanyi.insurance.package.pages.advances import print_url
from sanyi.insurance.package.pages.table import READ_PURPOSES, routes
from sanyi.insurance.package.pages.years import holder_owner
from sanyi.insurance.package.services import overview
from sanyi.insurance.package.services.guarding import cleared
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.services import GuardedRequest, may

BADGES: Mapping[Any, str] = {"closed": "bg-green-lt", "reopened": "bg-red-lt"}


@routes.page(
    "package/<int:year>/<str:holder>/months/",
    name="months",
    permission=Permission.PACKAGE_READ,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    zh="月度核算",
    en="Monthly accounts",
)
def months_page(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """月度核算."""
    return show(request, pages.found(year, holder))


def show(request: GuardedRequest, row: PackageYear, error: RefusedError | None = None) -> HttpResponse:
    """月度核算页."""
    rows = list(row.months.order_by("month", "-revision"))
    closed = [one.month for one in rows if one.state == MonthState.CLOSED]
    rules = why.rules_of(row)
    flows: list[Flow] = [flow for flow in Flow if flow is not Flow.OTHER_POOL]
    preview_month = _whole(request.GET.get("preview", ""))
    preview: list[dict[str, Any]] = []
    if preview_month and error is None:
        try:
            figures = services.months.preview(row, preview_month)["flows"]
            preview = [{"name": flow.label(language()), **figures[flow.value]} for flow in flows]
        except RefusedError as refused:
            error = refused
    context = pages.base_context(request, row, overview.of(row), "months") | {
        "preview": preview,
        "preview_month": preview_month,
        "flow_names": [flow.label(language()) for flow in flows],
        "rows": [_row(row, one, flows) for one in rows],
        "may_close": may(request, Permission.PACKAGE_MANAGE, row.holder_code)
        and row.step == YearStep.AGREED
        and cleared(row) is None,
        "open_months": sorted(set(range(1, 13)) - set(closed)),
        "closed_months": closed,
        "lines": why.charging_lines(rules),
    }
    return pages.answer(request, "package/months.html", context, error)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and 1 <= int(text) <= 12 else 0


def _row(row: PackageYear, one: MonthAccount, flows: list[Flow]) -> dict[str, Any]:
    known = overview.flows_of(one)
    return {
        "month": one.month,
        "revision": one.revision,
        "flows": [(flow.label(language()), known.get(flow.value)) for flow in flows],
        "charged_fen": one.charged_fen,
        "direct_fen": one.direct_fen,
        "state": MonthState(one.state).label(language()),
        "badge": BADGES[one.state],
        "reason": one.reason,
        "pdf_url": print_url(row, f"month-{one.pk}", "pdf"),
        "xlsx_url": print_url(row, f"month-{one.pk}", "xlsx"),
    }
