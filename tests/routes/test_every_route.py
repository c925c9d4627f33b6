"""Every page, export and operation, tried by every role for a foreign organisation and by nobody at all.

The tests are made from the route table: a new route is tried without anybody writing a test for it.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import ScopeKind
from sanyi.registry.doors.codes import RouteKind, Subject
from sanyi.registry.doors.guard import admit
from sanyi.registry.doors.routes import Route
from sanyi.registry.doors.services import route_table
from tests.registry import county as small
from tests.routes.subjects import FIELDS, HERE, MARKS, QUERIES, SUBJECTS, World, arguments

pytestmark = pytest.mark.django_db
TABLE = route_table()
OWNED = [route for route in TABLE if route.subject is not Subject.NONE]
OPEN = [route for route in TABLE if route.subject is Subject.NONE]
OTHER_VIEWS = {"registry.cases.list": ("?view=all", "?view=all&format=xlsx")}
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
    assert not missing, f"{route.full_name}: tests/routes/subjects/ has no value for {sorted(missing)}"
    path = route.url(**{name: given[name] for name in wanted})
    query = urlencode(QUERIES.get(route.full_name, {}))
    return f"{path}?{query}" if query else path


def parameters(route: Route) -> set[str]:
    brackets = "{}" if route.kind is RouteKind.API else "<>"
    parts = route.path.split(brackets[0])[1:]
    return {part.split(brackets[1])[0].split(":")[-1] for part in parts}


def ask(client: Client, route: Route, path: str, method: str, **more: Any) -> Any:
    return client.generic(method, path, **body_of(route, method), **more)


def body_of(route: Route, method: str) -> dict[str, Any]:
    """What is sent along: the fields that name the subject, or an empty body."""
    if method == "GET":
        return {}
    if route.kind is RouteKind.API:
        return {"data": "{}", "content_type": "application/json"}
    return {"data": urlencode(FIELDS.get(route.full_name, {})), "content_type": "application/x-www-form-urlencoded"}


def text_of(answer: Any) -> str:
    """Everything that an answer shows, the cells of a workbook included."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheet" not in answer.headers.get("Content-Type", ""):
        return str(body.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        parts = [name for name in book.namelist() if name.startswith(("xl/worksheets/", "xl/sharedStrings"))]
        return html.unescape("\n".join(book.read(name).decode() for name in parts))


def may_open(role: str, route: Route) -> bool:
    """From the role's declaration alone, not from the function under test."""
    known = access.role(role)
    return route.permission in known.permissions and bool(known.purposes & set(route.purposes))


@pytest.mark.sweep
@pytest.mark.parametrize("route", OWNED, ids=names(OWNED))
def test_every_role_is_refused_a_foreign_subject(world: World, route: Route) -> None:
    path = address(route, world)
    for role in small.HOME:
        client = world.county.client(role, stranger_at(role, route))
        for method in route.methods:
            status = ask(client, route, path, method).status_code
            assert status in CLOSED, f"{role} got {status} from {method} {path}"


@pytest.mark.parametrize("route", OWNED, ids=names(OWNED))
def test_the_same_subject_opens_to_somebody_of_its_own_organisation(world: World, route: Route) -> None:
    """Otherwise the test above would pass for a subject that does not exist. The guard alone is asked."""
    path = address(route, world)
    holders = [role for role in small.HOME if may_open(role, route) and access.role(role).scope is not ScopeKind.SELF]
    assert holders, f"no role holds {route.permission} for {route.purposes}"
    refused: dict[str, str] = {}
    for role in holders:  # until somebody is let in
        refused[role] = refusal_at_the_door(world, route, path, role)
        if not refused[role]:
            return
    pytest.fail(f"{path} opens to nobody of its own organisation: {refused}")


def stranger_at(role: str, route: Route) -> str:
    """Where somebody works to whom the subject is foreign."""
    return small.abroad(role) if route.full_name in HERE else small.HOME[role]


def refusal_at_the_door(world: World, route: Route, path: str, role: str) -> str:
    """The code of the guard's refusal for somebody of the subject's own organisation, empty when let in."""
    where = small.HOME[role] if route.full_name in HERE else small.abroad(role)
    request = RequestFactory().generic(route.methods[0], path, **body_of(route, route.methods[0]))
    request.user = world.county.user(role, where)
    try:
        admit(request, route, resolve(path.partition("?")[0]).kwargs)
    except RefusedError as error:
        return error.refusals[0].code
    return ""


@pytest.mark.parametrize("route", TABLE, ids=names(list(TABLE)))
def test_nobody_is_let_in_without_signing_in(world: World, route: Route) -> None:
    path = address(route, world)
    for method in route.methods:
        for way in (path, f"{path.partition('?')[0]}?format=xlsx"):
            answer = ask(Client(), route, way, method)
            if route.kind is RouteKind.API:
                assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (401, "application/problem+json")
            else:
                assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


@pytest.mark.sweep
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
    """The page, its export, and the rows that it does not show at first."""
    more = ["?format=xlsx", *OTHER_VIEWS.get(route.full_name, ())] if route.has_export else []
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
