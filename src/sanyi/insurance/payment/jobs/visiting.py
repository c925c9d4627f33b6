"""门诊: visits summed in one streaming pass, their method, and capitation of the teams."""

from __future__ import annotations

from datetime import date

import polars as pl

from sanyi.insurance.payment import codes, tables
from sanyi.insurance.payment.codes import Method
from sanyi.insurance.payment.jobs.facts import YearFacts
from sanyi.insurance.payment.jobs.preparing import edition_of, holder, segment_of, segments_of, within
from sanyi.insurance.payment.rules import capitation as rule
from sanyi.insurance.payment.rules import choosing
from sanyi.insurance.payment.rules.rule_set import Edition, RuleSet
from sanyi.kernel.refusals import RefusedError

KEYS, SUMS = list(tables.VISIT_KEY_NAMES), list(tables.VISIT_SUM_NAMES)
AMOUNTS = ("total_fen", "fund_payment_fen", "other_fund_fen", "patient_fen")
TEXT_KEYS = ("institution_code", "insurance_type_code", "holder_code", "visit_kind", "team_code")
FIRST_KEYS = (*TEXT_KEYS, "month", "edition_starts_on", "is_insured_here", "is_outside_county", "_segment")
NEEDED = ("total_fen", "fund_payment_fen", "is_insured_here")
"""A visit that lacks one of these is counted as unknown."""
READ = (
    "institution_code", "person_id", "insurance_type_code", "is_insured_here", "is_outside_county", "holder_code",
    "visit_kind", "visited_on", *AMOUNTS,
)  # fmt: skip


def sum_visits(
    visits: pl.LazyFrame | None, signed: pl.LazyFrame | None, institutions: pl.DataFrame, rules: RuleSet
) -> pl.DataFrame:
    """门诊汇总: VISIT_SUM of the year in one streaming pass; refuses when there are no visits to read at all."""
    if visits is None:
        raise RefusedError(codes.VISITS_MISSING())
    starts, places = segments_of(institutions)
    known = visits.select(READ).filter(within("visited_on", rules, None))
    teamed = _with_team(known, signed, rules)
    keyed = teamed.with_columns(
        *(pl.col(name).cast(pl.Categorical) for name in TEXT_KEYS),
        month=pl.col("visited_on").dt.month(),
        edition_starts_on=edition_of("visited_on", rules),
        is_insured_here=pl.col("is_insured_here").fill_null(False),
        is_outside_county=pl.col("is_outside_county").fill_null(False),
        _segment=segment_of("visited_on", starts),
        _unknown=pl.any_horizontal(pl.col(name).is_null() for name in NEEDED),
    )
    summed = keyed.group_by(*FIRST_KEYS).agg(*_sums(pl.len(), pl.col("_unknown").sum()))
    return _placed(summed.collect(engine="streaming"), places, rules.year)


def _sums(count: pl.Expr, unknown: pl.Expr) -> tuple[pl.Expr, ...]:
    return (
        count.cast(pl.Int64).alias("visit_count"),
        *(pl.col(name).sum() for name in AMOUNTS),
        unknown.cast(pl.Int64).alias("unknown_count"),
    )


def _placed(summed: pl.DataFrame, places: pl.DataFrame, year: int) -> pl.DataFrame:
    """Sums under the institution's tier and consortium of their days, and under the holder."""
    texts = summed.with_columns(pl.col(name).cast(pl.String) for name in TEXT_KEYS)
    known = texts.join(places, on=["institution_code", "_segment"], how="left").with_columns(
        month=pl.format(f"{year}-{{}}", pl.col("month").cast(pl.String).str.zfill(2)),
        insurance_type_code=pl.col("insurance_type_code").fill_null(""),
        holder_code=holder(),
        consortium_code=pl.col("consortium_code").fill_null(""),
        tier=pl.col("tier").fill_null(-1),
        has_tcm_hall=pl.col("has_tcm_hall").fill_null(False),
    )
    whole = known.group_by(KEYS).agg(*_sums(pl.col("visit_count").sum(), pl.col("unknown_count").sum()))
    return tables.VISIT_SUM.conform(whole.select(tables.VISIT_SUM.column_names)).sort(KEYS)


def settle_visits(
    sums: pl.DataFrame, facts: YearFacts, rules: RuleSet, through_month: int | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """门诊计付: PAID_VISIT_SUM and CAPITATION. A sum that no row takes is paid by item, as booked."""
    months = through_month or 12
    known = tables.VISIT_SUM.conform(sums).filter(pl.col("month") <= f"{rules.year}-{months:02d}")
    visits = pl.concat(
        [tables.PAID_VISIT_SUM.empty(), *(_paid(known, one) for one in rules.editions)]
    ).sort(KEYS)  # fmt: skip
    terms = rule.terms(rules.edition(date(rules.year, months, 1)))
    if terms is None or facts.signed is None:
        return visits, tables.CAPITATION.empty()
    spans = facts.signed.select(tables.SIGNED_PERSON.column_names)
    return visits, rule.capitation(spans, visits, facts.institutions, facts.adjustments, terms, rules.year, months)


def _paid(sums: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    part = sums.filter(pl.col("edition_starts_on") == edition.starts_on)
    found = choosing.chosen(part, edition, choosing.VISIT)
    paid = found.with_columns(
        pl.col("method").fill_null(Method.FEE_FOR_SERVICE.value),
        pl.col("method_row").fill_null(""),
        inner_value_fen=pl.col("fund_payment_fen"),
        is_assumed=pl.lit(edition.is_assumed(("method_order",))),
    )
    return tables.PAID_VISIT_SUM.conform(paid.select(tables.PAID_VISIT_SUM.column_names))


def _with_team(visits: pl.LazyFrame, signed: pl.LazyFrame | None, rules: RuleSet) -> pl.LazyFrame:
    """The team each person was signed with on the day; of several the latest signed, of equals the smallest code."""
    if signed is None:
        return visits.with_columns(team_code=pl.lit(""))
    spans = rule.spans_of(signed, rules.year)
    ranks = spans.select(pl.col("_rank").max()).collect().item()
    team, frame = pl.lit(None, dtype=pl.String), visits
    for rank in range(1, (ranks or 0) + 1):
        names = {name: f"_{name}_{rank}" for name in ("team_code", "starts_on", "ends_on")}
        one = spans.filter(pl.col("_rank") == rank).select("person_id", *names).rename(names)
        frame = frame.join(one, on="person_id", how="left")
        is_then = pl.col("visited_on").is_between(pl.col(names["starts_on"]), pl.col(names["ends_on"]))
        team = pl.coalesce(team, pl.when(is_then).then(pl.col(names["team_code"])))
    return frame.with_columns(team_code=team.fill_null(""))
