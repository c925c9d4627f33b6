"""规则集服务: what the policy book says for a year of this county, and the rule sets of settlements."""

from __future__ import annotations

from functools import lru_cache

from sanyi.insurance.payment.models import FrozenRules, Settlement
from sanyi.insurance.payment.rules.rule_set import RuleSet
from sanyi.kernel.policy import PolicyBook
from sanyi.registry.policies import services as policies


def rule_set(year: int) -> RuleSet:
    """某年的规则集: of this county, from the policy book as it stands; the discharge date chooses the edition."""
    return _rule_set(policies.book(), policies.county(), year)


def frozen_rules(settlement: Settlement) -> RuleSet:
    """冻结的规则集: that a settlement was computed with."""
    assert settlement.rules is not None, "only a computed settlement has rules"
    return _read(settlement.rules.content)


def kept_or_now(digest: str | None, year: int) -> RuleSet:
    """已保存的规则集: by its digest, or today's where none is named; a job that is started again keeps its own."""
    return _read(FrozenRules.objects.get(pk=digest).content) if digest else rule_set(year)


def keep(rules: RuleSet) -> FrozenRules:
    """保存规则集: its bytes under their digest, once."""
    row, _ = FrozenRules.objects.get_or_create(digest=rules.digest, defaults={"content": rules.to_bytes().decode()})
    return row


@lru_cache(maxsize=8)
def _rule_set(book: PolicyBook, county: str, year: int) -> RuleSet:
    return RuleSet.from_book(book, county, year)


@lru_cache(maxsize=8)
def _read(content: str) -> RuleSet:
    return RuleSet.from_bytes(content.encode())
