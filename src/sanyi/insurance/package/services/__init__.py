"""总额打包服务: budget, application, advances, months, clearing, disputes, streams; the six unifications.

Other topics and the topic's own pages use the modules named here.
"""

from sanyi.insurance.package.services import (
    accounts,
    advances,
    budgets,
    clearings,
    daily,
    disputes,
    history,
    holders,
    months,
    policy,
    streams,
    unification,
    warnings,
    years,
)

__all__ = [
    "accounts",
    "advances",
    "budgets",
    "clearings",
    "daily",
    "disputes",
    "history",
    "holders",
    "months",
    "policy",
    "streams",
    "unification",
    "warnings",
    "years",
]
