"""名称的读取: names of groups, major categories, diagnoses and procedures, as a scheme publishes them (Chinese)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from sanyi.insurance.grouping.engine import library
from sanyi.insurance.grouping.engine.names import code_name


@cache
def drg_names(scheme: str) -> Mapping[str, str]:
    """病种组名称: by code."""
    rows = library.table("drg_name").filter(pl.col("scheme") == scheme).select("drg", "name")
    return {drg: (name or "").strip() for drg, name in rows.iter_rows()}


@cache
def mdc_names(scheme: str) -> Mapping[str, str]:
    """主要诊断大类名称: by code, in the order of evaluation."""
    rows = library.table("mdc").filter(pl.col("scheme") == scheme).sort("seq").select("mdc", "mdc_name")
    return {mdc: name.strip() for mdc, name in rows.iter_rows()}


def diagnosis_name(scheme: str, code: str | None) -> str:
    """诊断名称: empty when it has none."""
    return code_name(scheme, "dx", code) if code else ""


def procedure_name(scheme: str, code: str | None) -> str:
    """手术操作名称: empty when it has none."""
    return code_name(scheme, "px", code) if code else ""


@cache
def scheme_sizes() -> pl.DataFrame:
    """方案规模: scheme, mdc_count, adrg_count, drg_count (groups that rules can give)."""
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
    rules = library.table("adrg").filter(pl.col("scheme") == scheme)
    candidates = library.table("drg").filter(pl.col("scheme") == scheme).select("adrg_seq", "drg")
    places = rules.select(adrg_seq="seq", mdc="mdc", adrg="adrg")
    found = candidates.join(places, on="adrg_seq").select("drg", "mdc", "adrg").unique("drg")
    named = library.table("drg_name").filter(pl.col("scheme") == scheme).select("drg", "name")
    return named.join(found, on="drg", how="left").with_columns(pl.col("name").str.strip_chars()).sort("drg")
