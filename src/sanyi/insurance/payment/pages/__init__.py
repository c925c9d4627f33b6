"""支付页面: overview, stays and why, statements, groups and point values, special cases, settlements."""

from sanyi.insurance.payment.pages.cases import case_list
from sanyi.insurance.payment.pages.doors import routes
from sanyi.insurance.payment.pages.groups import group_list
from sanyi.insurance.payment.pages.overview import overview
from sanyi.insurance.payment.pages.settlements import settlement_list
from sanyi.insurance.payment.pages.specials import special_list
from sanyi.insurance.payment.pages.statements import statement_list
from sanyi.insurance.payment.pages.visits import visit_list

__all__ = [
    "case_list",
    "group_list",
    "overview",
    "routes",
    "settlement_list",
    "special_list",
    "statement_list",
    "visit_list",
]
