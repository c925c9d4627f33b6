"""权重测算作业: grouped stays and settlement lists in, one row per group out; table to table, without Django."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from sanyi.insurance.relative_weights import tables
from sanyi.insurance.relative_weights.rules.comparison import compared, published_cmi_e6
from sanyi.insurance.relative_weights.rules.measure import Summary, relative_weights
from sanyi.insurance.relative_weights.rules.options import Options

STAY = ["institution_code", "settlement_id"]


def base(
    grouped: pl.LazyFrame,
    settlements: pl.LazyFrame,
    *,
    scheme: str,
    first_month: str,
    last_month: str,
    institution_codes: Collection[str],
) -> pl.LazyFrame:
    """测算病例: contract WEIGHT_BASE; the grouped stays of a scheme, the months and institutions, in order of key.

    ``grouped`` are current stays with ``discharge_month`` and ``is_grouped``; ``settlements`` current lists.
    """
    wanted = grouped.filter(
        pl.col("is_grouped"),
        pl.col("scheme") == scheme,
        pl.col("discharge_month").is_between(pl.lit(first_month), pl.lit(last_month)),
        pl.col("institution_code").is_in(sorted(institution_codes)),
    ).select(*STAY, "drg", "total_fen", "length_of_stay_days")
    facts = settlements.select(
        *STAY,
        "discharge_way_code",
        stay_minutes=(pl.col("discharged_at") - pl.col("admitted_at")).dt.total_minutes(),
    )
    joined = wanted.join(facts, on=STAY, how="left")
    return joined.select(tables.WEIGHT_BASE.column_names).sort(STAY)


def measure(
    stays: pl.DataFrame,
    options: Options,
    published: pl.DataFrame,
    *,
    scheme: str,
    run_number: int,
    organisation_code: str,
) -> tuple[pl.DataFrame, Summary, int | None]:
    """测算: rows of RELATIVE_WEIGHT beside the published weights (drg, weight_e6), the summary, and the CMI of the
    stays that count under the published weights.
    """
    found = relative_weights(stays, options)
    rows = compared(found.groups, published).with_columns(
        run_number=pl.lit(run_number, dtype=pl.Int64),
        organisation_code=pl.lit(organisation_code),
        scheme=pl.lit(scheme),
    )
    frame = tables.RELATIVE_WEIGHT.conform(rows.select(tables.RELATIVE_WEIGHT.column_names))
    return frame, found.summary, published_cmi_e6(frame)
