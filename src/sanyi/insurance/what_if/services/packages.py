"""打包的影响: what each holder's year would clear at, with the scenario's spending and package values.

The inputs of a holder's clearing (or, before it is cleared, what they would be with a full score) are taken as they
are; only spending, package values and the deposit that follows from them change. Nothing of the package is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import polars as pl

from sanyi.insurance.package import PackageRules, canonical, charge, clear_year, rows_of
from sanyi.insurance.package import services as package
from sanyi.insurance.package.tables import SPEND_COLUMNS
from sanyi.kernel.money import Rounding, share_fen
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.policies import services as policies

NAMES = (
    "charge_basis",
    "charged_flows",
    "prepay_bp",
    "surplus_cap_bp",
    "score_bands",
    "overspend_bands",
    "unreasonable_first",
    "sharing_method",
    "tier_shares",
)
"""可改的打包参数: those that decide a clearing; the budget itself is an agreement, not a value."""
PREFIX = "insurance.package."
FULL_SCORE_E4 = 1_000_000
FIGURES = {
    "spent_fen": "actual_fen",
    "surplus_fen": "surplus_fen",
    "retained_fen": "retain_fen",
    "fund_bears_fen": "fund_share_fen",
    "holder_bears_fen": "holder_share_fen",
    "deposit_back_fen": "deposit_back_fen",
    "entitled_fen": "entitled_fen",
}


def rules(year: int) -> PackageRules:
    """打包政策: frozen with the year's budget, otherwise as it stands for the year."""
    budget = package.budgets.budget(year)
    return package.policy.frozen_rules(budget) if budget is not None else package.policy.package_rules(year)


def values(year: int) -> dict[str, Any]:
    """可改的打包参数: with their values, by name; empty where the county has no policy of packages."""
    try:
        found = rules(year)
    except RefusedError:
        return {}
    return {name: found.values[name] for name in NAMES if name in found.values}


def sources(year: int) -> Mapping[str, Mapping[str, Any]]:
    """打包参数的出处: by name."""
    try:
        return rules(year).sources
    except RefusedError:
        return {}


def check(year: int, changed: Mapping[str, Any]) -> None:
    """检查打包参数: refuses tables that leave a gap or do not add up."""
    if changed:
        rules(year).replaced(**changed).check()


def effect(year: int, spends: Sequence[pl.DataFrame], changed: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """打包的影响: one row per holder; ``spends`` and ``changed`` are those of the base and after each step.

    Without a package in the year there is nothing to show.
    """
    budget = package.budgets.budget(year)
    if budget is None:
        return []
    kept, base = rules(year), []
    for one in package.years.years(year):
        inputs, is_full = _inputs(one)
        base.append((one.holder_code, inputs, is_full))
    weights, singles = package.budgets.weights(budget), package.budgets.singles(budget)
    results: list[dict[str, dict[str, Any]]] = []
    for spend, values_ in zip(spends, changed, strict=True):
        policy = kept.replaced(**values_)
        charged = charge(spend.select(SPEND_COLUMNS), weights, singles, policy)
        results.append({code: _cleared(inputs, charged, policy) for code, inputs, _ in base})
    return [_row(code, is_full, [result[code] for result in results]) for code, _, is_full in base]


def _inputs(year: Any) -> tuple[dict[str, Any], bool]:
    """What the clearing froze; before it, the agreement with a full score (said in the row)."""
    cleared = package.clearings.current(year)
    if cleared is not None and cleared.inputs:
        return orjson.loads(cleared.inputs), False
    given = {
        "county_code": policies.county(),
        "year": year.year,
        "holder_code": year.holder_code,
        "holder_kind": year.holder_kind,
        "budget_fen": year.budget_fen,
        "adjustment_fen": year.adjustment_fen,
        "deposit_fen": year.deposit_fen,
        "score_e4": FULL_SCORE_E4,
        "unreasonable_fen": 0,
        "advances": [],
        "members": [
            {"code": one.code, "tier": one.tier.value, "inner_value_fen": 0, "cost_fen": 0}
            for one in package.holders.members(year.holder_code, year.holder_kind, year.year)
        ],
    }
    return given, True


def _cleared(inputs: Mapping[str, Any], charged: pl.DataFrame, policy: PackageRules) -> dict[str, Any]:
    rows = rows_of(charged, inputs["holder_code"])
    budget = inputs["budget_fen"] + inputs["adjustment_fen"]
    given = {
        **inputs,
        "spend": rows,
        "members": [{**one, **_own(one["code"], rows)} for one in inputs["members"]],
        "deposit_fen": _deposit(inputs, budget, policy),
        "rules": policy.plain(),
    }
    found: dict[str, Any] = orjson.loads(clear_year(canonical(given)))["cleared"]
    return found


def _own(code: str, rows: Sequence[Sequence[Any]]) -> dict[str, int]:
    """What a member's own cases inside were worth, and cost the fund by item: as the clearing adds them up."""
    own = [row for row in rows if row[1] == "inside" and row[0] == code]
    return {"inner_value_fen": sum(row[4] for row in own), "cost_fen": sum(row[5] for row in own)}


def _deposit(inputs: Mapping[str, Any], budget_fen: int, policy: PackageRules) -> int:
    """The deposit of the agreement; where the advanced share is changed, the one that follows from it."""
    before = inputs.get("rules", {}).get("values", {}).get("prepay_bp")
    now = policy.whole("prepay_bp")
    if before is None or before == now:
        return int(inputs["deposit_fen"])
    return budget_fen - share_fen(budget_fen, now, Rounding.HALF_UP)


def _row(code: str, is_full: bool, results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    entitled = [int(result["entitled_fen"]) for result in results]
    return {
        "holder_code": code,
        "budget_fen": results[0]["budget_fen"],
        "is_full_score": is_full,
        **{f"base_{name}": results[0][column] for name, column in FIGURES.items()},
        **{f"new_{name}": results[-1][column] for name, column in FIGURES.items()},
        "difference_fen": entitled[-1] - entitled[0],
        "steps": [after - before for before, after in zip(entitled[:-1], entitled[1:], strict=True)],
    }
