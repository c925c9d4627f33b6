"""汇总: institutions, periods, groups and the flows of the fund, from what was paid for stays and visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.codes import PHARMACY_KINDS, STAY_KIND, Flow, Method, Outlier
from sanyi.insurance.payment.jobs.preparing import month_of, within
from sanyi.insurance.payment.rules.corridor import corridor_fen
from sanyi.insurance.payment.rules.rule_set import Edition, RuleSet
from sanyi.kernel.tables import TableContract

STAY, VISIT = "stay", "visit"
NOT_OURS = (Method.OTHER_POOL.value, Method.OUTSIDE.value)
KEY = ["institution_code", "consortium_code", "kind", "method", "month"]
IS_UNPAYABLE = pl.col("unpayable_reason").is_not_null()


def institutions(cases: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """机构计付汇总: PAID_INSTITUTION of the county's institutions."""
    stays = cases.with_columns(pl.col("method").fill_null(Method.FEE_FOR_SERVICE.value), kind=pl.lit(STAY))
    by_stay = stays.group_by(KEY).agg(
        pl.col("tier").last(),
        case_count=_count(),
        unpayable_count=_true(IS_UNPAYABLE),
        special_count=_true(pl.col("is_special")),
        total_fen=pl.col("total_fen").sum(),
        weight_sum_e6=pl.col("weight_e6").sum(),
        points_e4=pl.col("points_e4").sum(),
        point_value_e6=pl.col("point_value_e6").max(),
        price_fen=pl.col("price_fen").sum(),
        residual_fen=pl.col("residual_fen").sum(),
        patient_fen=pl.col("patient_fen").sum(),
        inner_value_fen=pl.col("inner_value_fen").sum(),
        item_fund_fen=pl.col("item_fund_fen").sum(),
        is_assumed=pl.col("is_assumed").any(),
    )
    inside = visits.filter(pl.col("method") != Method.OUTSIDE.value).with_columns(kind=pl.lit(VISIT))
    patient = pl.col("patient_fen") + pl.col("other_fund_fen")
    by_visit = inside.group_by(KEY).agg(
        tier=pl.col("tier").last(),
        case_count=pl.col("visit_count").sum(),
        unpayable_count=pl.col("unknown_count").sum(),
        total_fen=pl.col("total_fen").sum(),
        price_fen=pl.col("total_fen").sum(),
        patient_fen=patient.sum(),
        inner_value_fen=pl.col("inner_value_fen").sum(),
        item_fund_fen=pl.col("fund_payment_fen").sum(),
        is_assumed=pl.col("is_assumed").any(),
    )
    tier = pl.when(pl.col("tier") >= 0).then(pl.col("tier"))
    found = pl.concat([by_stay, by_visit], how="diagonal").with_columns(
        pl.col("special_count", "residual_fen").fill_null(0),
        tier=tier,
        difference_fen=pl.col("inner_value_fen") - pl.col("item_fund_fen"),
    )
    return _as(tables.PAID_INSTITUTION, found)


def corridors(cases: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """区间调整: institution and corridor_fen, for the methods the county's corridor names; empty without one."""
    value = edition.get("corridor")
    schema = {"institution_code": pl.String(), "consortium_code": pl.String(), "corridor_fen": pl.Int64()}
    if value is None:
        return pl.DataFrame(schema=schema)
    counted = cases.filter(pl.col("method").is_in(list(value.get("methods") or [])), ~IS_UNPAYABLE)
    sums = counted.group_by("institution_code").agg(
        pl.col("consortium_code").sort_by("discharged_on", "settlement_id").last(),
        pl.col("total_fen").sum(), pl.col("price_fen").sum(),
    ).sort("institution_code")  # fmt: skip
    rows: list[Mapping[str, Any]] = [
        {"institution_code": code, "consortium_code": group, "corridor_fen": corridor_fen(cost, amount, value)}
        for code, group, cost, amount in sums.iter_rows()
    ]
    return pl.DataFrame(rows, schema=schema)


def institution_years(
    cases: pl.DataFrame,
    visits: pl.DataFrame,
    capitation: pl.DataFrame,
    corridor: pl.DataFrame,
    adjustments: pl.DataFrame,
) -> pl.DataFrame:
    """机构清算: INSTITUTION_YEAR; due = fund due + corridor + capitation + assessment − prepaid."""
    ours = ~pl.col("method").is_in(NOT_OURS).fill_null(False)
    stays = cases.filter(ours).select(
        "institution_code", "inner_value_fen", unpayable_count=IS_UNPAYABLE.cast(pl.Int64)
    )
    out = visits.filter(ours).select("institution_code", "inner_value_fen", unpayable_count="unknown_count")
    teams = capitation.select("institution_code", capitation_fen=pl.col("retained_fen") - pl.col("team_bears_fen"))
    more = corridor.select("institution_code", "corridor_fen")
    given = tables.ADJUSTMENT.conform(adjustments).select("institution_code", "assessment_fen", "prepaid_fen")
    names = ("inner_value_fen", "corridor_fen", "capitation_fen", "assessment_fen", "prepaid_fen", "unpayable_count")
    whole = pl.concat([stays, out, teams, more, given], how="diagonal").group_by("institution_code").agg(
        pl.col(name).sum() for name in names
    )  # fmt: skip
    due = pl.sum_horizontal("inner_value_fen", "corridor_fen", "capitation_fen", "assessment_fen")
    return _as(tables.INSTITUTION_YEAR, whole.with_columns(due_fen=due - pl.col("prepaid_fen")))


def groups(cases: pl.DataFrame) -> pl.DataFrame:
    """病组盈亏: GROUP_RESULT of cases that are paid and have a group."""
    known = cases.filter(~IS_UNPAYABLE, pl.col("group_code").is_not_null(), ~pl.col("is_reversal"))
    profit = pl.col("price_fen") - pl.col("total_fen")
    found = known.group_by("institution_code", "method", "group_code").agg(
        case_count=_count(),
        over_cost_count=_true(profit < 0),
        under_cost_count=_true(profit > 0),
        low_count=_true(pl.col("outlier") == Outlier.LOW.value),
        high_count=_true(pl.col("outlier") == Outlier.HIGH.value),
        over_quota_count=_true(pl.col("is_over_quota")),
        cost_fen=pl.col("total_fen").sum(),
        price_fen=pl.col("price_fen").sum(),
        profit_fen=profit.sum(),
    )
    return _as(tables.GROUP_RESULT, found)


def outside_spend(stays: pl.LazyFrame | None, rules: RuleSet, through_month: int | None) -> pl.DataFrame:
    """县域外住院: rows of FUND_SPEND, as settled there."""
    if stays is None:
        return tables.FUND_SPEND.empty()
    known = tables.OUTSIDE_TO_PAY.conform(
        stays.filter(within("discharged_on", rules, through_month)).select(tables.OUTSIDE_TO_PAY.column_names).collect()
    ).unique(["institution_code", "settlement_id"], keep="any")
    return known.select(
        pl.col("holder_code").fill_null(""),
        "institution_code",
        pl.lit("").alias("consortium_code"),
        pl.lit(Flow.OUTSIDE_COUNTY.value).alias("flow"),
        pl.lit(Method.OUTSIDE.value).alias("method"),
        pl.lit(STAY_KIND).alias("kind"),
        pl.col("insurance_type_code").fill_null(""),
        month_of("discharged_on").alias("month"),
        pl.lit(1, dtype=pl.Int64).alias("case_count"),
        pl.col("fund_payment_fen").is_null().cast(pl.Int64).alias("unpayable_count"),
        "total_fen",
        pl.col("fund_payment_fen").alias("inner_value_fen"),
        pl.col("fund_payment_fen").alias("item_fund_fen"),
    )


def spend(
    cases: pl.DataFrame,
    visits: pl.DataFrame,
    capitation: pl.DataFrame,
    corridor: pl.DataFrame,
    outside: pl.DataFrame,
    last_month: str,
) -> pl.DataFrame:
    """基金支出流向: FUND_SPEND; what teams retain or bear and the corridor are rows without cases in the last month."""
    by_stay = cases.select(
        "holder_code", "institution_code", "consortium_code", _flow().alias("flow"),
        pl.col("method").fill_null(Method.FEE_FOR_SERVICE.value), pl.lit(STAY_KIND).alias("kind"),
        pl.col("insurance_type_code").fill_null(""), "month", pl.lit(1, dtype=pl.Int64).alias("case_count"),
        IS_UNPAYABLE.cast(pl.Int64).alias("unpayable_count"), "total_fen", "inner_value_fen", "item_fund_fen",
    )  # fmt: skip
    by_visit = visits.select(
        "holder_code", "institution_code", "consortium_code", _flow("visit_kind").alias("flow"), "method",
        pl.col("visit_kind").alias("kind"), "insurance_type_code", "month", pl.col("visit_count").alias("case_count"),
        pl.col("unknown_count").alias("unpayable_count"), "total_fen", "inner_value_fen",
        pl.col("fund_payment_fen").alias("item_fund_fen"),
    )  # fmt: skip
    teams = capitation.select(
        *_settled("capitation", Method.CAPITATION, last_month),
        (pl.col("retained_fen") - pl.col("team_bears_fen")).alias("inner_value_fen"),
    )
    more = corridor.select(
        *_settled("corridor", Method.DIP, last_month), pl.col("corridor_fen").alias("inner_value_fen")
    )
    whole = pl.concat([by_stay, by_visit, outside, teams, more], how="diagonal")
    sums = ("case_count", "unpayable_count", "total_fen", "inner_value_fen", "item_fund_fen")
    found = whole.group_by(tables.FUND_SPEND.natural_key).agg(pl.col(name).sum() for name in sums)
    return _as(tables.FUND_SPEND, found)


def _settled(kind: str, method: Method, month: str) -> tuple[pl.Expr, ...]:
    """The keys of a row that settles with an institution of the county."""
    return (
        pl.col("consortium_code").alias("holder_code"),
        pl.col("institution_code"),
        pl.col("consortium_code"),
        pl.when(pl.col("consortium_code") != "").then(pl.lit(Flow.INSIDE.value))
        .otherwise(pl.lit(Flow.IN_COUNTY_OUTSIDE.value)).alias("flow"),
        pl.lit(method.value).alias("method"),
        pl.lit(kind).alias("kind"),
        pl.lit("").alias("insurance_type_code"),
        pl.lit(month).alias("month"),
    )  # fmt: skip


def _flow(kind: str | None = None) -> pl.Expr:
    """Where the fund's money goes, seen from the holder; ``kind`` names the column that tells pharmacies apart."""
    is_inside = (pl.col("consortium_code") != "") & (pl.col("consortium_code") == pl.col("holder_code"))
    is_pharmacy = pl.lit(False) if kind is None else pl.col(kind).is_in([one.value for one in PHARMACY_KINDS])
    return (
        pl.when(pl.col("method") == Method.OTHER_POOL.value).then(pl.lit(Flow.OTHER_POOL.value))
        .when(pl.col("method") == Method.OUTSIDE.value).then(pl.lit(Flow.OUTSIDE_COUNTY.value))
        .when(is_pharmacy).then(pl.lit(Flow.PHARMACY.value))
        .when(is_inside).then(pl.lit(Flow.INSIDE.value))
        .otherwise(pl.lit(Flow.IN_COUNTY_OUTSIDE.value))
    )  # fmt: skip


def _as(contract: TableContract, frame: pl.DataFrame) -> pl.DataFrame:
    return contract.conform(frame.select(contract.column_names)).sort(contract.natural_key)


def _count() -> pl.Expr:
    return pl.len().cast(pl.Int64)


def _true(what: pl.Expr) -> pl.Expr:
    return what.sum().cast(pl.Int64)
