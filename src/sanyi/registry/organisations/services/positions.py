"""机构坐标: where institutions stand, for maps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sanyi.registry.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Position:
    """机构位置: degrees in WGS-84."""

    code: str
    name: str
    kind: str
    longitude: float
    latitude: float


def positions(codes: Iterable[str]) -> dict[str, Position]:
    """机构坐标: of those that have one, by code."""
    rows = Organisation.objects.filter(code__in=set(codes), longitude_e6__isnull=False).values_list(
        "code", "short_name", "name", "kind", "longitude_e6", "latitude_e6"
    )
    return {
        code: Position(code, short or name, kind, longitude / 1_000_000, latitude / 1_000_000)
        for code, short, name, kind, longitude, latitude in rows
        if longitude is not None and latitude is not None
    }
