"""区划页面: the tree of divisions, one place with its map and counts of people, and its places below as a list."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sanyi.registry.access.codes import AT_WORK, Permission
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.listing import Filter, Kind, ListColumn, Listing, Row
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.places import services
from sanyi.registry.places.codes import (
    CommitteeType,
    Level,
    PopulationBase,
    PositionBasis,
    TownshipType,
)
from sanyi.registry.places.models import Place, Population

routes = Routes("registry.places")
NODES_MAX = 400


def _url(row: Row) -> str:
    return reverse("registry.places.detail", kwargs={"code": row["code"]})


def _words(kinds: Any) -> Any:
    def words(request: HttpRequest) -> dict[Any, str]:
        return {**kinds.mapping(language()), "": "—"}

    return words


PLACES = Listing(
    name="places",
    zh="下级区划",
    en="Places below",
    key="code",
    organisation=None,
    default_sort="code",
    search=("name", "code"),
    columns=(
        ListColumn("code", "区划代码", "Code", Kind.CODE, Filter.PREFIX, link=_url),
        ListColumn("name", "名称", "Name", filter=Filter.CONTAINS, link=_url),
        ListColumn("level", "级别", "Level", choices=lambda request: Level.mapping(language())),
        ListColumn("township_type", "乡级类型", "Kind of township", choices=_words(TownshipType)),
        ListColumn("committee_type", "村级类型", "Kind of committee", choices=_words(CommitteeType)),
        ListColumn("position_basis", "坐标依据", "Basis of position", choices=_words(PositionBasis)),
    ),
)


@routes.page("places/", name="index", permission=Permission.PLACE_READ, purpose=AT_WORK, zh="区划", en="Places")
def index(request: GuardedRequest) -> HttpResponseBase:
    """区划: search by name or code; without words, the county's own page."""
    words = request.GET.get("q", "").strip()[:60]
    if not words:
        return HttpResponseRedirect(reverse("registry.places.detail", kwargs={"code": settings.SANYI_COUNTY}))
    found = services.search(words)
    context = {
        "title": _("检索区划"),
        "words": words,
        "found": [(place, services.path_text(place.code)) for place in found],
    }
    return render(request, "places/search.html", context)


@routes.page(
    "places/<str:code>/",
    name="detail",
    permission=Permission.PLACE_READ,
    purpose=AT_WORK,
    zh="区划详情",
    en="Place",
    has_export=True,
)
def detail(request: GuardedRequest, code: str) -> HttpResponseBase:
    """区划详情: where it lies, what lies in it, its map and its counts of people with base, day and source."""
    place = services.get(code)
    context = {
        "place": place,
        "path": services.path(code)[:-1],
        "facts": _facts(place),
        "tree": _tree(place),
        "counts": Population.objects.filter(place=place).order_by("-counted_on", "base"),
        "base_words": PopulationBase.mapping(language()),
        "map": _map(place),
    }
    return PLACES.from_query(services.children(code)).respond(
        request, title=place.name, template="places/detail.html", context=context
    )


@routes.page(
    "places/<str:code>/branch/",
    name="branch",
    permission=Permission.PLACE_READ,
    purpose=AT_WORK,
    zh="区划树的一支",
    en="A branch of the tree",
)
def branch(request: GuardedRequest, code: str) -> HttpResponseBase:
    """区划树的一支: the places below one, as a fragment for the tree."""
    children = services.children(services.get(code).code)
    return render(request, "places/_branch.html", {"nodes": _nodes(list(children))})


@routes.page(
    "places/<str:code>/map.json",
    name="map",
    permission=Permission.PLACE_READ,
    purpose=AT_WORK,
    zh="地图数据",
    en="Map data",
)
def map_data(request: GuardedRequest, code: str) -> HttpResponseBase:
    """地图数据: outlines as GeoJSON (WGS-84) and the points of the places below, with their sources."""
    return JsonResponse(services.map_data(services.get(code).code), json_dumps_params={"ensure_ascii": False})


def _facts(place: Place) -> list[tuple[str, str]]:
    level, english = place.level_kind, language() == "en"
    position = ""
    if place.longitude_e6 is not None and place.latitude_e6 is not None:
        basis = PositionBasis(place.position_basis).label(language())
        position = f"{place.longitude_e6 / 1_000_000:.4f}, {place.latitude_e6 / 1_000_000:.4f}（{basis}）"
    kind = place.township_type and TownshipType(place.township_type).label(language())
    kind = kind or (place.committee_type and CommitteeType(place.committee_type).label(language())) or ""
    boundary = services.boundary(place.code)
    hectares = boundary["properties"]["area_hectares"] if boundary else None
    area = "" if hectares is None else f"{hectares / 100:,.1f} " + ("km²" if english else "平方公里")
    return [
        (_("区划代码"), place.code),
        (_("级别"), level.label(language())),
        (_("类型"), kind),
        (_("全称"), services.path_text(place.code)),
        (_("面积"), area),
        (_("坐标（WGS-84）"), position),
    ]


def _tree(place: Place) -> dict[str, Any]:
    """The chain from the province down, each step opened on the next, and the place's own children."""
    steps = services.path(place.code)
    inner: dict[str, Any] = {
        "place": place,
        "is_current": True,
        "is_open": True,
        "nodes": _nodes(list(services.children(place.code)[:NODES_MAX])),
    }
    for step in reversed(steps[:-1]):
        inner = {"place": step, "is_current": False, "is_open": True, "nodes": [inner]}
    return inner


def _nodes(places: list[Place]) -> list[dict[str, Any]]:
    """Places as closed nodes; those without anything below are leaves."""
    above = Place.objects.filter(parent__in=places).order_by().values_list("parent_id", flat=True).distinct()
    opened = set(above)
    return [{"place": place, "is_leaf": place.code not in opened, "nodes": []} for place in places]


def _map(place: Place) -> dict[str, Any]:
    """What the map on the page draws: the outlines, and the points below with their basis."""
    data = services.map_data(place.code)
    points = [
        {
            "name": point["name"],
            "longitude": point["longitude"],
            "latitude": point["latitude"],
            "size": 1,
            "lines": [PositionBasis(point["basis"]).label(language())],
            "link": reverse("registry.places.detail", kwargs={"code": point["code"]}),
        }
        for point in data["points"]
        if point["code"] != place.code or place.level == Level.TOWNSHIP
    ]
    boundary = data["outlines"] if data["outlines"]["features"] else None
    return {"boundary": boundary, "points": points[:NODES_MAX], "sources": data["sources"]}
