"""指标接口: definitions, values of every node in reach, and the rows behind a number, as the pages have them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import READ_PURPOSES
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.pages import table
from sanyi.governance.indicators.pages.rows import rows_answer
from sanyi.governance.indicators.rules.definitions import Definition
from sanyi.governance.indicators.rules.entries import Entry
from sanyi.governance.indicators.services.publishing import Audience
from sanyi.governance.indicators.services.reading import Standing
from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.doors.services import may
from sanyi.registry.policies import services as policies

routes = Routes("governance.indicators.api")
COUNTED = ("numerator", "denominator", "value_e6", "row_count", "missing_count")
VALUES = Listing(
    name="indicator_values",
    zh="指标值",
    en="Indicator values",
    key="pk",
    key_kind=Kind.INTEGER,
    organisation="node_code",
    default_sort="code",
    page_size=200,
    columns=(
        ListColumn("code", "指标代码", "Indicator", Kind.CODE, Filter.PREFIX),
        ListColumn("version", "版本", "Version", Kind.CODE),
        ListColumn("part", "部分", "Part", Kind.CODE),
        ListColumn("node_code", "节点", "Node", Kind.CODE, Filter.EXACT),
        ListColumn("node_kind", "节点种类", "Kind of node", Kind.CODE, Filter.EXACT),
        ListColumn("period", "期间", "Period", Kind.CODE, Filter.EXACT),
        ListColumn("last_on", "期末", "Last day", Kind.DATE, Filter.RANGE),
        ListColumn("numerator", "分子", "Numerator", Kind.INTEGER),
        ListColumn("denominator", "分母", "Denominator", Kind.INTEGER),
        ListColumn("value_e6", "指标值", "Value", Kind.INTEGER),
        ListColumn("row_count", "计入的记录", "Rows counted", Kind.INTEGER),
        ListColumn("missing_count", "缺失的记录", "Rows missing something", Kind.INTEGER),
        ListColumn("reason", "原因", "Reason", Kind.CODE, Filter.EXACT),
        ListColumn("basis", "分母依据", "Basis of the denominator"),
        ListColumn("origin", "数据来源", "Origin", Kind.CODE, Filter.EXACT),
        ListColumn("definition_digest", "定义摘要", "Digest of the definition", Kind.CODE),
        ListColumn("stored_at", "存入时间", "Stored", Kind.INSTANT),
    ),
)


class ListedAnswer(Schema):
    """目录中的指标."""

    code: str
    name: str
    name_en: str
    domain: str
    family: str
    version: str
    origin: str
    direction: str
    unit: str
    decimals: int
    multiplier: int
    windows: list[str]
    numerator: str
    denominator: str
    collector: str
    digest: str


class CatalogueAnswer(Schema):
    """指标目录: ``digest`` is over all definitions."""

    digest: str
    items: list[ListedAnswer]


class JudgedAnswer(Schema):
    """目标与现状."""

    key: str
    code: str
    place: str
    jurisdiction: str
    nature: str
    due_on: date | None
    printed: str
    unit: str
    judgement: str
    reason: str
    gap_e6: int | None
    period: str | None
    values_e6: dict[str, int | None]


class TargetsAnswer(Schema):
    """指标目标."""

    node_code: str
    items: list[JudgedAnswer]


class CollectedBody(Schema):
    """填报: numerator and denominator, or the value alone; everything as it would be written in the template."""

    code: str = Field(max_length=80)
    period: str = Field(max_length=8)
    part: str = Field("", max_length=24)
    node: str = Field("", max_length=64)
    numerator: str = Field("", max_length=24)
    denominator: str = Field("", max_length=24)
    value: str = Field("", max_length=24)
    source_name: str = Field("", max_length=200)
    note: str = Field("", max_length=400)


class CollectedAnswer(Schema):
    """填报值: ``outcome`` says whether it is new, changed or the same as before."""

    number: str
    outcome: str
    state: str
    revision: int
    code: str
    period: str
    node_code: str
    value_e6: int | None


@routes.api(
    "GET",
    "/indicators/values",
    name="values",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标值",
    en="Indicator values",
)
def values(request: GuardedRequest) -> dict[str, Any]:
    """指标值: current values of the county, groups and institutions in reach; in millionths of the indicator's unit.

    ``code`` is a prefix; ``node_code`` and ``period`` are exact. A value that is not there has its reason.
    """
    return _published(request, IndicatorValue.objects.filter(is_current=True))


@routes.api(
    "GET",
    "/indicators",
    name="catalogue",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标目录",
    en="Catalogue of indicators",
    response=CatalogueAnswer,
)
def catalogue(request: GuardedRequest) -> dict[str, Any]:
    """指标目录: every indicator with what it means today; all versions stand in its definition."""
    known = services.catalogue.catalogue()
    return {"digest": known.digest, "items": [_listed(one) for one in known.definitions.values()]}


@routes.api(
    "GET",
    "/indicators/targets",
    name="targets",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标目标",
    en="Targets with their judgement",
    response=TargetsAnswer,
)
def targets(request: GuardedRequest) -> dict[str, Any]:
    """指标目标: those that hold in this county, each held against the latest value of ``node`` (the county).

    A target that cannot be judged says why. Gaps are in millionths of the indicator's unit.
    """
    node = table.chosen_node(request)
    found = services.reading.standings(policies.county(), node_code=node)
    return {"node_code": node, "items": [_judged(one, _seen_by(request)) for one in found]}


@routes.api(
    "POST",
    "/indicators/collected",
    name="collect",
    permission=Permission.INDICATOR_COLLECT,
    purpose=AT_WORK,
    zh="填报指标",
    en="Enter a collected value",
    response=CollectedAnswer,
)
def collect(request: GuardedRequest, body: CollectedBody) -> dict[str, Any]:
    """填报指标: a draft of one's own unit; the same figures again change nothing. It is submitted with its evidence
    on the page of the entry.
    """
    row, outcome = services.collecting.enter(Entry(**body.model_dump()), by=request.actor)
    return {
        "number": row.number,
        "outcome": outcome.value,
        "state": row.case.state,
        "revision": row.case.revision,
        "code": row.code,
        "period": row.period,
        "node_code": row.node_code,
        "value_e6": row.value_e6,
    }


@routes.api(
    "GET",
    "/indicators/{code}/values",
    name="history",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标历史值",
    en="History of an indicator",
)
def history(request: GuardedRequest, code: str, is_current: bool = True) -> dict[str, Any]:
    """指标历史值: of all periods of one indicator; ``node_code`` and ``period`` are exact. With ``is_current=false``
    what a value was before it was recomputed or corrected.
    """
    definition = services.catalogue.definition(code)
    return _published(request, IndicatorValue.objects.filter(code=definition.code, is_current=is_current))


@routes.api(
    "GET",
    "/indicators/{code}",
    name="definition",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标定义",
    en="Definition of an indicator",
)
def definition(request: GuardedRequest, code: str) -> dict[str, Any]:
    """指标定义: all versions with their dates, and the targets of all places."""
    known = services.catalogue.definition(code)
    targets = [asdict(one) for one in services.catalogue.targets_of(code)]
    versions = [asdict(one) | {"digest": one.digest} for one in known.versions]
    return asdict(known) | {"versions": versions, "targets": targets}


@routes.api(
    "GET",
    "/indicators/{code}/rows",
    name="rows",
    permission=Permission.INDICATOR_READ,
    purpose=READ_PURPOSES,
    zh="指标背后的记录",
    en="Rows behind a value",
)
def rows(request: GuardedRequest, code: str) -> dict[str, Any]:
    """指标背后的记录: ``period``, ``node`` and ``version`` as on the page; filters, order and pages as there."""
    return rows_answer(request, code)


def _listed(one: Definition) -> dict[str, Any]:
    version = one.latest
    return {
        "code": one.code,
        "name": one.name.zh,
        "name_en": one.name.en,
        "domain": one.domain.zh,
        "family": one.family,
        "version": version.version,
        "origin": version.origin.value,
        "direction": version.direction.value,
        "unit": version.unit,
        "decimals": version.decimals,
        "multiplier": version.multiplier,
        "windows": [window.value for window in version.windows],
        "numerator": version.numerator.zh,
        "denominator": version.denominator.zh,
        "collector": version.collector.zh,
        "digest": version.digest,
    }


def _seen_by(request: GuardedRequest) -> Audience:
    """Whoever may read the stays reads the numbers made of them."""
    return table.audience(request).of_one_number(may_read_stays=may(request, Permission.STAY_READ))


def _published(request: GuardedRequest, found: QuerySet[IndicatorValue]) -> dict[str, Any]:
    """The values as they may be published: a small count is withheld with everything that would tell it."""
    answer, seen_by = VALUES.from_query(found).answer(request), _seen_by(request)
    for item in answer["items"]:
        stored = IndicatorValue(**{name: item[name] for name in ("code", "version", "origin", *COUNTED)})
        item["is_withheld"] = seen_by.withholds([stored])
        if item["is_withheld"]:
            item.update(dict.fromkeys(COUNTED))
    return answer


def _judged(one: Standing, seen_by: Audience) -> dict[str, Any]:
    target, verdict = one.target, one.verdict
    is_withheld = seen_by.withholds(one.values)
    found = {value.part: None if is_withheld else value.value_e6 for value in one.values}
    return {
        "key": target.key,
        "code": target.code,
        "place": target.place,
        "jurisdiction": target.jurisdiction,
        "nature": target.nature.value if target.nature else "",
        "due_on": target.due_on,
        "printed": target.printed,
        "unit": target.used_unit,
        "judgement": verdict.judgement.value,
        "reason": verdict.reason.value if verdict.reason else "",
        "gap_e6": None if is_withheld else verdict.gap_e6,
        "period": one.period,
        "values_e6": {part: found.get(part) for part in target.parts},
    }
