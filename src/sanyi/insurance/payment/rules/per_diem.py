"""按床日付费: days in each stage times its rate, times the tier's coefficient, not above the cost times a cap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from sanyi.insurance.payment.codes import Unpayable
from sanyi.insurance.payment.rules.coefficients import PRICE_TIER
from sanyi.insurance.payment.rules.exact import E4, E6, half_up, wide
from sanyi.insurance.payment.rules.finishing import reason_of
from sanyi.insurance.payment.rules.policy_rows import first_of, rows_of, whole, wrong
from sanyi.insurance.payment.rules.rule_set import Edition

KEY = "per_diem"
POINTS, MONEY = "points", "money"
DAYS, COST = pl.col("bed_days"), pl.col("_cost_fen")


def schedules(edition: Edition) -> dict[str, Mapping[str, Any]]:
    """床日标准: by id, the first for rows of the order of methods that name none."""
    return {str(row.get("id")): row for row in rows_of(edition.get(KEY), KEY)}


def priced(frame: pl.DataFrame, edition: Edition, schedule: Mapping[str, Any] | None) -> pl.DataFrame:
    """床日计价: with bed-days and price, or points where the schedule says ``form: points``."""
    known = frame.with_columns(pl.col("tier").alias(PRICE_TIER), bed_days=bed_days(schedule or {}))
    if schedule is None:
        return known.with_columns(unpayable_reason=pl.lit(Unpayable.NO_SCHEDULE.value))
    known = known.with_columns(
        group_code=pl.lit(str(schedule["id"])),
        coefficient_e6=_coefficient(schedule),
        standard_fen=stages_fen(schedule),
    )
    tests = {
        Unpayable.DAYS_UNKNOWN: DAYS.is_null(),
        Unpayable.COST_UNKNOWN: COST.is_null(),
        Unpayable.NO_TIER: pl.col("coefficient_e6").is_null() & pl.col("tier").is_null(),
        Unpayable.NO_COEFFICIENT: pl.col("coefficient_e6").is_null(),
    }
    is_points = schedule.get("form", MONEY) == POINTS
    overall = edition.get("overall_mean_fen")
    if is_points:
        tests[Unpayable.NO_REFERENCE] = pl.lit(not overall)
    known = known.with_columns(unpayable_reason=reason_of(tests))
    price = pl.when(pl.col("unpayable_reason").is_null()).then(_capped(schedule))
    if is_points:
        return known.with_columns(points_e4=half_up(wide(price) * E6, overall or 0))
    return known.with_columns(price_fen=price)


def bed_days(schedule: Mapping[str, Any]) -> pl.Expr:
    """计付床日（列）: nights, plus one when both ends count, less one when neither does, less days of leave.

    Coming and going on one day is one day. Leave that was not declared is what the dates say beyond the actual length
    of stay. Null when dates are unknown or reversed, or leave is longer than the stay.
    """
    nights = (pl.col("discharged_on") - pl.col("admitted_on")).dt.total_days()
    ends = int(schedule.get("counts_admission_day", True)) + int(schedule.get("counts_discharge_day", False))
    span = pl.max_horizontal(nights, pl.lit(1))
    undeclared = pl.max_horizontal(span - pl.col("length_of_stay_days"), pl.lit(0)).fill_null(0)
    leave = pl.coalesce(pl.col("leave_days"), undeclared)
    days = pl.when(nights == 0).then(1).otherwise(nights + ends - 1) - leave
    return pl.when((nights >= 0) & (days >= 0)).then(days).cast(pl.Int64)


def stages_fen(schedule: Mapping[str, Any]) -> pl.Expr:
    """分段床日费（列）: Σ days in a stage × its rate; the last stage has no upper day."""
    found, past = pl.lit(0, dtype=pl.Int64), 0
    stages = rows_of(schedule.get("stages"), KEY)
    if not stages or "to_day" in stages[-1]:
        raise wrong(KEY, "最后一段不写止日", "the last stage has no last day")
    for stage in stages:
        rate = whole(stage, "rate_fen", KEY)
        last = stage.get("to_day")
        within = (pl.min_horizontal(DAYS, pl.lit(last)) if last else DAYS) - past
        found = found + pl.max_horizontal(within, pl.lit(0)) * rate
        past = last or past
    return pl.when(DAYS.is_not_null()).then(found)


def _coefficient(schedule: Mapping[str, Any]) -> pl.Expr:
    rows = schedule.get("tier_coefficients")
    if rows is None:
        return pl.lit(E6, dtype=pl.Int64)
    return first_of(rows, "coefficient_e6", KEY, tier=PRICE_TIER)


def _capped(schedule: Mapping[str, Any]) -> pl.Expr:
    full = half_up(wide(pl.col("standard_fen")) * wide(pl.col("coefficient_e6")), E6)
    cap = schedule.get("cap_bp")
    return full if cap is None else pl.min_horizontal(full, half_up(wide(COST) * int(cap), E4))
