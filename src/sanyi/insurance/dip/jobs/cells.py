"""病例格 (cells): stays as whole numbers, and their counts and sums by combination of codes, year and tier."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sanyi.insurance.dip.codes import Trimming
from sanyi.insurance.dip.jobs.reading import read, with_signs
from sanyi.insurance.dip.rules.options import Options

ALL_BP = 10_000
CODES = "combination"
RULES = ("weight_rule", "subdivision_rule")
MAIN_BITS, PROCEDURE_BITS, RULE_BITS = 18, 26, 10
"""组合编号的位数: main code, text of procedures, and two rules (0: none) side by side in 64 bits."""


@dataclass(frozen=True)
class Coded:
    """编码后的病例: integer columns alone, with the texts of their codes.

    ``frame`` has combination, years_back, tier (−1: unknown), total_fen. ``alive`` are the distinct codes as
    categories: their numbers hold for a second reading only while such a column is there.
    """

    frame: pl.DataFrame
    mains: pl.DataFrame
    procedures: pl.DataFrame
    kinds: tuple[pl.Categorical, pl.Categorical]
    left_out_count: int
    alive: tuple[pl.Series, pl.Series]

    def texts(self, combinations: pl.DataFrame) -> pl.DataFrame:
        """还原编码: the combinations with main_code, procedure_codes, weight_rule and subdivision_rule."""
        number = pl.col(CODES)
        parts = combinations.with_columns(
            main=(number // (1 << 64 - MAIN_BITS)).cast(pl.UInt32),
            procedures=(number // (1 << 2 * RULE_BITS) % (1 << PROCEDURE_BITS)).cast(pl.UInt32),
            weight_rule=_rule(number // (1 << RULE_BITS) % (1 << RULE_BITS)),
            subdivision_rule=_rule(number % (1 << RULE_BITS)),
        )
        joined = parts.join(self.mains, on="main", how="left").join(self.procedures, on="procedures", how="left")
        return joined.drop("main", "procedures")


def _rule(number: pl.Expr) -> pl.Expr:
    """The place of a rule from its part of a combination; null for none."""
    place = number.cast(pl.Int16) - 1
    return pl.when(place >= 0).then(place)


@dataclass(frozen=True, slots=True)
class Sums:
    """合计: ``whole`` by row, ``years`` by row and year, ``tiers`` by row, year and tier; ``bounds`` of trimmed costs.

    Each has stay_count, kept_count, cost_fen and squares (of those kept).
    """

    whole: pl.DataFrame
    years: pl.DataFrame
    tiers: pl.DataFrame
    bounds: pl.DataFrame | None


def signed(stays: pl.LazyFrame, year: int, options: Options) -> pl.LazyFrame:
    """带标志的病例: with years_back; those of no year asked for, without a main diagnosis or a cost left out."""
    frame = with_signs(read(stays), options).with_columns(
        years_back=(year - pl.col("discharged_on").dt.year()).cast(pl.Int8)
    )
    backs = [back for back, weight in options.year_weights if weight]
    return frame.filter(pl.col("years_back").is_in(backs), pl.col("main_code").is_not_null(), pl.col("total_fen") > 0)


def combination_expr(main: pl.Expr, procedures: pl.Expr) -> pl.Expr:
    """组合编号: the integers of a combination side by side."""
    weight, subdivision = ((pl.col(name).fill_null(-1) + 1).cast(pl.UInt64) for name in RULES)
    codes: pl.Expr = main.cast(pl.UInt64) * (1 << 64 - MAIN_BITS)
    codes = codes + procedures.cast(pl.UInt64) * (1 << 2 * RULE_BITS)
    return (codes + weight * (1 << RULE_BITS) + subdivision).alias(CODES)


def coded(stays: pl.LazyFrame, year: int, options: Options) -> Coded:
    """编码: one reading of the stays."""
    kinds = (pl.Categorical(pl.Categories.random("dip")), pl.Categorical(pl.Categories.random("dip")))
    texts = (
        signed(stays, year, options)
        .select(
            pl.col("main_code").cast(kinds[0]),
            pl.col("procedure_codes").cast(kinds[1]),
            *RULES,
            "years_back",
            pl.col("tier").fill_null(-1).cast(pl.Int8),
            "total_fen",
        )
        .collect(engine="streaming")
    )
    alive = texts["main_code"].unique(), texts["procedure_codes"].unique()
    mains, procedures = map(_texts, alive)
    if (
        mains.height >= (1 << MAIN_BITS)
        or procedures.height >= (1 << PROCEDURE_BITS)
        or len(options.step_rules) >= (1 << RULE_BITS)
    ):
        raise OverflowError("more codes or rules than a combination has room for")
    number = combination_expr(pl.col("main_code").to_physical(), pl.col("procedure_codes").to_physical())
    frame = texts.select(number, "years_back", "tier", "total_fen")
    backs = [back for back, weight in options.year_weights if weight]
    in_years = (year - pl.col("discharged_on").dt.year()).is_in(backs)
    count = read(stays).filter(in_years).select(pl.len()).collect(engine="streaming").item()
    return Coded(
        frame,
        mains.rename({"code": "main", "text": "main_code"}),
        procedures.rename({"code": "procedures", "text": "procedure_codes"}),
        kinds,
        int(count) - frame.height,
        alive,
    )


def _texts(distinct: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"code": distinct.to_physical(), "text": distinct.cast(pl.String)})


def cells_of(frame: pl.DataFrame) -> pl.DataFrame:
    """病例格: count, cost and squares of every combination, year and tier."""
    cost = pl.col("total_fen")
    found = (
        frame.lazy()
        .group_by(CODES, "years_back", "tier")
        .agg(
            pl.len().cast(pl.Int64).alias("stay_count"),
            cost.sum().alias("cost_fen"),
            (cost.cast(pl.Int128) * cost).sum().alias("squares"),
        )
    )
    return found.collect()


def kept_sums(frame: pl.DataFrame, cells: pl.DataFrame, found: pl.DataFrame, options: Options) -> Sums:
    """计入合计: by row, after trimming; ``found`` gives each combination its ``row_place``."""
    places = numbered(found)
    if options.trimming.method == Trimming.NONE.value:
        placed = cells.join(places, on=CODES, how="inner")
        tiers = placed.group_by("row_place", "years_back", "tier").agg(
            pl.col("stay_count").sum(),
            pl.col("stay_count").sum().alias("kept_count"),
            pl.col("cost_fen", "squares").sum(),
        )
        return _sums(tiers, None)
    stays = (
        frame.lazy().join(places.lazy(), on=CODES, how="inner").select("row_place", "years_back", "tier", "total_fen")
    )
    placed = stays.collect()
    bounds = trimming_bounds(placed, options)
    cost = pl.col("total_fen")
    kept = (
        placed.lazy().join(bounds.lazy(), on=["row_place", "years_back"], how="left").with_columns(is_kept=kept_expr())
    )
    tiers = (
        kept.group_by("row_place", "years_back", "tier")
        .agg(
            pl.len().cast(pl.Int64).alias("stay_count"),
            pl.col("is_kept").sum().cast(pl.Int64).alias("kept_count"),
            cost.filter("is_kept").sum().alias("cost_fen"),
            (cost.cast(pl.Int128) * cost).filter("is_kept").sum().alias("squares"),
        )
        .collect()
    )
    return _sums(tiers, bounds)


def numbered(found: pl.DataFrame) -> pl.DataFrame:
    """病种号: of each combination that has a row, by its integers."""
    return found.filter(pl.col("row_place").is_not_null()).select(CODES, "row_place")


def trimming_bounds(placed: pl.DataFrame, options: Options) -> pl.DataFrame:
    """裁剪界限: of each row and year, in ten-thousandths of a fen; rows of few stays have none.

    Percentiles by linear interpolation, (n − 1)·p from the smallest; a cost equal to a bound stays.
    """
    grouped = (
        placed.lazy()
        .group_by("row_place", "years_back")
        .agg(pl.col("total_fen").sort().alias("costs"), pl.len().cast(pl.Int64).alias("count"))
    )
    large = grouped.filter(pl.col("count") >= options.trimming.group_min_count)
    return large.select(
        "row_place",
        "years_back",
        low_e4=_percentile_e4(options.trimming.low_bp),
        high_e4=_percentile_e4(options.trimming.high_bp),
    ).collect()


def kept_expr() -> pl.Expr:
    """是否计入: inside the bounds, or without any."""
    cost = pl.col("total_fen") * ALL_BP
    return ((cost >= pl.col("low_e4")) & (cost <= pl.col("high_e4"))).fill_null(True)


def _percentile_e4(share_bp: int) -> pl.Expr:
    place = (pl.col("count") - 1) * share_bp
    index, rest = place // ALL_BP, place % ALL_BP
    above = pl.min_horizontal(index + 1, pl.col("count") - 1)
    return pl.col("costs").list.get(index) * (ALL_BP - rest) + pl.col("costs").list.get(above) * rest


def _sums(tiers: pl.DataFrame, bounds: pl.DataFrame | None) -> Sums:
    names = ("stay_count", "kept_count", "cost_fen", "squares")
    years = tiers.group_by("row_place", "years_back").agg(pl.col(*names).sum())
    whole = years.group_by("row_place").agg(pl.col(*names).sum())
    return Sums(whole, years, tiers, bounds)
