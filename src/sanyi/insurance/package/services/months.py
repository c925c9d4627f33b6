"""月度核算服务: what a month was charged to a holder, by flow; closing freezes it, reopening begins a new revision."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from sanyi.insurance.package import jobs
from sanyi.insurance.package.codes import (
    MONTH_CLOSED,
    MONTH_NOT_CLOSED,
    MONTH_WRONG,
    REASON_MISSING,
    MonthState,
)
from sanyi.insurance.package.models import MonthAccount, PackageYear
from sanyi.insurance.package.rules.forecast import Forecast, forecast
from sanyi.insurance.package.services import budgets, holders, spending, warnings, years
from sanyi.insurance.package.services.guarding import refuse_cleared
from sanyi.insurance.package.services.policy import frozen_rules
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write


def preview(package_year: PackageYear, month: int) -> dict[str, Any]:
    """月度预结算: the accounting view of a month before it is closed; nothing is written.

    ``flows``: per flow cases, inner value, item-based fund and what is charged; ``charged_fen`` and ``direct_fen``.
    """
    rows, _ = _rows(package_year, month)
    return jobs.month_figures(rows)


def close_month(package_year: PackageYear, month: int, *, by: Actor) -> MonthAccount:
    """锁定月度核算: freezes the spending and the settlement it came from; no money moves.

    Refuses, in this order: no month, an agreement not signed, a cleared year, a closed month, no closed settlement.
    """
    if not 1 <= month <= 12:
        raise RefusedError(MONTH_WRONG(month=month))
    years.require_agreed(package_year, "核算", "an account")
    refuse_cleared(package_year, "锁定月度核算", "closing a month")
    _refuse_closed(package_year, month)
    rows, spend = _rows(package_year, month)
    figures = jobs.month_figures(rows)
    inputs = jobs.canonical(rows).decode()
    try:
        with transaction.atomic():
            PackageYear.objects.select_for_update().get(pk=package_year.pk)
            made: MonthAccount = MonthAccount.objects.create(
                package_year=package_year,
                month=month,
                revision=MonthAccount.objects.filter(package_year=package_year, month=month).count() + 1,
                settlement_number=spend.settlement_number,
                inputs=inputs,
                inputs_digest=jobs.digest(inputs),
                rules_digest=package_year.fund_budget.rules_digest,
                figures=figures,
                charged_fen=figures["charged_fen"],
                direct_fen=figures["direct_fen"],
                closed_by_name=by.name[:80],
            )
            _record(by, "package.month_close", made)
            warnings.raise_if_due(package_year, forecast_of(package_year), by=by)
    except IntegrityError:
        _refuse_closed(package_year, month)
        raise
    return made


def reopen_month(package_year: PackageYear, month: int, *, reason: str, by: Actor) -> MonthAccount:
    """重开月度核算: an event with a reason; what was frozen stays, closing again makes a new revision.

    Refuses, in this order: no reason, a cleared year, a month that is not closed.
    """
    if not reason.strip():
        raise RefusedError(REASON_MISSING())
    refuse_cleared(package_year, "重开月度核算", "reopening a month")
    with transaction.atomic():
        held = MonthAccount.objects.select_for_update().filter(package_year=package_year, month=month)
        row: MonthAccount | None = held.filter(state=MonthState.CLOSED).first()
        if row is None:
            name = holders.name(package_year.holder_code)
            raise RefusedError(MONTH_NOT_CLOSED(holder=name, year=package_year.year, month=month))
        row.state, row.reason, row.reopened_at = MonthState.REOPENED, reason.strip()[:400], timezone.now()
        row.reopened_by_name = by.name[:80]
        row.save(update_fields=["state", "reason", "reopened_at", "reopened_by_name"])
        _record(by, "package.month_reopen", row, reason)
    return row


def closed_months(package_year: PackageYear) -> list[MonthAccount]:
    """已锁定月份: those in force, in order."""
    return list(package_year.months.filter(state=MonthState.CLOSED).order_by("month"))


def accounts_of(package_year: PackageYear) -> list[MonthAccount]:
    """各月核算: every revision, by month, the newest first."""
    return list(package_year.months.order_by("month", "-revision"))


def replay(account: MonthAccount) -> bool:
    """重算: whether the figures follow from the frozen rows to the last fen."""
    import orjson

    rows = orjson.loads(account.inputs)
    is_same = jobs.digest(account.inputs) == account.inputs_digest
    return is_same and jobs.canonical(jobs.month_figures(rows)) == jobs.canonical(account.figures)


def forecast_of(package_year: PackageYear) -> Forecast:
    """全年预测与预警: from the closed months, by last year's months where all twelve are known."""
    before = years.get(package_year.year - 1, package_year.holder_code)
    last = {one.month: one.charged_fen for one in closed_months(before)} if before else {}
    spent = {one.month: one.charged_fen for one in closed_months(package_year)}
    bands = frozen_rules(package_year.fund_budget).get("warning_bands")
    return forecast(package_year.adjusted_fen, spent, last, bands)


def _rows(package_year: PackageYear, month: int) -> tuple[list[list[Any]], spending.Spend]:
    spend = spending.month_spend(package_year.year, month)
    budget = package_year.fund_budget
    weights, singles = budgets.weights(budget), budgets.singles(budget)
    charged = jobs.charge(spend.frame, weights, singles, frozen_rules(budget))
    return jobs.rows_of(charged, package_year.holder_code), spend


def _refuse_closed(package_year: PackageYear, month: int) -> None:
    if MonthAccount.objects.filter(package_year=package_year, month=month, state=MonthState.CLOSED).exists():
        name = holders.name(package_year.holder_code)
        raise RefusedError(MONTH_CLOSED(holder=name, year=package_year.year, month=month))


def _record(by: Actor, verb: str, row: MonthAccount, reason: str = "") -> None:
    year = row.package_year
    identity = f"{year.year}-{year.holder_code}-{row.month}-{row.revision}"
    record_write(by, verb, "package_month", identity, year.holder_code, reason.strip()[:200])
