"""数据缺口: which indicators have no value, which data are missing, and who would deliver them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import READ_PURPOSES, Reason
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.pages.board import domain_words, origin_words
from sanyi.governance.indicators.pages.tabs import tabs
from sanyi.governance.indicators.rules.periods import period_of
from sanyi.governance.indicators.services.gaps import Gap
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest

routes = table.routes
DELIVERERS_MAX = 12


def missing_words(request: HttpRequest) -> Mapping[Any, str]:
    """不可计算的原因."""
    return Reason.mapping(language())


def _link(row: Row) -> str:
    return reverse("governance.indicators.indicator", kwargs={"code": row["code"]})


GAPS = Listing(
    name="indicator_gaps",
    zh="数据缺口",
    en="Data gaps",
    key="key",
    organisation="owner",
    default_sort="position",
    search=("code", "name", "collector", "missing"),
    kept=("period", "all"),
    page_size=100,
    columns=(
        ListColumn("name", "指标", "Indicator", link=_link),
        ListColumn("reason", "原因", "Reason", filter=Filter.CHOICE, choices=missing_words),
        ListColumn("missing", "缺什么数据", "Data that are missing"),
        ListColumn("collector", "由谁提供", "Who would deliver", filter=Filter.CONTAINS),
        ListColumn("has_target", "本地目标", "Own target", Kind.BOOLEAN, Filter.CHOICE),
        ListColumn("last_period", "最近有值的期间", "Last period with a value"),
        ListColumn("domain", "领域", "Domain", filter=Filter.CHOICE, choices=domain_words, is_hidden=True),
        ListColumn("origin", "数据来源", "Origin", filter=Filter.CHOICE, choices=origin_words, is_hidden=True),
        ListColumn("code", "代码", "Code", Kind.CODE, Filter.PREFIX, is_hidden=True),
        ListColumn("position", "次序", "Order", Kind.INTEGER, is_hidden=True, is_exported=False),
    ),
)
SCHEMA = {column.name: pl.String for column in GAPS.columns} | {
    "has_target": pl.Boolean,
    "position": pl.Int64,
    "key": pl.String,
    "owner": pl.String,
}


@routes.page(
    "indicators/gaps/",
    name="gaps",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="数据缺口",
    en="Data gaps",
    has_export=True,
)
def gaps(request: GuardedRequest) -> HttpResponseBase:
    """数据缺口: of the county; those with a target of their own come first."""
    known, county = services.reading.periods(), table.county_in_sight(request)
    period = table.chosen_period(request, known)
    every = services.gaps.gaps(county, period) if period else []
    is_all = bool(request.GET.get("all"))
    found = [one for one in every if is_all or one.is_concerning]
    found.sort(key=lambda one: not one.has_target)
    rows = [_row(one, place) | {"owner": county} for place, one in enumerate(found)]
    context = {
        "tabs": tabs(request, "gaps"),
        "periods": known,
        "period": period,
        "period_words": table.period_words(period_of(period)) if period else "",
        "gap_count": len(found),
        "is_all": is_all,
        "all_count": len(every),
        "targeted_count": sum(one.has_target for one in found),
        "reasons": _reasons(found),
        "chart": _deliverers(found),
    }
    frame = pl.DataFrame([{name: row[name] for name in SCHEMA} for row in rows], schema=SCHEMA)
    return GAPS.from_frame(frame).respond(
        request, title=_("数据缺口"), template="indicators/gaps.html", context=context
    )


def _row(one: Gap, position: int) -> dict[str, Any]:
    spoken, version = language(), one.version
    part = dict(version.parts).get(one.part)
    name = one.definition.name.label(spoken)
    needs = table.listed(need.label(spoken) for need in one.missing)
    return {
        "key": f"{one.definition.code}/{one.part}",
        "code": one.definition.code,
        "name": f"{name}（{part.label(spoken)}）" if part else name,
        "reason": one.reason.value,
        "missing": needs or version.source.label(spoken),
        "collector": one.deliverer.label(spoken),
        "has_target": one.has_target,
        "last_period": one.last_period,
        "domain": one.definition.domain.zh,
        "origin": version.origin.value,
        "position": position,
    }


def _reasons(found: list[Gap]) -> list[tuple[str, str, int]]:
    counted = Counter(one.reason for one in found)
    return [(reason.value, reason.label(language()), count) for reason, count in counted.most_common()]


def _deliverers(found: list[Gap]) -> dict[str, Any] | None:
    """How many gaps each deliverer could close, with and without a target."""
    names = Counter(one.deliverer.label(language()) or _("未写明") for one in found)
    kept = [name for name, _count in names.most_common(DELIVERERS_MAX)]
    if not kept:
        return None

    def counted(has_target: bool) -> list[int]:
        wanted = Counter(
            one.deliverer.label(language()) or _("未写明") for one in found if one.has_target is has_target
        )
        return [wanted[name] for name in kept]

    return {
        "kind": "bar",
        "horizontal": True,
        "isWhole": True,
        "categories": kept,
        "series": [
            {"name": _("有本地目标"), "values": counted(True), "stack": "all"},
            {"name": _("没有本地目标"), "values": counted(False), "stack": "all"},
        ],
    }
