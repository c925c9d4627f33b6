"""权重与方式的改动: a factor over all weights, weights of single groups, and DIP in the place of DRG."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.payment.codes import Method
from sanyi.insurance.what_if import codes
from sanyi.insurance.what_if.models import Scenario
from sanyi.insurance.what_if.rules import weights
from sanyi.insurance.what_if.rules.applying import METHOD_ORDER, PAYMENT
from sanyi.insurance.what_if.rules.changes import Change
from sanyi.insurance.what_if.services import scenarios
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access

WEIGHTS = PAYMENT + "weights"


def published(year: int) -> dict[str, int]:
    """公布的权重: of the groups that the year's stays fell into; after a switch of schemes the later one's."""
    rows = grouping.grouped_stays().filter(
        pl.col("discharged_on").is_between(date(year, 1, 1), date(year, 12, 31)),
        pl.col("drg").is_not_null(),
        pl.col("weight_e6").is_not_null(),
    )
    found = rows.group_by("drg").agg(pl.col("weight_e6").sort_by("discharged_on").last()).collect().sort("drg")
    return {str(drg): int(weight) for drg, weight in found.iter_rows()}


def change_weights(scenario: Scenario, factor: str, single: str, *, by: access.Actor, revision: int) -> Scenario:
    """改动权重: a factor for all groups and weights of single groups. Refuses wrong lines, and no change at all."""
    known = published(scenario.year)
    table = weights.rows(known, weights.factor(factor or "1"), weights.lines(single, known))
    one = scenarios.parameter(scenario, WEIGHTS)
    if table == one.value:
        raise RefusedError(codes.SAME_VALUE(name=one.zh))
    return scenarios.add_change(scenario, Change(WEIGHTS, (), table), by=by, revision=revision)


def pay_by_dip(scenario: Scenario, *, by: access.Actor, revision: int) -> Scenario:
    """改按病种分值: every row of the order of methods that pays by DRG pays by DIP."""
    one = scenarios.parameter(scenario, PAYMENT + METHOD_ORDER)
    rows: list[dict[str, Any]] = [
        {**row, "method": Method.DIP.value} if row.get("method") == Method.DRG.value else row for row in one.value
    ]
    if rows == one.value:
        raise RefusedError(codes.SAME_VALUE(name=one.zh))
    return scenarios.add_change(scenario, Change(one.key, (), rows), by=by, revision=revision)
