"""数据质量页面: scores of every sender, and one sender's months with the batches behind them."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.exchange.intake import services as intake
from sanyi.exchange.quality import services
from sanyi.exchange.quality.codes import Dimension
from sanyi.kernel.money import Rounding, divide
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest, Routes, Subject
from sanyi.registry.organisations import services as organisations

routes = Routes("exchange.quality")
PURPOSES = (Purpose.PAYMENT, Purpose.SUPERVISION, Purpose.ADMINISTRATION, Purpose.AUDIT)


def contract_words(request: HttpRequest | None) -> Mapping[str, str]:
    """数据约定."""
    return {
        name: one.contract.en if language() == "en" else one.contract.zh for name, one in intake.registered().items()
    }


def owner(request: HttpRequest, organisation_code: str) -> str:
    """数据质量所属机构."""
    return organisation_code


def share(dimension: Dimension) -> ListColumn:
    """一个维度的列."""
    return ListColumn(f"{dimension.value}_bp", dimension.zh, dimension.en, Kind.BASIS_POINTS, Filter.RANGE)


SCORES = Listing(
    name="quality_scores",
    zh="数据质量",
    en="Data quality",
    key="key",
    organisation="organisation_code",
    default_sort="-month",
    columns=(
        ListColumn("month", "月份", "Month", Kind.CODE, Filter.PREFIX),
        ListColumn(
            "organisation_name",
            "上报机构",
            "Sender",
            filter=Filter.CONTAINS,
            link=lambda row: reverse("exchange.quality.sender", kwargs={"organisation_code": row["organisation_code"]}),
        ),
        ListColumn("organisation_code", "机构代码", "Organisation code", Kind.CODE, Filter.EXACT, is_hidden=True),
        ListColumn("contract", "数据约定", "Contract", filter=Filter.CHOICE, choices=contract_words),
        ListColumn("score_bp", "综合得分", "Score", Kind.BASIS_POINTS, Filter.RANGE),
        *(share(one) for one in Dimension),
        ListColumn("row_count", "行数", "Rows", Kind.INTEGER),
        ListColumn("invalid_count", "无效行", "Invalid rows", Kind.INTEGER),
        ListColumn("inconsistent_count", "不一致行", "Inconsistent rows", Kind.INTEGER),
        ListColumn("late_count", "迟报行", "Late rows", Kind.INTEGER),
        ListColumn("batch_count", "批次数", "Batches", Kind.INTEGER),
    ),
)
SCHEMA = {
    **dict.fromkeys(("key", "organisation_code", "organisation_name", "contract", "month"), pl.String),
    **dict.fromkeys(("batch_count", *services.FIGURES), pl.Int64),
    **{f"{one.value}_bp": pl.Int64 for one in Dimension},
    "score_bp": pl.Int64,
}


@routes.page(
    "intake/quality/",
    name="scores",
    permission=Permission.QUALITY_READ,
    purpose=PURPOSES,
    zh="数据质量",
    en="Data quality",
    has_export=True,
)
def score_list(request: GuardedRequest) -> HttpResponseBase:
    """数据质量: every sender and month inside the reader's scope, with the trend of the whole."""
    rows = services.scores(request.scope)
    return SCORES.from_frame(pl.DataFrame(rows, schema=SCHEMA)).respond(
        request,
        title=_("数据质量"),
        template="quality/scores.html",
        context={"chart": trend(rows), "notes": notes(rows)},
    )


@routes.page(
    "intake/quality/<str:organisation_code>/",
    name="sender",
    permission=Permission.QUALITY_READ,
    purpose=PURPOSES,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="机构数据质量",
    en="Data quality of a sender",
    has_export=True,
)
def sender(request: GuardedRequest, organisation_code: str) -> HttpResponseBase:
    """机构数据质量: its months, and the batches whose refused rows explain them."""
    rows = services.scores({organisation_code}, organisation_code)
    name = organisations.get(organisation_code).name
    batches = intake.batches().filter(organisation_code=organisation_code)[:24]
    return SCORES.from_frame(pl.DataFrame(rows, schema=SCHEMA)).respond(
        request,
        title=_("%(name)s的数据质量") % {"name": name},
        template="quality/scores.html",
        context={"chart": trend(rows), "notes": notes(rows), "batches": batches},
    )


def trend(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """各月得分: the mean of the senders' scores weighted by rows, and each dimension."""
    months = sorted({row["month"] for row in rows})
    if not months:
        return None
    series = [{"name": _("综合得分"), "kind": "line", "values": [_mean(rows, month, "score_bp") for month in months]}]
    series += [
        {
            "name": one.label(language()),
            "kind": "line",
            "values": [_mean(rows, month, f"{one.value}_bp") for month in months],
        }
        for one in Dimension
    ]
    return {"kind": "line", "categories": months, "decimals": 2, "unit": "%", "series": series}


def notes(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """评分依据: the weights of the newest month, with their citation."""
    if not rows:
        return None
    value = services.weights(rows[0]["month"])
    shares = [{"name": one.label(language()), "bp": value.value[one.value]} for one in Dimension]
    return {"shares": shares, "basis": value.basis, "document": value.document, "is_assumed": value.is_assumed}


def _mean(rows: list[dict[str, Any]], month: str, name: str) -> float:
    """Weighted by rows, in per cent; the list below the chart shows every sender's own figure."""
    of_month = [row for row in rows if row["month"] == month]
    total = sum(int(row["row_count"]) for row in of_month)
    return divide(sum(int(row[name]) * int(row["row_count"]) for row in of_month), total, Rounding.HALF_UP) / 100
