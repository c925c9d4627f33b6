"""指标页面: importing the package declares every page of the topic; the catch-all of one indicator comes last."""

from sanyi.governance.indicators.pages import alerts, board, closing, collecting, entering, indicator
from sanyi.governance.indicators.pages.table import routes

__all__ = ["alerts", "board", "closing", "collecting", "entering", "indicator", "routes"]
