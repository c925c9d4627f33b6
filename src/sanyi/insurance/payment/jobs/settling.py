"""年度计付 (settling): every stay and visit of the year, by the rules of its day."""

from __future__ import annotations

from sanyi.insurance.payment.jobs.facts import YearFacts, YearResult
from sanyi.insurance.payment.rules.rule_set import RuleSet


def settle_year(facts: YearFacts, rules: RuleSet, *, through_month: int | None = None) -> YearResult:
    """年度计付: of all stays and visits from January to ``through_month``, or of the whole year.

    Monthly pre-settlement shares that part of each pool that belongs to the months so far. Refuses a settlement that
    occurs twice, months that are none, and policy values that cannot be used. The order of rows does not matter.
    """
    raise NotImplementedError
