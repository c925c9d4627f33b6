"""汇总 (measuring): one result added up by institution, tier, method and group, in the words of the effect."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sanyi.insurance.what_if.codes import Part
from sanyi.insurance.what_if.tables import KEYS

CASE = ["institution_code", "settlement_id"]


def measured(
    cases: pl.DataFrame,
    institutions: pl.DataFrame,
    institution_years: pl.DataFrame,
    group_of: pl.DataFrame,
) -> dict[Part, pl.DataFrame]:
    """各层面合计: ``group_of`` gives each stay the method and group by which it is shown on either side.

    Institutions hold everything the fund pays them by rule: cases, visits, corridor and what capitation leaves them.
    """
    return {
        Part.INSTITUTION: _institutions(institutions, institution_years),
        Part.TIER: _grouped(institutions, Part.TIER),
        Part.METHOD: _grouped(institutions, Part.METHOD),
        Part.GROUP: _groups(cases, group_of),
    }


def shown_groups(cases: pl.DataFrame) -> pl.DataFrame:
    """病例归属: the method and group of each stay of a result."""
    return cases.select(*CASE, "method", pl.col("group_code").fill_null("").alias("group_code"))


def point_values(pools: pl.DataFrame) -> dict[str, Mapping[str, int | None]]:
    """资金池: fund, points and point value of each, by its name."""
    names = ("fund_fen", "pool_fen", "points_e4", "point_value_e6")
    return {row["pool"]: {name: row[name] for name in names} for row in pools.iter_rows(named=True)}


def _sums() -> list[pl.Expr]:
    return [
        pl.col("case_count").sum(),
        pl.col("unpayable_count").sum(),
        pl.col("price_fen").sum(),
        pl.col("inner_value_fen").sum().alias("fund_fen"),
    ]


def _grouped(institutions: pl.DataFrame, part: Part) -> pl.DataFrame:
    return institutions.group_by(KEYS[part]).agg(_sums()).sort(KEYS[part], nulls_last=True)


def _institutions(institutions: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    more = years.select("institution_code", (pl.col("corridor_fen") + pl.col("capitation_fen")).alias("more_fen"))
    sums = institutions.group_by("institution_code").agg(_sums())
    return (
        sums.join(more, on="institution_code", how="left")
        .with_columns(pl.col("fund_fen") + pl.col("more_fen").fill_null(0))
        .drop("more_fen")
        .sort("institution_code")
    )


def _groups(cases: pl.DataFrame, group_of: pl.DataFrame) -> pl.DataFrame:
    rows = cases.select(*CASE, "status", "price_fen", "inner_value_fen").join(group_of, on=CASE, how="inner")
    return (
        rows.group_by("method", "group_code")
        .agg(
            pl.len().cast(pl.Int64).alias("case_count"),
            (pl.col("status") != "paid").sum().cast(pl.Int64).alias("unpayable_count"),
            pl.col("price_fen").sum(),
            pl.col("inner_value_fen").sum().alias("fund_fen"),
        )
        .sort("method", "group_code")
    )
