"""办理总额打包: the steps of every case of a holder's year, and what opens them; a refusal loses nothing typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from sanyi.insurance.package import services
from sanyi.insurance.package.models import PackageYear
from sanyi.insurance.package.pages import advances, clearing, disputes, months
from sanyi.insurance.package.pages import holder as pages
from sanyi.insurance.package.pages.table import revision_of, routes
from sanyi.insurance.package.pages.years import holder_owner, holder_url
from sanyi.kernel.money import parse_yuan
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case
from sanyi.registry.doors import codes as door_codes
from sanyi.registry.doors.codes import Subject
from sanyi.registry.doors.services import GuardedRequest

Show = Callable[[GuardedRequest, PackageYear, RefusedError | None], HttpResponse]
SECTIONS: Mapping[str, Show] = {
    "holder": pages.show,
    "advances": advances.show,
    "months": months.show,
    "clearing": clearing.show,
    "disputes": disputes.show,
}
SCORE_SCALE = 100


def lead_owner(request: object, year: int, holder: str) -> frozenset[str] | None:
    """可办理者: the holder and its lead hospital."""
    found = PackageYear.objects.filter(year=year, holder_code=holder).first()
    return frozenset({found.holder_code, found.lead_code}) if found else None


@routes.page(
    "package/<int:year>/<str:holder>/cases/<str:number>/",
    name="act",
    permission=Permission.CASE_ACT,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    methods=("POST",),
    zh="办理打包事项",
    en="Act on a package",
)
def act(request: GuardedRequest, year: int, holder: str, number: str) -> HttpResponseBase:
    """办理: one step of a case of this package."""
    row, given = pages.found(year, holder), request.POST
    section = given.get("back", "")
    section = section if section in SECTIONS else "holder"

    def step() -> None:
        cases.act(
            case_of(row, number),
            given.get("transition", ""),
            request.actor,
            reason=given.get("reason", "")[:400],
            evidence=request.FILES.getlist("evidence"),
            revision=revision_of(given.get("revision", "")),
            data=_data(given),
        )

    return _done(request, row, section, step, _("办理成功。"))


@routes.page(
    "package/<int:year>/<str:holder>/apply/",
    name="apply",
    permission=Permission.PACKAGE_APPLY,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=lead_owner,
    methods=("POST",),
    zh="申请打包",
    en="Apply for the package",
)
def apply(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """申请打包: by the lead hospital for all members, with their mandates."""
    row = pages.found(year, holder)

    def step() -> None:
        case = services.years.apply(row, by=request.actor, text=request.POST.get("text", ""))
        for file in request.FILES.getlist("evidence"):
            cases.attach(case, file, by=request.actor)

    return _done(request, row, "holder", step, _("已申请，待卫健部门出具意见。"))


@routes.page(
    "package/<int:year>/<str:holder>/advances/new/",
    name="advance",
    permission=Permission.PACKAGE_MANAGE,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    methods=("POST",),
    zh="办理月度预拨",
    en="Order an advance",
)
def advance(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """办理月度预拨: another person pays it."""
    row = pages.found(year, holder)
    month = _whole(request.POST.get("month", ""))

    def step() -> None:
        services.advances.request(row, month, by=request.actor)

    return _done(request, row, "advances", step, _("已办理，待另一人拨付。"))


@routes.page(
    "package/<int:year>/<str:holder>/months/close/",
    name="month_close",
    permission=Permission.PACKAGE_MANAGE,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    methods=("POST",),
    zh="锁定月度核算",
    en="Close a month",
)
def month_close(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """锁定月度核算."""
    row = pages.found(year, holder)
    month = _whole(request.POST.get("month", ""))

    def step() -> None:
        services.months.close_month(row, month, by=request.actor)

    return _done(request, row, "months", step, _("已核算并锁定。"))


@routes.page(
    "package/<int:year>/<str:holder>/months/reopen/",
    name="month_reopen",
    permission=Permission.PACKAGE_MANAGE,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    methods=("POST",),
    zh="重开月度核算",
    en="Reopen a month",
)
def month_reopen(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """重开月度核算: with a reason."""
    row = pages.found(year, holder)
    month, reason = _whole(request.POST.get("month", "")), request.POST.get("reason", "")

    def step() -> None:
        services.months.reopen_month(row, month, reason=reason, by=request.actor)

    return _done(request, row, "months", step, _("已重开，更正后请重新锁定。"))


@routes.page(
    "package/<int:year>/<str:holder>/clearing/open/",
    name="clearing_open",
    permission=Permission.PACKAGE_MANAGE,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=holder_owner,
    methods=("POST",),
    zh="开始清算",
    en="Open the clearing",
)
def clearing_open(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """开始清算."""
    row = pages.found(year, holder)

    def step() -> None:
        services.clearings.open_clearing(row, by=request.actor)

    return _done(request, row, "clearing", step, _("已开始清算，请填入考核得分测算。"))


@routes.page(
    "package/<int:year>/<str:holder>/disputes/new/",
    name="dispute",
    permission=Permission.PACKAGE_APPLY,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=lead_owner,
    methods=("POST",),
    zh="提出异议",
    en="Raise a dispute",
)
def dispute(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """提出异议."""
    row, given = pages.found(year, holder), request.POST

    def step() -> None:
        month, claim = given.get("month", "").strip(), given.get("claim", "").strip()
        services.disputes.raise_dispute(
            row,
            text=given.get("text", ""),
            by=request.actor,
            month=_whole(month) if month else None,
            claim_fen=parse_yuan(claim) if claim else None,
        )

    return _done(request, row, "disputes", step, _("已提出，待医保部门答复。"))


@routes.page(
    "package/<int:year>/<str:holder>/findings/new/",
    name="finding",
    permission=Permission.PACKAGE_APPLY,
    purpose=AT_WORK,
    subject=Subject.ORGANISATION,
    organisation_of=lead_owner,
    methods=("POST",),
    zh="登记监督发现",
    en="Record a finding",
)
def finding(request: GuardedRequest, year: int, holder: str) -> HttpResponseBase:
    """登记监督发现: about a member, who corrects it."""
    row, given = pages.found(year, holder), request.POST

    def step() -> None:
        services.disputes.raise_finding(
            row,
            member_code=given.get("member", ""),
            month=_whole(given.get("month", "")),
            amount_fen=parse_yuan(given.get("amount", "")),
            text=given.get("text", ""),
            by=request.actor,
        )

    return _done(request, row, "disputes", step, _("已登记，交成员整改。"))


def _done(
    request: GuardedRequest, row: PackageYear, section: str, step: Callable[[], None], said: str
) -> HttpResponseBase:
    """One step, then its page: with what was refused, or anew."""
    try:
        step()
    except RefusedError as error:
        return SECTIONS[section](request, pages.found(row.year, row.holder_code), error)
    messages.success(request, said)
    return HttpResponseRedirect(holder_url(row.year, row.holder_code, section))


def case_of(row: PackageYear, number: str) -> Case:
    """一件办件: a case of this package and of no other; anything else is not there."""
    held = (row.advances, row.clearings, row.disputes, row.findings)
    if row.case is not None and row.case.number == number:
        return row.case
    for rows in held:
        found = rows.select_related("case").filter(case__number=number).first()
        if found is not None:
            case: Case = found.case
            return case
    raise RefusedError(door_codes.NOT_FOUND())


def _data(given: Mapping[str, Any]) -> dict[str, Any]:
    """What steps take besides a reason: an amount in yuan, a score of at most two decimals and its basis."""
    data: dict[str, Any] = {}
    if given.get("amount", "").strip():
        data["amount_fen"] = parse_yuan(given["amount"])
    if given.get("score", "").strip():
        data["score_e4"] = parse_yuan(given["score"]) * SCORE_SCALE
    if given.get("score_basis", "").strip():
        data["score_basis"] = given["score_basis"].strip()[:400]
    return data


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 0
