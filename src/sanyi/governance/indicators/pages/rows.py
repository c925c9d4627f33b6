"""指标背后的记录: the stays that made a number, each leading to its own page for those who may read stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from sanyi.governance.indicators import services, tables
from sanyi.governance.indicators.codes import READ_PURPOSES
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import BoundListing, Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest, may
from sanyi.registry.organisations import services as organisations

routes = table.routes


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
    kept=("node", "period", "version"),
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
        "period_words": table.period_words(period_of(period)) if period else "",
        "has_rows": found is not None,
        "is_withheld": is_withheld(request, code, node, period),
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
    if is_withheld(request, code, node, period):
        return node, period, tables.INDICATOR_ROW.empty()
    county, version = table.county_in_sight(request), request.GET.get("version") or None
    return node, period, services.reading.rows(code, period, node_code=node, version=version, county_code=county)


def is_withheld(request: GuardedRequest, code: str, node: str, period: str) -> bool:
    """是否隐去: a value that is not published has no rows either, but for those who may read the stays."""
    if not period:
        return False
    seen_by = table.audience(request).of_one_number(may_read_stays=may(request, Permission.STAY_READ))
    definition = services.catalogue.definition(code)
    found = services.reading.values([code], node_codes=[node], periods=[period])
    stored = found.filter(organisation_code=table.county_in_sight(request))
    return any(seen_by.shown(one, definition.version(one.version)).is_suppressed for one in stored)


def _bound(request: GuardedRequest, found: pl.DataFrame | None) -> BoundListing:
    frame = (tables.INDICATOR_ROW.empty() if found is None else found).with_columns(
        key=pl.concat_str("institution_code", pl.lit("/"), "settlement_id"),
        has_stays=pl.lit(may(request, Permission.STAY_READ)),
    )
    return ROWS.from_frame(frame)
