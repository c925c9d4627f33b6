"""方案调整页面: versions and their import, comparisons, closed months."""

from sanyi.insurance.scheme_change.pages import comparison, importing, months
from sanyi.insurance.scheme_change.pages.doors import routes

__all__ = ["comparison", "importing", "months", "routes"]
