"""名称的读取: names of groups, major categories, diagnoses and procedures, as a scheme publishes them (Chinese)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from sanyi.insurance.grouping.engine import library
from sanyi.insurance.grouping.engine import package as packages
from sanyi.insurance.grouping.engine.names import code_name


def is_imported(scheme: str) -> bool:
    """是否导入的方案: as opposed to those that are shipped."""
    return packages.package(scheme) is not None


@cache
def drg_names(scheme: str) -> Mapping[str, str]:
    """病种组名称: by code."""
    imported = packages.package(scheme)
    if imported is not None:
        return imported.names
    rows = library.table("drg_name").filter(pl.col("scheme") == scheme).select("drg", "name")
    return {drg: (name or "").strip() for drg, name in rows.iter_rows()}


@cache
def mdc_names(scheme: str) -> Mapping[str, str]:
    """主要诊断大类名称: by code, in the order of evaluation."""
    imported = packages.package(scheme)
    if imported is not None:
        return {mdc: name for mdc, name, _ in imported.gates}
    rows = library.table("mdc").filter(pl.col("scheme") == scheme).sort("seq").select("mdc", "mdc_name")
    return {mdc: name.strip() for mdc, name in rows.iter_rows()}


def diagnosis_name(scheme: str, code: str | None) -> str:
    """诊断名称: empty when it has none."""
    return code_name(scheme, "dx", code) if code else ""


def procedure_name(scheme: str, code: str | None) -> str:
    """手术操作名称: empty when it has none."""
    return code_name(scheme, "px", code) if code else ""


def scheme_sizes() -> pl.DataFrame:
    """方案规模: scheme, mdc_count, adrg_count, drg_count (groups that rules can give)."""
    shipped = _shipped_sizes()
    rows = [_imported_size(key) for key in packages.imported_keys()]
    return pl.concat([shipped, pl.DataFrame(rows, schema=shipped.schema, orient="row")]) if rows else shipped


@cache
def _imported_size(key: str) -> tuple[str, int, int, int]:
    found = packages.package(key)
    assert found is not None
    adrgs = {rule.adrg for rule in found.rules if not rule.is_ambiguous}
    return key, len(found.gates), len(adrgs), len({drg for _, drg, _ in found.candidates})


@cache
def _shipped_sizes() -> pl.DataFrame:
    mdcs = library.table("mdc").group_by("scheme").agg(mdc_count=pl.col("mdc").n_unique().cast(pl.Int64))
    adrgs = (
        library.table("adrg")
        .filter(pl.col("kind") == "adrg")
        .group_by("scheme")
        .agg(adrg_count=pl.col("adrg").n_unique().cast(pl.Int64))
    )
    drgs = (
        library.table("drg_name").filter(pl.col("in_rules")).group_by("scheme").agg(drg_count=pl.len().cast(pl.Int64))
    )
    return mdcs.join(adrgs, on="scheme").join(drgs, on="scheme")


@cache
def groups_of(scheme: str) -> pl.DataFrame:
    """病种组目录: drg, name, mdc, adrg of a scheme, in the order of codes."""
    imported = packages.package(scheme)
    if imported is not None:
        return _imported_groups(imported)
    rules = library.table("adrg").filter(pl.col("scheme") == scheme)
    candidates = library.table("drg").filter(pl.col("scheme") == scheme).select("adrg_seq", "drg")
    places = rules.select(adrg_seq="seq", mdc="mdc", adrg="adrg")
    found = candidates.join(places, on="adrg_seq").select("drg", "mdc", "adrg").unique("drg")
    named = library.table("drg_name").filter(pl.col("scheme") == scheme).select("drg", "name")
    return named.join(found, on="drg", how="left").with_columns(pl.col("name").str.strip_chars()).sort("drg")


def _imported_groups(found: packages.SchemePackage) -> pl.DataFrame:
    places = {rule.seq: (rule.mdc, rule.adrg) for rule in found.rules}
    given: dict[str, tuple[str | None, str | None]] = dict.fromkeys(found.names, (None, None))
    for seq, drg, _ in found.candidates:
        given[drg] = places[seq]
    rows = [(drg, found.names.get(drg, ""), mdc, adrg) for drg, (mdc, adrg) in given.items()]
    names = ("drg", "name", "mdc", "adrg")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row").sort("drg")
