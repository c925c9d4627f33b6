"""病例支付页面: what each stay is paid and by which method, over- and under-cost stays, and one stay step by step."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.exchange.settlement_list.codes import INSURANCE_TYPE
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.services import names
from sanyi.insurance.payment import services, tables
from sanyi.insurance.payment.codes import Unpayable
from sanyi.insurance.payment.pages.doors import (
    OUTLIER_BADGES,
    PERIOD,
    READ,
    STATUS_BADGES,
    case_url,
    chosen,
    institution_words,
    method_words,
    month_words,
    outlier_words,
    period_title,
    periods,
    reason_words,
    routes,
    state_of,
    status_words,
    stays_scope,
    within,
)
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import AllOrganisations
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.services import GuardedRequest, Subject, may, note_persons
from sanyi.registry.organisations import services as organisations

PAID_COLUMNS = tables.PAID_CASE.column_names
OVER, UNDER, EVEN, UNKNOWN = "over", "under", "even", "unknown"


def balance_words(request: HttpRequest | None = None) -> dict[Any, str]:
    """盈亏: whether a stay cost more or less than it is paid."""
    return {OVER: _("超支"), UNDER: _("结余"), EVEN: _("持平"), UNKNOWN: _("未知")}


def _enrich(rows: list[Row]) -> None:
    """Names of the groups of one page."""
    known = names.drg_names(grouping.current_scheme()) if rows else {}
    for row in rows:
        code = row["group_code"] or ""
        row["group_name"] = known.get(code, "") if row["method"] == "drg" else ""


CASES = Listing(
    name="paid_case",
    zh="病例支付",
    en="Payment of stays",
    key="case_key",
    default_sort="-discharged_on",
    organisation="institution_code",
    person="person_id",
    search=("settlement_id", "group_code"),
    kept=(PERIOD,),
    enrich=_enrich,
    columns=(
        ListColumn("settlement_id", "结算ID", "Settlement", Kind.CODE,
                   link=lambda row: case_url(row["institution_code"], row["settlement_id"])),
        ListColumn("institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=institution_words),
        ListColumn("month", "月份", "Month", filter=Filter.CHOICE, choices=month_words, is_hidden=True),
        ListColumn("discharged_on", "出院日期", "Discharged", Kind.DATE),
        ListColumn("method", "支付方式", "Method", filter=Filter.CHOICE, choices=method_words),
        ListColumn("group_code", "病组（病种）", "Group", Kind.CODE, Filter.PREFIX),
        ListColumn("group_name", "病组名称", "Group name", value=lambda row: row["group_name"], is_hidden=True),
        ListColumn("insurance_type_code", "险种", "Insurance", choices=INSURANCE_TYPE, is_hidden=True),
        ListColumn("weight_e6", "权重", "Weight", Kind.SCALED, scale=6, shown_decimals=4, is_hidden=True),
        ListColumn("coefficient_e6", "系数", "Coefficient", Kind.SCALED, scale=6, shown_decimals=4, is_hidden=True),
        ListColumn("outlier", "费用倍率", "Outlier", filter=Filter.CHOICE, choices=outlier_words,
                   is_hidden=True, badge=OUTLIER_BADGES),
        ListColumn("points_e4", "点数（分值）", "Points", Kind.SCALED, scale=4, is_hidden=True),
        ListColumn("rate_e6", "费率", "Rate", Kind.SCALED, scale=6, is_hidden=True),
        ListColumn("point_value_e6", "点值", "Point value", Kind.SCALED, scale=6, is_hidden=True),
        ListColumn("total_fen", "总费用（元）", "Charge (yuan)", Kind.FEN, Filter.RANGE),
        ListColumn("price_fen", "应付总额（元）", "Worth (yuan)", Kind.FEN),
        ListColumn("patient_fen", "个人和其他（元）", "Patient (yuan)", Kind.FEN, is_hidden=True),
        ListColumn("inner_value_fen", "应付基金（元）", "Fund due (yuan)", Kind.FEN),
        ListColumn("item_fund_fen", "按项目记账（元）", "Booked (yuan)", Kind.FEN, is_hidden=True),
        ListColumn("profit_fen", "盈亏（元）", "Profit (yuan)", Kind.FEN),
        ListColumn("balance", "超支或结余", "Over or under", filter=Filter.CHOICE, choices=balance_words,
                   is_hidden=True),
        ListColumn("is_special", "特例单议", "Special", Kind.BOOLEAN, Filter.CHOICE, is_hidden=True),
        ListColumn("is_assumed", "推定", "Assumed", Kind.BOOLEAN, is_hidden=True),
        ListColumn("status", "状态", "Status", filter=Filter.CHOICE, choices=status_words, is_hidden=True,
                   badge=STATUS_BADGES),
        ListColumn("unpayable_reason", "不能计付的原因", "Why not payable", filter=Filter.CHOICE, choices=reason_words,
                   is_hidden=True),
    ),
)  # fmt: skip


def case_rows(request: GuardedRequest) -> pl.DataFrame:
    """所选结果的病例: with key, profit and whether over or under; within what the reader may see of stays."""
    found = chosen(request)
    rows = tables.PAID_CASE.empty() if found is None else services.table(found, tables.PAID_CASE)
    profit = pl.col("price_fen") - pl.col("total_fen")
    sign = pl.when(profit < 0).then(pl.lit(OVER)).when(profit > 0).then(pl.lit(UNDER)).otherwise(pl.lit(EVEN))
    return within(rows, stays_scope(request)).with_columns(
        case_key=pl.concat_str("institution_code", pl.lit("/"), "settlement_id"),
        profit_fen=profit,
        balance=pl.when(profit.is_null()).then(pl.lit(UNKNOWN)).otherwise(sign),
    )


@routes.page(
    "payment/cases/",
    name="cases",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="病例支付",
    en="Payment of stays",
    has_export=True,
)
def case_list(request: GuardedRequest) -> HttpResponseBase:
    """病例支付: every stay of the chosen results, within the reader's scope of stays."""
    found = chosen(request)
    scope = stays_scope(request)
    context = {
        "settlement": found,
        "state": state_of(found) if found else None,
        "period_title": period_title(found) if found else "",
        "periods": periods(found.year) if found else [],
        "period": found.period if found else "",
        "years": services.years(),
        "has_stays": isinstance(scope, AllOrganisations) or bool(scope),
        "balances": [(code, word) for code, word in balance_words().items() if code != UNKNOWN],
        "balance": request.GET.get("balance", ""),
    }
    return CASES.from_frame(case_rows(request)).respond(
        request, title=_("病例支付"), template="payment/cases.html", context=context
    )


def owner(request: HttpRequest, institution_code: str, settlement_id: str) -> str | None:
    """病例所属机构."""
    return services.owner_of(institution_code, settlement_id)


def person(request: HttpRequest, institution_code: str, settlement_id: str) -> str | None:
    """病例的居民."""
    found = services.paid_case(institution_code, settlement_id)
    return found["person_id"] if found else None


def refuse_unless_stays(request: GuardedRequest, institution_code: str) -> None:
    """须能查看病例: whoever sees sums of payment alone sees no stay."""
    access.refuse_unless(
        access.decide(
            request.actor, Permission.STAY_READ, purpose=request.route.purposes, organisation_code=institution_code
        )
    )


@routes.page(
    "payment/cases/<str:institution_code>/<path:settlement_id>/",
    name="case",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    subject=Subject.STAY,
    organisation_of=owner,
    person_of=person,
    zh="病例支付说明",
    en="Why a stay is paid so",
)
def case_page(request: GuardedRequest, institution_code: str, settlement_id: str) -> HttpResponseBase:
    """病例支付说明: every step with clause, value, dates, inputs and document."""
    refuse_unless_stays(request, institution_code)
    found = services.found_case(institution_code, settlement_id, chosen(request) if request.GET.get(PERIOD) else None)
    assert found is not None, "the guard has found it"
    case, settlement = found
    note_persons(request, ())
    special = services.of_stay(institution_code, settlement_id)
    spoken = language()
    context = {
        "case": case,
        "settlement": settlement,
        "state": state_of(settlement),
        "period_title": period_title(settlement),
        "institution_name": organisations.names({institution_code}).get(institution_code, institution_code),
        "method": method_words().get(case["method"], case["method"]),
        "outlier": outlier_words().get(case["outlier"], ""),
        "outlier_badge": OUTLIER_BADGES.get(case["outlier"], ""),
        "reason": Unpayable(case["unpayable_reason"]).label(spoken) if case["unpayable_reason"] else "",
        "group_name": names.drg_names(case["scheme"]).get(case["group_code"] or "", ""),
        "lines": services.steps_of(case, settlement, spoken),
        "profit_fen": None if case["price_fen"] is None else case["price_fen"] - (case["total_fen"] or 0),
        "stay_url": case_url(institution_code, settlement_id).replace("/payment/cases/", "/grouping/stays/"),
        "special": special,
        "may_apply": may(request, Permission.SPECIAL_CASE_APPLY, institution_code)
        and (special is None or special.outcome in ("rejected", "withdrawn")),
        "statement_period": case["month"],
        "insurance": INSURANCE_TYPE.get(case["insurance_type_code"] or "", case["insurance_type_code"] or ""),
    }
    return render(request, "payment/case.html", context)
