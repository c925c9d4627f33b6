"""机构比较: institutions beside each other, with limits that tell real differences from chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import E6, READ_PURPOSES, Direction
from sanyi.governance.indicators.pages import drawings, table
from sanyi.governance.indicators.pages.tabs import tabs
from sanyi.governance.indicators.rules.definitions import Definition
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.services.comparing import Compared, Comparison
from sanyi.insurance.case_mix.codes import Verdict
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row, organisation_words
from sanyi.registry.doors.services import GuardedRequest

routes = table.routes
FIRST_SHOWN = "inpatient.readmission_31_days"
BADGES = {
    Verdict.ABOVE_FAR: "bg-orange-lt",
    Verdict.ABOVE: "bg-yellow-lt",
    Verdict.WITHIN: "bg-green-lt",
    Verdict.BELOW: "bg-yellow-lt",
    Verdict.BELOW_FAR: "bg-orange-lt",
    Verdict.TOO_FEW: "bg-secondary-lt",
}


def verdict_words(request: HttpRequest) -> Mapping[Any, str]:
    """漏斗图判断."""
    return Verdict.mapping(language()) | {Verdict.UNKNOWN.value: table.NOTHING}


def _link(row: Row) -> str:
    address = reverse("governance.indicators.indicator", kwargs={"code": row["indicator"]})
    return f"{address}?node={row['institution_code']}&period={row['of']}#why"


COMPARED = Listing(
    name="indicator_comparison",
    zh="机构比较",
    en="Comparison of institutions",
    key="institution_code",
    organisation="institution_code",
    default_sort="position",
    extra=("indicator", "of"),
    kept=("code", "period"),
    page_size=200,
    columns=(
        ListColumn("institution_code", "医疗机构", "Institution", choices=organisation_words, link=_link),
        ListColumn("value", "指标值", "Value", is_sortable=False),
        ListColumn("count", "计入的记录", "Records counted", Kind.INTEGER),
        ListColumn("limits", "界限以内", "Within the limits", is_sortable=False),
        ListColumn("verdict", "判断", "Verdict", filter=Filter.CHOICE, choices=verdict_words,
                   badge={one.value: badge for one, badge in BADGES.items()}),
        ListColumn("position", "次序", "Order", Kind.INTEGER, is_hidden=True, is_exported=False),
    ),
)  # fmt: skip
SCHEMA = {column.name: pl.String for column in COMPARED.columns} | {
    "count": pl.Int64,
    "position": pl.Int64,
    "indicator": pl.String,
    "of": pl.String,
}


@routes.page(
    "indicators/comparison/",
    name="comparison",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="机构比较",
    en="Comparison of institutions",
    has_export=True,
)
def comparison(request: GuardedRequest) -> HttpResponseBase:
    """机构比较: of one indicator and period; fewer cases than the policy's number are not judged."""
    known, county = services.reading.periods(), table.county_in_sight(request)
    period = table.chosen_period(request, known)
    choices = services.comparing.choices(county, period) if period else []
    found = _found(request, choices, period)
    rows = [] if found is None else [_row(one, found, place, period) for place, one in enumerate(found.rows)]
    context = _context(request, found, period) | {
        "tabs": tabs(request, "comparison"),
        "indicators": [(one.code, one.name.label(language())) for one in choices],
        "chosen_code": found.definition.code if found else "",
        "periods": known,
        "period": period,
        "period_words": table.period_words(period_of(period)) if period else "",
    }
    return COMPARED.from_frame(pl.DataFrame(rows, schema=SCHEMA)).respond(
        request, title=_("机构比较"), template="indicators/comparison.html", context=context
    )


def _found(request: GuardedRequest, choices: list[Definition], period: str) -> Comparison | None:
    """The comparison asked for; without a choice the first that has limits."""
    codes = [one.code for one in choices]
    asked = request.GET.get("code", "")
    code = asked if asked in codes else FIRST_SHOWN if FIRST_SHOWN in codes else next(iter(codes), "")
    if not code:
        return None
    return services.comparing.comparison(
        code,
        period,
        county_code=table.county_in_sight(request),
        scope=request.scope,
        on=min(period_of(period).last_on, timezone.localdate()),
        audience=table.audience(request),
    )


def _row(one: Compared, found: Comparison, position: int, period: str) -> dict[str, Any]:
    version = found.definition.version(one.value.version)
    value = table.withheld_words() if one.shown.is_suppressed else table.with_unit(one.shown.value_e6, version)
    reason = table.reason_words(one.value.reason)
    return {
        "institution_code": one.value.node_code,
        "value": reason or value,
        "count": one.shown.row_count,
        "limits": "" if one.shown.is_suppressed or one.verdict is Verdict.TOO_FEW else _limits(one, found),
        "verdict": one.verdict.value,
        "position": position,
        "indicator": found.definition.code,
        "of": period,
    }


def _limits(one: Compared, found: Comparison) -> str:
    """The outer limits as values: what chance alone may do with so many cases."""
    if not one.limits or not one.value.denominator:
        return ""
    version = found.definition.version(one.value.version)
    low, high = (E6 * events * version.multiplier // one.value.denominator for events in one.limits[-1])
    return f"{table.scaled(low, version.decimals)}–{table.with_unit(high, version)}"


def _context(request: GuardedRequest, found: Comparison | None, period: str) -> dict[str, Any]:
    if found is None or request.GET.get("format"):
        return {"found": found}
    definition, latest = found.definition, found.definition.latest
    counts = {verdict: sum(one.verdict is verdict for one in found.rows) for verdict in Verdict}
    return {
        "found": found,
        "name": definition.name.label(language()),
        "is_directed": latest.direction in (Direction.UP, Direction.DOWN),
        "direction": latest.direction.label(language()),
        "whole": table.shown_words(found.whole, latest, table.audience(request)),
        "institution_count": len(found.rows),
        "outside_count": sum(counts[one] for one in drawings.OUTSIDE),
        "few_count": counts[Verdict.TOO_FEW],
        "withheld_count": sum(one.shown.is_suppressed for one in found.rows),
        "levels": table.listed(found.level_names),
        "funnel": drawings.funnel(found, period),
        "bars": drawings.institutions(found, period),
    }
