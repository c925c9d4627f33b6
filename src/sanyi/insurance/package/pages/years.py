"""打包年度页: every year and holder in sight with budget, advances, spending, balance and warning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.insurance.package.codes import ClearingStep, HolderKind, WarningLevel, YearStep
from sanyi.insurance.package.models import FundBudget, PackageYear
from sanyi.insurance.package.pages.table import READ_PURPOSES, routes
from sanyi.insurance.package.pages.tabs import tabs
from sanyi.insurance.package.services import overview
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest, may
from sanyi.registry.organisations import services as organisations

NOT_APPLIED = "not_applied"
STEP_BADGES: Mapping[Any, str] = {
    NOT_APPLIED: "bg-secondary-lt",
    "applied": "bg-orange-lt",
    "endorsed": "bg-orange-lt",
    "reviewed": "bg-orange-lt",
    "filed": "bg-blue-lt",
    "agreed": "bg-green-lt",
    "returned": "bg-red-lt",
    "withdrawn": "bg-secondary-lt",
    "terminated": "bg-red-lt",
}
WARNING_BADGES: Mapping[Any, str] = {
    "none": "bg-green-lt",
    "watch": "bg-blue-lt",
    "yellow": "bg-yellow-lt",
    "red": "bg-red-lt",
    "unknown": "bg-secondary-lt",
}
CLEARING_BADGES: Mapping[Any, str] = {
    "due": "bg-secondary-lt",
    "computed": "bg-orange-lt",
    "cleared": "bg-blue-lt",
    "paid": "bg-green-lt",
    "reopened": "bg-red-lt",
}


def step_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """协议进展名称."""
    return {NOT_APPLIED: _("未申请"), **YearStep.mapping(language())}


def kind_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """打包对象类别名称."""
    return HolderKind.mapping(language())


def warning_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """预警等级名称."""
    return WarningLevel.mapping(language())


def clearing_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """清算进展名称."""
    return ClearingStep.mapping(language())


def holder_url(year: int, holder: str, name: str = "holder") -> str:
    """打包对象页地址."""
    return reverse(f"insurance.package.{name}", kwargs={"year": year, "holder": holder})


YEARS = Listing(
    name="packages",
    zh="打包年度",
    en="Packages",
    key="key",
    organisation=None,
    default_sort="-key",
    search=("holder", "holder_code"),
    extra=("holder_code",),
    columns=(
        ListColumn("year", "年度", "Year", Kind.CODE, Filter.EXACT),
        ListColumn(
            "holder",
            "打包对象",
            "Holder",
            filter=Filter.CONTAINS,
            link=lambda row: holder_url(int(row["year"]), row["holder_code"]),
        ),
        ListColumn("kind", "类别", "Kind", choices=kind_words, is_hidden=True),
        ListColumn("step", "协议", "Agreement", filter=Filter.CHOICE, choices=step_words, badge=STEP_BADGES),
        ListColumn("budget_fen", "预算（元）", "Budget (yuan)", Kind.FEN),
        ListColumn("advanced_fen", "已预拨（元）", "Advanced (yuan)", Kind.FEN),
        ListColumn("charged_fen", "已计入（元）", "Charged (yuan)", Kind.FEN),
        ListColumn("balance_fen", "余额（元）", "Balance (yuan)", Kind.FEN),
        ListColumn("used_bp", "已用", "Used", Kind.BASIS_POINTS),
        ListColumn("month_count", "已核算月份", "Months closed", Kind.INTEGER),
        ListColumn("warning", "预警", "Warning", filter=Filter.CHOICE, choices=warning_words, badge=WARNING_BADGES),
        ListColumn("clearing", "清算", "Clearing", filter=Filter.CHOICE, choices=clearing_words, badge=CLEARING_BADGES),
        ListColumn("key", "次序", "Order", Kind.CODE, is_hidden=True, is_exported=False),
    ),
)
_SCHEMA = {
    **{column.name: pl.String for column in YEARS.columns},
    **dict.fromkeys(("budget_fen", "advanced_fen", "charged_fen", "balance_fen", "used_bp", "month_count"), pl.Int64),
    "holder_code": pl.String,
}


@routes.page(
    "package/",
    name="years",
    permission=Permission.PACKAGE_READ,
    purpose=READ_PURPOSES,
    zh="总额打包",
    en="Packages of the fund",
    has_export=True,
)
def years(request: GuardedRequest) -> HttpResponseBase:
    """总额打包: years and holders with state, budget, advances, spending, balance and warning."""
    manages = may(request, Permission.PACKAGE_MANAGE)
    context = {
        "tabs": tabs(request, "years"),
        "budgets": list(FundBudget.objects.all()) if manages else [],
        "manages": manages,
        "next_year": timezone.localdate().year,
    }
    return YEARS.from_frame(year_rows(request)).respond(
        request, title=_("总额打包"), template="package/years.html", context=context
    )


def year_rows(request: GuardedRequest) -> pl.DataFrame:
    """打包年度行: what the reader may see, for the page and the interface."""
    rows = [_row(one) for one in overview.standings(overview.in_sight(request.scope))]
    return pl.DataFrame(rows, schema=_SCHEMA)


def holder_owner(request: object, year: int, holder: str, **more: object) -> frozenset[str] | None:
    """可查看者: the holder and whoever was a member in the year; None when there is no such package."""
    if not PackageYear.objects.filter(year=year, holder_code=holder).exists():
        return None
    return overview.family(holder, year)


def _row(standing: overview.Standing) -> dict[str, Any]:
    one = standing.year
    return {
        "key": f"{one.year}-{one.holder_code}",
        "year": str(one.year),
        "holder": organisations.names({one.holder_code}).get(one.holder_code, one.holder_code),
        "holder_code": one.holder_code,
        "kind": one.holder_kind,
        "step": one.step or NOT_APPLIED,
        "budget_fen": one.adjusted_fen,
        "advanced_fen": standing.advanced_fen,
        "charged_fen": standing.charged_fen,
        "balance_fen": standing.balance_fen,
        "used_bp": standing.used_bp,
        "month_count": standing.month_count,
        "warning": standing.forecast.level.value,
        "clearing": standing.clearing.step if standing.clearing else None,
    }
