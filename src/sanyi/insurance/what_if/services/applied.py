"""施行: the rule sets and package rules of a scenario, step by step; refuses what the rules themselves cannot use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanyi.insurance.payment import RuleSet
from sanyi.insurance.payment.codes import Method
from sanyi.insurance.what_if import codes
from sanyi.insurance.what_if.codes import ScenarioKind
from sanyi.insurance.what_if.models import Scenario
from sanyi.insurance.what_if.rules import applying
from sanyi.insurance.what_if.rules.changes import Change
from sanyi.insurance.what_if.services import bases, catalogue, packages
from sanyi.kernel.refusals import RefusedError


@dataclass(frozen=True, slots=True)
class Step:
    """一步: the changes of one key (or the rest of them), and the rules once they are made."""

    changes: tuple[Change, ...]
    rules: RuleSet
    package: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Applied:
    """施行结果: the base, and the rules after each step; the last step is the scenario."""

    base: bases.Base
    steps: tuple[Step, ...]


def applied(scenario: Scenario, changes: Sequence[Change]) -> Applied:
    """施行改动: upon the scenario's base. Refuses a false place and values that the rules cannot use together."""
    base = bases.of(scenario)
    if scenario.kind == ScenarioKind.DRG_DIP.value:
        return _side_by_side(base)
    rules, package, steps = base.rules, dict(base.package), []
    for group in applying.steps_of(changes):
        for change in group:
            rules, package = _made(base, rules, package, change)
        steps.append(Step(tuple(group), rules, package))
    packages.check(base.year, package)
    return Applied(base, tuple(steps))


def _made(base: bases.Base, rules: RuleSet, package: dict[str, Any], change: Change) -> tuple[RuleSet, dict[str, Any]]:
    try:
        if change.key.startswith(applying.PACKAGE):
            return rules, applying.package_values(package, change)
        return applying.with_change(rules, change), package
    except KeyError:
        one = catalogue.changeable(base.rules, base.package).get(change.key)
        name = one.zh if one is not None else change.key
        raise RefusedError(codes.PATH_UNKNOWN(name=name, path=catalogue.path_text(change.path))) from None


def _side_by_side(base: bases.Base) -> Applied:
    """DRG on the one side, DIP on the other, whichever of them the county uses."""
    drg = applying.swapped(base.rules, Method.DIP.value, Method.DRG.value)
    dip = applying.swapped(drg, Method.DRG.value, Method.DIP.value)
    package = dict(base.package)
    return Applied(bases.Base(base.year, base.number, drg, package), (Step((), dip, package),))
