"""病组盈亏与点值页面: profit and loss of groups, and how point values moved over the settlements of a year."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.services import names
from sanyi.insurance.payment import services, tables
from sanyi.insurance.payment.pages import charts
from sanyi.insurance.payment.pages.doors import (
    PERIOD,
    READ,
    chosen,
    institution_words,
    method_words,
    period_title,
    periods,
    routes,
    scaled,
    state_of,
    within,
)
from sanyi.kernel.money import divide_half_up_expr
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest

SHOWN = 6


def _enrich(rows: list[Row]) -> None:
    known = names.drg_names(grouping.current_scheme()) if rows else {}
    for row in rows:
        row["group_name"] = known.get(row["group_code"], "")


GROUPS = Listing(
    name="payment_groups",
    zh="病组盈亏",
    en="Profit and loss of groups",
    key="key",
    organisation="institution_code",
    default_sort="profit_fen",
    search=("group_code",),
    kept=(PERIOD,),
    enrich=_enrich,
    columns=(
        ListColumn("institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=institution_words),
        ListColumn("method", "支付方式", "Method", filter=Filter.CHOICE, choices=method_words),
        ListColumn("group_code", "病组（病种）", "Group", Kind.CODE, Filter.PREFIX,
                   link=lambda row: f"/payment/cases/?institution_code={row['institution_code']}"
                                    f"&group_code={row['group_code']}"),
        ListColumn("group_name", "名称", "Name", value=lambda row: row["group_name"]),
        ListColumn("case_count", "例数", "Cases", Kind.INTEGER, Filter.RANGE),
        ListColumn("over_cost_count", "超支例数", "Over cost", Kind.INTEGER),
        ListColumn("under_cost_count", "结余例数", "Under cost", Kind.INTEGER),
        ListColumn("low_count", "低倍率", "Low outliers", Kind.INTEGER, is_hidden=True),
        ListColumn("high_count", "高倍率", "High outliers", Kind.INTEGER, is_hidden=True),
        ListColumn("over_quota_count", "超总控", "Over quota", Kind.INTEGER, is_hidden=True),
        ListColumn("cost_fen", "费用（元）", "Cost (yuan)", Kind.FEN),
        ListColumn("price_fen", "应付总额（元）", "Worth (yuan)", Kind.FEN),
        ListColumn("profit_fen", "盈亏（元）", "Profit (yuan)", Kind.FEN, Filter.RANGE),
        ListColumn("mean_profit_fen", "例均盈亏（元）", "Mean profit (yuan)", Kind.FEN),
    ),
)  # fmt: skip


def group_rows(request: GuardedRequest) -> pl.DataFrame:
    """病组盈亏: of the chosen results, within the reader's scope."""
    found = chosen(request)
    rows = tables.GROUP_RESULT.empty() if found is None else services.table(found, tables.GROUP_RESULT)
    return within(rows, request.scope).with_columns(
        key=pl.concat_str("institution_code", "method", "group_code", separator="/"),
        mean_profit_fen=divide_half_up_expr(pl.col("profit_fen"), pl.col("case_count")),
    )


@routes.page(
    "payment/groups/",
    name="groups",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="病组盈亏",
    en="Profit and loss of groups",
    has_export=True,
)
def group_list(request: GuardedRequest) -> HttpResponseBase:
    """病组盈亏: what the groups cost and what they are paid, the largest losses first."""
    found, rows = chosen(request), group_rows(request)
    context: dict[str, Any] = {
        "settlement": found,
        "state": state_of(found) if found else None,
        "period_title": period_title(found) if found else "",
        "periods": periods(found.year) if found else [],
        "period": found.period if found else "",
        "years": services.years(),
        "chart": _chart(rows) if rows.height else None,
    }
    return GROUPS.from_frame(rows).respond(
        request, title=_("病组盈亏"), template="payment/groups.html", context=context
    )


def _chart(rows: pl.DataFrame) -> dict[str, Any]:
    sums = rows.group_by("group_code").agg(pl.col("profit_fen").sum()).sort("profit_fen", "group_code")
    shown = pl.concat([sums.head(SHOWN), sums.tail(min(SHOWN, max(0, sums.height - SHOWN)))]).to_dicts()
    return charts.groups_chart(shown, names.drg_names(grouping.current_scheme()))


@routes.page(
    "payment/points/",
    name="points",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="点值走势",
    en="Point values",
)
def points(request: GuardedRequest) -> HttpResponseBase:
    """点值走势: of every pool, over the settlements of a year; every reader may know the point values of the county."""
    known = services.years()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in known else (known[0] if known else None)
    rows = [] if year is None else point_rows(year)
    pools: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        pools.setdefault(row["pool"], []).append(row)
    words = method_words()
    context = {
        "title": _("点值走势"),
        "years": known,
        "year": year,
        "pools": [
            {
                "pool": pool,
                "name": f"{words.get(found[0]['method'], '')} {pool}".strip(),
                "rows": found,
                "chart": charts.points_chart(words.get(found[0]["method"], pool), found, str(number)),
            }
            for number, (pool, found) in enumerate(sorted(pools.items()))
        ],
    }
    return render(request, "payment/points.html", context)


def point_rows(year: int) -> list[dict[str, Any]]:
    """点值: of each pool and settlement of a year, the months in order and the year last; newest revisions alone."""
    newest: dict[str, Any] = {}
    for one in services.settlements(year):
        if one.result_digest and one.period not in newest:
            newest[one.period] = one
    ordered = sorted(newest.values(), key=lambda one: one.month or 13)
    return [
        {
            **row,
            "period": one.period,
            "number": one.number,
            "state": state_of(one),
            "points_shown": scaled(row["points_e4"], 4),
            "value_shown": scaled(row["point_value_e6"], 6),
        }
        for one in ordered
        for row in services.table(one, tables.POOL_RESULT).filter(pl.col("case_count") > 0).to_dicts()
    ]
