"""Every page, export and operation, tried by every role for a foreign organisation and by nobody at all.

The tests are made from the route table: a new route is tried without anybody writing a test for it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from sanyi.registry.access import services as access
from sanyi.registry.access.codes import ScopeKind
from sanyi.registry.doors.codes import RouteKind, Subject
from sanyi.registry.doors.routes import Route
from sanyi.registry.doors.services import route_table
from tests.registry import county as small
from tests.routes.subjects import MARKS, SUBJECTS, World, arguments

pytestmark = pytest.mark.django_db
TABLE = route_table()
OWNED = [route for route in TABLE if route.subject is not Subject.NONE]
OPEN = [route for route in TABLE if route.subject is Subject.NONE]
CLOSED = {401, 403, 404}
NOT_IN_TABLE = {
    "sign-in/": "signing in",
    "sign-out/": "signing out",
    "password/": "everybody's own password",
    "role/": "choosing among one's own roles",
    "language/": "choosing the language",
    "healthz": "is the server alive",
    "api/v1/": "the root of the interface, which answers 404",
}


def names(routes: list[Route]) -> list[str]:
    return [route.full_name for route in routes]


def address(route: Route, world: World) -> str:
    given = arguments(route, world)
    wanted = parameters(route)
    missing = wanted - given.keys()
    assert not missing, f"{route.full_name}: tests/routes/subjects.py has no value for {sorted(missing)}"
    return route.url(**{name: given[name] for name in wanted})


def parameters(route: Route) -> set[str]:
    brackets = "{}" if route.kind is RouteKind.API else "<>"
    parts = route.path.split(brackets[0])[1:]
    return {part.split(brackets[1])[0].split(":")[-1] for part in parts}


def ask(client: Client, route: Route, path: str, method: str, **more: Any) -> Any:
    if method == "GET":
        return client.get(path, **more)
    if route.kind is RouteKind.API:
        return client.generic(method, path, "{}", content_type="application/json", **more)
    return client.generic(method, path, **more)


def text_of(answer: Any) -> str:
    """Everything that an answer shows, the cells of a workbook included."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheet" not in answer.headers.get("Content-Type", ""):
        return str(body.decode("utf-8", "replace"))
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return "\n".join(str(cell) for row in rows for cell in row)


def may_open(role: str, route: Route) -> bool:
    """From the role's declaration alone, not from the function under test."""
    known = access.role(role)
    return route.permission in known.permissions and bool(known.purposes & set(route.purposes))


@pytest.mark.parametrize("route", OWNED, ids=names(OWNED))
def test_every_role_is_refused_a_foreign_subject(world: World, route: Route) -> None:
    path = address(route, world)
    for role in small.HOME:
        client = world.county.client(role)
        for method in route.methods:
            status = ask(client, route, path, method).status_code
            assert status in CLOSED, f"{role} got {status} from {method} {path}"


@pytest.mark.parametrize("route", OWNED, ids=names(OWNED))
def test_the_same_subject_opens_to_somebody_of_its_own_organisation(world: World, route: Route) -> None:
    """Otherwise the test above would pass for a subject that does not exist."""
    path = address(route, world)
    seen: dict[str, list[int]] = {}
    for role in small.HOME:
        if not may_open(role, route) or access.role(role).scope is ScopeKind.SELF:
            continue
        client = world.county.client(role, small.abroad(role))
        client.raise_request_exception = False
        seen[role] = [ask(client, route, path, method).status_code for method in route.methods]
        if not CLOSED & set(seen[role]):
            return
    raise AssertionError(f"{path} opens to nobody of its own organisation: {seen}")


@pytest.mark.parametrize("route", TABLE, ids=names(list(TABLE)))
def test_nobody_is_let_in_without_signing_in(world: World, route: Route) -> None:
    path = address(route, world)
    for method in route.methods:
        for more in ("", "?format=xlsx"):
            answer = ask(Client(), route, path + more, method)
            if route.kind is RouteKind.API:
                assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (401, "application/problem+json")
            else:
                assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


@pytest.mark.parametrize("route", OPEN, ids=names(OPEN))
def test_a_page_about_nobody_opens_by_permission_and_shows_nothing_foreign(world: World, route: Route) -> None:
    """The page, its other views and its export: all or none, and never a word of the neighbouring county."""
    path = address(route, world)
    for role in small.HOME:
        client = world.county.client(role)
        for method, way in ways_into(route, path):
            client.raise_request_exception = method == "GET"
            answer = ask(client, route, way, method)
            status = answer.status_code
            if not may_open(role, route):
                assert status == 403, f"{role} got {status} from {method} {way}"
                continue
            assert status not in {401, 403, 404, 500}, f"{role} got {status} from {method} {way}"
            shown = text_of(answer)
            found = [mark for mark in MARKS if mark in shown]
            assert not found, f"{role} saw {found} on {method} {way}"


def ways_into(route: Route, path: str) -> list[tuple[str, str]]:
    """A list is also asked for its export and for the rows that it does not show at first."""
    more = ["?format=xlsx", "?view=all", "?view=all&format=xlsx"] if route.has_export else []
    return [(method, path) for method in route.methods] + [("GET", path + query) for query in more]


@pytest.mark.parametrize("kind", sorted({route.subject for route in OWNED}))
def test_every_kind_of_subject_has_its_foreign_example(kind: Subject) -> None:
    assert kind in SUBJECTS


def test_nothing_answers_outside_the_table() -> None:
    known = {route.path if route.kind is RouteKind.PAGE else f"api/v1{route.path}" for route in TABLE}
    outside = [path for path in patterns(get_resolver()) if plain(path) not in {plain(one) for one in known}]
    assert sorted(set(outside) - NOT_IN_TABLE.keys()) == []


def patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for part in resolver.url_patterns:
        path = before + str(part.pattern)
        if isinstance(part, URLResolver):
            yield from patterns(part, path)
        elif isinstance(part, URLPattern):
            yield path


def plain(path: str) -> str:
    return path.replace("<", "{").replace(">", "}")
