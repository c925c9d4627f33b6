"""期间锁: which periods of a county are closed; a closed period takes in nothing, computed or collected."""

from __future__ import annotations

from sanyi.governance.indicators.models import IndicatorPeriod
from sanyi.governance.indicators.rules.periods import around, period_of
from sanyi.registry.organisations.services import Organisation


def closed_periods(county_code: str) -> frozenset[str]:
    """已结账的期间: by name, as they were closed."""
    found = IndicatorPeriod.objects.filter(organisation_code=county_code, is_closed=True)
    return frozenset(found.values_list("period", flat=True))


def hold(county_code: str) -> None:
    """占用: until the transaction ends nobody else in the county stores, approves, enters anew or closes.

    What is known of closed periods afterwards stays true to the end of the transaction.
    """
    list(Organisation.objects.select_for_update(no_key=True).filter(code=county_code).values_list("pk"))


def is_closed(county_code: str, period: str) -> bool:
    """期间是否已结账: itself, or a longer one that holds it; a closed year closes its quarters and months."""
    closed = closed_periods(county_code)
    return is_within(period, closed)


def is_within(period: str, closed: frozenset[str]) -> bool:
    """是否在已结账的期间之内."""
    if not closed:
        return False
    asked = period_of(period)
    longer = [one.name for one in around(asked.last_on) if one.first_on <= asked.first_on]
    return any(name in closed for name in longer)
