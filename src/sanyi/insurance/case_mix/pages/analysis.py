"""病例组合分析: tabs by dimension, months, figures, funnels, the list with export, and the way down to the stays."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from sanyi.insurance.case_mix import services
from sanyi.insurance.case_mix.codes import (
    COUNTY_DIMENSIONS,
    COUNTY_PURPOSES,
    DIMENSION_UNKNOWN,
    FUNNEL_DIMENSIONS,
    KEYS,
    READ_PURPOSES,
    Dimension,
)
from sanyi.insurance.case_mix.pages import charts
from sanyi.insurance.case_mix.pages.lists import institution_words, level_words, listing, rows_of, tier_words
from sanyi.insurance.case_mix.rules.policy import PREFIX
from sanyi.insurance.grouping import services as grouping
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import GuardedRequest, Routes

routes = Routes("insurance.case_mix")
STAYS, COUNTY = "/case-mix/", "/case-mix/county/"
FAULTS_SHOWN = 5


@routes.page(
    "case-mix/",
    name="stays",
    permission=Permission.STAY_READ,
    purpose=READ_PURPOSES,
    zh="病例组合分析",
    en="Case-mix analysis",
    has_export=True,
)
def of_stays(request: GuardedRequest) -> HttpResponseBase:
    """病例组合分析: for those who read stays; every dimension, and every row leads to its stays."""
    return _page(request, tuple(Dimension), STAYS)


@routes.page(
    "case-mix/county/",
    name="county",
    permission=Permission.COUNTY_READ,
    purpose=COUNTY_PURPOSES,
    zh="县域病例组合",
    en="Case mix of the county",
    has_export=True,
)
def of_county(request: GuardedRequest) -> HttpResponseBase:
    """县域病例组合: for those who see the county's sums; no doctors, no departments, no stays."""
    return _page(request, COUNTY_DIMENSIONS, COUNTY)


def answer(request: GuardedRequest, dimensions: tuple[Dimension, ...]) -> dict[str, Any]:
    """接口答复: the rows of a dimension with their months and the sums of all."""
    dimension = _dimension(request, dimensions)
    scope = grouping.scope_of(request.scope)
    months = grouping.months(scope)
    first, last = _months(request, months)
    days = services.days_of(first, last, months)
    if days is None:
        return {"by": str(dimension), "first_on": None, "last_on": None, "whole": None, "items": [], "next": None}
    found = services.analysis(dimension, scope, first_on=days[0], last_on=days[1])
    rows = rows_of(found, dimension, {}, None)
    listed = listing(dimension).from_frame(rows if rows.height else _nothing(dimension)).answer(request)
    for item in listed["items"]:
        item.pop("level_share", None)  # not computable: no figure takes its place
    return {"by": str(dimension), "first_on": days[0], "last_on": days[1], "whole": found.whole, **listed}


def _dimension(request: GuardedRequest, dimensions: tuple[Dimension, ...]) -> Dimension:
    asked = request.GET.get("by", Dimension.INSTITUTION.value)
    dimension = next((one for one in dimensions if one.value == asked), None)
    if dimension is None:
        raise RefusedError(DIMENSION_UNKNOWN(dimension=asked[:40]))
    return dimension


def _page(request: GuardedRequest, dimensions: tuple[Dimension, ...], path: str) -> HttpResponseBase:
    dimension = _dimension(request, dimensions)
    scope = grouping.scope_of(request.scope)
    months = grouping.months(scope)
    first, last = _months(request, months)
    days = services.days_of(first, last, months)
    context: dict[str, Any] = {
        "title": _("病例组合分析"),
        "tabs": [(str(one), one.label(language()), one is dimension) for one in dimensions],
        "by": str(dimension),
        "path": path,
        "months": months,
        "first_month": first,
        "last_month": last,
        "chosen_institution": request.GET.get("institution_code", ""),
        "institutions": list(institution_words(request).items()) if "institution_code" in KEYS[dimension] else [],
    }
    levels, wrong = services.operation_levels()
    context |= {
        "has_levels": levels is not None,
        "level_words": level_words(len(wrong)),
        "level_faults": [
            {"row": one.place.row, "column": one.place.column, "message": one.message(language())}
            for one in wrong[:FAULTS_SHOWN]
        ],
    }
    rows = pl.DataFrame()
    if days is not None:
        found = services.analysis(dimension, scope, first_on=days[0], last_on=days[1])
        period = {"discharged_on_from": str(days[0]), "discharged_on_to": str(days[1])}
        rows = rows_of(found, dimension, period, path if path == STAYS or dimension is Dimension.TIER else None)
        limits = services.limits_on(days[1])
        context |= {
            "whole": found.whole,
            "charts": _charts(request, dimension, rows, found, limits),
            "limits": limits,
            "assumed": [PREFIX + name for name in sorted(limits.assumed)],
            "levels": "、".join(level.name for level in limits.levels),
        }
    bound = listing(dimension).from_frame(rows if rows.height else _nothing(dimension))
    return bound.respond(request, template="case_mix/analysis.html", context=context, title=context["title"])


def _charts(request: GuardedRequest, dimension: Dimension, rows: pl.DataFrame, found: Any, limits: Any) -> list[Any]:
    if not rows.height or request.GET.get("format"):
        return []
    chosen = request.GET.get("institution_code", "")
    if chosen and "institution_code" in rows.columns:
        rows = rows.filter(pl.col("institution_code") == chosen)
    labels = _labels(request, dimension, rows)
    shown = [charts.cmi_chart(rows, labels)]
    if dimension in FUNNEL_DIMENSIONS:
        shown.append(charts.cost_funnel(rows, labels, found, limits))
        shown.append(charts.death_funnel(rows, labels, found, limits))
    return shown


def _labels(request: GuardedRequest, dimension: Dimension, rows: pl.DataFrame) -> dict[str, str]:
    """What a unit is called on the charts."""
    known, levels = institution_words(request), tier_words(request)
    labels = {}
    for row in rows.iter_rows(named=True):
        name = known.get(row.get("institution_code") or "", row.get("institution_code") or "")
        doctor = row.get("doctor_name") or row.get("doctor_code")
        part = row.get("department_code") or doctor or row.get("drg") or ""
        if dimension is Dimension.TIER:
            part = levels.get(row["hospital_level"], "—")
        labels[row["key"]] = " ".join(filter(None, (part, name))) or "—"
    return labels


def _nothing(dimension: Dimension) -> pl.DataFrame:
    """An empty table with the columns that the list reads."""
    shown = listing(dimension)
    names: Collection[str] = {column.name for column in shown.columns if column.value is None}
    wanted = dict.fromkeys([*names, *shown.extra, "key"], pl.Int64)
    texts = {"key", "drill", "scheme", "institution_code", "doctor_name", *KEYS[dimension]} & wanted.keys()
    return pl.DataFrame(schema=wanted | dict.fromkeys(texts, pl.String))


def _months(request: GuardedRequest, months: list[str]) -> tuple[str, str]:
    """The months asked for, as far as they exist; an empty text means no bound."""
    first, last = request.GET.get("first_month", ""), request.GET.get("last_month", "")
    first, last = first if first in months else "", last if last in months else ""
    return (last, first) if first and last and first > last else (first, last)
