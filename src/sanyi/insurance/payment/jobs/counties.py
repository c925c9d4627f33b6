"""各县计付（Spark）: the years of many counties in one job, the same rows as each settled alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.jobs.facts import YearFacts
from sanyi.insurance.payment.jobs.settling import settle_stays
from sanyi.insurance.payment.rules.rule_set import RuleSet
from sanyi.kernel.runners import run_spark_groups

COUNTY = "county_code"
County = tuple[pl.DataFrame, bytes]


def settle_counties(stays: Any, counties: Iterable[tuple[YearFacts, RuleSet]]) -> Any:
    """各县住院计付: PAID_CASE with ``county_code``; ``stays`` is a Spark data frame of STAY_TO_PAY with it.

    Of the facts only institutions go along with the rule set: visits are summed where they are, not moved.
    """
    given = {rules.county_code: (facts.institutions, rules.to_bytes()) for facts, rules in counties}
    outputs = pl.Schema({COUNTY: pl.String(), **tables.PAID_CASE.polars_schema()})
    return run_spark_groups(county_cases, stays, key=COUNTY, given=given, outputs=outputs)


def county_cases(county: County, stays: pl.DataFrame) -> pl.DataFrame:
    """一县的病例计付: what ``settle_stays`` gives for these stays, under the county's code."""
    institutions, content = county
    rules = RuleSet.from_bytes(content)
    known = tables.STAY_TO_PAY.conform(stays.drop(COUNTY))
    cases, _ = settle_stays(known.lazy(), institutions, rules)
    return cases.select(pl.lit(rules.county_code).alias(COUNTY), pl.all())
