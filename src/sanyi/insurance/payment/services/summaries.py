"""结算汇总: the few figures of a settlement that lists and pages show without reading its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sanyi.insurance.payment import tables
from sanyi.insurance.payment.codes import DISEASE_METHODS, Method
from sanyi.insurance.payment.jobs import YearResult
from sanyi.kernel.money import BASIS_POINTS_ALL, Rounding, divide
from sanyi.kernel.tables import TableContract

SUMS = ("total_fen", "patient_fen", "inner_value_fen", "item_fund_fen")
NOT_ELIGIBLE = (Method.OTHER_POOL.value, Method.OUTSIDE.value)
"""不计入口径: inpatient spending of other pools, and what is settled elsewhere."""


def frames_of(result: YearResult) -> Iterator[tuple[TableContract, pl.DataFrame]]:
    """存入湖中的表: the results, and the sums of visits that later calculations begin with."""
    yield from result.frames()
    yield tables.VISIT_SUM, result.visit_sums


def summary_of(result: YearResult) -> dict[str, Any]:
    """汇总: counts and sums of the stays, what is not payable and why, what is assumed, the share paid by disease."""
    cases = result.cases
    sums = cases.select(pl.col(SUMS).sum()).row(0, named=True)
    reasons = cases.filter(pl.col("unpayable_reason").is_not_null())["unpayable_reason"].value_counts().iter_rows()
    return {
        "stay_count": cases.height,
        "visit_count": int(result.visits["visit_count"].sum()),
        "assumed_count": int(cases["is_assumed"].sum()),
        "special_count": int(cases["is_special"].sum()),
        "unpayable": dict(sorted(reasons)),
        "visit_fund_fen": int(result.visits["inner_value_fen"].sum()),
        "due_fen": int(result.institution_years["due_fen"].sum()),
        "disease": disease_share(cases),
        **{name: int(value) for name, value in sums.items()},
    }


def disease_share(cases: pl.DataFrame) -> dict[str, int | None]:
    """按 DRG 或按病种付费的基金占比（I02-01）: of the inpatient fund of the county's insured treated in the county."""
    eligible = cases.filter(
        pl.col("inner_value_fen").is_not_null() & ~pl.col("method").is_in(NOT_ELIGIBLE).fill_null(True)
    )
    by_disease = eligible.filter(pl.col("method").is_in([one.value for one in DISEASE_METHODS]))
    whole, part = int(eligible["inner_value_fen"].sum()), int(by_disease["inner_value_fen"].sum())
    share = divide(part * BASIS_POINTS_ALL, whole, Rounding.HALF_UP) if whole > 0 else None
    return {"numerator_fen": part, "denominator_fen": whole, "share_bp": share}


def counts_of(summary: Mapping[str, Any]) -> dict[str, Any]:
    """作业页所列: the plain numbers of a summary."""
    found = {name: summary[name] for name in ("stay_count", "visit_count", "special_count", "assumed_count")}
    return {**found, "unpayable_count": sum(summary["unpayable"].values())}
