"""各县年度计付（Spark）: the year of many counties, visits included, in two jobs; the same bytes as each alone."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import polars as pl

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.jobs.counties import COUNTY
from sanyi.insurance.payment.jobs.facts import YearFacts, digest
from sanyi.insurance.payment.jobs.settling import settle_year
from sanyi.insurance.payment.jobs.visiting import sum_visits
from sanyi.insurance.payment.rules.rule_set import RuleSet
from sanyi.kernel.runners import run_spark_groups

COUNTY_TABLE = pl.Schema(
    {COUNTY: pl.String(), "table": pl.String(), "row_count": pl.Int64(), "digest": pl.String(), "content": pl.Binary()}
)
"""一县一表: the rows as an Arrow stream, and their digest as a settlement keeps it."""
County = tuple[YearFacts, bytes]


def settle_county_years(stays: Any, visits: Any, counties: Iterable[tuple[YearFacts, RuleSet]]) -> Any:
    """各县年度计付: COUNTY_TABLE, every table of every county's year, as ``settle_year`` gives them.

    ``stays`` and ``visits`` are Spark data frames of STAY_TO_PAY and VISIT_TO_PAY with ``county_code``; the facts have
    everything else. A county stays whole; its small tables and rule set go along with it.
    """
    given = {rules.county_code: (_small(facts), rules.to_bytes()) for facts, rules in counties}
    summed = run_spark_groups(county_sums, visits, key=COUNTY, given=given, outputs=_sums_schema())
    sums = pl.from_arrow(summed.toArrow())
    assert isinstance(sums, pl.DataFrame)
    known = {
        code: (replace(facts, visit_sums=_sums_of(sums, code)), content) for code, (facts, content) in given.items()
    }
    return run_spark_groups(county_year, stays, key=COUNTY, given=known, outputs=COUNTY_TABLE)


def county_sums(county: County, visits: pl.DataFrame) -> pl.DataFrame:
    """一县的门诊汇总: VISIT_SUM under the county's code."""
    facts, content = county
    rules = RuleSet.from_bytes(content)
    known = tables.VISIT_TO_PAY.conform(visits.drop(COUNTY))
    sums = sum_visits(known.lazy(), facts.signed, facts.institutions, rules)
    return sums.select(pl.lit(rules.county_code).alias(COUNTY), pl.all())


def county_year(county: County, stays: pl.DataFrame) -> pl.DataFrame:
    """一县的年度计付: every table of the year as one row of COUNTY_TABLE."""
    facts, content = county
    rules = RuleSet.from_bytes(content)
    known = tables.STAY_TO_PAY.conform(stays.drop(COUNTY))
    result = settle_year(replace(facts, stays=known.lazy()), rules)
    rows = [
        (rules.county_code, contract.name, frame.height, digest(frame), _content(frame))
        for contract, frame in result.frames()
    ]
    return pl.DataFrame(rows, schema=COUNTY_TABLE, orient="row")


def frames_of(rows: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """各县各表: county, table and its rows, out of COUNTY_TABLE."""
    for row in rows.sort(COUNTY, "table").iter_rows(named=True):
        yield row[COUNTY], row["table"], pl.read_ipc_stream(io.BytesIO(row["content"]))


def _small(facts: YearFacts) -> YearFacts:
    """Without stays and visits; what remains is held in memory, so that it can go along."""
    signed, outside = (None if one is None else one.collect().lazy() for one in (facts.signed, facts.outside_stays))
    empty = tables.STAY_TO_PAY.empty().lazy()
    return replace(facts, stays=empty, visits=None, visit_sums=None, signed=signed, outside_stays=outside)


def _sums_schema() -> pl.Schema:
    return pl.Schema({COUNTY: pl.String(), **tables.VISIT_SUM.polars_schema()})


def _sums_of(sums: pl.DataFrame, county_code: str) -> pl.DataFrame:
    own = sums.filter(pl.col(COUNTY) == county_code).drop(COUNTY)
    return tables.VISIT_SUM.conform(own).sort(tables.VISIT_KEY_NAMES)


def _content(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_ipc_stream(stream)
    return stream.getvalue()
