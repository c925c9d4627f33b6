"""指标接口: definitions, values of every node in reach, and the rows behind a number, as the pages have them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sanyi.governance.indicators import services
from sanyi.governance.indicators.codes import READ_PURPOSES
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.pages.indicator import rows_answer
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.routes import GuardedRequest, Routes

routes = Routes("governance.indicators.api")
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
    ),
)


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
    return VALUES.from_query(IndicatorValue.objects.filter(is_current=True)).answer(request)


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
