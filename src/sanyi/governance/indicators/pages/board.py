"""指标看板: every indicator of a node and period with target, gap, trend and light, one click from its definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import LEVEL_NODE, READ_PURPOSES, Judgement, Origin
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.pages import table, target_words
from sanyi.governance.indicators.pages.tabs import tabs
from sanyi.governance.indicators.rules.definitions import Definition, Version
from sanyi.governance.indicators.rules.periods import period_of, year_before
from sanyi.governance.indicators.services.publishing import Audience
from sanyi.governance.indicators.services.reading import Standing
from sanyi.governance.indicators.services.trends import Point
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest, may
from sanyi.registry.policies import services as policies

routes = table.routes
Values = Mapping[tuple[str, str], IndicatorValue]
LIGHT_ORDER = (Judgement.NOT_MET, Judgement.MET, Judgement.NOT_JUDGEABLE)


def judgement_words(request: HttpRequest) -> Mapping[Any, str]:
    """目标判断."""
    return Judgement.mapping(language()) | {"": table.NOTHING}


def origin_words(request: HttpRequest) -> Mapping[Any, str]:
    """数据来源."""
    return Origin.mapping(language())


def domain_words(request: HttpRequest) -> Mapping[Any, str]:
    """领域: those of the catalogue."""
    found = {one.domain.zh: one.domain.label(language()) for one in services.catalogue.catalogue().definitions.values()}
    return dict(sorted(found.items()))


def _link(row: Row) -> str:
    address = reverse("governance.indicators.indicator", kwargs={"code": row["code"]})
    return f"{address}?node={row['node_code']}&period={row['period']}"


def _definition_link(row: Row) -> str:
    return f"{_link(row)}#versions"


BOARD = Listing(
    name="indicators",
    zh="指标",
    en="Indicators",
    key="code",
    organisation="owner",
    default_sort="position",
    search=("code", "name"),
    extra=("node_code", "period"),
    kept=("node", "period", "all"),
    page_size=60,
    columns=(
        ListColumn("judgement", "亮灯", "Light", filter=Filter.CHOICE, choices=judgement_words,
                   badge={one.value: badge for one, badge in table.LIGHTS.items()}),
        ListColumn("name", "指标", "Indicator", link=_link),
        ListColumn("value", "指标值", "Value", is_sortable=False),
        ListColumn("target", "目标", "Target", is_sortable=False),
        ListColumn("gap", "差距", "Gap", is_sortable=False),
        ListColumn("trend", "走势", "Trend", Kind.TREND, is_sortable=False),
        ListColumn("domain", "领域", "Domain", filter=Filter.CHOICE, choices=domain_words),
        ListColumn("definition", "定义", "Definition", is_sortable=False, link=_definition_link),
        ListColumn("has_target", "本地目标", "Own target", Kind.BOOLEAN, Filter.CHOICE, is_hidden=True),
        ListColumn("baseline", "基期", "Baseline", is_sortable=False, is_hidden=True),
        ListColumn("before", "上年同期", "Year before", is_sortable=False, is_hidden=True),
        ListColumn("origin", "数据来源", "Origin", filter=Filter.CHOICE, choices=origin_words, is_hidden=True),
        ListColumn("collector", "采集单位", "Collector", is_hidden=True),
        ListColumn("code", "代码", "Code", Kind.CODE, Filter.PREFIX, is_hidden=True),
        ListColumn("position", "次序", "Order", Kind.INTEGER, is_hidden=True, is_exported=False),
    ),
)  # fmt: skip
SCHEMA = {column.name: pl.String for column in BOARD.columns} | {
    "node_code": pl.String,
    "period": pl.String,
    "owner": pl.String,
    "has_target": pl.Boolean,
    "position": pl.Int64,
}


@routes.page(
    "indicators/",
    name="board",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标监测",
    en="Indicators",
    has_export=True,
)
def board(request: GuardedRequest) -> HttpResponseBase:
    """指标看板: of the county, or of the node and period asked for."""
    known = services.reading.periods()
    node, period = table.chosen_node(request), table.chosen_period(request, known)
    every = rows_of(request, node, period) if period else []
    is_all = bool(request.GET.get("all"))
    rows = [row for row in every if is_all or row["is_concerning"]]
    counts = [row["judgement"] for row in rows]
    context = {
        "node": node,
        "nodes": table.node_choices(request),
        "period": period,
        "period_words": table.period_words(period_of(period)) if period else "",
        "periods": known,
        "counts": {str(one): counts.count(one.value) for one in Judgement},
        "value_count": sum(row["has_value"] for row in rows),
        "indicator_count": len(every),
        "is_all": is_all,
        "computation": services.reading.last_computation(table.county_in_sight(request)),
        "may_compute": may(request, Permission.INDICATOR_COMPUTE),
        "tabs": tabs(request, "board"),
        "threshold_count": table.audience(request).threshold_count,
    }
    frame = pl.DataFrame([{name: row[name] for name in SCHEMA} for row in rows], schema=SCHEMA)
    return BOARD.from_frame(frame).respond(
        request, title=_("指标监测"), template="indicators/board.html", context=context
    )


@routes.page(
    "indicators/compute/",
    name="compute",
    permission=Permission.INDICATOR_COMPUTE,
    purpose=READ_PURPOSES,
    methods=("POST",),
    zh="计算指标",
    en="Compute indicators",
)
def compute(request: GuardedRequest) -> HttpResponseBase:
    """计算指标: of all years that have stays, by a job."""
    number = services.computing.start(by=request.actor)
    return HttpResponseRedirect(reverse("registry.runs.detail", kwargs={"number": number}))


def rows_of(request: GuardedRequest, node: str, period: str) -> list[dict[str, Any]]:
    """看板各行: those with a target first, then those with a value; one without a value says why."""
    asked, county, seen_by = period_of(period), table.county_in_sight(request), table.audience(request)
    values, before = _values(node, county, period), _values(node, county, year_before(asked).name)
    standings = _standings(node) if node == county else {}
    trends = services.trends.trends(node, county, seen_by)
    common = {"node_code": node, "period": period, "owner": county if node.startswith(LEVEL_NODE) else node}
    concerning = services.items.concerning()
    rows = []
    for definition in services.catalogue.catalogue().definitions.values():
        version = definition.of(asked)
        if version is None:
            continue
        standing = standings.get(definition.code)
        row = _row(definition, version, values, before, seen_by) | _target(standing, version, seen_by)
        row["is_concerning"] = row["has_value"] or definition.code in concerning
        rows.append(row | common | {"trend": _trend(trends[definition.code], version)})
    rows.sort(key=_order)
    return [row | {"position": place} for place, row in enumerate(rows)]


def _values(node: str, county: str, period: str) -> Values:
    found = services.reading.values(node_codes=[node], periods=[period], county_code=county)
    return {(one.code, one.part): one for one in found.select_related(None)}


def _standings(node: str) -> dict[str, Standing]:
    """The standing of the target of each indicator that is due next, or was due last."""
    found: dict[str, Standing] = {}
    today = timezone.localdate()
    for one in services.reading.standings(policies.county(), node_code=node):
        kept = found.setdefault(one.target.code, one)
        if _is_nearer(one, kept, today):
            found[one.target.code] = one
    return found


def _is_nearer(one: Standing, kept: Standing, today: Any) -> bool:
    due, kept_due = one.target.due_on, kept.target.due_on
    if due is None or kept_due is None:
        return kept_due is None and due is not None
    return due < kept_due if min(due, kept_due) >= today else due > kept_due


def _order(row: Mapping[str, Any]) -> tuple[int, int]:
    lights = {one.value: place for place, one in enumerate(LIGHT_ORDER)}
    return lights.get(row["judgement"], len(lights)), 0 if row["has_value"] else 1


def _row(definition: Definition, version: Version, values: Values, before: Values, seen_by: Audience) -> dict[str, Any]:
    names = [name for name, _words in version.parts] or [""]
    known = [values.get((definition.code, name)) for name in names]
    last = [before.get((definition.code, name)) for name in names]
    has_value = any(one is not None and one.value_e6 is not None for one in known)
    first = next((one for one in known if one is not None), None)
    reason = first.reason if first is not None else str(version.reason or "not_collected")
    return {
        "code": definition.code,
        "name": definition.name.label(language()),
        "domain": definition.domain.zh,
        "has_value": has_value,
        "value": _joined(known, version, seen_by) if has_value else table.reason_words(reason),
        "before": _joined(last, version, seen_by),
        "origin": version.origin.value,
        "collector": version.collector.label(language()),
        "definition": _("版本 %(name)s") % {"name": version.version},
    }


def _joined(known: list[IndicatorValue | None], version: Version, seen_by: Audience) -> str:
    return " / ".join(table.shown_words(one, version, seen_by) for one in known)


def _target(standing: Standing | None, version: Version, seen_by: Audience) -> dict[str, Any]:
    if standing is None:
        return {"target": "", "baseline": "", "gap": "", "judgement": "", "has_target": False}
    target, verdict = standing.target, standing.verdict
    due = target_words.due_words(target)
    return {
        "target": f"{target.printed}（{due}）" if due else target.printed,
        "baseline": target.baseline.printed,
        "gap": "" if seen_by.withholds(standing.values) else table.gap_words(verdict.gap_e6, version),
        "judgement": verdict.judgement.value,
        "has_target": True,
    }


def _trend(points: list[Point], version: Version) -> str:
    return " → ".join(table.scaled(one.value_e6, version.decimals) for one in points)
