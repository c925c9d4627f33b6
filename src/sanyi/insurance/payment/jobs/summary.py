"""年度概况: the figures of a settlement at a glance, among them the share paid by DRG or disease (register I02-01)."""

from __future__ import annotations

from typing import Any

import polars as pl

from sanyi.insurance.payment.codes import DISEASE_METHODS, Method
from sanyi.insurance.payment.jobs.facts import YearResult
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide

NOT_OURS = (Method.OTHER_POOL.value, Method.OUTSIDE.value)


def disease_share_bp(cases: pl.DataFrame) -> int | None:
    """按 DRG 或按病种付费占比: of the fund's inpatient spending in the county for its insured; None without any.

    The base is the fund due of every payable stay of the county's insured, whatever the method.
    """
    ours = cases.filter(pl.col("inner_value_fen").is_not_null(), ~pl.col("method").is_in(NOT_OURS))
    whole = int(ours["inner_value_fen"].sum())
    by_disease = ours.filter(pl.col("method").is_in([method.value for method in DISEASE_METHODS]))
    part = int(by_disease["inner_value_fen"].sum())
    return divide(part * BASIS_POINTS_ALL, whole, Rounding.HALF_UP) if whole > 0 else None


def by_method(result: YearResult) -> pl.DataFrame:
    """各支付方式: kind, method, cases, unpayable, total, fund due and booked, in the order of their codes."""
    sums = ("case_count", "unpayable_count", "special_count", "total_fen", "inner_value_fen", "item_fund_fen")
    grouped = result.institutions.group_by("kind", "method").agg(pl.col(name).sum() for name in sums)
    return grouped.sort("kind", "method")


def summary(result: YearResult) -> dict[str, Any]:
    """概况: counts and amounts as plain numbers."""
    cases = result.cases
    return {
        "stay_count": cases.height,
        "visit_count": int(result.visits["visit_count"].sum()),
        "unpayable_count": result.unpayable_count,
        "special_count": int(cases["is_special"].sum()),
        "over_quota_count": int(cases["is_over_quota"].sum()),
        "assumed_count": int(cases["is_assumed"].sum()),
        "disease_share_bp": disease_share_bp(cases),
        "inner_value_fen": int(result.institution_years["inner_value_fen"].sum()),
        "due_fen": int(result.institution_years["due_fen"].sum()),
        "methods": by_method(result).to_dicts(),
    }
