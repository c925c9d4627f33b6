"""指标页面: importing the package declares every page of the topic; the catch-all of one indicator comes last."""

from sanyi.governance.indicators.pages import (
    alerts,
    board,
    closing,
    collecting,
    comparison,
    entering,
    gaps,
    indicator,
    matrix,
    rows,
)
from sanyi.governance.indicators.pages.table import routes

__all__ = [
    "alerts",
    "board",
    "closing",
    "collecting",
    "comparison",
    "entering",
    "gaps",
    "indicator",
    "matrix",
    "routes",
    "rows",
]
