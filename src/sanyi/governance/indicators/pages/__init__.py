"""指标页面: importing the package declares every page of the topic; the catch-all of one indicator comes last."""

from sanyi.governance.indicators.pages import board, indicator
from sanyi.governance.indicators.pages.table import routes

__all__ = ["board", "indicator", "routes"]
