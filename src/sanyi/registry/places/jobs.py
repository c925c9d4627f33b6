"""随附区划数据: the shipped files as tables. No Django here; one row per place, outline, point or count."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.places.codes import (
    CODE_LENGTH,
    COUNTY_WITHOUT_VILLAGES,
    NATION_CODE,
    CommitteeType,
    Level,
    TownshipType,
)
from sanyi.registry.places.rules import checked_code, code_range

DATA = Path(__file__).parent / "data"
NATION_NAME = "全国"


@lru_cache(maxsize=1)
def divisions() -> pl.DataFrame:
    """全部随附区划: code, name, level, parent_code, township_type, committee_type; 47,820 rows in the order of codes.

    The same rules as ``rules.py``, on columns; the tests hold both to the same answers on every row.
    """
    shipped = pl.read_parquet(DATA / "divisions.parquet").with_columns(pl.col("code").cast(pl.String))
    nation = pl.DataFrame({"code": [NATION_CODE], "name": [NATION_NAME]}, schema_overrides={"code": pl.String})
    return pl.concat([nation, shipped], how="diagonal").with_columns(
        _level().alias("level"),
        _parent().alias("parent_code"),
        _township_type().alias("township_type"),
        _committee_type().alias("committee_type"),
    )


def divisions_of(county_code: str) -> pl.DataFrame:
    """一县所需区划: every province, prefecture and county of the nation, and all townships and villages of the county.

    RefusedError when the code is not a division code or its villages are not shipped.
    """
    checked_code(county_code)
    if county_code not in counties_with_villages():
        raise RefusedError(COUNTY_WITHOUT_VILLAGES(code=county_code, available="、".join(counties_with_villages())))
    first, last = code_range(county_code)
    upper = pl.col("level").is_in(
        [Level.NATION.value, Level.PROVINCE.value, Level.PREFECTURE.value, Level.COUNTY.value]
    )
    return divisions().filter(upper | pl.col("code").is_between(pl.lit(first), pl.lit(last)))


@lru_cache(maxsize=1)
def counties_with_villages() -> tuple[str, ...]:
    """随附村级区划的县: the codes of counties whose villages are shipped."""
    villages = divisions().filter(pl.col("level") == Level.VILLAGE.value)
    return tuple(villages.select(pl.col("code").str.slice(0, 6) + "000000").unique().to_series().sort())


def township_points() -> pl.DataFrame:
    """乡镇坐标: code, name, longitude_e6, latitude_e6, position_basis."""
    return pl.read_csv(DATA / "township_points.csv", schema_overrides={"code": pl.String})


def population() -> pl.DataFrame:
    """人口: code, part_name, counted_on, base, person_count, source."""
    frame = pl.read_csv(DATA / "population.csv", schema_overrides={"code": pl.String}, try_parse_dates=True)
    return frame.with_columns(pl.col("part_name").fill_null(""))


@lru_cache(maxsize=1)
def outlines() -> tuple[dict[str, Any], ...]:
    """县界: GeoJSON features in WGS-84 with code, name, area and centre."""
    collection = json.loads((DATA / "county_outlines.geojson").read_text(encoding="utf-8"))
    return tuple(collection["features"])


def _level() -> pl.Expr:
    code = pl.col("code")
    return (
        pl.when(code == NATION_CODE)
        .then(pl.lit(Level.NATION.value))
        .when(code.str.ends_with("0" * 10))
        .then(pl.lit(Level.PROVINCE.value))
        .when(code.str.ends_with("0" * 8))
        .then(pl.lit(Level.PREFECTURE.value))
        .when(code.str.ends_with("0" * 6))
        .then(pl.lit(Level.COUNTY.value))
        .when(code.str.ends_with("0" * 3))
        .then(pl.lit(Level.TOWNSHIP.value))
        .otherwise(pl.lit(Level.VILLAGE.value))
    )


def _parent() -> pl.Expr:
    code, level = pl.col("code"), _level()
    return (
        pl.when(level == Level.NATION.value)
        .then(None)
        .when(level == Level.PROVINCE.value)
        .then(pl.lit(NATION_CODE))
        .when(level == Level.PREFECTURE.value)
        .then(code.str.slice(0, 2).str.pad_end(CODE_LENGTH, "0"))
        .when(level == Level.COUNTY.value)
        .then(code.str.slice(0, 4).str.pad_end(CODE_LENGTH, "0"))
        .when(level == Level.TOWNSHIP.value)
        .then(code.str.slice(0, 6).str.pad_end(CODE_LENGTH, "0"))
        .otherwise(code.str.slice(0, 9).str.pad_end(CODE_LENGTH, "0"))
    )


def _township_type() -> pl.Expr:
    number = pl.col("code").str.slice(6, 3).cast(pl.Int32)
    return (
        pl.when(_level() != Level.TOWNSHIP.value)
        .then(pl.lit(""))
        .when(number < 100)
        .then(pl.lit(TownshipType.SUBDISTRICT.value))
        .when(number < 200)
        .then(pl.lit(TownshipType.TOWN.value))
        .when(number < 400)
        .then(pl.lit(TownshipType.TOWNSHIP.value))
        .otherwise(pl.lit(TownshipType.FUNCTIONAL_ZONE.value))
    )


def _committee_type() -> pl.Expr:
    """The file says it for the villages it has; where it does not, the number does."""
    number = pl.col("code").str.slice(9, 3).cast(pl.Int32)
    by_number = (
        pl.when((number < 200) | number.is_between(400, 499))
        .then(pl.lit(CommitteeType.RESIDENTIAL.value))
        .otherwise(pl.lit(CommitteeType.VILLAGE.value))
    )
    shipped = pl.coalesce(pl.col("committee_type"), by_number)
    return pl.when(_level() == Level.VILLAGE.value).then(shipped).otherwise(pl.lit(""))
