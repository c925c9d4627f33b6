"""分组病例的读取: the current grouped stays of the lake, kept in memory while their version stays the same."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import polars as pl

from sanyi.exchange.lake import services as lakes
from sanyi.insurance.grouping import tables

ROWS_KEPT_MAX = 1_000_000
"""超过此行数不在内存中保留: a prefecture's table is scanned anew for each question."""
Version = tuple[str, int | None]
LIST_COLUMNS = ("stay_key", "discharge_month")


def has_stays() -> bool:
    """是否已有分组病例."""
    return lakes.lake().exists(tables.GROUPED_STAY.name)


def version() -> Version:
    """现行版本: the root of the lake and the newest version of the grouped stays in it, None before the first."""
    lake = lakes.lake()
    return lake.root, lake.version(tables.GROUPED_STAY.name)


def grouped_stays(version: int | None = None) -> pl.LazyFrame:
    """现行分组病例: contract GROUPED_STAY with ``stay_key`` and ``discharge_month`` (2025-03); may be empty."""
    lake = lakes.lake()
    newest = lake.version(tables.GROUPED_STAY.name)
    if newest is None:
        return _with_keys(tables.GROUPED_STAY.empty().lazy())
    wanted = newest if version is None else version
    kept = _current(lake.root, wanted)
    return kept.lazy() if kept is not None else _with_keys(lake.current(tables.GROUPED_STAY, wanted))


def stay(institution_code: str, settlement_id: str) -> dict[str, Any] | None:
    """一例分组病例: its current row, or None."""
    found = grouped_stays().filter(
        pl.col("institution_code") == institution_code, pl.col("settlement_id") == settlement_id
    )
    rows = found.collect().to_dicts()
    return rows[0] if rows else None


def owner_of(institution_code: str, settlement_id: str) -> str | None:
    """病例所属机构: None when there is no such stay, so that strangers learn nothing from the address."""
    return institution_code if stay(institution_code, settlement_id) else None


@lru_cache(maxsize=2)
def _current(root: str, version: int) -> pl.DataFrame | None:
    rows = lakes.Lake(root).current(tables.GROUPED_STAY, version)
    if rows.select(pl.len()).collect().item() > ROWS_KEPT_MAX:
        return None
    return _with_keys(rows).collect()


def _with_keys(stays: pl.LazyFrame) -> pl.LazyFrame:
    return stays.with_columns(
        stay_key=pl.concat_str("institution_code", pl.lit("/"), "settlement_id"),
        discharge_month=pl.col("discharged_on").dt.strftime("%Y-%m"),
    )
