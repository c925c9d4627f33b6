"""指标图表: history with baselines and targets, institutions, funnel and map; decimals are for drawing only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.governance.indicators.codes import E6, Window
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.pages import table, target_words
from sanyi.governance.indicators.rules.definitions import Definition
from sanyi.governance.indicators.rules.targets import Target
from sanyi.governance.indicators.services.comparing import Compared, Comparison
from sanyi.governance.indicators.services.publishing import Audience
from sanyi.governance.indicators.services.trends import Point
from sanyi.insurance.case_mix.codes import Verdict
from sanyi.registry.doors.answers import language
from sanyi.registry.organisations import services as organisations
from sanyi.registry.places import services as places

Spec = dict[str, Any]
BARS_MAX = 24
OUTSIDE = frozenset({Verdict.ABOVE_FAR, Verdict.ABOVE, Verdict.BELOW, Verdict.BELOW_FAR})


def history(
    stored: Sequence[IndicatorValue],
    baselines: Mapping[str, Sequence[Point]],
    definition: Definition,
    targets: Sequence[Target],
    seen_by: Audience,
    window: Window,
) -> Spec | None:
    """历史: stored values of one window; years have every year since the baseline, so that a gap stays a gap.

    ``baselines`` are by part; an indicator with parts has a line for each of them.
    """
    parts = dict(definition.latest.parts) or {"": definition.name}
    known = {part: _stored(stored, part, definition, seen_by, window) for part in parts}
    reported = {
        part: {one.period: one.value_e6 for one in baselines.get(part, ())} if window is Window.YEAR else {}
        for part in parts
    }
    every: list[Mapping[str, int | None]] = [*known.values(), *reported.values()]
    if not any(value is not None for values in every for value in values.values()):
        return None
    periods = {period for values in every for period in values}
    names = _years(periods) if window is Window.YEAR else sorted(periods)
    series = []
    for part, words in parts.items():
        label = words.label(language())
        series.append({"name": label, "values": [_real(known[part].get(name)) for name in names]})
        if reported[part]:
            said = f"{label} {_('文件所载')}" if part else _("文件所载")
            series.append({"name": said, "values": [_real(reported[part].get(name)) for name in names]})
    return {
        "kind": "line",
        "categories": names,
        "decimals": definition.latest.decimals,
        "units": [definition.latest.unit],
        "scale": True,
        "series": series,
        "references": references(definition, targets),
    }


def _stored(
    stored: Sequence[IndicatorValue], part: str, definition: Definition, seen_by: Audience, window: Window
) -> dict[str, int | None]:
    """The values of one part and window, as far as they may be shown."""
    return {
        one.period: seen_by.shown(one, definition.version(one.version)).value_e6
        for one in stored
        if one.window == window.value and one.part == part
    }


def references(definition: Definition, targets: Sequence[Target]) -> list[Spec]:
    """目标线: bounds that are plain numbers, each once."""
    found: dict[int, str] = {}
    for target in targets:
        for one in (one for group in target.any_of for one in group):
            if one.relative_to is not None:
                continue
            due = target_words.due_words(target)
            found[one.value_e6] = f"{target_words.bound_words(target, one, definition)} {due}".strip()
            if one.upper_e6 is not None:
                found[one.upper_e6] = found[one.value_e6]
    return [{"value": value / E6, "label": words} for value, words in found.items()]


def institutions(found: Comparison, period: str) -> Spec | None:
    """各机构: the ones with most cases, beside the whole county; what is withheld is not drawn."""
    rows = [one for one in found.rows if one.shown.value_e6 is not None][:BARS_MAX]
    if not rows:
        return None
    spec: Spec = {
        "kind": "bar",
        "horizontal": True,
        "categories": [table.node_words(one.value.node_code) for one in rows],
        "links": [_address(found.definition.code, one.value.node_code, period) for one in rows],
        "decimals": found.definition.latest.decimals,
        "series": [
            {"name": found.definition.name.label(language()), "values": [_real(one.shown.value_e6) for one in rows]}
        ],
    }
    if found.whole is not None and found.whole.value_e6 is not None:
        spec["references"] = [{"value": found.whole.value_e6 / E6, "label": _("全县")}]
    return spec


def funnel(found: Comparison, period: str) -> Spec | None:
    """漏斗图: shares against the numbers of cases, with the exact limits around the county's share."""
    whole, definition = found.whole, found.definition
    rows = [one for one in found.rows if one.shown.value_e6 is not None and one.shown.denominator]
    if whole is None or whole.value_e6 is None or not found.has_limits or not rows:
        return None
    curves: list[Spec] = []
    factor = definition.version(whole.version).multiplier
    drawn = found.curves()
    for place, name in enumerate(found.level_names):
        for side, label in ((0, ""), (1, name)):
            points = [[size, limits[place][side] * factor / size] for size, limits in drawn]
            curves.append({"name": label, "points": points, "isOuter": place == len(found.level_names) - 1})
    return {
        "kind": "scatter",
        "points": [_point(one, definition, period) for one in rows],
        "curves": curves,
        "level": whole.value_e6 / E6,
        "names": {"x": _("病例数"), "y": f"{definition.name.label(language())}（{definition.latest.unit}）"},
    }


def county_map(found: Comparison, period: str, place_code: str) -> Spec | None:
    """县域地图: institutions where they stand; colour is the value, size the records counted."""
    rows = [one for one in found.rows if one.shown.value_e6 is not None]
    placed = organisations.positions(one.value.node_code for one in rows)
    rows = [one for one in rows if one.value.node_code in placed]
    outline = places.map_data(place_code)["outlines"] if rows else {"features": []}
    if not rows or not outline["features"]:
        return None
    definition = found.definition
    return {
        "boundary": outline,
        "label": definition.latest.unit,
        "decimals": min(definition.latest.decimals, 2),
        "points": [
            {
                "name": table.node_words(one.value.node_code),
                "longitude": placed[one.value.node_code].longitude,
                "latitude": placed[one.value.node_code].latitude,
                "size": one.shown.row_count or 0,
                "value": _real(one.shown.value_e6),
                "link": _address(definition.code, one.value.node_code, period),
                "lines": [table.with_unit(one.shown.value_e6, definition.version(one.value.version))],
            }
            for one in sorted(rows, key=lambda one: -(one.shown.row_count or 0))
        ],
    }


def _point(one: Compared, definition: Definition, period: str) -> Spec:
    version = definition.version(one.value.version)
    return {
        "name": table.node_words(one.value.node_code),
        "x": one.shown.denominator,
        "y": _real(one.shown.value_e6),
        "size": one.shown.denominator,
        "isMarked": one.verdict in OUTSIDE,
        "link": _address(definition.code, one.value.node_code, period),
        "lines": [
            table.with_unit(one.shown.value_e6, version),
            f"{_('病例数')} {one.shown.denominator:,}",
            one.verdict.label(language()),
        ],
    }


def _address(code: str, node: str, period: str) -> str:
    return f"{reverse('governance.indicators.indicator', kwargs={'code': code})}?node={node}&period={period}"


def _years(periods: Iterable[str]) -> list[str]:
    """Every year from the first to the last, so that distances in time are seen."""
    numbers = [int(name) for name in periods]
    return [str(year) for year in range(min(numbers), max(numbers) + 1)] if numbers else []


def _real(value_e6: int | None) -> float | None:
    return None if value_e6 is None else value_e6 / E6
