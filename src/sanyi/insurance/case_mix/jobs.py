"""病例组合分析作业: grouped stays and settlement lists in, one row of figures per unit out; without Django."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from sanyi.insurance.case_mix import tables
from sanyi.insurance.case_mix.rules import figures as rules
from sanyi.insurance.case_mix.rules.funnel import Spread, cost_verdict, death_verdict, index_limits, spread
from sanyi.insurance.case_mix.rules.operation_levels import with_levels
from sanyi.insurance.case_mix.rules.policy import CostLimits, Limits
from sanyi.insurance.grouping.codes import Status

STAY = ["institution_code", "settlement_id"]
COLUMNS = (
    "institution_code", "department_code", "doctor_code", "discharged_on", "scheme", "status", "adrg", "drg",
    "weight_e6", "length_of_stay_days", "total_fen", "fund_payment_fen",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """所问: units made of ``keys``, of the stays of ``institutions`` (None: all) from a day to a day."""

    keys: tuple[str, ...]
    institutions: Collection[str] | None
    first_on: date
    last_on: date
    is_grouped_only: bool = False


@dataclass(frozen=True, slots=True)
class Analysis:
    """分析结果: rows of CASE_MIX; ``whole`` the same for all of one's own stays; what the funnels compare with.

    ``deaths`` are (deaths, stays) in low-risk groups of all stays of the period; ``risk`` every group with its
    mortality; ``groups`` its key parts are scheme and drg.
    """

    rows: pl.DataFrame
    whole: dict[str, Any] | None
    deaths: tuple[int, int]
    spread: Spread
    risk: pl.DataFrame


def prepared(grouped: pl.LazyFrame, settlements: pl.LazyFrame, levels: pl.DataFrame | None = None) -> pl.LazyFrame:
    """分析用病例: current grouped stays with what only their settlement list says (unknown: null), and the level of
    their operations by ``levels``, the county's list (None: there is none)."""
    facts = settlements.select(*STAY, "discharge_way_code", "procedure_codes", has_settlement=pl.lit(True))
    joined = grouped.select(*COLUMNS, "settlement_id").join(facts, on=STAY, how="left")
    return with_levels(joined, levels).drop("settlement_id", "procedure_codes", "has_settlement")


def analyse(
    stays: pl.LazyFrame,
    question: Question,
    limits: Limits,
    cost_limits: Sequence[tuple[CostLimits, Collection[date]]],
) -> Analysis:
    """分析: ``stays`` are all (low-risk groups and mean costs come from them), the figures those of the period.

    ``cost_limits`` say which limits hold on which days of discharge; a day in none of them is not judged.
    """
    known = rules.with_outcome(stays, limits)
    risk = rules.risk_groups(known, limits).collect()
    flags = risk.lazy().select(*rules.GROUP, "is_low_risk")
    within = known.filter(pl.col("discharged_on").is_between(question.first_on, question.last_on))
    period = within.join(flags, on=rules.GROUP, how="left")
    period = period.join(rules.group_costs(known), on=rules.GROUP, how="left")
    marked = _classified(period, cost_limits).collect()
    deaths = _deaths(marked)
    all_spread = spread(_sums(marked))
    own = rules.keyed(marked.lazy(), question.keys, question.institutions, is_grouped_only=question.is_grouped_only)
    rows = rules.figures(own).collect()
    whole = rules.figures(rules.keyed(marked.lazy(), (), question.institutions)).collect().to_dicts()
    judged = _judged(rows, deaths, all_spread, limits)
    return Analysis(judged, whole[0] if whole else None, deaths, all_spread, risk)


def _classified(period: pl.LazyFrame, cost_limits: Sequence[tuple[CostLimits, Collection[date]]]) -> pl.LazyFrame:
    known: set[date] = set().union(*(days for _, days in cost_limits)) if cost_limits else set()
    parts = [
        period.filter(pl.col("discharged_on").is_in(sorted(days))).with_columns(rules.cost_class(limits))
        for limits, days in cost_limits
    ]
    rest = period.filter(~pl.col("discharged_on").is_in(sorted(known))) if known else period
    return pl.concat([*parts, rest.with_columns(pl.lit(None, dtype=pl.String).alias("cost_class"))])


def _deaths(marked: pl.DataFrame) -> tuple[int, int]:
    low_risk = marked.filter(pl.col("is_low_risk").fill_null(False), pl.col("is_dead").is_not_null())
    return int(low_risk["is_dead"].sum()), low_risk.height


def _sums(marked: pl.DataFrame) -> list[tuple[int, int, int]]:
    """Number, sum and sum of squares of the costs of every group, in the order of groups."""
    cost = pl.col("total_fen").cast(pl.Int128)
    grouped = marked.filter(pl.col("status") == Status.GROUPED.value).drop_nulls("total_fen")
    found = grouped.group_by(*rules.GROUP).agg(
        pl.len().cast(pl.Int64).alias("number"), cost.sum().alias("cost"), (cost * cost).sum().alias("squares")
    )
    return found.sort(*rules.GROUP).select("number", "cost", "squares").rows()


def _judged(rows: pl.DataFrame, deaths: tuple[int, int], all_spread: Spread, limits: Limits) -> pl.DataFrame:
    """The figures with their places in the two funnels; the limits shown are the inner ones."""
    added = []
    for row in rows.iter_rows(named=True):
        count = row["grouped_count"]
        bounds = index_limits(count, all_spread, limits.levels[0].z_e6) or (None, None)
        added.append(
            {
                "death_verdict": death_verdict(
                    row["low_risk_count"], row["low_risk_death_count"], deaths, limits
                ).value,
                "cost_lower_e6": bounds[0],
                "cost_upper_e6": bounds[1],
                "cost_verdict": cost_verdict(count, row["cost_index_e6"], all_spread, limits).value,
            }
        )
    names = ("death_verdict", "cost_lower_e6", "cost_upper_e6", "cost_verdict")
    schema = {name: tables.CASE_MIX.column(name).type.polars for name in names}
    return tables.CASE_MIX.conform(rows.hstack(pl.DataFrame(added, schema=schema)))
