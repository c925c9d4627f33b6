"""检查报告: what a dry run found, as plain data that can be stored beside the batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

MONTH_UNKNOWN = ""


@dataclass(slots=True)
class Report:
    """检查报告: counts of rows, notices about the file, codes that wait, and the figures of each month for quality."""

    file_kind: str = ""
    encoding: str = ""
    sheet: str = ""
    header_row: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    row_count: int = 0
    new_count: int = 0
    changed_count: int = 0
    unchanged_count: int = 0
    refused_count: int = 0
    warned_count: int = 0
    content_digest: str = ""
    notices: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    months: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[dict[str, Any]] = field(default_factory=list)

    @property
    def accepted_count(self) -> int:
        """可入库行数: new, changed and unchanged."""
        return self.new_count + self.changed_count + self.unchanged_count

    def notice(self, code: str, **values: Any) -> None:
        """加提示: something noticed and not refused."""
        self.notices.append({"code": code, **values})

    def as_dict(self) -> dict[str, Any]:
        """字典: for storing."""
        return asdict(self)


def month_figures(
    frame: pl.DataFrame, issues: pl.DataFrame, *, expected: Mapping[str, pl.Expr], late: pl.Expr, step_logic: int
) -> pl.DataFrame:
    """各月质量数据: per month of the event: rows, cells expected and filled, invalid, inconsistent and late rows.

    ``frame`` has row_number, month and the columns that ``expected`` and ``late`` ask. A row is invalid when the shape
    or a code was refused, inconsistent when a cross-field check was broken or doubted.
    """
    errors = issues.filter(~pl.col("is_warning") & (pl.col("order") < step_logic))["row_number"].unique()
    doubts = issues.filter(pl.col("order") >= step_logic)["row_number"].unique()
    filled = pl.sum_horizontal(*(cell.cast(pl.Int64) for cell in expected.values())) if expected else pl.lit(0)
    return (
        frame.with_columns(
            pl.col("row_number").is_in(errors.implode()).alias("_invalid"),
            pl.col("row_number").is_in(doubts.implode()).alias("_inconsistent"),
            filled.alias("_filled"),
            late.fill_null(value=False).alias("_late"),
        )
        .group_by("month")
        .agg(
            pl.len().cast(pl.Int64).alias("row_count"),
            (pl.len() * len(expected)).cast(pl.Int64).alias("cell_count"),
            pl.col("_filled").sum().cast(pl.Int64).alias("filled_count"),
            pl.col("_invalid").sum().cast(pl.Int64).alias("invalid_count"),
            pl.col("_inconsistent").sum().cast(pl.Int64).alias("inconsistent_count"),
            pl.col("_late").sum().cast(pl.Int64).alias("late_count"),
        )
    )


def joined_months(parts: list[pl.DataFrame]) -> list[dict[str, Any]]:
    """合并各段: rows whose date could not be read count for the month that most rows of the file have."""
    if not parts:
        return []
    figures = pl.concat(parts).group_by("month").agg(pl.all().sum())
    known = figures.filter(pl.col("month") != MONTH_UNKNOWN)
    if known.height and known.height < figures.height:
        main = known.sort("row_count", "month", descending=[True, False])["month"][0]
        figures = figures.with_columns(pl.col("month").replace(MONTH_UNKNOWN, main))
        figures = figures.group_by("month").agg(pl.all().sum())
    return figures.sort("month").to_dicts()
