"""编码表: the shipped tables of codes and maps, read once."""

from functools import cache
from pathlib import Path

import polars as pl

from sanyi.exchange.mapping.codes import Edition, Kind

_DATA = Path(__file__).parent / "data"


@cache
def all_codes() -> pl.DataFrame:
    """全部编码: kind, edition, code, name, category_name, clinical_class, is_grey."""
    return pl.read_parquet(_DATA / "codes.parquet")


@cache
def all_maps() -> pl.DataFrame:
    """全部映射: kind, edition (of the source), code, target_code (of insurance edition 2.0)."""
    return pl.read_parquet(_DATA / "maps.parquet")


@cache
def insurance_codes(kind: Kind) -> pl.DataFrame:
    """医保版2.0编码: code, name, is_grey of one kind, sorted by code."""
    is_wanted = (pl.col("kind") == kind.value) & (pl.col("edition") == Edition.INSURANCE_2.value)
    return all_codes().filter(is_wanted).select("code", "name", "is_grey", "clinical_class").sort("code")
