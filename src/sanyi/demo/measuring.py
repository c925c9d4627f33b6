"""演示指标: the indicators of the county's years, so that the dashboard shows values from the first day."""

from __future__ import annotations

from collections.abc import Callable

from sanyi.governance.indicators import services as indicators


def compute(report: Callable[[int, int], None] | None = None) -> int:
    """计算指标: of all years that have stays; computing them twice changes nothing. Returns how many values."""
    years = indicators.facts.years()
    return int(indicators.computing.compute(years, report=report)["value_count"]) if years else 0
