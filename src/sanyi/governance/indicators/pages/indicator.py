"""指标页: what a word means, its versions, history, institutions, map, similar words, targets and 为什么."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import READ_PURPOSES, NodeKind, Window
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.pages import drawings, table, target_words, versions, why
from sanyi.governance.indicators.rules.computing import RULES, RowRule
from sanyi.governance.indicators.rules.definitions import Definition, Version
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.services.publishing import Audience
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import GuardedRequest, may
from sanyi.registry.policies import services as policies

routes = table.routes
WINDOWS = (Window.YEAR, Window.QUARTER, Window.MONTH)


@routes.page(
    "indicators/<indicator:code>/",
    name="indicator",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标",
    en="Indicator",
)
def indicator(request: GuardedRequest, code: str) -> HttpResponseBase:
    """指标页: of one definition, for the node and period asked for; everything from stored values."""
    definition, county = services.catalogue.definition(code), table.county_in_sight(request)
    node, seen_by = table.chosen_node(request), table.audience(request)
    stored = services.reading.history(code, node_code=node, county_code=county)
    known = list(dict.fromkeys(one.period for one in reversed(stored)))
    period = table.chosen_period(request, known)
    version = (definition.of(period_of(period)) if period else None) or definition.latest
    context = {
        "title": definition.name.label(language()),
        "definition": definition,
        "domain": definition.domain.label(language()),
        "version": version,
        "node": node,
        "nodes": table.node_choices(request),
        "node_words": table.node_words(node),
        "period": period,
        "period_words": table.period_words(period_of(period)) if period else "",
        "periods": known,
        "has_rows": isinstance(RULES.get(version.rule), RowRule) and bool(period),
        "is_spanning": bool(period) and definition.is_spanning_change(period_of(period)),
    }
    context |= _history(request, definition, stored, node == county, seen_by)
    context |= _why(request, definition, version, [one for one in stored if one.period == period], seen_by)
    context |= _institutions(request, definition, period, seen_by)
    context |= _family(definition, node, period, county, seen_by) | _targets(definition, county, seen_by)
    context |= _versions(request, definition, node, period, county)
    return render(request, "indicators/indicator.html", context)


def _history(
    request: GuardedRequest, definition: Definition, stored: Sequence[IndicatorValue], is_county: bool, by: Audience
) -> dict[str, Any]:
    """Years with the baselines where there are two points, otherwise quarters, otherwise months, or as asked."""
    names = [name for name, _words in definition.latest.parts] or [""]
    baselines = {name: services.trends.baselines(definition.code, name) for name in names} if is_county else {}
    targets = services.catalogue.targets_of(definition.code, policies.county()) if is_county else ()
    specs = {one: drawings.history(stored, baselines, definition, targets, by, one) for one in WINDOWS}
    full = [one for one in WINDOWS if (spec := specs[one]) is not None and _point_count(spec) > 1]
    offered = full or [one for one in WINDOWS if specs[one] is not None]
    asked = request.GET.get("window", "")
    chosen = next((one for one in offered if one.value == asked), next(iter(offered), None))
    return {
        "chart": specs[chosen] if chosen else None,
        "windows": [(one.value, one.label(language()), one is chosen) for one in offered],
    }


def _point_count(spec: dict[str, Any]) -> int:
    return sum(value is not None for one in spec["series"] for value in one["values"])


def _why(
    request: GuardedRequest, definition: Definition, version: Version, shown: list[IndicatorValue], by: Audience
) -> dict[str, Any]:
    opened = by.of_one_number(may_read_stays=may(request, Permission.STAY_READ))
    return {
        "values": [why.value_words(one, definition, opened) for one in shown],
        "provenance": table.provenance_of(shown[0]) if shown else {},
        "stored_at": shown[0].stored_at if shown else None,
        "clause": versions.version_words(version),
        "parameters": why.parameters(version),
        "threshold_count": by.threshold_count,
    }


def _institutions(request: GuardedRequest, definition: Definition, period: str, by: Audience) -> dict[str, Any]:
    """Institutions as bars and on the map, groups and tiers beside them, as far as they are in reach."""
    if not period:
        return {"others": []}
    county = table.county_in_sight(request)
    on = min(period_of(period).last_on, timezone.localdate())
    found = services.comparing.comparison(
        definition.code, period, county_code=county, scope=request.scope, on=on, audience=by
    )
    others = services.reading.values([definition.code], periods=[period], county_code=county).filter(
        node_kind__in=[NodeKind.GROUP.value, NodeKind.LEVEL.value]
    )
    reach = [
        one for one in others if (county if one.node_kind == NodeKind.LEVEL.value else one.node_code) in request.scope
    ]
    return {
        "others": [_other(one, definition, by) for one in reach],
        "bars": drawings.institutions(found, period),
        "map": drawings.county_map(found, period, policies.county()) if len(found.rows) > 1 else None,
        "institution_count": len(found.rows),
        "withheld_count": sum(one.shown.is_suppressed for one in found.rows),
        "has_limits": found.has_limits,
    }


def _other(one: IndicatorValue, definition: Definition, by: Audience) -> dict[str, Any]:
    version = definition.version(one.version)
    return {
        "node": one.node_code,
        "name": table.node_words(one.node_code),
        "kind": NodeKind(one.node_kind).label(language()),
        "shown": table.shown_words(one, version, by),
        "row_count": by.shown(one, version).row_count,
    }


def _family(definition: Definition, node: str, period: str, county: str, by: Audience) -> dict[str, Any]:
    """Similar words with other denominators, side by side, this one among them."""
    kin = services.catalogue.catalogue().family(definition.family)
    if len(kin) < 2:
        return {"family": []}
    periods = [period] if period else []
    stored = services.reading.values([one.code for one in kin], node_codes=[node], periods=periods, county_code=county)
    values = {one.code: one for one in stored if not one.part}
    return {"family": [_kin(one, values.get(one.code), one.code == definition.code, by) for one in kin]}


def _kin(one: Definition, value: IndicatorValue | None, is_this: bool, by: Audience) -> dict[str, Any]:
    version, spoken = one.latest, language()
    places = dict.fromkeys(target.place for target in services.catalogue.targets_of(one.code))
    return {
        "code": one.code,
        "name": one.name.label(spoken),
        "numerator": version.numerator.label(spoken),
        "denominator": version.denominator.label(spoken),
        "scope": version.scope.label(spoken) or version.institutions.label(spoken),
        "shown": table.shown_words(value, version, by) if value else table.NOTHING,
        "places": table.listed(table.place_words(place) for place in places),
        "is_this": is_this,
    }


def _targets(definition: Definition, county: str, by: Audience) -> dict[str, Any]:
    """Targets of all places; judged where they hold for this county."""
    own = services.catalogue.targets_of(definition.code, policies.county())
    standings = {one.key: services.reading.standing(one, node_code=county) for one in own}
    every = services.catalogue.targets_of(definition.code)
    shown = sorted(every, key=lambda one: one.key not in standings)
    return {"targets": [target_words.target_words(one, definition, standings.get(one.key), by) for one in shown]}


def _versions(request: GuardedRequest, definition: Definition, node: str, period: str, county: str) -> dict[str, Any]:
    compared = versions.compared(request, definition)
    context: dict[str, Any] = {
        "versions": [versions.version_words(one) for one in reversed(definition.versions)],
        "compared": compared,
    }
    if compared and request.GET.get("compute") and period and node == county:
        names = (compared["left"], compared["right"])
        context["computed_under"] = versions.computed_under(definition, names, node, period, county)
    return context | {"may_compute_versions": bool(compared) and bool(period) and node == county}
