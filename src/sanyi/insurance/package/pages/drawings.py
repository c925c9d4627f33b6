"""打包图表: the months against the budget, with the forecast of the year; decimals are for drawing only."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from sanyi.insurance.package.models import PackageYear
from sanyi.insurance.package.rules.forecast import EVEN, MONTHS, Forecast
from sanyi.insurance.package.services import overview

Spec = dict[str, Any]
_WAN = 1_000_000


def forecast_chart(year: PackageYear, forecast: Forecast) -> Spec | None:
    """累计计入与预测: cumulative spending of the closed months, the even course of the budget, and the forecast."""
    spent = overview.charged_by_month(year)
    if not spent:
        return None
    names = [_("%(month)s 月") % {"month": month} for month in range(1, MONTHS + 1)]
    last = max(spent)
    known, total = [], 0
    for month in range(1, MONTHS + 1):
        total += spent.get(month, 0)
        known.append(_wan(total) if month <= last else None)
    series = [
        {"name": _("累计计入"), "values": known},
        {
            "name": _("预算进度"),
            "values": [_wan(year.adjusted_fen * month // MONTHS) for month in range(1, MONTHS + 1)],
        },
    ]
    if forecast.year_fen is not None and last < MONTHS:
        left = forecast.year_fen - total
        ahead = [
            None if month < last else _wan(total + left * (month - last) // (MONTHS - last))
            for month in range(1, MONTHS + 1)
        ]
        series.append({"name": _("预测"), "values": ahead})
    return {
        "kind": "line",
        "categories": names,
        "units": [_("万元")],
        "decimals": 2,
        "series": series,
        "references": [{"value": _wan(year.adjusted_fen), "label": _("全年预算")}],
    }


def method_words(forecast: Forecast) -> str:
    """预测办法: which of the two, in words."""
    if not forecast.method:
        return _("还没有锁定的月份，无法预测。")
    if forecast.method == EVEN:
        return _("按已锁定月份的平均数推算全年。")
    return _("按上年各月的比重推算全年。")


def _wan(fen: int) -> float:
    return fen / _WAN
