"""打包总览: where each holder's year stands: budget, advanced, charged, balance, and how far the months have come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from sanyi.insurance.package.codes import AdvanceStep, MonthState
from sanyi.insurance.package.models import Advance, Clearing, MonthAccount, PackageYear
from sanyi.insurance.package.rules.forecast import Forecast
from sanyi.insurance.package.services import months
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide
from sanyi.registry.access.rules import AllOrganisations, Scope
from sanyi.registry.organisations import services as organisations


@dataclass(frozen=True, slots=True)
class Standing:
    """一个打包年度的情况: ``month_count`` closed months are charged; ``used_bp`` is of the adjusted budget."""

    year: PackageYear
    advanced_fen: int
    charged_fen: int
    month_count: int
    clearing: Clearing | None
    forecast: Forecast

    @property
    def balance_fen(self) -> int:
        """余额: what is left of the budget after the closed months."""
        return self.year.adjusted_fen - self.charged_fen

    @property
    def used_bp(self) -> int | None:
        """已用比例: None for a budget of zero."""
        if not self.year.adjusted_fen:
            return None
        return divide(self.charged_fen * BASIS_POINTS_ALL, self.year.adjusted_fen, Rounding.HALF_UP)


def in_sight(scope: Scope) -> QuerySet[PackageYear]:
    """范围内的打包年度: those of holders in scope, and of groups whose members are."""
    rows = PackageYear.objects.select_related("fund_budget", "case")
    if isinstance(scope, AllOrganisations):
        return rows
    seen = [
        key
        for key, year, holder in rows.values_list("pk", "year", "holder_code")
        if not family(holder, year).isdisjoint(scope)
    ]
    return rows.filter(pk__in=seen)


def family(holder_code: str, year: int) -> frozenset[str]:
    """打包对象及成员: the holder and whoever was its member on any day of the year; they see the same package."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    held = organisations.members(holder_code).filter(starts_on__lte=last)
    held = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))
    return frozenset({holder_code, *held.values_list("organisation_id", flat=True)})


def standings(rows: Iterable[PackageYear]) -> list[Standing]:
    """各打包年度的情况: with the forecast of each."""
    years = list(rows)
    keys = [one.pk for one in years]
    paid = _sums(Advance.objects.filter(package_year__in=keys, state=AdvanceStep.PAID), "paid_fen")
    closed = MonthAccount.objects.filter(package_year__in=keys, state=MonthState.CLOSED)
    charged = _sums(closed, "charged_fen")
    counts: dict[int, int] = {}
    for key in closed.order_by().values_list("package_year_id", flat=True):
        counts[key] = counts.get(key, 0) + 1
    clearings = {
        one.package_year_id: one
        for one in Clearing.objects.select_related("case").filter(package_year__in=keys, is_current=True)
    }
    return [
        Standing(
            one,
            paid.get(one.pk, 0),
            charged.get(one.pk, 0),
            counts.get(one.pk, 0),
            clearings.get(one.pk),
            months.forecast_of(one),
        )
        for one in years
    ]


def charged_by_month(year: PackageYear) -> dict[int, int]:
    """各月计入: of the months that are closed."""
    closed = year.months.filter(state=MonthState.CLOSED).order_by("month")
    return dict(closed.values_list("month", "charged_fen"))


def of(year: PackageYear) -> Standing:
    """一个打包年度的情况."""
    return standings([year])[0]


def flows_of(month: MonthAccount) -> dict[str, int]:
    """各流向计入: what a month charged, by flow."""
    return {flow: int(figures["charged_fen"]) for flow, figures in month.figures.get("flows", {}).items()}


def _sums(rows: QuerySet[Advance] | QuerySet[MonthAccount], column: str) -> dict[int, int]:
    found = rows.order_by().values("package_year_id").annotate(sum_fen=Sum(column))
    return {one["package_year_id"]: one["sum_fen"] for one in found}
