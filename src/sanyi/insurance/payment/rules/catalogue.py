"""病种目录: single diseases, day surgery and TCM advantage diseases, found by main diagnosis and procedures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from sanyi.insurance.payment.codes import CATALOGUE_METHODS, Method
from sanyi.insurance.payment.rules.policy_rows import rows_of, wrong
from sanyi.insurance.payment.rules.rule_set import Edition

ROW_COLUMN = {method: f"_row_{method.value}" for method in CATALOGUE_METHODS}
"""目录行列: the column that holds the row of each catalogue a stay fits, or null."""
_CASE = ["main_diagnosis_code", "procedure_codes"]


def catalogue_rows(edition: Edition, method: Method) -> list[Mapping[str, Any]]:
    """目录行: of a catalogue of the county, in order; none when it has no such catalogue."""
    value = edition.get(method.value)
    if value is None:
        return []
    if not isinstance(value, Mapping):
        raise wrong(method.value, "应有版本和目录行", "a version and rows are wanted")
    return rows_of(value.get("rows"), method.value)


def catalogue_count(edition: Edition, method: Method) -> tuple[int, int]:
    """目录病种数: how many rows the catalogue has, and how many of them have a price."""
    rows = catalogue_rows(edition, method)
    return len(rows), sum(1 for row in rows if row.get("prices"))


def with_rows(frame: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """找到目录行: for each catalogue the id of the first priced row that the stay fits, null when none does.

    A row without a price takes no stay: it is listed, and its stays go on to the next row of the order of methods.
    """
    cases = frame.select(_CASE).unique()
    for method in CATALOGUE_METHODS:
        rows = [row for row in catalogue_rows(edition, method) if row.get("prices")]
        index = _indexed(rows, method)
        found = [_row_of(main, codes, index) for main, codes in cases.select(_CASE).iter_rows()] if rows else None
        series = pl.Series(ROW_COLUMN[method], found or [None] * cases.height, dtype=pl.String)
        cases = cases.with_columns(series)
    return frame.join(cases, on=_CASE, how="left", nulls_equal=True, maintain_order="left")


def _indexed(rows: list[Mapping[str, Any]], method: Method) -> dict[str, list[tuple[int, Mapping[str, Any]]]]:
    """Rows by prefix of the main diagnosis, with their place in the catalogue."""
    index: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for place, row in enumerate(rows):
        if not row.get("id") or not row.get("diagnoses"):
            raise wrong(method.value, f"第 {place + 1} 行缺少编号或诊断", f"row {place + 1} lacks its id or diagnoses")
        for prefix in row["diagnoses"]:
            index.setdefault(prefix, []).append((place, row))
    return index


def _row_of(main: str | None, procedures: str | None, index: dict[str, list[tuple[int, Mapping[str, Any]]]]) -> Any:
    if not main:
        return None
    codes = [code for code in (procedures or "").split("|") if code]
    fitting = [
        (place, row["id"])
        for length in range(1, len(main) + 1)
        for place, row in index.get(main[:length], [])
        if _fits(row, codes)
    ]
    return min(fitting)[1] if fitting else None


def _fits(row: Mapping[str, Any], procedures: list[str]) -> bool:
    wanted = row.get("procedures") or []
    if row.get("is_conservative"):
        return not procedures
    return not wanted or any(code.startswith(prefix) for code in procedures for prefix in wanted)
