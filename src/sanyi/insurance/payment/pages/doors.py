"""支付页面的门: the route table of the topic, who sees which stays, and the words its pages share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.insurance.payment import services, workflow
from sanyi.insurance.payment.codes import Method, Outlier, Status, Unpayable
from sanyi.insurance.payment.models import Settlement
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.rules import AllOrganisations, Scope
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import GuardedRequest, Routes
from sanyi.registry.organisations import services as organisations

routes = Routes("insurance.payment")
READ = (Purpose.PAYMENT, Purpose.SUPERVISION, Purpose.ADMINISTRATION, Purpose.AUDIT)
WORK = (Purpose.PAYMENT, Purpose.SUPERVISION, Purpose.ADMINISTRATION)
PERIOD = "period"
_CHOSEN = "_sanyi_payment_chosen"
STATE_BADGES: Mapping[Any, str] = {
    workflow.DRAFT: "bg-secondary-lt",
    workflow.COMPUTED: "bg-orange-lt",
    workflow.CLOSED: "bg-green-lt",
    workflow.REOPENED: "bg-purple-lt",
}
STATUS_BADGES: Mapping[Any, str] = {Status.PAID.value: "bg-green-lt", Status.NOT_PAYABLE.value: "bg-red-lt"}
OUTLIER_BADGES: Mapping[Any, str] = {Outlier.LOW.value: "bg-blue-lt", Outlier.HIGH.value: "bg-orange-lt"}
OUTCOME_BADGES: Mapping[Any, str] = {
    workflow.APPLIED: "bg-orange-lt",
    workflow.REVIEWED: "bg-orange-lt",
    workflow.APPROVED: "bg-green-lt",
    workflow.REJECTED: "bg-red-lt",
    workflow.WITHDRAWN: "bg-secondary-lt",
}


def method_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """支付方式."""
    return Method.mapping(language())


def outlier_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """费用倍率."""
    return Outlier.mapping(language())


def status_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """支付状态."""
    return Status.mapping(language())


def reason_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """暂不能计付的原因: without the remedy, for lists."""
    cut = "; " if language() == "en" else "；"
    return {str(one): one.label(language()).partition(cut)[0] for one in Unpayable}


def state_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """结算状态."""
    is_english = language() == "en"
    return {one.code: one.en if is_english else one.zh for one in workflow.CLOSING_CHART.states}


def special_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """单议状态."""
    is_english = language() == "en"
    return {one.code: one.en if is_english else one.zh for one in workflow.SPECIAL_CHART.states}


def stays_scope(request: GuardedRequest) -> Scope:
    """可见病例的范围: of those who see payment, the institutions whose stays they may read as well."""
    stays = access.visible_organisations(request.actor, Permission.STAY_READ, request.route.purposes)
    if isinstance(stays, AllOrganisations):
        return request.scope
    return stays if isinstance(request.scope, AllOrganisations) else request.scope & stays


def within(frame: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """范围内的行: of the institutions in sight."""
    return (
        frame if isinstance(scope, AllOrganisations) else frame.filter(pl.col("institution_code").is_in(sorted(scope)))
    )


def institution_words(request: HttpRequest) -> Mapping[Any, str]:
    """医疗机构: those in the reader's scope that the chosen results are about."""
    found = chosen(request)
    scope: Scope = getattr(request, "scope", frozenset())
    if found is None:
        return {}
    codes = set(within(services.institution_rows(found), scope)["institution_code"])
    known = organisations.names(codes)
    return {code: known.get(code, code) for code in sorted(codes)}


def month_words(request: HttpRequest) -> Mapping[Any, str]:
    """月份: those that the chosen results are about."""
    found = chosen(request)
    if found is None:
        return {}
    months = sorted(set(services.institution_rows(found)["month"]), reverse=True)
    return {month: month for month in months}


def chosen(request: HttpRequest) -> Settlement | None:
    """所选结果: those of ``?period=2025`` or ``2025-03``, else the newest of the newest year; None without any."""
    known: Any = getattr(request, _CHOSEN, "")
    if known != "":
        return known if isinstance(known, Settlement) else None
    asked = request.GET.get(PERIOD, "").strip()
    found: Settlement | None = None
    if asked:
        year, month = services.period_of(asked)
        found = services.newest(year) if month is None else services.latest(year, month)
    else:
        found = next((one for one in map(services.newest, services.years()) if one is not None), None)
    setattr(request, _CHOSEN, found)
    return found


def periods(year: int) -> list[tuple[str, str]]:
    """可选期间: of a year with results, the whole first."""
    found = {one.period for one in services.settlements(year) if one.result_digest}
    return [(period, period) for period in sorted(found, key=lambda text: (len(text), text))]


def home(request: GuardedRequest, permission: Permission) -> str:
    """The organisation in whose name something is done: that of the grant that allows it."""
    now = timezone.now()
    granted = (
        grant.organisation_code
        for grant in request.actor.grants
        if grant.is_valid(now) and permission in grant.permissions
    )
    return next(granted, organisations.county_code())


def case_url(institution_code: str, settlement_id: str) -> str:
    """病例支付页地址."""
    return f"/payment/cases/{quote(institution_code, safe='')}/{quote(settlement_id, safe='')}/"


def statement_url(institution_code: str, period: str) -> str:
    """结算单地址."""
    return f"/payment/statements/{quote(institution_code, safe='')}/{period}/"


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """附件: never opened inside the site."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response


def assumed_words(rows: Any) -> list[dict[str, str]]:
    """推定的参数: key, name in the reader's language, and basis."""
    spoken = language()
    return [{"key": one["key"], "name": one[spoken], "basis": one["basis"]} for one in rows]


def state_of(settlement: Settlement) -> dict[str, str]:
    """结算状态的呈现: word and badge."""
    return {"word": str(state_words()[settlement.state]), "badge": STATE_BADGES.get(settlement.state, "")}


def period_title(settlement: Settlement) -> str:
    """期间的写法: 2025年度清算 or 2025年3月预结算."""
    if settlement.is_year:
        return _("%(year)s 年度清算") % {"year": settlement.year}
    return _("%(year)s 年 %(month)s 月预结算") % {"year": settlement.year, "month": settlement.month}


def scaled(value: int | None, scale: int) -> str:
    """定点数的写法: whole number with its decimals and thousands separators."""
    if value is None:
        return "—"
    whole, rest = divmod(abs(value), 10**scale)
    return f"{'-' if value < 0 else ''}{whole:,}.{rest:0{scale}d}"
