"""门户服务: the address table collected from every installed topic, and what views ask of the doors."""

from collections.abc import Iterable
from functools import cache

from django.urls import URLPattern, URLResolver, path

from sanyi.registry.doors.codes import RouteKind, Subject
from sanyi.registry.doors.guard import may, may_open, note_persons, page_view
from sanyi.registry.doors.interface import interface
from sanyi.registry.doors.routes import GuardedRequest, Route, Routes
from sanyi.registry.doors.topics import topic_modules

__all__ = [
    "GuardedRequest",
    "Route",
    "Routes",
    "Subject",
    "collect",
    "may",
    "may_open",
    "note_persons",
    "patterns",
    "route",
    "route_table",
]


@cache
def route_table() -> tuple[Route, ...]:
    """路由总表: every declared route of every installed topic, in the order of areas and topics."""
    found: list[Route] = []
    for module in topic_modules("pages", "api"):
        routes = getattr(module, "routes", None)
        if isinstance(routes, Routes):
            found.extend(item for item in routes.items if item not in found)
    return tuple(found)


def route(full_name: str) -> Route:
    """一条路由: by its full name. Raises KeyError when there is none."""
    for item in route_table():
        if item.full_name == full_name:
            return item
    raise KeyError(full_name)


def collect() -> list[URLPattern | URLResolver]:
    """地址表: the guarded pages of every topic and the interface at ``api/v1/``; used by ``web/urls.py``."""
    return [*patterns(route_table()), path("api/v1/", interface().urls)]


def patterns(routes: Iterable[Route]) -> list[URLPattern | URLResolver]:
    """页面地址: the patterns of these routes' pages."""
    return [path(item.path, page_view(item), name=item.full_name) for item in routes if item.kind is RouteKind.PAGE]
