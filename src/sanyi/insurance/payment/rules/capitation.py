"""门诊按人头: pools of teams from signed persons and risk factors, visits anywhere in the county charged to the team.

A month counts for a person with the team signed with on its first day (of several the latest signed). Pool = Σ months ×
base × factor ÷ 12, to the fen once per team. Surplus × share retained (× score), overspend × (1 − the fund's share).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from sanyi.insurance.payment import codes, tables
from sanyi.insurance.payment.codes import Method
from sanyi.insurance.payment.rules.exact import E4, E6, half_up, wide
from sanyi.insurance.payment.rules.policy_rows import rows_of, whole, wrong
from sanyi.insurance.payment.rules.rule_set import Edition
from sanyi.kernel.refusals import RefusedError

KEY, MONTHS = "capitation", 12
_FACTOR_FIELDS = {"from_age", "to_age", "is_chronic", "factor_e6", "zh", "clause"}


@dataclass(frozen=True, slots=True)
class Terms:
    """按人头条件: base per person and year, risk factors, and what becomes of surplus and overspend."""

    base_fen: int
    factors: tuple[Mapping[str, Any], ...]
    prepay_bp: int
    retain_bp: int
    fund_share_bp: int
    is_scored: bool
    is_assumed: bool


def terms(edition: Edition) -> Terms | None:
    """读取按人头条件: None when the county does not pay by capitation."""
    value = edition.get(KEY)
    if value is None:
        return None
    factors = tuple(rows_of(value.get("factors"), KEY))
    for row in factors:
        if set(row) - _FACTOR_FIELDS:
            raise wrong(KEY, "风险系数行有不认识的栏", "a row of risk factors has an unknown field")
        whole(row, "factor_e6", KEY)
    numbers = (whole(value, name, KEY) for name in ("prepay_bp", "retain_bp", "fund_share_bp"))
    prepay, retain, share = numbers
    base = whole(value, "base_fen", KEY)
    return Terms(base, factors, prepay, retain, share, bool(value.get("is_scored")), edition.is_assumed((KEY,)))


def spans_of(signed: pl.LazyFrame, year: int) -> pl.LazyFrame:
    """签约期间: those that touch the year, ``_rank`` 1 for a person's latest; open ends filled."""
    first, last = date(year, 1, 1), date(year, MONTHS, 31)
    ended = pl.col("ends_on").fill_null(date.max)
    known = signed.with_columns(ends_on=ended).filter(pl.col("starts_on") <= last, pl.col("ends_on") >= first)
    ordered = known.sort("person_id", "starts_on", "team_code", descending=[False, True, False])
    return ordered.with_columns(_rank=pl.int_range(1, pl.len() + 1).over("person_id"))


def factor_e6(terms: Terms) -> pl.Expr:
    """风险系数（列）: of the first row that fits age and chronic flag; 1 where none does."""
    found = pl.lit(E6, dtype=pl.Int64)
    for row in reversed(terms.factors):
        fits = pl.lit(True)
        if "from_age" in row:
            fits = fits & (pl.col("age_years") >= row["from_age"])
        if "to_age" in row:
            fits = fits & (pl.col("age_years") <= row["to_age"])
        if "is_chronic" in row:
            fits = fits & (pl.col("is_chronic") == pl.lit(row["is_chronic"]))
        found = pl.when(fits.fill_null(False)).then(pl.lit(row["factor_e6"], dtype=pl.Int64)).otherwise(found)
    return found


def capitation(
    signed: pl.LazyFrame,
    visits: pl.DataFrame,
    institutions: pl.DataFrame,
    adjustments: pl.DataFrame,
    terms: Terms,
    year: int,
    months: int,
) -> pl.DataFrame:
    """人头清算: CAPITATION of every team with signed persons, from January to the month."""
    pools = _pools(signed, terms, year, months)
    charged = _charged(visits, pools)
    scored = _scored(pools.join(charged, on="team_code", how="left"), adjustments, terms, is_final=months == MONTHS)
    own, away = pl.col("own_fen").fill_null(0), pl.col("elsewhere_fen").fill_null(0)
    found = scored.with_columns(own_fen=own, elsewhere_fen=away, charged_fen=own + away).with_columns(
        surplus_fen=pl.col("pool_fen") - pl.col("charged_fen")
    )
    surplus, over = pl.max_horizontal("surplus_fen", pl.lit(0)), pl.max_horizontal(-pl.col("surplus_fen"), pl.lit(0))
    shared = found.with_columns(
        retained_fen=half_up(wide(surplus) * terms.retain_bp * wide(pl.col("_score_bp")), E4 * E4),
        team_bears_fen=half_up(wide(over) * (E4 - terms.fund_share_bp), E4),
        monthly_fen=half_up(wide(pl.col("pool_fen")) * terms.prepay_bp, E4 * months),
    )
    due = pl.col("own_fen") + pl.col("retained_fen") - pl.col("team_bears_fen")
    placed = shared.with_columns(due_fen=due, is_assumed=pl.lit(terms.is_assumed)).join(
        _consortia(institutions), on="institution_code", how="left"
    )
    placed = placed.with_columns(pl.col("consortium_code").fill_null(""))
    return tables.CAPITATION.conform(placed.select(tables.CAPITATION.column_names)).sort("team_code")


def _pools(signed: pl.LazyFrame, terms: Terms, year: int, months: int) -> pl.DataFrame:
    spans = (
        spans_of(signed, year)
        .collect()
        .with_columns(factor_e6=factor_e6(terms), is_chronic=pl.col("is_chronic").fill_null(False))
    )
    many = spans["person_id"].is_duplicated()
    counted = pl.concat(
        [_of_one_team(spans.filter(~many), year, months), _of_several(spans.filter(many), year, months)]
    )
    grouped = counted.sort("institution_code").group_by("team_code").agg(
        pl.col("institution_code").last(),
        person_count=pl.col("person_id").n_unique().cast(pl.Int64),
        person_month_count=pl.col("_months").sum(),
        chronic_month_count=pl.col("_months").filter(pl.col("is_chronic")).sum(),
        _factors=(wide(pl.col("factor_e6")) * wide(pl.col("_months"))).sum(),
    )  # fmt: skip
    return grouped.with_columns(pool_fen=half_up(pl.col("_factors") * terms.base_fen, MONTHS * E6))


COUNTED = ("team_code", "institution_code", "person_id", "is_chronic", "factor_e6", "_months")


def _of_one_team(spans: pl.DataFrame, year: int, months: int) -> pl.DataFrame:
    """Persons with one span: its months are counted from its ends."""
    start, end = pl.col("starts_on"), pl.col("ends_on")
    begun = start.dt.month().cast(pl.Int64) + (start.dt.day() > 1).cast(pl.Int64)
    first = pl.when(start < date(year, 1, 1)).then(1).otherwise(begun)
    last = pl.when(end >= date(year, months, 1)).then(months).otherwise(end.dt.month().cast(pl.Int64))
    found = spans.with_columns(_months=last - first + 1)
    return found.filter(pl.col("_months") > 0).select(COUNTED)


def _of_several(spans: pl.DataFrame, year: int, months: int) -> pl.DataFrame:
    """Persons with several spans, month by month: the latest signed has the month."""
    firsts = pl.DataFrame({"_first": [date(year, month, 1) for month in range(1, months + 1)]})
    is_signed = pl.col("_first").is_between(pl.col("starts_on"), pl.col("ends_on"))
    monthly = spans.join(firsts, how="cross").filter(is_signed)
    kept = monthly.filter(pl.col("_rank") == pl.col("_rank").min().over("person_id", "_first"))
    return kept.with_columns(_months=pl.lit(1, dtype=pl.Int64)).select(COUNTED)


def _charged(visits: pl.DataFrame, pools: pl.DataFrame) -> pl.DataFrame:
    by_team = visits.filter(pl.col("method") == Method.CAPITATION.value)
    known = by_team.join(pools.select("team_code", _own="institution_code"), on="team_code")
    is_own = pl.col("institution_code") == pl.col("_own")
    amount = pl.col("inner_value_fen")
    return known.group_by("team_code").agg(
        own_fen=amount.filter(is_own).sum(), elsewhere_fen=amount.filter(~is_own).sum()
    )


def _scored(pools: pl.DataFrame, adjustments: pl.DataFrame, terms: Terms, *, is_final: bool) -> pl.DataFrame:
    """With the score of the team's institution; before the year's end, and where nothing is scored, all of it."""
    if not terms.is_scored or not is_final:
        return pools.with_columns(_score_bp=pl.lit(E4, dtype=pl.Int64))
    scores = adjustments.select("institution_code", _score_bp="score_bp")
    found = pools.join(scores, on="institution_code", how="left")
    lacking = found.filter(pl.col("_score_bp").is_null())["institution_code"].unique().sort()
    if lacking.len():
        raise RefusedError(codes.SCORE_MISSING(institutions="、".join(lacking)))
    return found


def _consortia(institutions: pl.DataFrame) -> pl.DataFrame:
    """Where each institution belongs last."""
    return institutions.sort("starts_on").group_by("institution_code").agg(pl.col("consortium_code").last())
