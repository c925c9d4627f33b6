"""门诊支付页面: by which method and row visits are paid, and the capitation of each team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from sanyi.insurance.payment import services, tables
from sanyi.insurance.payment.codes import VisitKind
from sanyi.insurance.payment.pages.doors import (
    PERIOD,
    READ,
    chosen,
    institution_words,
    method_words,
    month_words,
    period_title,
    periods,
    routes,
    state_of,
    within,
)
from sanyi.kernel.tables import TableContract
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest

KEYS = ("institution_code", "month", "visit_kind", "method", "method_row", "edition_starts_on")
SUMS = ("visit_count", "unknown_count", "total_fen", "patient_fen", "inner_value_fen")


def kind_words(request: HttpRequest | None = None) -> Mapping[Any, str]:
    """门诊类别."""
    return VisitKind.mapping(language())


VISITS = Listing(
    name="payment_visits",
    zh="门诊支付",
    en="Visits paid",
    key="key",
    organisation="institution_code",
    default_sort="-inner_value_fen",
    kept=(PERIOD,),
    columns=(
        ListColumn("institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=institution_words),
        ListColumn("month", "月份", "Month", filter=Filter.CHOICE, choices=month_words),
        ListColumn("visit_kind", "门诊类别", "Kind of visit", filter=Filter.CHOICE, choices=kind_words),
        ListColumn("method", "支付方式", "Method", filter=Filter.CHOICE, choices=method_words),
        ListColumn("reason", "选定这一方式的次序行", "Row that chose the method"),
        ListColumn("visit_count", "人次", "Visits", Kind.INTEGER, Filter.RANGE),
        ListColumn("unknown_count", "金额不明人次", "Amount unknown", Kind.INTEGER, is_hidden=True),
        ListColumn("total_fen", "费用（元）", "Charges (yuan)", Kind.FEN),
        ListColumn("patient_fen", "个人负担（元）", "Patients' part (yuan)", Kind.FEN),
        ListColumn("inner_value_fen", "应付基金（元）", "Fund due (yuan)", Kind.FEN),
    ),
)
TEAMS = Listing(
    name="payment_teams",
    zh="门诊按人头",
    en="Capitation",
    key="team_code",
    organisation="institution_code",
    default_sort="team_code",
    search=("team_code",),
    kept=(PERIOD,),
    columns=(
        ListColumn("team_code", "团队", "Team", Kind.CODE),
        ListColumn("institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=institution_words),
        ListColumn("person_count", "签约人数", "Signed persons", Kind.INTEGER),
        ListColumn("person_month_count", "签约人月", "Person-months", Kind.INTEGER),
        ListColumn("chronic_month_count", "其中慢病人月", "Of these chronic", Kind.INTEGER, is_hidden=True),
        ListColumn("pool_fen", "人头总额（元）", "Pool (yuan)", Kind.FEN),
        ListColumn("monthly_fen", "每月预拨（元）", "Monthly prepayment (yuan)", Kind.FEN),
        ListColumn("own_fen", "本团队机构就诊（元）", "At the team's institution (yuan)", Kind.FEN),
        ListColumn("elsewhere_fen", "其他机构就诊（元）", "Elsewhere (yuan)", Kind.FEN),
        ListColumn("surplus_fen", "结余（元）", "Surplus (yuan)", Kind.FEN, Filter.RANGE),
        ListColumn("retained_fen", "留用（元）", "Retained (yuan)", Kind.FEN),
        ListColumn("team_bears_fen", "团队承担（元）", "Borne by the team (yuan)", Kind.FEN),
        ListColumn("due_fen", "应付（元）", "Due (yuan)", Kind.FEN),
    ),
)


@routes.page(
    "payment/visits/",
    name="visits",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="门诊支付",
    en="Visits paid",
    has_export=True,
)
def visit_list(request: GuardedRequest) -> HttpResponseBase:
    """门诊支付: sums of visits by institution, month and kind, with the method and the row that chose it."""
    rows = _rows(request, tables.PAID_VISIT_SUM).group_by(KEYS).agg(pl.col(name).sum() for name in SUMS)
    keyed = rows.with_columns(
        key=pl.concat_str(*(pl.col(name).cast(pl.String) for name in KEYS), separator="/"),
        reason=_reasons(request, rows),
    )
    context = {
        **_context(request),
        "tab": "visits",
        "note": _("每次门诊只由一种方式计付；次序行从上往下首个适用的计付。"),
    }
    return VISITS.from_frame(keyed).respond(
        request, title=_("门诊支付"), template="payment/visits.html", context=context
    )


@routes.page(
    "payment/teams/",
    name="teams",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="门诊按人头",
    en="Capitation",
    has_export=True,
)
def team_list(request: GuardedRequest) -> HttpResponseBase:
    """门诊按人头: pool, visits charged wherever they were, surplus and what the team retains or bears."""
    note = _("签约居民在县域内任何机构的普通门诊都从其团队的人头总额中扣；结余为负即超支。")
    context = {**_context(request), "note": note}
    return TEAMS.from_frame(_rows(request, tables.CAPITATION)).respond(
        request, title=_("门诊按人头"), template="payment/visits.html", context=context
    )


def _rows(request: GuardedRequest, contract: TableContract) -> pl.DataFrame:
    found = chosen(request)
    rows = contract.empty() if found is None else services.table(found, contract)
    return within(rows, request.scope)


def _reasons(request: GuardedRequest, rows: pl.DataFrame) -> pl.Series:
    """The row of the order of methods in words: its name and clause."""
    found = chosen(request)
    words: dict[tuple[Any, str], str] = {}
    if found is not None and found.rules_id:
        for edition in services.frozen_rules(found).editions:
            for row in edition.get("method_order") or []:
                text = " · ".join(str(row[name]) for name in ("zh", "clause") if row.get(name))
                words[edition.starts_on, str(row["id"])] = text or str(row["id"])
    named = [
        words.get((start, row), _("没有适用的行，按项目"))
        for start, row in rows.select("edition_starts_on", "method_row").rows()
    ]
    return pl.Series("reason", named, dtype=pl.String)


def _context(request: GuardedRequest) -> dict[str, Any]:
    found = chosen(request)
    return {
        "settlement": found,
        "state": state_of(found) if found else None,
        "period_title": period_title(found) if found else "",
        "periods": periods(found.year) if found else [],
        "period": found.period if found else "",
        "years": services.years(),
    }
