"""影响 (effect): two results of the same facts side by side, and how much of the difference each change made.

Everything is added up in whole fen: the parts of a table give its total, and the contributions of the changes give the
difference, without remainder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from sanyi.insurance.what_if.codes import Part
from sanyi.insurance.what_if.tables import KEYS, SUMS


def compared(part: Part, results: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """前后对照: of one part: base first, then the result after each change, the last one being the scenario's.

    Rows that only one side has stand with zero on the other. ``steps`` holds what each change added to ``fund_fen``.
    """
    keys = list(KEYS[part])
    frame = pl.concat([one.select(keys) for one in results]).unique().sort(keys, nulls_last=True)
    for place, one in enumerate(results):
        named = one.select(*keys, *(pl.col(name).alias(f"{place}_{name}") for name in SUMS))
        frame = frame.join(named, on=keys, how="left", nulls_equal=True, maintain_order="left")
    frame = frame.with_columns(pl.exclude(keys).fill_null(0))
    last = len(results) - 1
    steps = [pl.col(f"{place}_fund_fen") - pl.col(f"{place - 1}_fund_fen") for place in range(1, last + 1)]
    return frame.select(
        *keys,
        *(pl.col(f"0_{name}").alias(f"base_{name}") for name in SUMS),
        *(pl.col(f"{last}_{name}").alias(f"new_{name}") for name in SUMS),
        (pl.col(f"{last}_fund_fen") - pl.col("0_fund_fen")).alias("difference_fen"),
        (pl.col(f"{last}_price_fen") - pl.col("0_price_fen")).alias("price_difference_fen"),
        pl.concat_list(steps).alias("steps") if steps else pl.lit([], dtype=pl.List(pl.Int64)).alias("steps"),
    )


def totals(frame: pl.DataFrame) -> dict[str, int]:
    """合计: of a compared table."""
    names = [*(f"base_{name}" for name in SUMS), *(f"new_{name}" for name in SUMS), "difference_fen"]
    return {name: int(frame[name].sum()) for name in names}


def share_bp(difference_fen: int, base_fen: int) -> int | None:
    """变化幅度: in basis points of the base, half up away from zero; None without a base."""
    if base_fen == 0:
        return None
    sign = 1 if difference_fen * base_fen >= 0 else -1
    return sign * ((2 * abs(difference_fen) * 10_000 + abs(base_fen)) // (2 * abs(base_fen)))


def winners(rows: Sequence[dict[str, Any]], count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """得失最大: at most so many that gain most and that lose most; what does not change is neither."""
    ordered = sorted(rows, key=lambda row: (-row["difference_fen"], str(row)))
    gained = [row for row in ordered if row["difference_fen"] > 0][:count]
    lost = [row for row in reversed(ordered) if row["difference_fen"] < 0][:count]
    return gained, lost


def changed_cases(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, int]:
    """受影响病例: how many stays have another amount, method, outlier class, or became (not) payable."""
    keys = ["institution_code", "settlement_id"]
    columns = ["method", "outlier", "status", "inner_value_fen"]
    both = before.select(*keys, *columns).join(
        after.select(*keys, *(pl.col(name).alias(f"new_{name}") for name in columns)),
        on=keys,
        how="full",
        coalesce=True,
    )
    counts = both.select(
        *(pl.col(name).ne_missing(pl.col(f"new_{name}")).sum().alias(name) for name in columns),
        pl.len().alias("all"),
    ).row(0, named=True)
    return {
        "case_count": int(counts["all"]),
        "amount_changed_count": int(counts["inner_value_fen"]),
        "method_changed_count": int(counts["method"]),
        "outlier_changed_count": int(counts["outlier"]),
        "status_changed_count": int(counts["status"]),
    }
