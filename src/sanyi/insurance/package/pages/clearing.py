"""年终清算页: surplus or overspend step by step, who keeps or bears what, the members' parts, earlier revisions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from sanyi.insurance.package import workflow
from sanyi.insurance.package.codes import Tier, YearStep
from sanyi.insurance.package.models import Clearing, PackageYear
from sanyi.insurance.package.pages import holder as pages
from sanyi.insurance.package.pages import why
from sanyi.insurance.package.pages.advances import print_url
from sanyi.insurance.package.pages.table import READ_PURPOSES, case_view, routes
from sanyi.insurance.package.pages.years import holder_owner
from sanyi.insurance.package.services import clearings, overview
from sanyi.insurance.package.services.policy import clearing_due_at
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.services import GuardedRequest, may
from sanyi.registry.organisations import services as organisations

DOCUMENTS = ("package.settlement", "package.deposit_return", "package.share", "package.payment", "package.pool")


@routes.page(
    "package/<int:year>/<str:holder>/clearing/",
    name="clearing",
    permission=Permission.PACKAGE_READ,
    purpose=READ_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    zh="年终清算",
    en="Year-end clearing",
)
def clearing_page(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """年终清算."""
    return show(request, pages.found(year, holder))


def show(request: GuardedRequest, row: PackageYear, error: RefusedError | None = None) -> HttpResponse:
    """年终清算页."""
    standing = overview.of(row)
    current = standing.clearing
    shown = case_view(request, current.case, workflow.CLEARING_CHART) if current else None
    rules = why.rules_of(row)
    context = pages.base_context(request, row, standing, "clearing") | {
        "clearing": current,
        "shown": shown,
        "asks_score": any(one["name"] == "compute" for one in (shown["acts"] if shown else [])),
        "shown_score": _score(request, current),
        "score_words": why.score_words(rules),
        "may_open": may(request, Permission.PACKAGE_MANAGE, row.holder_code) and row.step == YearStep.AGREED,
        "due_at": clearing_due_at(row.year),
        "entries": pages.entries(row, *DOCUMENTS),
        "revisions": _revisions(row, current),
        "sharing": why.source(rules, "sharing_method"),
        "sharing_words": why.sharing_words(rules),
    }
    if current and current.result:
        context |= _result(row, current)
    return pages.answer(request, "package/clearing.html", context, error)


def _result(row: PackageYear, current: Clearing) -> dict[str, Any]:
    surplus, due = current.surplus_fen or 0, current.due_fen or 0
    is_surplus = surplus >= 0
    kept = current.retain_fen if is_surplus else current.holder_share_fen
    shares = clearings.result_of(current)["shares"]
    names = organisations.names({one["code"] for one in shares})
    return {
        "lines": why.clearing_lines(current),
        "surplus_label": _("结余（元）") if is_surplus else _("超支（元）"),
        "shown_surplus": why.yuan(abs(surplus)),
        "kept_label": _("结余留用（元）") if is_surplus else _("医共体自担（元）"),
        "shown_kept": why.yuan(kept),
        "shown_deposit": why.yuan(current.deposit_back_fen),
        "due_label": _("应拨付（元）") if due >= 0 else _("应追回（元）"),
        "shown_due": why.yuan(abs(due)),
        "shares": [
            {
                "name": names.get(one["code"], one["code"]),
                "tier": Tier(one["tier"]).label(language()),
                "weight": one["weight"],
                "amount_fen": one["amount_fen"],
            }
            for one in shares
        ],
        "shares_fen": sum(one["amount_fen"] for one in shares),
        "pdf_url": print_url(row, "year", "pdf"),
        "xlsx_url": print_url(row, "year", "xlsx"),
    }


def _revisions(row: PackageYear, current: Clearing | None) -> list[dict[str, Any]]:
    now = current.entitled_fen if current else None
    earlier = row.clearings.filter(is_current=False).order_by("-revision")
    return [
        {
            "revision": one.revision,
            "entitled_fen": one.entitled_fen,
            "difference_fen": now - one.entitled_fen if now is not None and one.entitled_fen is not None else None,
            "reason": one.reason,
        }
        for one in earlier
    ]


def _score(request: GuardedRequest, current: Clearing | None) -> str:
    typed = request.POST.get("score")
    if typed is not None:
        return str(typed)
    return why.hundredths(current.score_e4) if current and current.score_e4 is not None else ""
