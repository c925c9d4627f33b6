"""权重、变异系数与 RIV: whole-table rules on the stays that count.

RW_g = mean cost of the group ÷ mean cost of all, after trimming (各地病组权重测算办法). CV_g = sample standard
deviation (n − 1) ÷ mean; one stay or a mean of zero has none. RIV (组间变异减少系数) = 1 − Σ within-group squares ÷
total squares, exact from whole sums. Every result is rounded half up to millionths, once, at the end; the stability
test is exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

import polars as pl

from sanyi.insurance.relative_weights.codes import OUT_OF_SCOPE, TRIMMED, Reason, State
from sanyi.insurance.relative_weights.rules.options import Options
from sanyi.insurance.relative_weights.rules.trimming import ALL_BP, E6, marked
from sanyi.kernel.money import Rounding, divide


@dataclass(frozen=True, slots=True)
class Summary:
    """测算总览: counts, the mean of all in fen, RIV and the CMI that the new weights give the stays in scope."""

    stay_count: int
    out_of_scope_count: int
    trimmed_count: int
    trimmed_share_bp: int
    is_trimming_reported: bool
    kept_count: int
    cost_fen: int
    mean_fen: int | None
    riv_e6: int | None
    cmi_e6: int | None
    group_count: int
    stable_count: int
    unstable_count: int


@dataclass(frozen=True, slots=True)
class RelativeWeights:
    """测算结果: ``groups`` one row per group (drg, counts, cost_fen, mean_fen, weight_e6, cv_e6, state, bounds)."""

    groups: pl.DataFrame
    summary: Summary


def relative_weights(stays: pl.DataFrame, options: Options) -> RelativeWeights:
    """相对权重测算: of the stays of one scheme; see ``marked`` for the columns needed and what is refused."""
    sums = _sums(marked(stays, options))
    kept, cost = sum(row["kept_count"] for row in sums), sum(row["cost_fen"] for row in sums)
    rows = [_group(row, cost, kept, options) for row in sums]
    return RelativeWeights(pl.DataFrame(rows, schema=_SCHEMA, orient="row"), _summary(rows, sums, options))


def weight_e6(group_cost_fen: int, group_count: int, cost_fen: int, count: int) -> int | None:
    """相对权重: mean of the group over mean of all, in millionths, half up; None without stays or without cost."""
    if not group_count or not cost_fen:
        return None
    return divide(group_cost_fen * count * E6, group_count * cost_fen, Rounding.HALF_UP)


def cv_square(cost_fen: int, squares: int, count: int) -> Fraction | None:
    """变异系数的平方: n(nΣx² − (Σx)²) ÷ ((n − 1)(Σx)²), exact; None for fewer than two stays or no cost."""
    if count < 2 or not cost_fen:
        return None
    return Fraction(count * (count * squares - cost_fen**2), (count - 1) * cost_fen**2)


def root_e6(square: Fraction) -> int:
    """平方根: in millionths, half up, from an exact square."""
    return (isqrt(4 * E6 * E6 * square.numerator // square.denominator) + 1) // 2


def riv_e6(groups: Iterable[tuple[int, int, int]]) -> int | None:
    """组间变异减少系数: from (Σx, Σx², n) per group, millionths half up; None when all costs are the same."""
    known = [one for one in groups if one[2]]
    cost, squares, count = (sum(one[place] for one in known) for place in range(3))
    if not count:
        return None
    total = squares - Fraction(cost**2, count)
    if not total:
        return None
    within = squares - sum(Fraction(own**2, number) for own, _, number in known)
    share = 1 - within * Fraction(total.denominator, total.numerator)
    return divide(share.numerator * E6, share.denominator, Rounding.HALF_UP)


_SCHEMA = {
    "drg": pl.String, "stay_count": pl.Int64, "out_of_scope_count": pl.Int64, "trimmed_count": pl.Int64,
    "kept_count": pl.Int64, "cost_fen": pl.Int64, "mean_fen": pl.Int64, "weight_e6": pl.Int64, "cv_e6": pl.Int64,
    "state": pl.String, "low_bound_fen": pl.Int64, "high_bound_fen": pl.Int64,
}  # fmt: skip


def _sums(stays: pl.DataFrame) -> list[dict[str, int]]:
    """Whole sums per group, in the order of groups."""
    cost, is_kept = pl.col("total_fen").cast(pl.Int128), pl.col("reason") == Reason.KEPT.value
    is_out = pl.col("reason").is_in([one.value for one in OUT_OF_SCOPE])
    is_trimmed = pl.col("reason").is_in([one.value for one in TRIMMED])
    found = stays.group_by("drg").agg(
        pl.len().cast(pl.Int64).alias("stay_count"),
        is_out.sum().cast(pl.Int64).alias("out_of_scope_count"),
        is_trimmed.sum().cast(pl.Int64).alias("trimmed_count"),
        is_kept.sum().cast(pl.Int64).alias("kept_count"),
        cost.filter(is_kept).sum().alias("cost_fen"),
        (cost * cost).filter(is_kept).sum().alias("squares"),
        pl.col("low_bound_fen").first(),
        pl.col("high_bound_fen").first(),
    )
    return found.sort("drg").to_dicts()


def _group(row: dict[str, int], cost_fen: int, count: int, options: Options) -> dict[str, int | str | None]:
    kept, own = row["kept_count"], row["cost_fen"]
    square = cv_square(own, row["squares"], kept)
    is_stable = (
        kept >= options.stable_min_count and square is not None and square < Fraction(options.stable_cv_e6, E6) ** 2
    )
    state = State.NO_DATA if not kept else State.STABLE if is_stable else State.UNSTABLE
    return row | {
        "mean_fen": divide(own, kept, Rounding.HALF_UP) if kept else None,
        "weight_e6": weight_e6(own, kept, cost_fen, count),
        "cv_e6": None if square is None else root_e6(square),
        "state": state.value,
    }


def _summary(rows: list[dict[str, int | str | None]], sums: list[dict[str, int]], options: Options) -> Summary:
    total = {name: sum(row[name] for row in sums) for name in _COUNTED}
    kept, trimmed = total["kept_count"], total["trimmed_count"]
    scoped = total["stay_count"] - total["out_of_scope_count"]
    states = [row["state"] for row in rows]
    return Summary(
        stay_count=total["stay_count"],
        out_of_scope_count=total["out_of_scope_count"],
        trimmed_count=trimmed,
        trimmed_share_bp=divide(trimmed * ALL_BP, scoped, Rounding.HALF_UP) if scoped else 0,
        is_trimming_reported=trimmed * ALL_BP > options.trimmed_report_bp * scoped,
        kept_count=kept,
        cost_fen=total["cost_fen"],
        mean_fen=divide(total["cost_fen"], kept, Rounding.HALF_UP) if kept else None,
        riv_e6=riv_e6((row["cost_fen"], row["squares"], row["kept_count"]) for row in sums),
        cmi_e6=_cmi_e6(rows),
        group_count=len(rows),
        stable_count=states.count(State.STABLE.value),
        unstable_count=states.count(State.UNSTABLE.value),
    )


_COUNTED = ("stay_count", "out_of_scope_count", "trimmed_count", "kept_count", "cost_fen")


def _cmi_e6(rows: list[dict[str, int | str | None]]) -> int | None:
    """CMI of all stays in scope under the new weights: Σ stays · weight ÷ Σ stays, of groups that have one."""
    pairs = [
        (int(row["stay_count"] or 0) - int(row["out_of_scope_count"] or 0), int(row["weight_e6"]))
        for row in rows
        if row["weight_e6"] is not None
    ]
    count = sum(number for number, _ in pairs)
    if not count:
        return None
    return divide(sum(number * weight for number, weight in pairs), count, Rounding.HALF_UP)
