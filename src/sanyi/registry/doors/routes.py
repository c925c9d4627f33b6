"""路由表: every page, export and API route is declared here with its permission, purpose and subject.

A topic's ``pages.py`` and ``api.py`` hold ``routes = Routes("area.topic")`` and decorate their views. A view never runs
before the guard has decided; the table is what the tests of access are generated from.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.rules import Actor, Decision, Scope
from sanyi.registry.doors.codes import RouteKind, Subject

View = Callable[..., Any]
Owner = str | Collection[str] | None
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class GuardedRequest(HttpRequest):
    """已判定的请求: what the guard adds to a request before the view sees it."""

    actor: Actor
    scope: Scope
    decision: Decision
    route: "Route"
    htmx: HtmxDetails


@dataclass(frozen=True, slots=True)
class Route:
    """路由: one address and what it takes to use it."""

    topic: str
    name: str
    path: str
    kind: RouteKind
    permission: Permission
    purposes: tuple[Purpose, ...]
    subject: Subject
    methods: tuple[str, ...]
    view: View
    organisation_of: Callable[..., Owner] | None = None
    person_of: Callable[..., str | None] | None = None
    zh: str = ""
    en: str = ""
    has_export: bool = False

    @property
    def full_name(self) -> str:
        """全名: ``area.topic.name``, which is also its name in ``reverse`` and ``{% url %}``."""
        return f"{self.topic}.{self.name}"

    def url(self, **arguments: Any) -> str:
        """地址: with its arguments filled in."""
        space = "api:" if self.kind is RouteKind.API else ""
        return reverse(f"{space}{self.full_name}", kwargs=arguments or None)


@dataclass(slots=True)
class Routes:
    """一个主题的路由: filled by its decorators, read by ``collect``."""

    topic: str
    items: list[Route] = field(default_factory=list)

    def page(
        self,
        path: str,
        *,
        name: str,
        permission: Permission,
        purpose: Purpose | Collection[Purpose],
        subject: Subject = Subject.NONE,
        organisation_of: Callable[..., Owner] | None = None,
        person_of: Callable[..., str | None] | None = None,
        methods: Collection[str] = ("GET",),
        zh: str = "",
        en: str = "",
        has_export: bool = False,
    ) -> Callable[[View], View]:
        """页面: declares a page. ``path`` is Django's, without a leading slash.

        ``organisation_of(request, **arguments)`` gives the code or codes of the owner, None when there is no such
        subject; ``person_of`` the person it is about. Several purposes: the first that the actor may use counts.
        """

        def declare(view: View) -> View:
            self._add(
                kind=RouteKind.PAGE,
                path=path,
                view=view,
                name=name,
                permission=permission,
                purpose=purpose,
                subject=subject,
                organisation_of=organisation_of,
                person_of=person_of,
                methods=methods,
                zh=zh,
                en=en,
                has_export=has_export,
            )
            return view

        return declare

    def api(
        self,
        method: str,
        path: str,
        *,
        name: str,
        permission: Permission,
        purpose: Purpose | Collection[Purpose],
        subject: Subject = Subject.NONE,
        organisation_of: Callable[..., Owner] | None = None,
        person_of: Callable[..., str | None] | None = None,
        zh: str = "",
        en: str = "",
        **operation: Any,
    ) -> Callable[[View], View]:
        """接口: declares one operation below ``/api/v1``. ``path`` is django-ninja's, such as ``/runs/{number}``.

        The rest (``response``, ``tags``, …) is handed to django-ninja. Keyword arguments of ``organisation_of`` are
        the operation's own.
        """
        from sanyi.registry.doors.interface import add_operation

        def declare(view: View) -> View:
            route = self._add(
                kind=RouteKind.API,
                path=path,
                view=view,
                name=name,
                permission=permission,
                purpose=purpose,
                subject=subject,
                organisation_of=organisation_of,
                person_of=person_of,
                methods=(method.upper(),),
                zh=zh,
                en=en,
                has_export=False,
            )
            add_operation(route, operation)
            return view

        return declare

    def _add(self, *, purpose: Purpose | Collection[Purpose], methods: Collection[str], **fields: Any) -> Route:
        purposes = (purpose,) if isinstance(purpose, Purpose) else tuple(purpose)
        route = Route(topic=self.topic, purposes=purposes, methods=tuple(methods), **fields)
        _refuse_incomplete(route, self.items)
        self.items.append(route)
        return route


def _refuse_incomplete(route: Route, others: Collection[Route]) -> None:
    """A wrong declaration is a fault of the program, found when it starts."""
    if not route.purposes:
        raise ValueError(f"route {route.full_name} has no purpose")
    if any(other.name == route.name for other in others):
        raise ValueError(f"route {route.full_name} is declared twice")
    if route.subject is not Subject.NONE and route.organisation_of is None and route.person_of is None:
        raise ValueError(f"route {route.full_name} is about a {route.subject} but does not say whose")
    if route.path.startswith("/") == (route.kind is RouteKind.PAGE):
        raise ValueError(f"route {route.full_name}: pages begin without a slash, operations with one")
