"""指标服务: what pages, interface and other topics may ask."""

from sanyi.governance.indicators.services import catalogue, computing, facts, hooks, locks, reading, storing
from sanyi.governance.indicators.services.hooks import on_stored

__all__ = [
    "catalogue",
    "computing",
    "facts",
    "hooks",
    "locks",
    "on_stored",
    "reading",
    "storing",
]
