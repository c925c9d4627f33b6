"""病例组合分析页面: one page for those who see stays, one for those who see the county's sums."""

from sanyi.insurance.case_mix.pages.analysis import answer, routes

__all__ = ["answer", "routes"]
