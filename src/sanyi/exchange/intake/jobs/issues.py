"""问题明细: one row per mistake or doubt of a cell, and how much of a value it shows."""

from __future__ import annotations

import polars as pl

from sanyi.exchange.intake.tables import ISSUES
from sanyi.kernel.refusals import RefusalKind

STEP_SHAPE, STEP_CODES, STEP_LOGIC, STEP_KEYS = 0, 100_000, 200_000, 300_000
"""检查步骤: where the orders of each step begin."""

NO_ISSUES = pl.DataFrame(schema=ISSUES)
"""没有问题."""

_SHOWN_CHARACTERS = 200
_NOTHING = pl.lit(None, dtype=pl.String)


def issue_frame(
    rows: pl.DataFrame,
    column: str,
    kind: RefusalKind,
    order: int,
    *,
    value: pl.Expr | None = None,
    expected: pl.Expr | None = None,
    is_warning: bool = False,
) -> pl.DataFrame:
    """问题明细: one issue for each of the rows."""
    if rows.is_empty():
        return NO_ISSUES
    return rows.select(
        pl.col("row_number"),
        pl.lit(column).alias("column"),
        pl.lit(kind.code).alias("code"),
        pl.lit(is_warning).alias("is_warning"),
        shortened(_NOTHING if value is None else value).alias("value"),
        shortened(_NOTHING if expected is None else expected).alias("expected"),
        pl.lit(order, dtype=pl.Int32).alias("order"),
    )


def joined(*parts: pl.DataFrame) -> pl.DataFrame:
    """合并: issues of several steps, in this order."""
    filled = [part for part in parts if part.height]
    return pl.concat(filled) if len(filled) > 1 else filled[0] if filled else NO_ISSUES


def shortened(text: pl.Expr) -> pl.Expr:
    """截短: to what an issue shows at most."""
    return text.cast(pl.String).str.slice(0, _SHOWN_CHARACTERS)


def masked(text: pl.Expr) -> pl.Expr:
    """脱敏: the first two and the last character of a personal text; short ones are hidden altogether."""
    is_long = text.str.len_chars() > 6  # noqa: PLR2004 - below, three characters would show too much
    return (
        pl.when(is_long)
        .then(text.str.slice(0, 2) + "****" + text.str.slice(-1))
        .otherwise(pl.when(text.is_not_null()).then(pl.lit("***")))
    )
