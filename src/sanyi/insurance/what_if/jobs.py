"""支付模拟作业: the same facts settled by the base and after each change; table to table, without Django.

The settlement itself is ``payment.jobs.settle_year``; here nothing is decided and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sanyi.insurance.payment import RuleSet, YearFacts, YearResult, settle_year
from sanyi.insurance.what_if.codes import Part
from sanyi.insurance.what_if.rules import effect, measuring

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Effect:
    """影响: of a scenario against its base: a summary, and one table for each part."""

    summary: dict[str, Any]
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def compute(
    facts: YearFacts,
    base: RuleSet,
    steps: Sequence[RuleSet],
    *,
    base_result: YearResult | None = None,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Effect, list[YearResult]]:
    """模拟测算: ``steps`` are the rule sets after one change, after two, and so on; the last one is the scenario.

    Sums of visits of the base serve every step that has its editions. Returns the effect and all results.
    """
    report(0, len(steps) + 1)
    first = base_result or settle_year(facts, base)
    results = [first]
    for place, rules in enumerate(steps, start=1):
        report(place, len(steps) + 1)
        results.append(settle_year(_with_sums(facts, first, base, rules), rules))
    found = effect_of(results)
    report(len(steps) + 1, len(steps) + 1)
    return found, results


def effect_of(results: Sequence[YearResult]) -> Effect:
    """影响: of results of the same facts, the base first; groups are those of the base."""
    group_of = measuring.shown_groups(results[0].cases)
    parts = [measuring.measured(one.cases, one.institutions, one.institution_years, group_of) for one in results]
    frames = {
        part: effect.compared(part, [one[part] for one in parts])
        for part in (Part.INSTITUTION, Part.TIER, Part.METHOD, Part.GROUP)
    }
    summary = {
        **effect.totals(frames[Part.INSTITUTION]),
        **effect.changed_cases(results[0].cases, results[-1].cases),
        "steps": [int(frames[Part.INSTITUTION]["steps"].list.get(place).sum()) for place in range(len(results) - 1)],
        "pools": {
            "base": measuring.point_values(results[0].pools),
            "new": measuring.point_values(results[-1].pools),
        },
        "is_assumed": bool(results[-1].cases["is_assumed"].any()),
    }
    return Effect(summary, {part.value: frame.to_dicts() for part, frame in frames.items()})


def _with_sums(facts: YearFacts, first: YearResult, base: RuleSet, rules: RuleSet) -> YearFacts:
    """The sums of visits are by edition: another cut of the year needs them anew."""
    same = [one.starts_on for one in base.editions] == [one.starts_on for one in rules.editions]
    if not same:
        return facts
    return replace(facts, visits=None, visit_sums=first.visit_sums)
