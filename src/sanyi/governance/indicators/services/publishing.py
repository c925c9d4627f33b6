"""公布服务: how a stored value may be shown to whom; every page and workbook asks here.

Those who look at a whole county see a published view: small counts of cases are withheld. An institution sees its own
figures as they are, and so does whoever may read the stays themselves, where the page explains one single number.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from sanyi.governance.indicators.codes import Origin
from sanyi.governance.indicators.models import IndicatorValue
from sanyi.governance.indicators.rules.computing import RULES, Need, Quantity
from sanyi.governance.indicators.rules.definitions import Version
from sanyi.governance.indicators.rules.suppression import Shown, published
from sanyi.governance.indicators.services import catalogue

OF_CASES = frozenset({Need.SETTLEMENT_LIST, Need.OUTSIDE_STAY})


@dataclass(frozen=True, slots=True)
class Audience:
    """读者: whether what they see counts as published, and below which count a figure is withheld."""

    is_published: bool
    threshold_count: int
    open_counts: frozenset[str]

    def shown(self, value: IndicatorValue, version: Version) -> Shown:
        """可示的值."""
        if not self.is_published or value.origin != Origin.COMPUTED.value or not is_of_cases(version):
            return Shown(value.value_e6, value.numerator, value.denominator, value.row_count, is_suppressed=False)
        return published(
            value.value_e6,
            value.numerator,
            value.denominator,
            value.row_count,
            threshold_count=self.threshold_count,
            is_share_of_counts=is_share_of_cases(version) and value.code not in self.open_counts,
        )

    def withholds(self, values: Iterable[IndicatorValue]) -> bool:
        """是否隐去其一: of values of any indicators; what is derived from one of them must not be shown either."""
        found = ((one, catalogue.definition(one.code).version(one.version)) for one in values)
        return any(self.shown(one, version).is_suppressed for one, version in found)

    def of_one_number(self, *, may_read_stays: bool) -> Audience:
        """一个数的说明: open to those who may read the stays behind it."""
        return replace(self, is_published=self.is_published and not may_read_stays)


def audience(county_code: str, scope: Container[str], on: date | None = None) -> Audience:
    """读者: of somebody who has this reach."""
    limits = catalogue.limits_on(on or timezone.localdate())
    return Audience(county_code in scope, limits.small_count, limits.open_counts)


def is_of_cases(version: Version) -> bool:
    """是否病例指标: counts of anything else say nothing about a person."""
    rule = RULES.get(version.rule)
    return rule is not None and bool(OF_CASES & set(rule.needs))


def is_share_of_cases(version: Version) -> bool:
    """是否例数之比: numerator and denominator are numbers of cases, the one a part of the other."""
    rule = RULES.get(version.rule)
    if rule is None or not is_of_cases(version) or version.multiplier == 1:
        return False
    return rule.numerator_quantity is Quantity.COUNT and rule.denominator_quantity is Quantity.COUNT
