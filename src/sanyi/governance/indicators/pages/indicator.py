"""指标页: what a word means, its versions, history, institutions, 为什么 and the rows behind a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.governance.indicators import services, tables
from sanyi.governance.indicators.codes import READ_PURPOSES, NodeKind, Origin, Window
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.rules.computing import RULES, RowRule
from sanyi.governance.indicators.rules.definitions import Definition
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import BoundListing, Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest, may
from sanyi.registry.organisations import services as organisations

routes = table.routes
E6 = 1_000_000


@routes.page(
    "indicators/<indicator:code>/",
    name="indicator",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标",
    en="Indicator",
)
def indicator(request: GuardedRequest, code: str) -> HttpResponseBase:
    """指标页: of one definition, for the node and period asked for."""
    definition = services.catalogue.definition(code)
    county = table.county_in_sight(request)
    node = table.chosen_node(request)
    history = services.reading.history(code, node_code=node, county_code=county)
    known = list(dict.fromkeys(one.period for one in reversed(history)))
    period = table.chosen_period(request, known)
    shown = [one for one in history if one.period == period]
    version = definition.of(period_of(period)) if period else definition.latest
    version = version or definition.latest
    context = {
        "title": definition.name.label(language()),
        "definition": definition,
        "version": version,
        "versions": [_version_words(one) for one in reversed(definition.versions)],
        "is_spanning": bool(period) and definition.is_spanning_change(period_of(period)),
        "node": node,
        "nodes": table.node_choices(request),
        "node_words": table.node_words(node),
        "period": period,
        "periods": known,
        "values": [_value_words(one, definition) for one in shown],
        "chart": _history_chart(history, definition),
        "family": [(one.code, one.name.label(language())) for one in services.catalogue.catalogue().family(
            definition.family) if one.code != code],
        "institutions": _institutions(request, definition, period),
        "targets": services.catalogue.targets_of(code),
        "has_rows": isinstance(RULES.get(version.rule), RowRule) and bool(period),
        "provenance": table.provenance_of(shown[0]) if shown else {},
    }  # fmt: skip
    return render(request, "indicators/indicator.html", context)


def _version_words(version: Any) -> dict[str, Any]:
    spoken = language()
    names = ("numerator", "denominator", "scope", "exclusions", "missing", "source", "collector", "change")
    words = {name: getattr(version, name).label(spoken) for name in names}
    cited = version.citation
    return words | {
        "version": version.version,
        "starts_on": version.starts_on,
        "ends_on": version.ends_on,
        "unit": version.unit,
        "direction": version.direction.label(spoken),
        "origin": version.origin.label(spoken),
        "institutions": version.institutions.label(spoken),
        "windows": "、".join(one.label(spoken) for one in version.windows),
        "citation": " ".join(filter(None, (cited.document, cited.clause))),
        "quote": cited.quote,
        "is_assumed": cited.is_assumed,
        "basis": cited.basis,
        "digest": version.digest[:12],
    }


def _value_words(value: IndicatorValue, definition: Definition) -> dict[str, Any]:
    version = definition.version(value.version)
    part = dict(version.parts).get(value.part)
    is_collected = value.origin == Origin.COLLECTED.value
    return {
        "value": value,
        "shown": table.with_unit(value.value_e6, version),
        "reason": table.reason_words(value.reason),
        "part": part.label(language()) if part else "",
        "lines": table.why_lines(value, version),
        "collected": value.collected if is_collected else None,
        "window": Window(value.window).label(language()),
    }


def _history_chart(history: list[IndicatorValue], definition: Definition) -> dict[str, Any] | None:
    """Years where there are some, otherwise quarters, otherwise months; a gap stays a gap."""
    for window in (Window.MONTH, Window.QUARTER, Window.YEAR):
        known = [one for one in history if one.window == window.value and one.part == ""]
        if len([one for one in known if one.value_e6 is not None]) > 1:
            return {
                "kind": "line",
                "categories": [one.period for one in known],
                "decimals": definition.latest.decimals,
                "series": [
                    {
                        "name": definition.name.label(language()),
                        "values": [None if one.value_e6 is None else one.value_e6 / E6 for one in known],
                    }
                ],
            }
    return None


def _institutions(request: GuardedRequest, definition: Definition, period: str) -> list[dict[str, Any]]:
    """Groups, tiers and institutions of the period as far as they are in reach."""
    if not period:
        return []
    county = table.county_in_sight(request)
    found = services.reading.values([definition.code], periods=[period], county_code=county)
    rows = []
    for one in found.exclude(node_kind__in=[NodeKind.COUNTY.value, NodeKind.OUTSIDE.value]):
        owner = county if one.node_kind == NodeKind.LEVEL.value else one.node_code
        if owner in request.scope:
            version = definition.version(one.version)
            rows.append(
                {
                    "node": one.node_code,
                    "name": table.node_words(one.node_code),
                    "kind": NodeKind(one.node_kind).label(language()),
                    "shown": table.with_unit(one.value_e6, version),
                    "row_count": one.row_count,
                    "reason": table.reason_words(one.reason),
                }
            )
    return rows


def institution_words(request: HttpRequest) -> Mapping[Any, str]:
    """医疗机构: in reach."""
    return {code: name for code, name in organisations.names().items() if code in getattr(request, "scope", ())}


def _stay_link(row: Row) -> str | None:
    return f"/grouping/stays/{row['institution_code']}/{row['settlement_id']}/" if row["has_stays"] else None


ROWS = Listing(
    name="indicator_rows",
    zh="指标背后的记录",
    en="Rows behind a value",
    key="key",
    organisation="institution_code",
    default_sort="discharged_on",
    search=("settlement_id", "drg"),
    extra=("has_stays",),
    columns=(
        ListColumn("settlement_id", "结算ID", "Settlement", Kind.CODE, Filter.PREFIX, link=_stay_link),
        ListColumn("institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=institution_words),
        ListColumn("discharged_on", "出院日期", "Discharged on", Kind.DATE, Filter.RANGE),
        ListColumn("drg", "DRG", "DRG", Kind.CODE, Filter.PREFIX),
        ListColumn("numerator", "计入分子", "In the numerator", Kind.INTEGER),
        ListColumn("denominator", "计入分母", "In the denominator", Kind.INTEGER),
        ListColumn("is_missing", "缺所需内容", "Lacks something", Kind.BOOLEAN, Filter.CHOICE),
    ),
)


@routes.page(
    "indicators/<indicator:code>/rows/",
    name="rows",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标背后的记录",
    en="Rows behind a value",
    has_export=True,
)
def rows(request: GuardedRequest, code: str) -> HttpResponseBase:
    """指标背后的记录: the stays that made a number, each leading to its own page for those who may read stays."""
    definition = services.catalogue.definition(code)
    node, period, found = _asked_rows(request, code)
    context = {
        "definition": definition,
        "node": node,
        "node_words": table.node_words(node),
        "period": period,
        "has_rows": found is not None,
    }
    title = _("%(name)s：背后的记录") % {"name": definition.name.label(language())}
    return _bound(request, found).respond(request, title=title, template="indicators/rows.html", context=context)


def rows_answer(request: GuardedRequest, code: str) -> dict[str, Any]:
    """接口答复: the same rows with the node and period they are of."""
    node, period, found = _asked_rows(request, code)
    return {"node": node, "period": period, "has_rows": found is not None, **_bound(request, found).answer(request)}


def _asked_rows(request: GuardedRequest, code: str) -> tuple[str, str, pl.DataFrame | None]:
    node = table.chosen_node(request)
    period = table.chosen_period(request, services.reading.periods())
    if not period:
        return node, period, None
    county, version = table.county_in_sight(request), request.GET.get("version") or None
    return node, period, services.reading.rows(code, period, node_code=node, version=version, county_code=county)


def _bound(request: GuardedRequest, found: pl.DataFrame | None) -> BoundListing:
    frame = (tables.INDICATOR_ROW.empty() if found is None else found).with_columns(
        key=pl.concat_str("institution_code", pl.lit("/"), "settlement_id"),
        has_stays=pl.lit(may(request, Permission.STAY_READ)),
    )
    return ROWS.from_frame(frame)
