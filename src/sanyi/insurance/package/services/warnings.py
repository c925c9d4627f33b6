"""基金运行预警服务: a closed month whose forecast exceeds the budget opens a case, once a level."""

from __future__ import annotations

from django.utils import timezone

from sanyi.insurance.package import workflow
from sanyi.insurance.package.codes import WarningLevel, WarningStep
from sanyi.insurance.package.models import PackageYear
from sanyi.insurance.package.rules.forecast import SEASONAL, Forecast
from sanyi.insurance.package.services import holders
from sanyi.insurance.package.services.policy import working_days
from sanyi.kernel.money import format_yuan
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case

RAISING = (WarningLevel.YELLOW, WarningLevel.RED)


def raise_if_due(package_year: PackageYear, forecast: Forecast, *, by: Actor) -> Case | None:
    """发出预警: for a forecast above the budget; None when it is not, or when this level was warned of already."""
    if forecast.level not in RAISING or forecast.year_fen is None:
        return None
    identity = f"{package_year.year}-{package_year.holder_code}-{forecast.level.value}"
    if Case.objects.filter(chart=workflow.WARNING, subject_id=identity).exists():
        return None
    name = holders.name(package_year.holder_code)
    how = "按上年同月推算" if forecast.method == SEASONAL else "按各月平均推算"
    return cases.open_case(
        workflow.WARNING,
        subject_kind="package_warning",
        subject_id=identity,
        organisation_code=package_year.holder_code,
        by=by,
        title=f"{name} {package_year.year} 年基金运行{forecast.level.zh}",
        data={
            "level": forecast.level.zh,
            "months": forecast.month_count,
            "method": how,
            "forecast": format_yuan(forecast.year_fen),
            "budget": format_yuan(package_year.adjusted_fen),
        },
    )


def warnings_of(package_year: PackageYear) -> list[Case]:
    """已发出的预警: of a holder's year, the newest first."""
    start = f"{package_year.year}-{package_year.holder_code}-"
    return list(Case.objects.filter(chart=workflow.WARNING, subject_id__startswith=start).order_by("-pk"))


def _time_limit(data: object, state: str) -> Deadline | None:
    return working_days("review_working_days", timezone.localdate()) if state != WarningStep.NOTED else None


cases.register_chart(
    cases.ChartEntry(
        workflow.WARNING_CHART,
        prefix="JJ",
        read_permission=Permission.PACKAGE_READ,
        subject_url=lambda case: "/package/{}/{}/".format(*case.subject_id.split("-")[:2]),
        time_limit=_time_limit,
        data_labels={
            "level": ("预警等级", "Level"),
            "months": ("已核算月份", "Months closed"),
            "method": ("预测办法", "Method"),
            "forecast": ("预计全年（元）", "Forecast of the year (yuan)"),
            "budget": ("预算（元）", "Budget (yuan)"),
        },
    )
)
