"""病例事实: settlement lists and their grouping made into STAY_FACT; unknown stays unknown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import polars as pl

from sanyi.governance.indicators.tables import STAY_FACT

STAY = ["institution_code", "settlement_id"]
DRUGS = ("western_drug_fen", "herbal_slice_fen", "patent_tcm_fen")
SERVICES = (
    "bed_fen", "consultation_fen", "treatment_fen", "surgery_fen", "nursing_fen", "general_treatment_fen",
    "registration_fen",
)  # fmt: skip
"""医疗服务收入: categories of the list that are neither drugs, materials, examinations, tests nor other."""
CONSUMABLE, SLICES = "consumable_fen", "herbal_slice_fen"
PLACE_DIGITS = 6
PERSONAL_PARTS = ("account_payment_fen", "cash_payment_fen")
GROUPING = ("scheme", "status", "adrg", "drg", "weight_e6")
LISTED = (
    *STAY, "person_id", "admitted_at", "discharged_at", "length_of_stay_days", "age_years", "age_days",
    "insurance_type_code", "insured_place_code", "discharge_way_code", "procedure_codes", "total_fen",
    "personal_ownpay_fen", *PERSONAL_PARTS,
)  # fmt: skip
"""所读的清单列: besides charges and funds."""


def stay_facts(
    settlements: pl.LazyFrame,
    grouped: pl.LazyFrame,
    *,
    charges: Collection[str],
    funds: Collection[str],
    pooled: str,
    place_code: str,
    death_ways: Collection[str],
    readmission_days: int,
) -> pl.LazyFrame:
    """病例事实: one row per settlement; operation levels, low-risk groups and institutions come to it later."""
    listed = settlements.select(*LISTED, *charges, *funds)
    results = grouped.select(*STAY, *GROUPING)
    dated = listed.with_columns(
        admitted_on=pl.col("admitted_at").dt.date(), discharged_on=pl.col("discharged_at").dt.date()
    )
    followed = with_readmissions(dated, readmission_days)
    return followed.join(results, on=STAY, how="left").with_columns(
        _sum(funds).alias("fund_payment_fen"),
        pl.col(pooled).fill_null(0).alias("pooled_fund_payment_fen"),
        (pl.col(PERSONAL_PARTS[0]) + pl.col(PERSONAL_PARTS[1])).alias("personal_payment_fen"),
        (pl.col("total_fen") - pl.col("personal_ownpay_fen")).alias("in_policy_fen"),
        _of_charges(DRUGS, charges).alias("drug_fen"),
        _of_charges((CONSUMABLE,), charges).alias(CONSUMABLE),
        _of_charges((SLICES,), charges).alias(SLICES),
        _of_charges(SERVICES, charges).alias("service_fen"),
        is_insured_here=pl.col("insured_place_code").str.slice(0, PLACE_DIGITS) == place_code[:PLACE_DIGITS],
        is_dead=pl.col("discharge_way_code").is_in(list(death_ways)),
        has_procedure=pl.col("procedure_codes").fill_null("") != "",
        has_settlement=pl.lit(True),
        age_years=pl.when(pl.col("age_years").is_null() & pl.col("age_days").is_not_null())
        .then(pl.lit(0, dtype=pl.Int64))
        .otherwise(pl.col("age_years")),
    )


def with_readmissions(stays: pl.LazyFrame, days: int) -> pl.LazyFrame:
    """31日内再住院: whether the person's next stay by day of admission began within so many days of the discharge.

    ``is_followed`` says whether so many days have passed since, up to the last discharge there is.
    """
    order = ["person_id", "admitted_on", "discharged_on", "settlement_id", "institution_code"]
    known = stays.filter(pl.col("person_id").is_not_null()).sort(order)
    following = pl.col("admitted_on").shift(-1).over("person_id")
    gap = (following - pl.col("discharged_on")).dt.total_days()
    flags = known.select(*STAY, is_readmitted=gap.is_between(0, days).fill_null(False))
    last = pl.col("discharged_on").max()
    dated = stays.with_columns(is_followed=pl.col("discharged_on") + timedelta(days=days) <= last)
    return dated.join(flags, on=STAY, how="left")


def finished(
    stays: pl.LazyFrame, institutions: pl.DataFrame, memberships: pl.DataFrame, low_risk: pl.DataFrame
) -> pl.LazyFrame:
    """配上机构与低风险组: only stays of these institutions; the group is that of the day of discharge."""
    known = stays.join(institutions.lazy().drop("kind"), on="institution_code", how="inner")
    flags = low_risk.lazy().with_columns(is_low_risk=pl.lit(True))
    marked = known.join(flags, on=["scheme", "drg"], how="left").with_columns(
        is_low_risk=pl.when(pl.col("drg").is_not_null()).then(pl.col("is_low_risk").fill_null(False))
    )
    with_group = marked.with_columns(group_code=_group_on(memberships))
    return with_group.select(STAY_FACT.column_names).cast(STAY_FACT.polars_schema())


def _group_on(memberships: pl.DataFrame) -> pl.Expr:
    """The group of an institution on the day of discharge: one condition per membership."""
    chosen = pl.lit(None, dtype=pl.String)
    of_group: dict[tuple[str, date, date | None], list[str]] = {}
    for row in memberships.iter_rows(named=True):
        of_group.setdefault((row["group_code"], row["starts_on"], row["ends_on"]), []).append(row["institution_code"])
    for (group, starts_on, ends_on), members in of_group.items():
        holds = pl.col("institution_code").is_in(sorted(members)) & (pl.col("discharged_on") >= starts_on)
        if ends_on is not None:
            holds &= pl.col("discharged_on") <= ends_on
        chosen = pl.when(holds).then(pl.lit(group)).otherwise(chosen)
    return chosen


def _of_charges(names: Collection[str], charges: Collection[str]) -> pl.Expr:
    """A part of the charges; a category without a line was not charged, a list without any category is unknown."""
    has_any = pl.any_horizontal(pl.col(name).is_not_null() for name in charges)
    return pl.when(has_any).then(_sum(names))


def _sum(names: Collection[str]) -> pl.Expr:
    return pl.sum_horizontal(pl.col(name).fill_null(0) for name in names)
