"""施行改动 (applying): a rule set with changes made, day by day; and DRG in the place of DIP, or the reverse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sanyi.insurance.payment import Edition, RuleSet
from sanyi.insurance.what_if.rules.changes import Change, replaced

PAYMENT, PACKAGE = "insurance.payment.", "insurance.package."
METHOD_ORDER = "method_order"
STEPS_MAX = 4
_ONE_DAY = timedelta(days=1)
TRIED = {"document": "试算", "basis": "试算改动", "is_assumed": True}


def with_change(rules: RuleSet, change: Change) -> RuleSet:
    """改动后的规则集: in every edition, or from the change's first day on, where an edition is cut in two.

    Raises KeyError where an edition does not have the part that is changed.
    """
    name = change.key.removeprefix(PAYMENT)
    editions = rules.editions if change.starts_on is None else _cut(rules.editions, change)
    return replace(rules, editions=tuple(_changed(one, name, change, rules.county_code) for one in editions))


def package_values(values: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """改动后的打包参数: by name; the package has one set of values a year."""
    name = change.key.removeprefix(PACKAGE)
    return {**values, name: replaced(values[name], change.path, change.value)}


def steps_of(changes: Sequence[Change]) -> list[list[Change]]:
    """分步: changes of one key together, in the order of their first; beyond ``STEPS_MAX`` the rest is one step."""
    by_key: dict[str, list[Change]] = {}
    for change in changes:
        by_key.setdefault(change.key, []).append(change)
    steps = list(by_key.values())
    if len(steps) <= STEPS_MAX:
        return steps
    rest = [change for step in steps[STEPS_MAX - 1 :] for change in step]
    return [*steps[: STEPS_MAX - 1], rest]


def swapped(rules: RuleSet, old: str, new: str) -> RuleSet:
    """互换支付方式: every row of the order of methods that pays by one pays by the other."""
    return replace(rules, editions=tuple(_swapped(one, old, new) for one in rules.editions))


def pays_by(rules: RuleSet, method: str) -> bool:
    """是否用到某方式: whether any row of any edition pays by it."""
    rows = [row for one in rules.editions for row in one.get(METHOD_ORDER) or []]
    return any(row.get("method") == method for row in rows)


def _swapped(edition: Edition, old: str, new: str) -> Edition:
    rows = [{**row, "method": new} if row.get("method") == old else row for row in edition.get(METHOD_ORDER) or []]
    return replace(edition, values={**edition.values, METHOD_ORDER: rows})


def _changed(edition: Edition, name: str, change: Change, county: str) -> Edition:
    if change.starts_on is not None and edition.starts_on < change.starts_on:
        return edition
    if name not in edition.values:
        raise KeyError(name)
    value = replaced(edition.values[name], change.path, change.value)
    source = {**TRIED, "jurisdiction": county, "from": edition.starts_on.isoformat()}
    return replace(edition, values={**edition.values, name: value}, sources={**edition.sources, name: source})


def _cut(editions: Sequence[Edition], change: Change) -> list[Edition]:
    """The editions with a seam at the change's first day."""
    assert change.starts_on is not None
    found: list[Edition] = []
    for one in editions:
        if one.starts_on < change.starts_on <= one.ends_on:
            found += [
                replace(one, ends_on=change.starts_on - _ONE_DAY),
                replace(one, starts_on=change.starts_on),
            ]
        else:
            found.append(one)
    return found
