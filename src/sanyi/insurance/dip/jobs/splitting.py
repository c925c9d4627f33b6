"""辅助目录测算: sums of costs by class, for the diseases whose costs differ enough to need it."""

from __future__ import annotations

import polars as pl

from sanyi.insurance.dip.codes import Dimension
from sanyi.insurance.dip.jobs.cells import CODES, Coded, Sums, combination_expr, kept_expr, numbered, signed
from sanyi.insurance.dip.rules import dimensions
from sanyi.insurance.dip.rules.features import classified
from sanyi.insurance.dip.rules.options import Options

CODED = ("main_code", "procedure_codes")
SCHEMA = {
    "row_place": pl.UInt32, "dimension": pl.String, "subtype": pl.String, "stay_count": pl.Int64, "cost_fen": pl.Int64,
    "squares": pl.Int128,
}  # fmt: skip


def class_sums(
    stays: pl.LazyFrame, year: int, coded: Coded, found: pl.DataFrame, sums: Sums, options: Options
) -> pl.DataFrame:
    """分类合计: row_place, dimension, subtype, stay_count, cost_fen, squares, of the stays that were kept.

    A stay about which a dimension says nothing is in none of its classes.
    """
    wanted = uneven(sums.whole, options)
    places = numbered(found).filter(pl.col("row_place").is_in(wanted))
    if not places.height:
        return pl.DataFrame(schema=SCHEMA)
    main, procedures = (pl.col(name).cast(kind).to_physical() for name, kind in zip(CODED, coded.kinds, strict=True))
    number, known = combination_expr(main, procedures), signed(stays, year, options)
    rows = (
        known.select(
            number, "years_back", "total_fen", "main_code", "procedure_codes",
            "diagnosis_codes", "age_years", "length_of_stay_days", "discharge_way_code",
        )
        .join(places.lazy(), on=CODES, how="inner")
        .collect(engine="streaming")
    )  # fmt: skip
    expected = sums.whole.filter(pl.col("row_place").is_in(wanted))["stay_count"].sum()
    if rows.height != expected:
        raise RuntimeError(f"{expected} stays the first time, {rows.height} the second: the source changed meanwhile")
    if sums.bounds is not None:
        rows = rows.join(sums.bounds, on=["row_place", "years_back"], how="left").filter(kept_expr())
    classes = rows.select("row_place", "total_fen").hstack(classified(rows, options))
    cost = pl.col("total_fen")
    parts = [
        classes.lazy()
        .group_by("row_place", pl.col(dimension.value).alias("subtype"))
        .agg(
            pl.len().cast(pl.Int64).alias("stay_count"),
            cost.sum().alias("cost_fen"),
            (cost.cast(pl.Int128) * cost).sum().alias("squares"),
        )
        .filter(pl.col("subtype").is_not_null())
        .with_columns(dimension=pl.lit(dimension.value))
        .select(SCHEMA.keys())
        for dimension in Dimension
    ]
    return pl.concat(parts).collect()


def uneven(whole: pl.DataFrame, options: Options) -> list[int]:
    """费用差异大的病种: those whose CV is at least the limit."""
    limits = dimensions.Limits(options.dimension_cv_e6, options.dimension_reduction_bp, options.dimension_min_count)
    rows = whole.select("row_place", "kept_count", "cost_fen", "squares")
    return [
        place for place, *numbers in rows.iter_rows() if dimensions.is_heterogeneous(dimensions.Sums(*numbers), limits)
    ]
