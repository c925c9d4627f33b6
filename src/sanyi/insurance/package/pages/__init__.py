"""总额打包页面: years and holders, budget, one package with its sections, four packages, unifications, printing."""

from sanyi.insurance.package.pages import acting, budget, four, printing, unification, years
from sanyi.insurance.package.pages.table import routes

__all__ = ["acting", "budget", "four", "printing", "routes", "unification", "years"]
