"""区划接口: one place, the places below it, its outline."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.places import services
from sanyi.registry.places.models import Place

routes = Routes("registry.places.api")


class PlaceAnswer(Schema):
    """区划."""

    code: str
    name: str
    level: str
    parent_code: str | None
    township_type: str
    committee_type: str
    longitude_e6: int | None
    latitude_e6: int | None
    position_basis: str

    @staticmethod
    def resolve_parent_code(place: Place) -> str | None:
        """上级代码."""
        return place.parent_id


@routes.api(
    "GET",
    "/places/{code}",
    name="read",
    permission=Permission.PLACE_READ,
    purpose=AT_WORK,
    zh="查询区划",
    en="Read a place",
    response=PlaceAnswer,
)
def read_place(request: GuardedRequest, code: str) -> Place:
    """查询区划: by its 12-digit code."""
    return services.get(code)


@routes.api(
    "GET",
    "/places/{code}/children",
    name="children",
    permission=Permission.PLACE_READ,
    purpose=AT_WORK,
    zh="查询下级区划",
    en="Places below",
    response=list[PlaceAnswer],
)
def read_children(request: GuardedRequest, code: str) -> Any:
    """查询下级区划: directly below, in the order of codes."""
    return services.children(services.get(code).code)


@routes.api(
    "GET",
    "/places/{code}/boundary",
    name="boundary",
    permission=Permission.PLACE_READ,
    purpose=AT_WORK,
    zh="查询边界",
    en="Outline of a place",
)
def read_boundary(request: GuardedRequest, code: str) -> dict[str, Any]:
    """查询边界: a GeoJSON feature in WGS-84; ``geometry`` is null when no outline is known."""
    place = services.get(code)
    return services.boundary(code) or {"type": "Feature", "properties": {"code": place.code}, "geometry": None}
