"""目录测算: three years of stays to a catalogue.

Stays are read once into whole numbers (codes as integers); all that follows works on cells, the distinct combinations
of codes, year and tier with their counts and sums. Stays are read a second time only for diseases that differ enough
inside to need an auxiliary catalogue. Costs inside a disease are trimmed on the integer columns. No order of rows
matters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from sanyi.insurance.dip.codes import NOTHING_TO_BUILD, Origin
from sanyi.insurance.dip.jobs import cells as cell_jobs
from sanyi.insurance.dip.jobs import splitting
from sanyi.insurance.dip.jobs.listing import factor_frame, listed_rows, mean_frame
from sanyi.insurance.dip.rules.catalogue import Catalogue, Head
from sanyi.insurance.dip.rules.keys import COMBINATION, keyed
from sanyi.insurance.dip.rules.matching import matched
from sanyi.insurance.dip.rules.options import Options
from sanyi.insurance.dip.rules.rows import row_keys
from sanyi.kernel.refusals import RefusedError

Report = Callable[[int, int, str], None]
STEPS = ("正在读取病例", "正在确定病种", "正在裁剪费用", "正在计算分值", "正在计算辅助目录")


@dataclass(frozen=True, slots=True)
class Built:
    """测算结果: the catalogue and what to say about it (counts, shares in basis points, years without stays)."""

    catalogue: Catalogue
    summary: dict[str, Any]


def build(
    stays: pl.LazyFrame,
    year: int,
    options: Options,
    head: Head,
    *,
    given: Catalogue | None = None,
    report: Report | None = None,
) -> Built:
    """测算病种目录: for a year, from the stays discharged in the years before it (see ``year_weights``).

    With ``given`` its diseases are scored instead of found: a national list gets local scores; what fits none of
    them goes to mixed groups. Stays outside these years, without a main diagnosis or without a cost above zero are
    counted and left out. Refuses when nothing is left.
    """
    tell = report or (lambda done, total, words: None)
    tell(0, len(STEPS), STEPS[0])
    coded = cell_jobs.coded(stays, year, options)
    backs = [back for back, _ in options.year_weights]
    if not coded.frame.height:
        raise RefusedError(NOTHING_TO_BUILD(first=year - max(backs), last=year - min(backs)))
    cells = cell_jobs.cells_of(coded.frame)
    tell(1, len(STEPS), STEPS[1])
    known = given.known_procedures if given is not None else frozenset()
    keys = keyed(coded.texts(cells.select(cell_jobs.CODES).unique()), options, known)
    keys = keys.sort(COMBINATION, nulls_last=True)
    rows = row_keys(keys, cells, options, given.rows if given is not None else None)
    places = rows.with_row_index("row_place").select("row", "row_place")
    found = matched(keys, rows).join(places, on="row", how="left")
    tell(2, len(STEPS), STEPS[2])
    sums = cell_jobs.kept_sums(coded.frame, cells, found, options)
    tell(3, len(STEPS), STEPS[3])
    listed = listed_rows(rows, sums, options)
    tell(4, len(STEPS), STEPS[4])
    parts = splitting.class_sums(stays, year, coded, found, sums, options)
    catalogue = Catalogue.of(
        Head(**{**_plain(head), "origin": Origin.BUILT.value}),
        options,
        listed.rows,
        mean_frame(rows, sums.tiers),
        factor_frame(rows, parts, options),
    )
    tell(len(STEPS), len(STEPS), "测算完成")
    return Built(catalogue, _summary(coded, cells, found, sums, listed.summary, catalogue, options))


def _plain(head: Head) -> dict[str, str]:
    return {name: getattr(head, name) for name in Head.__dataclass_fields__}


def _summary(
    coded: cell_jobs.Coded,
    cells: pl.DataFrame,
    found: pl.DataFrame,
    sums: cell_jobs.Sums,
    listed: dict[str, Any],
    catalogue: Catalogue,
    options: Options,
) -> dict[str, Any]:
    years = cells.group_by("years_back").agg(pl.col("stay_count").sum()).sort("years_back")
    counts = dict(years.iter_rows())
    in_row = int(sums.whole["stay_count"].sum())
    kept = int(sums.whole["kept_count"].sum())
    core = int(listed.pop("core_stay_count"))
    share = 10_000 * core // in_row if in_row else 0
    trimmed = 10_000 * (in_row - kept)
    return listed | {
        "stay_count": coded.frame.height,
        "left_out_count": coded.left_out_count,
        "excluded_count": coded.frame.height - in_row,
        "trimmed_count": in_row - kept,
        "is_trimming_reported": trimmed > options.trimmed_report_bp * in_row,
        "core_share_bp": share,
        "is_core_share_low": share < options.core_share_report_bp,
        "years_without_stays": [back for back, _ in options.year_weights if not counts.get(back)],
        "row_count": catalogue.rows.height,
        "factor_count": catalogue.factors.height,
        "missing": list(catalogue.missing),
        "unknown_row_count": int(found["row"].is_null().sum()),
    }
