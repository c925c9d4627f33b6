"""质控结果的读取: findings and checked stays of the lake, of one job or the newest of each stay, and the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import IO

import polars as pl

from sanyi.exchange.lake import services as lakes
from sanyi.insurance.coding_check import tables
from sanyi.insurance.coding_check.jobs.workbook import Contents, write_workbook
from sanyi.registry.access import services as access
from sanyi.registry.organisations import services as organisations

ROWS_KEPT_MAX = 1_000_000
"""超过此行数不在内存中保留: scanned anew for each question."""


def findings_of_run(number: int, scope: access.Scope) -> pl.DataFrame:
    """一次质控的问题: rows of FINDING within the scope, by institution, stay and order."""
    return _of_run(tables.FINDING.name, number, scope, tables.FINDING.empty()).sort("finding_key")


def checked_of_run(number: int, scope: access.Scope) -> pl.DataFrame:
    """一次质控的病例: rows of CHECKED_STAY within the scope."""
    found = _of_run(tables.CHECKED_STAY.name, number, scope, tables.CHECKED_STAY.empty())
    return found.sort("institution_code", "settlement_id")


def current_findings() -> pl.LazyFrame:
    """现行问题: of every stay those of its newest check, with ``discharge_month`` (2025-03); may be empty."""
    lake = lakes.lake()
    version, checked = lake.version(tables.FINDING.name), lake.version(tables.CHECKED_STAY.name)
    if version is None or checked is None:
        return _with_month(tables.FINDING.empty().lazy())
    kept = _current(lake.root, version, checked)
    return kept.lazy() if kept is not None else _newest(lake, version, checked)


def months_of_findings(scope: access.Scope) -> list[str]:
    """有问题的出院月份: newest first."""
    rows = current_findings().select("institution_code", "discharge_month").unique().collect()
    return sorted({month for code, month in rows.iter_rows() if month and code in scope}, reverse=True)


def workbook_of(stays: pl.DataFrame, findings: pl.DataFrame, notes: Mapping[str, str], language: str) -> IO[bytes]:
    """质控工作簿: by department, by doctor, and all findings; the caller has limited the rows to its scope."""
    names = organisations.names(set(stays["institution_code"].unique()))
    return write_workbook(Contents(stays, findings, names, tuple(notes.items()), language))


def _of_run(table: str, number: int, scope: access.Scope, nothing: pl.DataFrame) -> pl.DataFrame:
    lake = lakes.lake()
    if not lake.exists(table):
        return nothing
    rows = lake.scan(table).filter(pl.col("run_number") == number)
    if isinstance(scope, frozenset):
        rows = rows.filter(pl.col("institution_code").is_in(sorted(scope)))
    return rows.select(nothing.columns).collect()


@lru_cache(maxsize=2)
def _current(root: str, version: int, checked: int) -> pl.DataFrame | None:
    rows = _newest(lakes.Lake(root), version, checked)
    if rows.select(pl.len()).collect().item() > ROWS_KEPT_MAX:
        return None
    return rows.collect()


def _newest(lake: lakes.Lake, version: int, checked: int) -> pl.LazyFrame:
    stay = ["institution_code", "settlement_id"]
    newest = lake.scan(tables.CHECKED_STAY.name, checked).group_by(stay).agg(pl.col("run_number").max())
    rows = lake.scan(tables.FINDING.name, version).join(newest, on=[*stay, "run_number"], how="semi")
    return _with_month(rows.select(tables.FINDING.column_names))


def _with_month(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.with_columns(discharge_month=pl.col("discharged_on").dt.strftime("%Y-%m"))
