"""年度计付 (settling): every stay and visit of the year, by the rules of its day."""

from __future__ import annotations

import polars as pl

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.codes import Method, Status
from sanyi.insurance.payment.jobs import preparing, summing, visiting
from sanyi.insurance.payment.jobs.facts import YearFacts, YearResult
from sanyi.insurance.payment.jobs.pooling import pooled
from sanyi.insurance.payment.rules import choosing, drg, fund_part, pricing, quota
from sanyi.insurance.payment.rules.catalogue import with_rows
from sanyi.insurance.payment.rules.pools import pools_of
from sanyi.insurance.payment.rules.rule_set import Edition, RuleSet

BY_ITEM = [method.value for method in pricing.BY_ITEM]


def settle_year(facts: YearFacts, rules: RuleSet, *, through_month: int | None = None) -> YearResult:
    """年度计付: of all stays and visits from January to ``through_month``, or of the whole year.

    Monthly pre-settlement shares that part of each pool that belongs to the months so far. Refuses a settlement that
    occurs twice, months that are none, and policy values that cannot be used. The order of rows does not matter.
    """
    cases, pools = settle_stays(facts.stays, facts.institutions, rules, through_month)
    sums = facts.visit_sums
    if sums is None:
        sums = visiting.sum_visits(facts.visits, facts.signed, facts.institutions, rules)
    visits, capitation = visiting.settle_visits(sums, facts, rules, through_month)
    outside = summing.outside_spend(facts.outside_stays, rules, through_month)
    corridor = summing.corridors(cases, rules.edition(preparing.last_day(rules.year, through_month)))
    last_month = preparing.last_day(rules.year, through_month).strftime("%Y-%m")
    return YearResult(
        cases=cases,
        visits=visits,
        capitation=capitation,
        institutions=summing.institutions(cases, visits),
        institution_years=summing.institution_years(cases, visits, capitation, corridor, facts.adjustments),
        pools=pools,
        groups=summing.groups(cases),
        spend=summing.spend(cases, visits, capitation, corridor, outside, last_month),
        visit_sums=sums,
    )


def settle_stays(
    stays: pl.LazyFrame, institutions: pl.DataFrame, rules: RuleSet, through_month: int | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """住院计付: PAID_CASE of the stays, and POOL_RESULT."""
    last = rules.edition(preparing.last_day(rules.year, through_month))
    pools = pools_of(last, through_month)
    known = preparing.prepared(stays, institutions, rules, through_month)
    parts = [known.filter(pl.col("edition_starts_on") == one.starts_on) for one in rules.editions]
    chosen = [_chosen(part, one) for part, one in zip(parts, rules.editions, strict=True)]
    marked = quota.marked(pl.concat(chosen), last)
    priced = pl.concat(
        pricing.priced(marked.filter(pl.col("edition_starts_on") == one.starts_on), one, pools)
        for one in rules.editions
    )
    shared, results = pooled(_signed(priced), pools)
    return _paid(shared), results


def _chosen(frame: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """With weight, rows of the catalogues, stability and method."""
    known = drg.with_weight(with_rows(frame, edition), edition)
    known = known.with_columns(is_unstable=choosing.unstable(edition))
    return choosing.chosen(known, edition, choosing.STAY)


def _signed(frame: pl.DataFrame) -> pl.DataFrame:
    """Reversals back below zero, amounts and points alike: they take back exactly what was paid."""
    names = (*preparing.SIGNED, "price_fen", "standard_fen", "points_e4", "base_points_e4", "_deductible_fen")
    return frame.with_columns(pl.col(name) * pl.col("_sign") for name in names)


def _paid(frame: pl.DataFrame) -> pl.DataFrame:
    """The fund's part, the state, and the columns of PAID_CASE."""
    is_payable = pl.col("unpayable_reason").is_null()
    price = pl.col("price_fen")
    by_item = pl.col("fund_payment_fen") - pl.col("refused_fen")
    due = pl.coalesce("_fund_share_fen", fund_part.fund_due(price))
    due = (
        pl.when(pl.col("_is_clipped"))
        .then(pl.max_horizontal(due * pl.col("_sign"), 0) * pl.col("_sign"))
        .otherwise(due)
    )
    due = pl.when(pl.col("method").is_in(BY_ITEM)).then(by_item).otherwise(due)
    patient = fund_part.PATIENT
    paid = frame.with_columns(
        inner_value_fen=pl.when(is_payable).then(due),
        price_fen=pl.when(is_payable).then(pl.coalesce(price, pl.col("_fund_share_fen") + patient)),
        item_fund_fen=pl.col("fund_payment_fen"),
        patient_fen=patient,
        status=pl.when(is_payable).then(pl.lit(Status.PAID.value)).otherwise(pl.lit(Status.NOT_PAYABLE.value)),
        is_special=pl.col("is_special") & pl.col("method").is_in([Method.DRG.value, Method.DIP.value]).fill_null(False),
    )
    return tables.PAID_CASE.conform(paid.select(tables.PAID_CASE.column_names)).sort(tables.PAID_CASE.natural_key)
