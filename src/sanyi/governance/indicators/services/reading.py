"""读取服务: current values, their history, who has which value, targets beside them, and the rows behind a number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import QuerySet
from django.utils import timezone

from sanyi.governance.indicators import jobs
from sanyi.governance.indicators.codes import NodeKind, Relative, Window
from sanyi.governance.indicators.models import IndicatorComputation, IndicatorValue
from sanyi.governance.indicators.rules.periods import period_of, year_before
from sanyi.governance.indicators.rules.targets import Target, Verdict, judge
from sanyi.governance.indicators.services import catalogue, facts

Stock = Mapping[tuple[str, str, str], Sequence[IndicatorValue]]
"""已读取的指标值: known values by indicator, node and part, so that many targets need one query."""


@dataclass(frozen=True, slots=True)
class Standing:
    """目标与现状: a target with the values it was held against; ``period`` is None where there is no value at all."""

    target: Target
    verdict: Verdict
    values: tuple[IndicatorValue, ...]
    period: str | None
    as_of: date | None


def values(
    codes: Collection[str] | None = None,
    *,
    node_codes: Collection[str] | None = None,
    periods: Collection[str] | None = None,
    county_code: str | None = None,
) -> QuerySet[IndicatorValue]:
    """现行指标值: of these indicators, nodes and periods (None: any), by indicator, node and time.

    A tier is a node of every county: name the county where several share an installation.
    """
    found = IndicatorValue.objects.filter(is_current=True).select_related("computation", "collected__case")
    if county_code is not None:
        found = found.filter(organisation_code=county_code)
    if codes is not None:
        found = found.filter(code__in=codes)
    if node_codes is not None:
        found = found.filter(node_code__in=node_codes)
    if periods is not None:
        found = found.filter(period__in=periods)
    return found.order_by("code", "part", "node_code", "last_on", "window")


def value(code: str, period: str, *, node_code: str | None = None, part: str = "") -> IndicatorValue | None:
    """一个指标值: of the county where no node is named; None where nothing is stored."""
    node = node_code or catalogue.county_code()
    return values([code], node_codes=[node], periods=[period]).filter(part=part).first()


def history(
    code: str,
    *,
    node_code: str | None = None,
    window: Window | None = None,
    part: str | None = None,
    county_code: str | None = None,
) -> list[IndicatorValue]:
    """历史: of one indicator and node, oldest first; each value under the version of its own time."""
    node = node_code or county_code or catalogue.county_code()
    found = values([code], node_codes=[node], county_code=county_code).order_by("last_on", "window", "part")
    if window is not None:
        found = found.filter(window=window.value)
    return list(found if part is None else found.filter(part=part))


def latest(
    code: str,
    *,
    node_code: str | None = None,
    window: Window | None = None,
    part: str = "",
    on: date | None = None,
    stock: Stock | None = None,
) -> IndicatorValue | None:
    """最近的指标值: with a value, of the period that ended last on or before a day (today: the running one counts)."""
    node = node_code or catalogue.county_code()
    if stock is None:
        stock = stock_of([code], node)
    order = {Window.YEAR.value: 2, Window.QUARTER.value: 1, Window.MONTH.value: 0}
    known = [
        one
        for one in stock.get((code, node, part), ())
        if (window is None or one.window == window.value) and (on is None or one.last_on <= on)
    ]
    return max(known, key=lambda one: (one.last_on, order[one.window]), default=None)


def stock_of(codes: Collection[str], node_code: str, *references: str) -> Stock:
    """读取指标值: those that are there, of these indicators, one node and the references outside, in one query."""
    found = values(codes, node_codes=[node_code, *references]).filter(value_e6__isnull=False)
    kept: dict[tuple[str, str, str], list[IndicatorValue]] = defaultdict(list)
    for one in found:
        kept[one.code, one.node_code, one.part].append(one)
    return kept


def by_node(code: str, period: str, kind: NodeKind, *, scope: Collection[str] | None = None) -> list[IndicatorValue]:
    """分节点: the values of all institutions, groups or tiers of one indicator and period."""
    found = values([code], periods=[period]).filter(node_kind=kind.value)
    return list(found if scope is None else found.filter(node_code__in=scope))


def periods(window: Window | None = None) -> list[str]:
    """有指标值的期间: newest first."""
    found = IndicatorValue.objects.filter(is_current=True)
    if window is not None:
        found = found.filter(window=window.value)
    return list(found.order_by("-last_on", "period").values_list("period", flat=True).distinct())


def last_computation(county_code: str | None = None) -> IndicatorComputation | None:
    """最近一次计算."""
    own = county_code or catalogue.county_code()
    return IndicatorComputation.objects.filter(organisation_code=own).order_by("-pk").first()


def standing(
    target: Target, *, node_code: str | None = None, on: date | None = None, stock: Stock | None = None
) -> Standing:
    """目标与现状: the target held against the latest value of each of its parts as of a day (today)."""
    day = on or timezone.localdate()
    window = _window(target)
    found = {
        part: latest(target.code, node_code=node_code, window=window, part=part, on=on, stock=stock)
        for part in target.parts
    }
    known = tuple(one for one in found.values() if one is not None)
    figures = {part: None if one is None else one.value_e6 for part, one in found.items()}
    limits = catalogue.limits_on(min(day, timezone.localdate()))
    outside, before = references(target, stock), previous(target, found, stock)
    verdict = judge(target, figures, outside, before, about_bp=limits.about_bp)
    newest = max(known, key=lambda one: one.last_on, default=None)
    return Standing(target, verdict, known, newest.period if newest else None, newest.last_on if newest else None)


def standings(
    jurisdiction: str | None = None, *, node_code: str | None = None, on: date | None = None
) -> list[Standing]:
    """全部目标与现状: of a jurisdiction and those above it; None: of all places. One query for all of them."""
    targets = catalogue.targets_here(jurisdiction)
    outside = {name for target in targets for name in reference_names(target)}
    stock = stock_of({one.code for one in targets}, node_code or catalogue.county_code(), *outside)
    return [standing(one, node_code=node_code, on=on, stock=stock) for one in targets]


def reference_names(target: Target) -> set[str]:
    """外部参照的名称: of the averages that a target names."""
    return {one.reference for group in target.any_of for one in group if one.reference}


def references(target: Target, stock: Stock | None = None) -> Mapping[str, int | None]:
    """外部参照: the latest collected averages that the target names; the node is the name of the reference."""
    found: dict[str, int | None] = {}
    for name in reference_names(target):
        one = latest(target.code, node_code=name, stock=stock)
        found[name] = None if one is None else one.value_e6
    return found


def previous(
    target: Target, found: Mapping[str, IndicatorValue | None], stock: Stock | None = None
) -> Mapping[str, int | None]:
    """上年同期值: by part, of the same node; only where the target counts from them."""
    if not any(one.relative_to is Relative.PREVIOUS_YEAR_POINTS for group in target.any_of for one in group):
        return {}
    known: dict[str, int | None] = {}
    for part, one in found.items():
        if one is None:
            continue
        name = year_before(period_of(one.period)).name
        held = stock if stock is not None else stock_of([target.code], one.node_code)
        there = held.get((target.code, one.node_code, part), ())
        known.update((part, before.value_e6) for before in there if before.period == name)
    return known


def _window(target: Target) -> Window | None:
    """Targets are yearly where the indicator has years."""
    windows = catalogue.definition(target.code).latest.windows
    return Window.YEAR if Window.YEAR in windows else None


def rows(
    code: str, period: str, *, node_code: str | None = None, version: str | None = None, county_code: str | None = None
) -> pl.DataFrame | None:
    """指标背后的病例: INDICATOR_ROW; None where a value is not made of stays (staff, whole-table rules, collected)."""
    asked = period_of(period)
    definition = catalogue.definition(code)
    chosen = definition.version(version) if version else definition.of(asked)
    if chosen is None or not chosen.rule:
        return None
    bundle = facts.stays_alone(asked, county_code)
    return jobs.rows_of(bundle, chosen, node_code or bundle.county_code, asked)


def compare_versions(
    code: str, period: str, *, node_code: str | None = None, county_code: str | None = None
) -> pl.DataFrame:
    """版本比较: INDICATOR_VALUE of one indicator, node and period under every computed version of its definition."""
    asked = period_of(period)
    bundle = facts.bundle([asked.first_on.year], county_code)
    node = node_code or bundle.county_code
    wanted = [(one, asked) for one in catalogue.definition(code).versions if one.rule]
    found = [jobs.compute_versions(bundle, [pair], facts.node_kinds(bundle.county_code)) for pair in wanted]
    everything = pl.concat(found) if found else pl.DataFrame(schema={"node_code": pl.String})
    return everything.filter(pl.col("node_code") == node)
