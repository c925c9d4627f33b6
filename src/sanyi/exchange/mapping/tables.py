"""编码表: the shipped tables of codes and maps, read once."""

import re
import unicodedata
from functools import cache
from pathlib import Path

import polars as pl

from sanyi.exchange.mapping.codes import Edition, Kind

_DATA = Path(__file__).parent / "data"

RESOLVED = pl.Schema(
    {
        "code": pl.String(),
        "outcome": pl.String(),
        "target_code": pl.String(),
        "candidates": pl.List(pl.String),
        "is_grey": pl.Boolean(),
    }
)
"""映射结果: one row per code asked: its outcome, the code of insurance edition 2.0, and what to choose from."""


def canonical_code(text: str, kind: Kind) -> str:
    """规范写法: half-width, no blanks, letters in capitals, the extension mark ``x`` small.

    X begins chapter XX (X01.x00), so in a diagnosis only an X behind the point is the mark.
    """
    code = re.sub("[\\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", text)).upper()
    if kind is Kind.PROCEDURE:
        return code.replace("X", "x")
    return re.sub(r"(?<=[.0-9])X", "x", code.replace("†", "+"))


@cache
def all_codes() -> pl.DataFrame:
    """全部编码: kind, edition, code, name, category_name, clinical_class, is_grey."""
    return pl.read_parquet(_DATA / "codes.parquet")


@cache
def all_maps() -> pl.DataFrame:
    """全部映射: kind, edition (of the source), code, target_code (of insurance edition 2.0)."""
    return pl.read_parquet(_DATA / "maps.parquet")


@cache
def code_index() -> pl.DataFrame:
    """编码索引: kind, edition, code, is_grey of all codes; a third of the whole table, for work that shows no names."""
    return pl.read_parquet(_DATA / "codes.parquet", columns=["kind", "edition", "code", "is_grey"])


@cache
def insurance_codes(kind: Kind) -> pl.DataFrame:
    """医保版2.0编码: code, name, is_grey of one kind, sorted by code."""
    is_wanted = (pl.col("kind") == kind.value) & (pl.col("edition") == Edition.INSURANCE_2.value)
    return all_codes().filter(is_wanted).select("code", "name", "is_grey", "clinical_class").sort("code")


@cache
def _listed(kind: Kind) -> pl.Series:
    frames = [frame.filter(pl.col("kind") == kind.value).select("code") for frame in (code_index(), all_maps())]
    return pl.concat(frames)["code"].unique().sort()


def is_listed(kind: Kind, codes: pl.Series) -> pl.Series:
    """是否列出: whether any edition or map has these codes; quick for a few codes."""
    listed = _listed(kind)
    places = listed.search_sorted(codes)
    return (listed.gather(pl.select(pl.lit(places).clip(upper_bound=len(listed) - 1)).to_series()) == codes).alias(
        "code"
    )
