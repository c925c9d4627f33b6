"""异议与监督页: disputes about months and clearings, and what the lead hospital found in its members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from sanyi.insurance.package import workflow
from sanyi.insurance.package.codes import DisputeStep, FindingStep, HolderKind, MonthState
from sanyi.insurance.package.models import Dispute, Finding, PackageYear
from sanyi.insurance.package.pages import holder as pages
from sanyi.insurance.package.pages.table import READ_PURPOSES, case_view, routes
from sanyi.insurance.package.pages.years import holder_owner
from sanyi.insurance.package.services import holders, overview
from sanyi.insurance.package.services.guarding import cleared
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.services import GuardedRequest, may
from sanyi.registry.organisations import services as organisations

BADGES: Mapping[Any, str] = {
    "raised": "bg-orange-lt",
    "accepted": "bg-blue-lt",
    "corrected": "bg-green-lt",
    "rejected": "bg-red-lt",
    "withdrawn": "bg-secondary-lt",
    "found": "bg-orange-lt",
    "rectified": "bg-blue-lt",
    "confirmed": "bg-green-lt",
}


@routes.page(
    "package/<int:year>/<str:holder>/disputes/",
    name="disputes",
    permission=Permission.PACKAGE_READ,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    zh="异议与监督",
    en="Disputes and monitoring",
)
def disputes_page(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """异议与监督."""
    return show(request, pages.found(year, holder))


def show(request: GuardedRequest, row: PackageYear, error: RefusedError | None = None) -> HttpResponse:
    """异议与监督页."""
    members = holders.members(row.holder_code, HolderKind(row.holder_kind), row.year)
    closed = row.months.filter(state=MonthState.CLOSED).order_by("month").values_list("month", flat=True)
    context = pages.base_context(request, row, overview.of(row), "disputes") | {
        "disputes": [_dispute(request, one) for one in row.disputes.select_related("case")],
        "findings": [_finding(request, one) for one in row.findings.select_related("case")],
        "may_raise": may(request, Permission.PACKAGE_APPLY, row.holder_code),
        "may_find": cleared(row) is None,
        "closed_months": list(closed),
        "all_months": range(1, 13),
        "members": [(one.code, one.name) for one in members],
    }
    return pages.answer(request, "package/disputes.html", context, error)


def _dispute(request: GuardedRequest, one: Dispute) -> dict[str, Any]:
    shown = case_view(request, one.case, workflow.DISPUTE_CHART)
    return {
        "row": one,
        "shown": shown,
        "badge": BADGES[one.case.state],
        "outcome": DisputeStep(one.case.state).label(language()),
        "about": _("%(month)s 月核算") % {"month": one.month} if one.month else _("年终清算"),
        "answer": _last_reason(shown),
    }


def _finding(request: GuardedRequest, one: Finding) -> dict[str, Any]:
    shown = case_view(request, one.case, workflow.FINDING_CHART)
    return {
        "row": one,
        "shown": shown,
        "badge": BADGES[one.case.state],
        "state": FindingStep(one.case.state).label(language()),
        "member": organisations.names({one.member_code}).get(one.member_code, one.member_code),
        "answer": _last_reason(shown),
    }


def _last_reason(shown: dict[str, Any]) -> str:
    return next((event.reason for event, _step in shown["timeline"] if event.reason), "")
