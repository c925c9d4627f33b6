"""事实包: everything that indicators are computed from, and the ways from rows to nodes and periods.

A stay belongs to four nodes: its institution, the medical group its institution was in on the day of discharge, its
tier, and the county. A month belongs to three periods: itself, its quarter, its year. Sums are made per institution and
month first; only these few rows are spread over nodes and periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from sanyi.governance.indicators import tables
from sanyi.governance.indicators.codes import LEVEL_NODE, InstitutionSet
from sanyi.governance.indicators.rules import periods
from sanyi.governance.indicators.rules.computing.declaration import Need, RowRule
from sanyi.governance.indicators.rules.computing.stays import STAYS
from sanyi.governance.indicators.rules.limits import Limits
from sanyi.governance.indicators.rules.periods import Period

UNIT = ["institution_code", "group_code", "hospital_level", "month"]
MEASURES = ("numerator", "denominator", "row_count", "missing_count")
CELL = [*UNIT, "scheme", "adrg", "drg", "status"]


@dataclass(frozen=True)
class Facts:
    """事实包: ``stays`` are STAY_FACT of the county's institutions for the years wanted and the one before them."""

    county_code: str
    years: tuple[int, ...]
    stays: pl.LazyFrame
    limits: Limits
    available: frozenset[Need]
    staff: pl.LazyFrame = field(default_factory=lambda: tables.STAFF_FACT.empty().lazy())
    residents: pl.LazyFrame = field(default_factory=lambda: tables.RESIDENT_COUNT.empty().lazy())
    outside_stays: pl.LazyFrame = field(default_factory=lambda: tables.OUTSIDE_STAY.empty().lazy())
    until_on: date | None = None

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """计算的期间: of the years wanted, as far as they have begun."""
        every = [period for year in self.years for period in periods.periods_of_year(year)]
        return tuple(one for one in every if self.until_on is None or one.first_on <= self.until_on)

    @cached_property
    def closure(self) -> pl.DataFrame:
        """期间闭包: of the years wanted and the one before each, which growth is counted from."""
        return periods.closure([*self.years, *(year - 1 for year in self.years)])

    def within(self, institutions: InstitutionSet) -> Facts:
        """限定机构范围: the same facts with the stays of a set of institutions alone."""
        flags = {
            InstitutionSet.HOSPITALS: pl.col("is_hospital"),
            InstitutionSet.PRIMARY: pl.col("is_primary"),
            InstitutionSet.PUBLIC: pl.col("is_public"),
            InstitutionSet.PUBLIC_HOSPITALS: pl.col("is_public") & pl.col("is_hospital"),
        }
        if institutions is InstitutionSet.ALL:
            return self
        return replace(self, stays=self.stays.filter(flags[institutions].fill_null(False)))

    @cached_property
    def months(self) -> pl.DataFrame:
        """月度合计: INDICATOR_MONTH of every row rule, made in one pass over the stays."""
        return monthly(self.stays, STAYS).collect()

    def monthly(self, rule: str) -> pl.LazyFrame:
        """某规则的月度合计."""
        return self.months.lazy().filter(pl.col("rule") == rule)

    @cached_property
    def _cells(self) -> pl.DataFrame:
        days, fen = pl.col("length_of_stay_days"), pl.col("total_fen")
        return (
            self.stays.with_columns(month=month_of("discharged_on"))
            .group_by(CELL)
            .agg(
                pl.len().cast(pl.Int64).alias("stay_count"),
                days.sum().alias("days"),
                days.count().cast(pl.Int64).alias("days_count"),
                fen.sum().alias("fen"),
                fen.count().cast(pl.Int64).alias("fen_count"),
            )
            .collect()
        )

    def cells(self) -> pl.LazyFrame:
        """病组合计: stays, days and charges per institution, month and group."""
        return self._cells.lazy()

    def spread(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """展开到节点和期间: rows with the columns of a unit, once for every node and period they belong to."""
        return self._nodes(rows).join(self.closure.lazy().select("month", "period"), on="month")

    def over_periods(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """展开到期间: rows with a month or a day of discharge."""
        if "month" not in rows.collect_schema():
            rows = rows.with_columns(month=month_of("discharged_on"))
        return rows.join(self.closure.lazy().select("month", "period"), on="month")

    def over_nodes(self, sums: pl.LazyFrame, *, is_with_before: bool = False) -> pl.LazyFrame:
        """合计到节点和期间: monthly sums added up; with the period a year later where that is asked for."""
        added = [pl.col(name).sum() for name in MEASURES]
        with_rows = pl.col("month").filter(pl.col("row_count") > 0)
        months = with_rows.n_unique().cast(pl.Int64).alias("month_count")
        by = ["rule", "node_code", "period"]
        found = self.spread(sums).group_by(by).agg(*added, months)
        if not is_with_before:
            return found
        period = pl.col("period")
        later = (period.str.slice(0, 4).cast(pl.Int64) + 1).cast(pl.String) + period.str.slice(4)
        return found.with_columns(period_after=later)

    def _nodes(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        level = pl.lit(LEVEL_NODE) + pl.col("hospital_level")
        codes = (pl.col("institution_code"), pl.col("group_code"), level, pl.lit(self.county_code))
        parts = [rows.with_columns(node_code=code).filter(pl.col("node_code").is_not_null()) for code in codes]
        return pl.concat(parts)

    def residents_on(self, day: date) -> tuple[int, str] | None:
        """某日人口数: the latest count on or before it, of the first base that has one, with base and date."""
        for base in self.limits.population_bases:
            for row in self._counts:
                if row["base"] == base and row["counted_on"] <= day and row["person_count"] > 0:
                    return row["person_count"], f"{row['base']} {row['counted_on']}"
        return None

    @cached_property
    def _counts(self) -> list[dict[str, Any]]:
        return self.residents.sort("counted_on", descending=True).collect().to_dicts()


def month_of(day: str) -> pl.Expr:
    """月份: of a day, such as 2025-03."""
    return pl.col(day).dt.strftime("%Y-%m")


def monthly(stays: pl.LazyFrame, rules: Sequence[RowRule]) -> pl.LazyFrame:
    """月度合计: INDICATOR_MONTH of these rules from STAY_FACT, in one pass over the stays."""
    sums = [one.alias(f"{rule.name}:{name}") for rule in rules for name, one in measures(rule).items()]
    wide = stays.with_columns(month=month_of("discharged_on")).group_by(UNIT).agg(sums)
    known = wide.collect().lazy()
    parts = [
        known.select(
            *UNIT, pl.lit(rule.name).alias("rule"), *(pl.col(f"{rule.name}:{name}").alias(name) for name in MEASURES)
        )
        for rule in rules
    ]
    found = pl.concat(parts)
    return found.filter((pl.col("row_count") > 0) | (pl.col("missing_count") > 0)).sort("rule", *UNIT)


def measures(rule: RowRule) -> dict[str, pl.Expr]:
    """四个合计: numerator, denominator, rows counted, rows missing something."""
    is_missing = rule.counts & rule.is_missing.fill_null(True)
    is_counted = rule.counts & ~rule.is_missing.fill_null(True)
    return {
        "numerator": _sum(rule.numerator, is_counted),
        "denominator": _sum(rule.denominator, is_counted),
        "row_count": is_counted.sum().cast(pl.Int64),
        "missing_count": is_missing.sum().cast(pl.Int64),
    }


def contributions(rule: RowRule) -> dict[str, pl.Expr]:
    """逐行计入: numerator and denominator of each row in question; null where it lacks what is needed."""
    is_missing = rule.is_missing.fill_null(True)
    return {
        "numerator": pl.when(~is_missing).then(rule.numerator).cast(pl.Int64),
        "denominator": pl.when(~is_missing).then(rule.denominator).cast(pl.Int64),
        "is_missing": is_missing,
    }


def _sum(amount: pl.Expr, is_counted: pl.Expr) -> pl.Expr:
    return pl.when(is_counted).then(amount).sum().fill_null(0).cast(pl.Int64)
