"""目录成表: from sums to the rows of a catalogue with their scores, last year's means, and factors."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from sanyi.insurance.dip.codes import BENCHMARK_MISSING, NOTHING_TO_BUILD, Dimension, RowKind, ScoreForm
from sanyi.insurance.dip.jobs.cells import Sums
from sanyi.insurance.dip.rules import dimensions, scoring
from sanyi.insurance.dip.rules.basic import is_candidate
from sanyi.insurance.dip.rules.options import Options
from sanyi.insurance.dip.rules.scoring import YearCost
from sanyi.insurance.dip.tables import CATALOGUE_ROW, DISEASE_FACTOR, DISEASE_MEAN
from sanyi.kernel.refusals import RefusedError

ALL_BP = 10_000
LAST_YEAR = 1
_SCORED = (
    "score_e4", "weight_e6", "mean_fen", "cv_e6", "stay_count", "kept_count", "years", "primary_share_bp", "is_basic",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """成表结果."""

    rows: pl.DataFrame
    summary: dict[str, Any]


def listed_rows(rows: pl.DataFrame, sums: Sums, options: Options) -> Listed:
    """病种成表: rows with means, RW, scores, CV and whether they are primary-care diseases."""
    years = _years(sums.years)
    totals = {row["row_place"]: row for row in sums.whole.to_dicts()}
    primary = _primary_counts(sums.tiers, options)
    all_years = _all_years(sums.years)
    mean_of_all = scoring.weighted_mean(all_years, options.year_weights)
    if not mean_of_all:
        raise RefusedError(NOTHING_TO_BUILD(first="—", last="—"))
    means = {place: scoring.weighted_mean(years[place], options.year_weights) for place in totals}
    base = _base(rows, means, mean_of_all, options)
    made = []
    for place, row in enumerate(rows.to_dicts()):
        total = totals.get(place)
        values = _values(row, total, means.get(place), primary.get(place, 0), base, mean_of_all, options)
        values["years"] = "、".join(str(back) for back in sorted(years[place]) if years[place][back].stay_count)
        made.append(row | values)
    frame = pl.DataFrame(
        made, schema={name: CATALOGUE_ROW.polars_schema()[name] for name in CATALOGUE_ROW.column_names}
    )
    core = sum(one["stay_count"] for one in made if one["kind"] == RowKind.CORE.value)
    counts = {f"{kind.value}_count": sum(one["kind"] == kind.value for one in made) for kind in RowKind}
    summary = counts | {
        "basic_count": sum(one["is_basic"] for one in made),
        "core_stay_count": core,
        "mean_fen": scoring.whole_fen(mean_of_all),
    }
    return Listed(frame, summary)


def _values(
    row: dict[str, Any],
    total: dict[str, int] | None,
    mean: Fraction | None,
    primary_count: int,
    base: Fraction,
    mean_of_all: Fraction,
    options: Options,
) -> dict[str, Any]:
    if total is None or mean is None:
        return dict.fromkeys(_SCORED) | {"stay_count": 0, "kept_count": 0, "is_basic": False}
    count = total["stay_count"]
    square = scoring.cv_square(total["kept_count"], total["cost_fen"], total["squares"])
    is_primary = primary_count * ALL_BP >= options.basic_share_bp * count
    is_even = square is not None and square <= Fraction(options.basic_cv_e6, scoring.E6) ** 2
    return {
        "score_e4": scoring.score_e4(mean, base, options.score_scale),
        "weight_e6": scoring.weight_e6(mean, mean_of_all),
        "mean_fen": scoring.whole_fen(mean),
        "cv_e6": None if square is None else scoring.root_e6(square),
        "stay_count": count,
        "kept_count": total["kept_count"],
        "primary_share_bp": primary_count * ALL_BP // count,
        "is_basic": is_primary and is_even and is_candidate(row),
    }


def _base(rows: pl.DataFrame, means: dict[int, Fraction | None], mean_of_all: Fraction, options: Options) -> Fraction:
    """What scores are measured against."""
    if options.score_form != ScoreForm.BENCHMARK.value:
        return mean_of_all
    place = {row: place for place, row in enumerate(rows["row"])}.get(options.benchmark_row)
    mean = means.get(place) if place is not None else None
    if not mean:
        raise RefusedError(BENCHMARK_MISSING(row=options.benchmark_row))
    return mean


def _years(sums: pl.DataFrame) -> dict[int, dict[int, YearCost]]:
    found: dict[int, dict[int, YearCost]] = defaultdict(dict)
    for place, back, count, cost in sums.select("row_place", "years_back", "kept_count", "cost_fen").iter_rows():
        found[place][back] = YearCost(count, cost)
    return found


def _all_years(sums: pl.DataFrame) -> dict[int, YearCost]:
    whole = sums.group_by("years_back").agg(pl.col("kept_count", "cost_fen").sum())
    return {back: YearCost(count, cost) for back, count, cost in whole.iter_rows()}


def _primary_counts(tiers: pl.DataFrame, options: Options) -> dict[int, int]:
    primary = tiers.filter(pl.col("tier").is_in(list(options.primary_tiers)))
    return dict(primary.group_by("row_place").agg(pl.col("stay_count").sum()).iter_rows())


def mean_frame(rows: pl.DataFrame, tiers: pl.DataFrame) -> pl.DataFrame:
    """上年均费: of each disease at each tier, to the fen; a tier without stays last year has none."""
    last = tiers.filter(pl.col("years_back") == LAST_YEAR, pl.col("tier") >= 0, pl.col("kept_count") > 0)
    names = rows["row"].to_list()
    made = [
        (names[place], tier, count, scoring.mean_fen(cost, count))
        for place, tier, count, cost in last.select("row_place", "tier", "kept_count", "cost_fen").iter_rows()
    ]
    return pl.DataFrame(made, schema=DISEASE_MEAN.polars_schema(), orient="row")


def factor_frame(rows: pl.DataFrame, parts: pl.DataFrame, options: Options) -> pl.DataFrame:
    """辅助系数: of the dimensions that hold; ``parts`` are sums by row_place, dimension and subtype."""
    limits = dimensions.Limits(options.dimension_cv_e6, options.dimension_reduction_bp, options.dimension_min_count)
    groups: dict[tuple[int, str], dict[str, dimensions.Sums]] = defaultdict(dict)
    wanted = ("row_place", "dimension", "subtype", "stay_count", "cost_fen", "squares")
    for place, dimension, subtype, *numbers in parts.select(wanted).iter_rows():
        groups[place, dimension][subtype] = dimensions.Sums(*numbers)
    names = rows["row"].to_list()
    made = [
        (names[place], Dimension(dimension).value, subtype, classes[subtype].stay_count, factor)
        for (place, dimension), classes in groups.items()
        for subtype, factor in dimensions.factors_e6(classes, limits).items()
    ]
    return pl.DataFrame(made, schema=DISEASE_FACTOR.polars_schema(), orient="row")
