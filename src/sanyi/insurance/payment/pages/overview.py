"""支付总览页面: the months of a year, methods, the share paid by disease, what is missing and what is assumed."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from sanyi.insurance.payment import services, tables
from sanyi.insurance.payment.models import Settlement
from sanyi.insurance.payment.pages import charts
from sanyi.insurance.payment.pages.doors import (
    READ,
    assumed_words,
    chosen,
    institution_words,
    method_words,
    period_title,
    reason_words,
    routes,
    state_of,
    statement_url,
    within,
)
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import AllOrganisations
from sanyi.registry.doors.services import GuardedRequest, may

SUMS = ("case_count", "unpayable_count", "total_fen", "price_fen", "patient_fen", "inner_value_fen", "item_fund_fen",
        "difference_fen")  # fmt: skip


@routes.page(
    "payment/",
    name="overview",
    permission=Permission.PAYMENT_READ,
    purpose=READ,
    zh="支付结算",
    en="Payment",
)
def overview(request: GuardedRequest) -> HttpResponseBase:
    """支付总览: of the newest results of a year; a hospital sees the sums of its own."""
    found = chosen(request)
    context: dict[str, Any] = {
        "title": _("支付结算"),
        "years": services.years(),
        "may_run": may(request, Permission.PAYMENT_RUN),
        "settlement": found,
    }
    if found is not None:
        context |= _figures(request, found)
    return render(request, "payment/overview.html", context)


def _figures(request: GuardedRequest, found: Settlement) -> dict[str, Any]:
    rows = within(services.institution_rows(found), request.scope)
    is_whole = isinstance(request.scope, AllOrganisations) or found.case.organisation_code in request.scope
    methods = _summed(rows, "method").sort("inner_value_fen", descending=True).to_dicts()
    words, reasons = method_words(), reason_words()
    unpayable = within(services.unpayable(found), request.scope)["unpayable_reason"].value_counts(sort=True)
    cases = within(services.table(found, tables.PAID_CASE), request.scope)
    return {
        "state": state_of(found),
        "period_title": period_title(found),
        "is_whole": is_whole,
        "totals": rows.select(_sums()).row(0, named=True),
        "disease": services.disease_share(cases),
        "methods": [{**row, "name": words.get(row["method"], row["method"])} for row in methods],
        "months": _months(rows, found),
        "institutions": _institutions(request, rows, found),
        "unpayable": [(reason, reasons.get(reason, reason), count) for reason, count in unpayable.iter_rows()],
        "assumed": assumed_words(services.assumed_values(found)),
        "assumed_count": int(cases["is_assumed"].sum()),
        "absent": services.absent_of(found),
        "charts": [charts.methods_chart(methods, words), charts.months_chart(_summed(rows, "month").to_dicts())],
    }


def _months(rows: pl.DataFrame, found: Settlement) -> list[dict[str, Any]]:
    """Each month with its own settlement, if it has one."""
    known = {one.month: one for one in services.settlements(found.year) if one.month and one.state != "reopened"}
    months = []
    for row in _summed(rows, "month").to_dicts():
        own = known.get(int(row["month"][5:]))
        months.append({**row, "settlement": own, "state": state_of(own) if own else None})
    return months


def _institutions(request: GuardedRequest, rows: pl.DataFrame, found: Settlement) -> list[dict[str, Any]]:
    names = institution_words(request)
    period = found.period if found.is_year else str(found.year)
    return [
        {
            **row,
            "name": names.get(row["institution_code"], row["institution_code"]),
            "url": statement_url(row["institution_code"], period),
        }
        for row in _summed(rows, "institution_code").sort("inner_value_fen", descending=True).to_dicts()
    ]


def _sums() -> list[pl.Expr]:
    return [*(pl.col(name).sum() for name in SUMS), pl.col("is_assumed").any()]


def _summed(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    return rows.group_by(by).agg(_sums()).sort(by)
