"""病例组合图表: bars and funnels from the figures alone; decimals are for drawing only."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from sanyi.insurance.case_mix.codes import Verdict
from sanyi.insurance.case_mix.jobs import Analysis
from sanyi.insurance.case_mix.rules.funnel import binomial_limits, index_limits
from sanyi.insurance.case_mix.rules.policy import Limits

BARS_MAX, STEPS_MAX = 20, 40
E6 = 1_000_000
OUTSIDE = {str(verdict) for verdict in (Verdict.ABOVE_FAR, Verdict.ABOVE, Verdict.BELOW, Verdict.BELOW_FAR)}
Spec = dict[str, Any]


def cmi_chart(rows: pl.DataFrame, labels: dict[str, str]) -> Spec:
    """CMI: of the units with most stays."""
    ranked = rows.drop_nulls("cmi_e6").sort("stay_count", "key", descending=[True, False]).head(BARS_MAX).to_dicts()
    spec = {
        "kind": "bar",
        "horizontal": True,
        "categories": [labels[row["key"]] for row in ranked],
        "links": [row["drill"] or "" for row in ranked],
        "decimals": 4,
        "series": [{"name": "CMI", "values": [row["cmi_e6"] / E6 for row in ranked]}],
        "reference": {"value": 1, "label": "1"},
    }
    return {"id": "chart-cmi", "title": "CMI", "sub": _("病例最多的二十个"), "spec": spec}


def death_funnel(rows: pl.DataFrame, labels: dict[str, str], found: Analysis, limits: Limits) -> Spec:
    """低风险死亡漏斗图: mortality against the number of low-risk stays, with exact binomial limits."""
    shown = rows.filter(pl.col("low_risk_count") > 0).to_dicts()
    deaths, count = found.deaths
    points = [
        _point(
            row, labels, "low_risk_count", row["low_risk_death_count"] * 1000 / row["low_risk_count"], "death_verdict"
        )
        for row in shown
    ]
    curves = []
    for level in limits.levels if deaths else ():  # without a single death there is nothing to compare with
        bounds = [
            (size, binomial_limits(size, deaths, count, level.tail_e6)) for size in _steps(shown, "low_risk_count")
        ]
        points_of_level = [[size, high * 1000 / size] for size, (_low, high) in bounds]
        curves.append({"name": level.name, "points": points_of_level, "isOuter": level is limits.levels[-1]})
    spec: Spec = {
        "kind": "scatter",
        "points": points,
        "curves": curves,
        "names": {"x": _("低风险组病例"), "y": _("低风险组死亡率（‰）")},
    }
    if count:
        spec["level"] = deaths * 1000 / count
    sub = _("界限按二项分布精确计算；在界限以内的高低不足以说明好坏")
    nothing = _("所选期间没有低风险组病例，无从比较")
    return {"id": "chart-deaths", "title": _("低风险组死亡漏斗图"), "sub": sub, "spec": spec, "nothing": nothing}


def cost_funnel(rows: pl.DataFrame, labels: dict[str, str], found: Analysis, limits: Limits) -> Spec:
    """费用指数漏斗图: cost index against grouped stays, with normal limits around 1."""
    shown = rows.drop_nulls("cost_index_e6").to_dicts()
    points = [_point(row, labels, "grouped_count", row["cost_index_e6"] / E6, "cost_verdict") for row in shown]
    curves = []
    for level in limits.levels if found.spread.count else ():
        bounds = [(size, index_limits(size, found.spread, level.z_e6)) for size in _steps(shown, "grouped_count")]
        for side, name in ((0, ""), (1, level.name)):  # one name for both sides
            line = [[size, bound[side] / E6] for size, bound in bounds if bound is not None]
            curves.append({"name": name, "points": line, "isOuter": level is limits.levels[-1]})
    spec = {
        "kind": "scatter",
        "points": points,
        "curves": curves,
        "level": 1,
        "names": {"x": _("入组病例"), "y": _("费用消耗指数")},
    }
    sub = _("界限按组内费用离散程度的正态近似计算；病例越少，界限越宽")
    nothing = _("所选期间没有入组病例，无从比较")
    return {"id": "chart-costs", "title": _("费用消耗指数漏斗图"), "sub": sub, "spec": spec, "nothing": nothing}


def _point(row: dict[str, Any], labels: dict[str, str], size: str, value: float, verdict: str) -> Spec:
    return {
        "name": labels[row["key"]],
        "x": row[size],
        "y": value,
        "size": row["stay_count"],
        "isMarked": row[verdict] in OUTSIDE,
        "link": row["drill"] or "",
        "lines": [f"{_('病例数')} {row['stay_count']:,}", f"{value:.3f}"],
    }


def _steps(rows: list[dict[str, Any]], column: str) -> list[int]:
    """Numbers of stays at which the limits are drawn: those that occur, thinned out evenly."""
    sizes = sorted({row[column] for row in rows if row[column]})
    stride = max(1, -(-len(sizes) // STEPS_MAX))
    return sorted({*sizes[::stride], *sizes[-1:]})
