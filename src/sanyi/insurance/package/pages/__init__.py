"""总额打包页面: years and holders, one package, unifications."""

from sanyi.insurance.package.pages import unification
from sanyi.insurance.package.pages.table import routes

__all__ = ["routes", "unification"]
