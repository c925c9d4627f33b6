"""结算单页面: for each institution its months and years, one statement as a page, a PDF and a workbook."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.insurance.payment import services, tables
from sanyi.insurance.payment.pages.doors import (
    OUTCOME_BADGES,
    PERIOD,
    READ,
    assumed_words,
    attachment,
    case_url,
    institution_words,
    method_words,
    reason_words,
    routes,
    scaled,
    special_words,
    state_of,
    statement_url,
)
from sanyi.insurance.payment.services import statements
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.doors import codes as door_codes
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing
from sanyi.registry.doors.services import GuardedRequest, Subject, may
from sanyi.registry.organisations import services as organisations
from sanyi.registry.organisations.codes import OrganisationKind

CASES_SHOWN = 10
STATEMENTS = Listing(
    name="payment_statements",
    zh="结算单",
    en="Statements",
    key="key",
    organisation="institution_code",
    default_sort="-inner_value_fen",
    columns=(
        ListColumn("institution_code", "医疗机构", "Institution", filter=Filter.CHOICE, choices=institution_words),
        ListColumn("period", "期间", "Period", Kind.CODE, Filter.PREFIX,
                   link=lambda row: statement_url(row["institution_code"], row["period"])),
        ListColumn("case_count", "例数（人次）", "Cases", Kind.INTEGER),
        ListColumn("unpayable_count", "不能计付", "Not payable", Kind.INTEGER),
        ListColumn("total_fen", "医疗总费用（元）", "Charge (yuan)", Kind.FEN),
        ListColumn("price_fen", "应付总额（元）", "Worth (yuan)", Kind.FEN),
        ListColumn("inner_value_fen", "应付基金（元）", "Fund due (yuan)", Kind.FEN),
        ListColumn("item_fund_fen", "按项目记账（元）", "Booked (yuan)", Kind.FEN),
        ListColumn("difference_fen", "差额（元）", "Difference (yuan)", Kind.FEN),
        ListColumn("is_assumed", "推定", "Assumed", Kind.BOOLEAN, is_hidden=True),
    ),
)  # fmt: skip
_SUMS = ("case_count", "unpayable_count", "total_fen", "price_fen", "inner_value_fen", "item_fund_fen",
         "difference_fen")  # fmt: skip


def statement_rows() -> pl.DataFrame:
    """结算单一览: a row per institution and month of the newest results of each year, and one for each year."""
    parts = [_of_year(found) for found in map(services.newest, services.years()) if found is not None]
    return pl.concat(parts) if parts else _of_rows(tables.PAID_INSTITUTION.empty(), "month")


def _of_year(found: Any) -> pl.DataFrame:
    rows = services.institution_rows(found)
    whole = rows.with_columns(month=pl.lit(str(found.year)))
    return pl.concat([_of_rows(rows, "month"), _of_rows(whole, "month")])


def _of_rows(rows: pl.DataFrame, period: str) -> pl.DataFrame:
    sums = [*(pl.col(name).sum() for name in _SUMS), pl.col("is_assumed").any()]
    found = rows.group_by("institution_code", pl.col(period).alias("period")).agg(sums)
    return found.with_columns(key=pl.concat_str("institution_code", pl.lit("/"), "period")).sort("key")


@routes.page(
    "payment/statements/",
    name="statements",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="结算单",
    en="Statements",
    has_export=True,
)
def statement_list(request: GuardedRequest) -> HttpResponseBase:
    """结算单: months and years of every institution in the reader's scope."""
    return STATEMENTS.from_frame(statement_rows()).respond(
        request, title=_("结算单"), template="payment/statements.html"
    )


def owner(request: HttpRequest, institution_code: str, period: str) -> str | None:
    """结算单所属机构: None where nothing of it was computed."""
    try:
        found = statements.statement(institution_code, period)
    except RefusedError:
        return None
    return institution_code if found is not None else None


def _found(institution_code: str, period: str) -> statements.Statement:
    found = statements.statement(institution_code, period)
    if found is None:
        raise RefusedError(door_codes.NOT_FOUND())
    return found


@routes.page(
    "payment/statements/<str:institution_code>/<str:period>/",
    name="statement",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="机构结算单",
    en="Statement of an institution",
)
def statement_page(request: GuardedRequest, institution_code: str, period: str) -> HttpResponseBase:
    """机构结算单: sums by method and month, the year's line, the stays with the largest loss and surplus."""
    asked = request.GET.get(PERIOD, "")
    if asked and asked != period:
        return HttpResponseRedirect(statement_url(institution_code, asked))
    found = _found(institution_code, period)
    words, specials = method_words(), special_words()
    has_stays = _may_see_stays(request, institution_code)
    context = {
        "statement": found,
        "title": found.institution_name,
        "state": state_of(found.settlement),
        "methods": [
            {**row, "name": words.get(row["method"], row["method"]), "points_shown": scaled(row["points_e4"], 4)}
            for row in found.methods
        ],
        "reasons": [(reason_words().get(name, name), count) for name, count in found.reasons.items()],
        "assumed": assumed_words(found.assumed),
        "periods": statements.periods_of(institution_code),
        "has_stays": has_stays,
        "over": _extremes(found, is_over=True) if has_stays else [],
        "under": _extremes(found, is_over=False) if has_stays else [],
        "specials": [
            {
                **row,
                "word": specials.get(row["outcome"], _("评审中")),
                "badge": OUTCOME_BADGES.get(row["outcome"], "bg-orange-lt"),
            }
            for row in found.special_cases
        ],
        "may_apply": may(request, Permission.SPECIAL_CASE_APPLY, institution_code),
    }
    return render(request, "payment/statement.html", context)


@routes.page(
    "payment/statements/<str:institution_code>/<str:period>.pdf",
    name="statement_pdf",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="结算单 PDF",
    en="Statement as PDF",
)
def statement_pdf(request: GuardedRequest, institution_code: str, period: str) -> HttpResponseBase:
    """结算单 PDF: sums alone, no stay."""
    found = _found(institution_code, period)
    return attachment(statements.pdf(found, _bureau()), f"{_name(found)}.pdf", "application/pdf")


@routes.page(
    "payment/statements/<str:institution_code>/<str:period>.xlsx",
    name="statement_workbook",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    subject=Subject.ORGANISATION,
    organisation_of=owner,
    zh="结算单工作簿",
    en="Statement as a workbook",
)
def statement_workbook(request: GuardedRequest, institution_code: str, period: str) -> HttpResponseBase:
    """结算单工作簿: with the stays for those who may see them."""
    found = _found(institution_code, period)
    content = statements.workbook(found, has_cases=_may_see_stays(request, institution_code))
    return attachment(content, f"{_name(found)}.xlsx", statements.XLSX)


def _bureau() -> str:
    """The bureau that gives the statement out, else the county."""
    bureaus = organisations.Organisation.objects.filter(kind=OrganisationKind.INSURANCE_BUREAU)
    found = bureaus.order_by("code").values_list("name", flat=True).first()
    county = organisations.county_code()
    return str(found or organisations.names({county}).get(county, county))


def _may_see_stays(request: GuardedRequest, institution_code: str) -> bool:
    return bool(
        access.decide(
            request.actor, Permission.STAY_READ, purpose=request.route.purposes, organisation_code=institution_code
        )
    )


def _name(found: statements.Statement) -> str:
    return f"{found.institution_name}-{found.period}-结算单"


def _extremes(found: statements.Statement, *, is_over: bool) -> list[dict[str, Any]]:
    """The stays that cost most above, or least below, what they are paid."""
    profit = pl.col("price_fen") - pl.col("total_fen")
    rows = found.cases.with_columns(profit_fen=profit).filter(
        pl.col("profit_fen") < 0 if is_over else pl.col("profit_fen") > 0
    )
    shown = rows.sort("profit_fen", "settlement_id", descending=[not is_over, False]).head(CASES_SHOWN)
    return [
        {**row, "url": case_url(row["institution_code"], row["settlement_id"])} for row in shown.iter_rows(named=True)
    ]
