"""指标服务: what pages, interface and other topics may ask."""

from sanyi.governance.indicators.services import (
    alerts,
    catalogue,
    charts,
    collecting,
    computing,
    facts,
    hooks,
    items,
    locks,
    periods,
    reading,
    refreshing,
    sheets,
    storing,
    task_lights,
)
from sanyi.governance.indicators.services.hooks import on_stored

__all__ = [
    "alerts",
    "catalogue",
    "charts",
    "collecting",
    "computing",
    "facts",
    "hooks",
    "items",
    "locks",
    "on_stored",
    "periods",
    "reading",
    "refreshing",
    "sheets",
    "storing",
    "task_lights",
]
