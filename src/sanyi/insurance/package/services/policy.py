"""打包政策服务: the year's policy as one frozen thing, and the time people may take."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sanyi.insurance.package.models import FundBudget
from sanyi.insurance.package.rules.package_rules import NAMES, PackageRules
from sanyi.kernel.dates import CHINA
from sanyi.kernel.policy import PolicyBook, PolicyValue
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline
from sanyi.registry.policies import services as policies

PREFIX = "insurance.package."


def package_rules(year: int) -> PackageRules:
    """某年的打包政策: of this county, as it stands on the first of January of the year; refuses wrong tables."""
    rules = _package_rules(policies.book(), policies.county(), year)
    rules.check()
    return rules


def frozen_rules(budget: FundBudget) -> PackageRules:
    """冻结的政策: that a year's budget was set with; later policy never changes it."""
    return PackageRules.from_bytes(budget.rules)


def cited(name: str, on: date) -> PolicyValue:
    """政策值: one value of the topic on a day, with its citation."""
    return policies.book().value(PREFIX + name, jurisdiction=policies.county(), on=on, asker=PREFIX + "services")


def working_days(name: str, on: date) -> Deadline:
    """办理时限: so many working days, by policy."""
    return Deadline(working_days=int(cited(name, on).value))


def clearing_due_at(year: int) -> datetime:
    """清算截止: of a year, by policy a day of the next one."""
    month, day = map(int, str(cited("clearing_deadline", date(year, 12, 31)).value).split("-"))
    return datetime.combine(date(year + 1, month, day), time(23, 59, 59), tzinfo=CHINA)


@lru_cache(maxsize=8)
def _package_rules(book: PolicyBook, county: str, year: int) -> PackageRules:
    values: dict[str, Any] = {}
    sources: dict[str, dict[str, Any]] = {}
    for name in NAMES:
        try:
            found = book.value(PREFIX + name, jurisdiction=county, on=date(year, 1, 1))
        except RefusedError:
            continue
        values[name], sources[name] = _plain(found.value), _source(found)
    return PackageRules(county, year, values, sources)


def _source(value: PolicyValue) -> dict[str, Any]:
    return {
        "document": value.document,
        "basis": value.basis,
        "jurisdiction": value.jurisdiction,
        "from": str(value.starts_on),
        "is_assumed": value.is_assumed,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): _plain(one) for key, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value
