"""指标看板: every indicator of a node and period with its target, gap and light, one click from its definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import LEVEL_NODE, READ_PURPOSES, Judgement, Origin
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.rules.definitions import Definition, Version
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.services.reading import Standing
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest, may
from sanyi.registry.policies import services as policies

routes = table.routes


def judgement_words(request: HttpRequest) -> Mapping[Any, str]:
    """目标判断."""
    return Judgement.mapping(language()) | {"": "—"}


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


BOARD = Listing(
    name="indicators",
    zh="指标",
    en="Indicators",
    key="code",
    organisation="owner",
    default_sort="code",
    search=("code", "name"),
    extra=("node_code", "period"),
    columns=(
        ListColumn("judgement", "亮灯", "Light", filter=Filter.CHOICE, choices=judgement_words,
                   badge={one.value: badge for one, badge in table.LIGHTS.items()}),
        ListColumn("name", "指标", "Indicator", link=_link),
        ListColumn("domain", "领域", "Domain", filter=Filter.CHOICE, choices=domain_words),
        ListColumn("value", "指标值", "Value", is_sortable=False),
        ListColumn("target", "目标", "Target", is_sortable=False),
        ListColumn("gap", "差距", "Gap", is_sortable=False),
        ListColumn("baseline", "基期", "Baseline", is_sortable=False),
        ListColumn("before", "上年同期", "Year before", is_sortable=False),
        ListColumn("reason", "原因", "Reason", is_sortable=False, is_hidden=True),
        ListColumn("origin", "数据来源", "Origin", filter=Filter.CHOICE, choices=origin_words),
        ListColumn("collector", "采集单位", "Collector", is_hidden=True),
        ListColumn("version", "版本", "Version", Kind.CODE, is_hidden=True),
        ListColumn("code", "代码", "Code", Kind.CODE, Filter.PREFIX, is_hidden=True),
    ),
)  # fmt: skip


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
    rows = rows_of(request, node, period) if period else []
    schema = {column.name: pl.String for column in BOARD.columns} | dict.fromkeys(
        ("node_code", "period", "owner"), pl.String
    )
    frame = pl.DataFrame(rows, schema=schema)
    counts = frame["judgement"].value_counts().rows() if rows else []
    context = {
        "node": node,
        "nodes": table.node_choices(request),
        "period": period,
        "period_words": table.period_words(period_of(period)) if period else "",
        "periods": known,
        "counts": {str(one): dict(counts).get(one.value, 0) for one in Judgement},
        "value_count": sum(row["reason"] == "" for row in rows),
        "computation": services.reading.last_computation(table.county_in_sight(request)),
        "may_compute": may(request, Permission.INDICATOR_COMPUTE),
    }
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


def rows_of(request: GuardedRequest, node: str, period: str) -> list[dict[str, str]]:
    """看板各行: one per indicator; an indicator without a value says why."""
    asked = period_of(period)
    county = table.county_in_sight(request)
    found = list(services.reading.values(node_codes=[node], periods=[period], county_code=county))
    values = {(one.code, one.part): one for one in found}
    last = services.reading.values(
        node_codes=[node], periods=[f"{asked.first_on.year - 1}{period[4:]}"], county_code=county
    )
    before = {(one.code, one.part): one for one in last}
    standings = _standings(node) if node == county else {}
    owner = county if node.startswith(LEVEL_NODE) else node
    rows = []
    for definition in services.catalogue.catalogue().definitions.values():
        version = definition.of(asked)
        if version is None:
            continue
        row = _row(definition, version, values, before, standings.get(definition.code))
        rows.append(row | {"node_code": node, "period": period, "owner": owner})
    return rows


def _standings(node: str) -> dict[str, Standing]:
    """The standing of the first target of each indicator that holds here."""
    found: dict[str, Standing] = {}
    for one in services.reading.standings(policies.county(), node_code=node):
        found.setdefault(one.target.code, one)
    return found


def _row(
    definition: Definition,
    version: Version,
    values: Mapping[tuple[str, str], IndicatorValue],
    before: Mapping[tuple[str, str], IndicatorValue],
    standing: Standing | None,
) -> dict[str, str]:
    names = [name for name, _words in version.parts] or [""]
    known = [values.get((definition.code, name)) for name in names]
    last = [before.get((definition.code, name)) for name in names]
    first = next((one for one in known if one is not None), None)
    reason = first.reason if first is not None else str(version.reason or "not_collected")
    return {
        "code": definition.code,
        "name": definition.name.label(language()),
        "domain": definition.domain.zh,
        "value": " / ".join(table.with_unit(one.value_e6 if one else None, version) for one in known),
        "before": " / ".join(table.with_unit(one.value_e6 if one else None, version) for one in last),
        "target": standing.target.printed if standing else "",
        "baseline": standing.target.baseline.printed if standing else "",
        "gap": _gap(standing, version),
        "judgement": standing.verdict.judgement.value if standing else "",
        "reason": table.reason_words(reason),
        "origin": version.origin.value,
        "collector": version.collector.label(language()),
        "version": version.version,
    }


def _gap(standing: Standing | None, version: Version) -> str:
    """What is missing to meet the target; nothing where it is met or cannot be judged."""
    if standing is None or not standing.verdict.gap_e6:
        return ""
    return table.with_unit(standing.verdict.gap_e6, version)
