"""随附编码表: names, sections, treatment kinds and the list of primary-care diseases, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

from sanyi.insurance.dip.codes import Treatment

_DATA = Path(__file__).resolve().parent.parent / "data"
RANKS = {treatment.value: rank for rank, treatment in enumerate(Treatment)}
"""治疗属性的强弱: 0 conservative to 3 surgery."""
TREATMENTS = {rank: name for name, rank in RANKS.items()}


@cache
def procedure_ranks() -> dict[str, int]:
    """手术操作的治疗属性: code to rank."""
    rows = pl.read_parquet(_DATA / "procedure.parquet").select("code", "treatment")
    return {code: RANKS[treatment] for code, treatment in rows.iter_rows()}


@cache
def procedure_names() -> dict[str, str]:
    """手术操作名称."""
    return dict(pl.read_parquet(_DATA / "procedure.parquet").select("code", "name").iter_rows())


@cache
def category_names() -> dict[str, str]:
    """四位类目名称."""
    return dict(pl.read_parquet(_DATA / "category.parquet").iter_rows())


@cache
def sections() -> dict[str, str]:
    """三位类目所属的节."""
    return dict(pl.read_parquet(_DATA / "section.parquet").select("category", "section").iter_rows())


@cache
def section_names() -> dict[str, str]:
    """节与三位类目的名称: of a section its own, of a three-character category that of its section."""
    rows = pl.read_parquet(_DATA / "section.parquet")
    own = dict(rows.select("category", "name").iter_rows())
    return own | dict(rows.select("section", "name").iter_rows())


@cache
def basic_diseases() -> tuple[tuple[int, str, frozenset[str]], ...]:
    """国家基层病种目录: number, beginning of the diagnosis, procedures (none: conservative)."""
    rows = pl.read_parquet(_DATA / "basic_disease.parquet").select("number", "diagnosis_prefix", "procedure_codes")
    return tuple(
        (number, prefix, frozenset(code for code in codes.split("|") if code))
        for number, prefix, codes in rows.iter_rows()
    )
