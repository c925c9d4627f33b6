"""县域总览页面: cases, groups, CMI, time and cost index of every institution, with charts, map and export; and why."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.insurance.grouping import services
from sanyi.insurance.grouping.pages import county_charts as charts
from sanyi.insurance.grouping.pages.doors import COUNTY_PURPOSES, STAY_PURPOSES, routes
from sanyi.insurance.grouping.services import names
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.listing import Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest, Subject, may
from sanyi.registry.organisations import services as organisations

FIRST, LAST = "first_month", "last_month"


def institution_words(request: HttpRequest) -> Mapping[str, str]:
    """医疗机构名称: those that have stays."""
    return organisations.names(set(services.institutions()))


def _link(row: Row) -> str:
    return f"/grouping/county/{row['institution_code']}/"


LISTING = Listing(
    name="grouping_county",
    zh="县域分组绩效",
    en="Grouping performance of the county",
    key="institution_code",
    default_sort="-stay_count",
    organisation="institution_code",
    columns=(
        ListColumn("institution_code", "医疗机构", "Institution", choices=institution_words, link=_link),
        ListColumn("stay_count", "病例数", "Stays", kind=Kind.INTEGER),
        ListColumn("grouped_count", "入组病例", "Grouped", kind=Kind.INTEGER, is_hidden=True),
        ListColumn("drg_count", "DRG 组数", "Groups", kind=Kind.INTEGER),
        ListColumn(
            "weight_sum_e6", "总权重", "Total weight", kind=Kind.SCALED, scale=6, shown_decimals=2, is_hidden=True
        ),
        ListColumn("cmi_e6", "CMI", "CMI", kind=Kind.SCALED, scale=6, shown_decimals=4),
        ListColumn("time_index_e6", "时间消耗指数", "Time index", kind=Kind.SCALED, scale=6, shown_decimals=2),
        ListColumn("cost_index_e6", "费用消耗指数", "Cost index", kind=Kind.SCALED, scale=6, shown_decimals=2),
        ListColumn("mean_days_e2", "平均住院日", "Mean days", kind=Kind.SCALED, scale=2),
        ListColumn("mean_fen", "次均费用（元）", "Mean charge (yuan)", kind=Kind.FEN),
        ListColumn("total_fen", "总费用（元）", "Total (yuan)", kind=Kind.FEN),
        ListColumn("fund_payment_fen", "基金支付（元）", "Fund (yuan)", kind=Kind.FEN),
    ),
)


@routes.page(
    "grouping/county/",
    name="county",
    permission=Permission.COUNTY_READ,
    purpose=COUNTY_PURPOSES,
    zh="县域总览",
    en="County overview",
    has_export=True,
)
def county(request: GuardedRequest) -> HttpResponseBase:
    """县域总览: figures of the months chosen, institutions beside each other, on charts and on the map."""
    scope, months = services.scope_of(request.scope), services.months()
    first, last = _months(request, months)
    performance = services.performance(scope, first_month=first, last_month=last)
    rows = performance.with_columns(**_means())
    bound = LISTING.from_frame(rows)
    if request.GET.get("format") == "xlsx":
        return bound.respond(request)
    found = performance.to_dicts()
    whole = services.whole(scope, first_month=first, last_month=last)
    known = organisations.names({row["institution_code"] for row in found})
    context = {
        "page": bound.page(request),
        "whole": whole,
        "months": months,
        "first_month": first,
        "last_month": last,
        "charts": charts.of_county(found, known, whole, scope, first, last, has_list=may(request, Permission.STAY_READ))
        if found
        else [],
        "map": charts.map_of(found, known, settings.SANYI_COUNTY),
        "assumed": any(period.is_assumed for period in services.periods()),
        "title": _("县域总览"),
    }
    is_fragment = getattr(request, "htmx", False) and not request.htmx.boosted
    return render(request, "doors/_rows.html" if is_fragment else "grouping/county.html", context)


def _months(request: HttpRequest, months: list[str]) -> tuple[str, str]:
    """The months asked for, as far as they exist; an empty text means no bound."""
    first, last = request.GET.get(FIRST, ""), request.GET.get(LAST, "")
    first, last = first if first in months else "", last if last in months else ""
    return (last, first) if first and last and first > last else (first, last)


def _means() -> dict[str, pl.Expr]:
    """Mean days (hundredths) and mean charge (fen), rounded half up."""
    count = pl.col("stay_count")
    return {
        "mean_days_e2": (200 * pl.col("length_of_stay_sum_days") + count) // (2 * count),
        "mean_fen": (2 * pl.col("total_fen") + count) // (2 * count),
    }


def _institution(request: HttpRequest, institution_code: str) -> str | None:
    return institution_code if organisations.names({institution_code}) else None


@routes.page(
    "grouping/county/<str:institution_code>/",
    name="county_institution",
    permission=Permission.COUNTY_READ,
    purpose=COUNTY_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=_institution,
    zh="机构分组绩效",
    en="Grouping performance of an institution",
)
def county_institution(request: GuardedRequest, institution_code: str) -> HttpResponseBase:
    """机构分组绩效: for those who see the county."""
    return _performance_page(request, institution_code)


@routes.page(
    "grouping/institutions/<str:institution_code>/",
    name="institution",
    permission=Permission.STAY_READ,
    purpose=STAY_PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=_institution,
    zh="本机构分组绩效",
    en="Grouping performance of one's own institution",
)
def institution(request: GuardedRequest, institution_code: str) -> HttpResponseBase:
    """本机构分组绩效: for those who see the institution's stays."""
    return _performance_page(request, institution_code)


def _performance_page(request: GuardedRequest, institution_code: str) -> HttpResponseBase:
    """为什么: the figures of one institution, their definitions, and the groups they add up from."""
    months = services.months({institution_code})
    first, last = _months(request, months)
    figures = services.performance({institution_code}, first_month=first, last_month=last).to_dicts()
    parts = services.contributions(institution_code, first_month=first, last_month=last)
    scheme = services.current_scheme()
    context: dict[str, Any] = {
        "institution_code": institution_code,
        "has_list": may(request, Permission.STAY_READ, institution_code),
        "name": organisations.names({institution_code}).get(institution_code, institution_code),
        "figures": figures[0] if figures else None,
        "parts": [part | {"name": names.drg_names(part["scheme"]).get(part["drg"], "")} for part in parts],
        "months": months,
        "first_month": first,
        "last_month": last,
        "choice": services.current_choice(),
        "scheme_name": services.scheme_names().get(scheme, scheme),
        "charts": [charts.months_chart({institution_code}, first, last)] if figures else [],
    }
    return render(request, "grouping/institution.html", context)
