"""基准: what a scenario is held against: a settled year with its frozen facts and rules, or the year as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanyi.insurance.payment import RuleSet
from sanyi.insurance.payment import services as payment
from sanyi.insurance.payment.services import Held
from sanyi.insurance.what_if import codes
from sanyi.insurance.what_if.models import Scenario
from sanyi.insurance.what_if.services import packages
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.policies import services as policies

FIRST_YEAR, LAST_YEAR = 2015, 2100


@dataclass(frozen=True, slots=True)
class Base:
    """基准: ``number`` is the settlement's, empty for the values in force; ``package`` are the package's values."""

    year: int
    number: str
    rules: RuleSet
    package: Mapping[str, Any]

    def held(self) -> Held:
        """所据输入: frozen with the settlement, or everything as it stands now."""
        settlement = payment.get(self.number) if self.number else None
        if settlement is not None:
            return payment.frozen_facts(settlement)
        return payment.hold(self.year, through=date(self.year, 12, 31))


def of(scenario: Scenario) -> Base:
    """方案的基准."""
    return base(scenario.year, scenario.base_number)


def base(year: int, number: str = "") -> Base:
    """基准: refuses a settlement that is none of that year or was never computed."""
    package = packages.values(year)
    if not number:
        return Base(year, "", payment.rule_set(year), package)
    settlement = payment.get(number)
    if settlement is None or not settlement.is_year or settlement.year != year or not settlement.result_digest:
        raise RefusedError(codes.BASE_UNKNOWN(number=number))
    return Base(year, number, payment.frozen_rules(settlement), package)


def choices() -> list[tuple[str, str]]:
    """可选基准: computed settlements of whole years, the newest first: number and year with revision."""
    found = [one for one in payment.settlements() if one.is_year and one.result_digest]
    return [(one.number, f"{one.year} · {one.number}（{one.revision}）") for one in found]


def year_of(text: str) -> int:
    """年度: refuses what is none."""
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise RefusedError(codes.YEAR_WRONG(value=text[:20]))
    return int(text)


def county() -> str:
    """本县."""
    return policies.county()
