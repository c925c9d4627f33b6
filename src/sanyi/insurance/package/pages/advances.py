"""月度预拨页: the plan of twelve months, what was ordered and paid, the entries, the printed order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse

from sanyi.insurance.package import workflow
from sanyi.insurance.package.codes import AdvanceStep, YearStep
from sanyi.insurance.package.models import Advance, PackageYear
from sanyi.insurance.package.pages import holder as pages
from sanyi.insurance.package.pages import why
from sanyi.insurance.package.pages.table import READ_PURPOSES, case_view, routes
from sanyi.insurance.package.pages.years import holder_owner
from sanyi.insurance.package.services import overview
from sanyi.insurance.package.services.guarding import cleared
from sanyi.insurance.package.services.years import plan
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.services import GuardedRequest, may

BADGES: Mapping[Any, str] = {"requested": "bg-orange-lt", "paid": "bg-green-lt", "cancelled": "bg-secondary-lt"}


@routes.page(
    "package/<int:year>/<str:holder>/advances/",
    name="advances",
    permission=Permission.PACKAGE_READ,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    zh="月度预拨",
    en="Monthly advances",
)
def advances_page(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """月度预拨."""
    return show(request, pages.found(year, holder))


def show(request: GuardedRequest, row: PackageYear, error: RefusedError | None = None) -> HttpResponse:
    """月度预拨页."""
    rows = list(row.advances.select_related("case").order_by("month", "pk"))
    context = pages.base_context(request, row, overview.of(row), "advances")
    taken = {one.month for one in rows if one.state != AdvanceStep.CANCELLED}
    next_month = min(set(range(1, 13)) - taken, default=None)
    may_order = may(request, Permission.PACKAGE_MANAGE, row.holder_code) and row.step == YearStep.AGREED
    is_waiting = any(one.state == AdvanceStep.REQUESTED for one in rows)
    may_order = may_order and not is_waiting and cleared(row) is None
    due = plan(row).due_fen[next_month - 1] if next_month and row.step == YearStep.AGREED else None
    paid = [one for one in rows if one.state == AdvanceStep.PAID]
    context |= {
        "rows": [_row(request, row, one, sees_ledger=context["sees_ledger"]) for one in rows],
        "sums": {name: sum(getattr(one, name) for one in paid) for name in ("due_fen", "deducted_fen", "paid_fen")},
        "next_month": next_month if may_order else None,
        "next_due_fen": due,
        "lines": why.advance_lines(row, due),
        "entries": pages.entries(row, "package.advance"),
    }
    return pages.answer(request, "package/advances.html", context, error)


def print_url(row: PackageYear, what: str, suffix: str) -> str:
    """打印件地址: ``what`` is advance-3, month-3 or year."""
    asked = {"year": row.year, "holder": row.holder_code, "what": what, "suffix": suffix}
    return reverse("insurance.package.print", kwargs=asked)


def _row(request: GuardedRequest, row: PackageYear, one: Advance, *, sees_ledger: bool) -> dict[str, Any]:
    shown = case_view(request, one.case, workflow.ADVANCE_CHART)
    return {
        "month": one.month,
        "state": AdvanceStep(one.state).label(language()),
        "badge": BADGES[one.state],
        "due_fen": one.due_fen,
        "deducted_fen": one.deducted_fen,
        "paid_fen": one.paid_fen if one.state == AdvanceStep.PAID else None,
        "entry_number": one.entry_number,
        "entry_url": pages.entry_url(one.entry_number) if one.entry_number and sees_ledger else None,
        "shown": shown,
        "asks_reason": any(act["needs_reason"] for act in shown["acts"]),
        "print_url": print_url(row, f"advance-{one.pk}", "pdf"),
    }
