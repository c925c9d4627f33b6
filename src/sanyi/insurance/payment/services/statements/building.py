"""结算单的内容: sums by method and month, the year's line, special cases, what is missing and what is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.models import Settlement, SpecialCase
from sanyi.insurance.payment.services import reading, rule_sets, runs
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies import services as policies

SUMS = (
    "case_count", "unpayable_count", "special_count", "total_fen", "points_e4", "weight_sum_e6", "price_fen",
    "residual_fen", "patient_fen", "inner_value_fen", "item_fund_fen", "difference_fen",
)  # fmt: skip
PREFIX = "insurance.payment."


@dataclass(frozen=True, slots=True)
class Statement:
    """结算单: one institution and period; amounts in fen, rows as plain mappings in the order in which they are shown.

    ``methods`` are the sums by method, ``months`` those by month (of a year), ``year`` the line of the period in
    INSTITUTION_YEAR (corridor, capitation, assessment, prepaid, due), ``cases`` the stays themselves.
    """

    institution_code: str
    institution_name: str
    period: str
    settlement: Settlement
    methods: tuple[dict[str, Any], ...]
    months: tuple[dict[str, Any], ...]
    totals: dict[str, Any]
    year: dict[str, Any] | None
    special_cases: tuple[dict[str, Any], ...]
    reasons: dict[str, int]
    assumed: tuple[dict[str, Any], ...]
    cases: pl.DataFrame

    @property
    def is_year(self) -> bool:
        """是否年度."""
        return len(self.period) == 4

    @property
    def is_closed(self) -> bool:
        """是否已结账: else the figures may still change."""
        return self.settlement.state == "closed"

    @property
    def through(self) -> str:
        """截至: the period of the settlement that the figures come from."""
        return self.settlement.period


def statement(institution_code: str, period: str) -> Statement | None:
    """一家机构的结算单: of a month or a year, None where nothing of it was computed.

    A month's figures come from the month's own settlement, else from the year's; those of a year from the year's
    settlement, else from the last month's.
    """
    year, month = runs.period_of(period)
    found = _settlement(year, month)
    if found is None:
        return None
    rows = _of(reading.table(found, tables.PAID_INSTITUTION), institution_code)
    if month is not None:
        rows = rows.filter(pl.col("month") == period)
    if rows.is_empty():
        return None
    cases = _of(reading.table(found, tables.PAID_CASE), institution_code)
    if month is not None:
        cases = cases.filter(pl.col("month") == period)
    lines = _of(reading.table(found, tables.INSTITUTION_YEAR), institution_code).to_dicts()
    is_whole = month is None
    return Statement(
        institution_code=institution_code,
        institution_name=organisations.names({institution_code}).get(institution_code, institution_code),
        period=period,
        settlement=found,
        methods=_methods(rows),
        months=_summed(rows, "month") if is_whole else (),
        totals=rows.select(_sums()).row(0, named=True),
        year=lines[0] if lines and is_whole else None,
        special_cases=_special_cases(institution_code, year, month),
        reasons=dict(cases["unpayable_reason"].drop_nulls().value_counts(sort=True).iter_rows()),
        assumed=assumed_values(found),
        cases=cases.sort("discharged_on", "settlement_id"),
    )


def periods_of(institution_code: str) -> list[str]:
    """有结算单的期间: of an institution, the newest first, each year before its months."""
    found: list[str] = []
    for year in reading.years():
        newest = reading.newest(year)
        if newest is None:
            continue
        rows = _of(reading.table(newest, tables.PAID_INSTITUTION), institution_code)
        if rows.height:
            found += [str(year), *sorted(set(rows["month"]), reverse=True)]
    return found


def assumed_values(settlement: Settlement) -> tuple[dict[str, Any], ...]:
    """推定的参数: those of the frozen rules that rest on evidence of grade C, with their basis."""
    names = policies.declarations()
    found: dict[str, dict[str, Any]] = {}
    for edition in rule_sets.frozen_rules(settlement).editions:
        for name, source in edition.sources.items():
            key = PREFIX + name
            if source.get("is_assumed") and key in names:
                declared = names[key]
                words = {"zh": declared.name_zh, "en": declared.name_en, "basis": source.get("basis", "")}
                found.setdefault(key, {"key": key, **words})
    return tuple(found.values())


def _settlement(year: int, month: int | None) -> Settlement | None:
    if month is None:
        return reading.newest(year)
    whole = reading.latest(year)
    if whole is not None and whole.state == "closed":
        return whole
    return reading.latest(year, month) or whole


def _of(rows: pl.DataFrame, institution_code: str) -> pl.DataFrame:
    return rows.filter(pl.col("institution_code") == institution_code)


def _sums() -> list[pl.Expr]:
    return [*(pl.col(name).sum() for name in SUMS), pl.col("is_assumed").any()]


def _summed(rows: pl.DataFrame, *by: str) -> tuple[dict[str, Any], ...]:
    return tuple(rows.group_by(*by).agg(_sums()).sort(*by).to_dicts())


def _methods(rows: pl.DataFrame) -> tuple[dict[str, Any], ...]:
    """By method, the largest first; the point value is shown where it is one and the same."""
    value = pl.col("point_value_e6").drop_nulls()
    is_one = value.n_unique() == 1
    found = rows.group_by("method").agg(*_sums(), point_value_e6=pl.when(is_one).then(value.first()))
    return tuple(found.sort(pl.col("inner_value_fen"), "method", descending=[True, False]).to_dicts())


def _special_cases(institution_code: str, year: int, month: int | None) -> tuple[dict[str, Any], ...]:
    found = SpecialCase.objects.filter(
        institution_code=institution_code, discharged_on__range=(date(year, month or 1, 1), runs.last_day(year, month))
    ).select_related("case")
    return tuple(
        {
            "number": one.case.number,
            "settlement_id": one.settlement_id,
            "total_fen": one.total_fen,
            "applied_fen": one.applied_fen,
            "approved_fen": one.approved_fen,
            "outcome": one.outcome,
        }
        for one in found.order_by("pk")
    )
