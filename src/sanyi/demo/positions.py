"""演示县机构坐标: where institutions stand on the county map, and on what the position rests.

Institutions at the county seat stand around its point; in a township with a known point they stand there; all others
are spread over the county inside its outline, for illustration only, and are marked so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sanyi.registry.places import services as places
from sanyi.registry.places.codes import PositionBasis

E6 = 1_000_000
_GRID, _RING_DEGREES = 40, 0.012
_AT_SEAT = frozenset(
    {"county_hospital", "tcm_hospital", "specialty_hospital", "mch_centre", "cdc", "emergency_centre", "blood_station"}
)
_IN_TOWNSHIPS = ("township_hospital", "community_centre", "branch")
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Position:
    """坐标: millionths of a degree."""

    longitude_e6: int
    latitude_e6: int
    basis: PositionBasis


def positions(institutions: pl.DataFrame, county_code: str) -> dict[str, Position]:
    """机构坐标: by code; columns code, kind, place_code. Bureaus and village clinics get none."""
    outline = next((one for one in places.outlines() if one["properties"]["code"] == county_code), None)
    if outline is None:
        return {}
    seat = np.array([outline["properties"][f"seat_{axis}_e6"] / E6 for axis in ("longitude", "latitude")])
    found = dict(_around_seat(institutions, seat))
    known = {
        row["code"]: np.array([row["longitude_e6"] / E6, row["latitude_e6"] / E6])
        for row in places.township_points().iter_rows(named=True)
        if row["longitude_e6"] is not None and row["position_basis"] == PositionBasis.NAMED_POINT
    }
    spread = _Spread(
        outline, np.vstack([seat, *(point for code, point in known.items() if code[:6] == county_code[:6])])
    )
    for kind in _IN_TOWNSHIPS:
        for code, place in institutions.filter(pl.col("kind") == kind).sort("code").select("code", "place_code").rows():
            township = place[:9] + "000"
            point = known.pop(township, None)
            basis = PositionBasis.ILLUSTRATIVE if point is None else PositionBasis.TOWNSHIP_POINT
            found[code] = _position(spread.next() if point is None else point, basis)
    return found


def _around_seat(institutions: pl.DataFrame, seat: Points) -> Iterator[tuple[str, Position]]:
    codes = institutions.filter(pl.col("kind").is_in(sorted(_AT_SEAT))).sort("code")["code"].to_list()
    for number, code in enumerate(codes):
        angle = 2 * np.pi * number / max(1, len(codes))
        offset = _RING_DEGREES * np.array([np.cos(angle), np.sin(angle)]) * (len(codes) > 1)
        yield code, _position(seat + offset, PositionBasis.COUNTY_SEAT)


class _Spread:
    """Points inside the outline, each as far as possible from all before it."""

    def __init__(self, outline: dict[str, Any], taken: Points) -> None:
        rings = _rings(outline["geometry"])
        corners = np.vstack(rings)
        axes = [np.linspace(corners[:, axis].min(), corners[:, axis].max(), _GRID + 2)[1:-1] for axis in (0, 1)]
        grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        self._free = grid[_inside(grid, rings)]
        # The outline itself counts as taken, half as strongly, so that nobody is put on the border.
        border = 2 * _distance(self._free, corners[:: max(1, len(corners) // 200)])
        self._distance = np.minimum(_distance(self._free, taken), border)

    def next(self) -> Points:
        """The free point that is farthest from everything taken."""
        point: Points = self._free[int(np.argmax(self._distance))]
        self._distance = np.minimum(self._distance, _distance(self._free, point[None]))
        return point


def _position(point: Points, basis: PositionBasis) -> Position:
    return Position(round(float(point[0]) * E6), round(float(point[1]) * E6), basis)


def _rings(geometry: dict[str, Any]) -> list[Points]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [np.array(ring, dtype=float) for polygon in polygons for ring in polygon]


def _inside(points: Points, rings: list[Points]) -> NDArray[np.bool_]:
    """Even-odd rule over all rings, so that holes stay out."""
    inside = np.zeros(len(points), dtype=bool)
    x, y = points[:, :1], points[:, 1:]
    for ring in rings:
        x1, y1, x2, y2 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
        crosses = (y1 > y) != (y2 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        inside ^= (crosses & (x < at)).sum(axis=1) % 2 == 1
    return inside


def _distance(points: Points, others: Points) -> Points:
    """Distance to the nearest of the others, in degrees; good enough for spreading."""
    gaps = points[:, None, :] - others[None, :, :]
    nearest: Points = np.sqrt((gaps**2).sum(axis=-1)).min(axis=1)
    return nearest
