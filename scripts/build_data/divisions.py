"""Divisions, outlines, points and population: a list of codes and names; level and parent follow from the code.

Writes ``registry/places/data``. Sources and licences: the README beside the files.
"""

import json
from pathlib import Path

import polars as pl

POINT_BASES = {
    "exact_name": "named_point",
    "core_name": "named_point",
    "pinyin": "named_point",
    "county_seat_approx": "county_seat",
}
POPULATION_BASES = {
    "census_resident": "census_resident",
    "census_urban": "census_urban",
    "resident": "resident",
    "registered": "registered",
}
# Counties that were dissolved, with the county that took them over. Their counts stay, marked as a part of it.
# In 2021 梅列区 and 三元区 of 三明市 became the new 三元区, and 沙县 became 沙县区.
SUCCESSORS = {"350402000000": ("350404000000", "原梅列区"), "350403000000": ("350404000000", "原三元区")}


def build(source: Path, target: Path) -> None:
    """Read ``source/admin``; write the topic's data folder under ``target``."""
    out = target / "registry" / "places" / "data"
    out.mkdir(parents=True, exist_ok=True)
    _write_divisions(source / "admin", out / "divisions.parquet")
    _write_outlines(source / "admin" / "county_boundaries.geojson", out / "county_outlines.geojson")
    _write_points(source / "admin" / "township_points.csv", out / "township_points.csv")
    _write_population(source / "admin" / "county_population.csv", out / "population.csv")


def _write_divisions(folder: Path, path: Path) -> None:
    """Code as a number, name, and the kind of committee where the code alone does not tell it."""
    nation = pl.read_parquet(folder / "divisions_national_to_township.parquet").select("code", "name")
    detailed = pl.read_csv(folder / "divisions_places.csv", infer_schema=False).filter(pl.col("level") == "village")
    villages = detailed.select("code", "name", pl.col("committee_type"))
    everything = pl.concat([nation.with_columns(committee_type=pl.lit(None, pl.String)), villages])
    everything = everything.with_columns(pl.col("code").cast(pl.Int64)).sort("code")
    if everything["code"].n_unique() != everything.height:
        raise ValueError("a division code occurs twice")
    everything.write_parquet(path, compression="zstd", compression_level=22, statistics=False, row_group_size=100_000)


def _write_outlines(source: Path, path: Path) -> None:
    """The outlines with degrees as they are and centres as millionths of a degree."""
    collection = json.loads(source.read_text(encoding="utf-8"))
    features = []
    for feature in collection["features"]:
        given = feature["properties"]
        properties = {
            "code": given["code"],
            "name": given["name"],
            "area_hectares": round(given["area_km2"] * 100),
            "centre_longitude_e6": round(given["centroid_lon"] * 1_000_000),
            "centre_latitude_e6": round(given["centroid_lat"] * 1_000_000),
            "seat_longitude_e6": round(given["seat_lon"] * 1_000_000),
            "seat_latitude_e6": round(given["seat_lat"] * 1_000_000),
        }
        features.append({"type": "Feature", "properties": properties, "geometry": feature["geometry"]})
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")


def _write_points(source: Path, path: Path) -> None:
    """Only townships with a point; a township without one has none here either."""
    points = pl.read_csv(source, schema_overrides={"code": pl.String})
    points = points.filter(pl.col("lon").is_not_null()).select(
        "code",
        "name",
        (pl.col("lon") * 1_000_000).round().cast(pl.Int64).alias("longitude_e6"),
        (pl.col("lat") * 1_000_000).round().cast(pl.Int64).alias("latitude_e6"),
        pl.col("match").replace_strict(POINT_BASES).alias("position_basis"),
    )
    points.sort("code").write_csv(path)


def _write_population(source: Path, path: Path) -> None:
    """Each count with base, day and source; counts of dissolved counties are moved to their successor as a part."""
    rows = pl.read_csv(source, infer_schema=False)
    moved = [SUCCESSORS.get(code, (code, "")) for code in rows["code"]]
    rows.select(
        pl.Series("code", [code for code, _ in moved]),
        pl.Series("part_name", [part for _, part in moved]),
        pl.col("date").alias("counted_on"),
        pl.col("measure").replace_strict(POPULATION_BASES).alias("base"),
        pl.col("population").alias("person_count"),
        # "same bulletin" points to the row above; here every row stands alone
        pl.when(pl.col("source") == "same bulletin")
        .then(None)
        .otherwise(pl.col("source"))
        .forward_fill()
        .alias("source"),
    ).write_csv(path)
