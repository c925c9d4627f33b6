"""区划服务: load the shipped tables, ask for children, path, outline, points and population."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.db.models import QuerySet

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.places import jobs
from sanyi.registry.places.codes import PLACE_CODE_WRONG, PLACE_UNKNOWN, Level, PopulationBase, PositionBasis
from sanyi.registry.places.models import Boundary, Place, Population
from sanyi.registry.places.rules import chain_codes, checked_code, level_of
from sanyi.registry.places.rules import code_range as code_range  # other topics search by area, too
from sanyi.registry.statements import marks, rows_of

OUTLINE_SOURCE = "DataV GeoAtlas（GeoMapData_CN @ 4871c5a，2022-01；未注明许可），GCJ-02 转 WGS-84 并简化"
BATCH_SIZE = 2000

divisions = jobs.divisions
outlines = jobs.outlines
township_points = jobs.township_points
divisions_of = jobs.divisions_of
counties_with_villages = jobs.counties_with_villages


def load_places(county_code: str | None = None, progress: Callable[[int, int], None] | None = None) -> int:
    """装载区划: write the shipped places, points, outlines and counts; loading again changes nothing.

    ``county_code`` keeps the townships and villages of one county only; None loads all 47,820 places.
    ``progress(done, total)`` is called along the way. Returns the number of places.
    RefusedError for a county whose villages are not shipped.
    """
    frame = jobs.divisions() if county_code is None else jobs.divisions_of(county_code)
    frame = frame.join(jobs.township_points().drop("name"), on="code", how="left").sort("code")
    with transaction.atomic():
        for start in range(0, frame.height, BATCH_SIZE):
            Place.objects.bulk_create(
                [_place(row) for row in frame.slice(start, BATCH_SIZE).iter_rows(named=True)],
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=[
                    "name",
                    "level",
                    "parent",
                    "township_type",
                    "committee_type",
                    "longitude_e6",
                    "latitude_e6",
                    "position_basis",
                ],
            )
            if progress is not None:
                progress(min(start + BATCH_SIZE, frame.height), frame.height)
        known = set(frame["code"])
        _load_boundaries(known)
        _load_population(known)
    return frame.height


def get(code: str) -> Place:
    """取区划: RefusedError when the code is malformed or unknown."""
    place = Place.objects.filter(code=checked_code(code)).first()
    if place is None:
        raise RefusedError(PLACE_UNKNOWN(code=code))
    return place


def require(codes: Iterable[str]) -> None:
    """查验区划: RefusedError naming every code that is not a known place."""
    wanted = set(codes)
    known = (
        set(Place.objects.filter(code__in=wanted).values_list("code", flat=True))
        if len(wanted) < 500
        else set(all_codes())
    )
    missing = sorted(wanted - known)
    if missing:
        raise RefusedError([PLACE_UNKNOWN(code=code) for code in missing[:100]])


def all_codes() -> list[str]:
    """全部代码: one query, every loaded place."""
    return list(Place.objects.order_by().values_list("code", flat=True))


def children(code: str) -> QuerySet[Place]:
    """下级: the places directly below, in the order of codes."""
    return Place.objects.filter(parent_id=code).order_by("code")


def places_in(code: str, level: Level) -> QuerySet[Place]:
    """辖区内某级: every place of a level that is the place or lies in it, in the order of codes."""
    return Place.objects.filter(level=level, code__range=code_range(code)).order_by("code")


def names_in(code: str, level: Level) -> list[tuple[str, str]]:
    """辖区内某级的名称: code and name of each, in the order of codes; by a statement written out, for a busy page."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name FROM registry_place WHERE level = %s AND code BETWEEN %s AND %s ORDER BY code",
            [level.value, *code_range(code)],
        )
        return list(cursor.fetchall())


def path(code: str) -> list[Place]:
    """上级链: from the province down to the place itself (the nation is left out unless it is asked for)."""
    codes = chain_codes(checked_code(code))
    found = {place.code: place for place in rows_of(Place, f"code IN ({marks(codes)})", codes)}
    if code not in found:
        raise RefusedError(PLACE_UNKNOWN(code=code))
    return [
        found[above]
        for above in reversed(codes)
        if above in found and (above == code or level_of(above) != Level.NATION)
    ]


def path_text(code: str) -> str:
    """全称: 山西省运城市芮城县古魏镇…"""
    return "".join(place.name for place in path(code))


def names(codes: Iterable[str]) -> dict[str, str]:
    """名称: code to name in one query; unknown codes are absent."""
    return dict(Place.objects.filter(code__in=set(codes)).values_list("code", "name"))


def boundary(code: str) -> dict[str, Any] | None:
    """边界: a GeoJSON feature in WGS-84, or None when no outline is known."""
    found = Boundary.objects.select_related("place").filter(place_id=checked_code(code)).first()
    return None if found is None else _feature(found)


def map_data(code: str) -> dict[str, Any]:
    """地图数据: the outlines inside a place (or the one around it) and the points of the places below it.

    Returns ``{"outlines": FeatureCollection, "points": [{code, name, longitude, latitude, basis}], "sources": [...]}``.
    """
    inside = Boundary.objects.select_related("place").filter(place__code__range=code_range(checked_code(code)))
    found = list(inside.order_by("place_id"))
    if not found:
        found = list(Boundary.objects.select_related("place").filter(place_id__in=chain_codes(code)))
    points = Place.objects.filter(code__range=code_range(code), longitude_e6__isnull=False).order_by("code")
    return {
        "outlines": {"type": "FeatureCollection", "features": [_feature(item) for item in found]},
        "points": [_point(place) for place in points],
        "sources": sorted({item.source for item in found}),
    }


def population(code: str, on: date | None = None, base: PopulationBase | None = None) -> Population | None:
    """人口: the latest count of the whole place on or before a day, of one base when it is named."""
    counts = Population.objects.filter(place_id=checked_code(code), part_name="")
    if on is not None:
        counts = counts.filter(counted_on__lte=on)
    if base is not None:
        counts = counts.filter(base=base)
    return counts.order_by("-counted_on", "base").first()


def populations(code: str) -> list[Population]:
    """历次人口: every count of the whole place, the latest first; of different bases, which are never added."""
    return list(Population.objects.filter(place_id=checked_code(code), part_name="").order_by("-counted_on", "base"))


def search(text: str, limit: int = 20) -> list[Place]:
    """检索: places by the beginning of the code or by a part of the name, higher levels first."""
    words = text.strip()
    if not words:
        return []
    if words.isascii() and words.isdigit():
        found = Place.objects.filter(code__startswith=words[:12])
    elif len(words) > 60:
        raise RefusedError(PLACE_CODE_WRONG(text=words))
    else:
        found = Place.objects.filter(name__contains=words)
    order = {level.value: position for position, level in enumerate(Level)}
    return sorted(found.order_by("code")[: limit * 20], key=lambda place: (order[place.level], place.code))[:limit]


def _place(row: dict[str, Any]) -> Place:
    return Place(
        code=row["code"],
        name=row["name"],
        level=row["level"],
        parent_id=row["parent_code"],
        township_type=row["township_type"],
        committee_type=row["committee_type"],
        longitude_e6=row["longitude_e6"],
        latitude_e6=row["latitude_e6"],
        position_basis=row["position_basis"] or "",
    )


def _load_boundaries(known: set[str]) -> None:
    rows = []
    for feature in jobs.outlines():
        given = dict(feature["properties"])
        code = given.pop("code")
        given.pop("name")
        if code in known:
            rows.append(Boundary(place_id=code, geometry=feature["geometry"], source=OUTLINE_SOURCE, **given))
    fields = [field.name for field in Boundary._meta.concrete_fields if not field.primary_key]
    Boundary.objects.bulk_create(rows, update_conflicts=True, unique_fields=["place"], update_fields=fields)


def _load_population(known: set[str]) -> None:
    frame = jobs.population().filter(pl.col("code").is_in(list(known)))
    rows = [
        Population(
            place_id=row["code"],
            part_name=row["part_name"],
            base=row["base"],
            counted_on=row["counted_on"],
            person_count=row["person_count"],
            source=row["source"],
        )
        for row in frame.iter_rows(named=True)
    ]
    Population.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["place", "part_name", "base", "counted_on"],
        update_fields=["person_count", "source"],
    )


def _feature(found: Boundary) -> dict[str, Any]:
    properties = {
        "code": found.place_id,
        "name": found.place.name,
        "area_hectares": found.area_hectares,
        "centre": [found.centre_longitude_e6 / 1_000_000, found.centre_latitude_e6 / 1_000_000],
        "source": found.source,
        "is_licence_stated": found.is_licence_stated,
    }
    return {"type": "Feature", "properties": properties, "geometry": found.geometry}


def _point(place: Place) -> dict[str, Any]:
    assert place.longitude_e6 is not None and place.latitude_e6 is not None
    return {
        "code": place.code,
        "name": place.name,
        "longitude": place.longitude_e6 / 1_000_000,
        "latitude": place.latitude_e6 / 1_000_000,
        "basis": place.position_basis,
        "basis_zh": PositionBasis(place.position_basis).zh,
    }
