"""守门: decides before a view runs, and records which persons were read after it has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import rules
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors import answers, codes
from sanyi.registry.doors.codes import PERSONAL, Subject
from sanyi.registry.doors.routes import SAFE_METHODS, GuardedRequest, Route, View

_READ = "_sanyi_persons_read"


@dataclass(slots=True)
class PersonsRead:
    """查阅过的人员: collected while a view runs, recorded once when it has answered."""

    is_noted: bool = False
    persons: dict[str, str] = field(default_factory=dict)


def page_view(route: Route) -> View:
    """页面视图: the view behind its guard, for the address table."""

    @wraps(route.view)
    def guarded(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        try:
            ready = admit(request, route, arguments)
            response: HttpResponseBase = route.view(ready, **arguments)
            record_reading(ready, response.status_code)
        except RefusedError as error:
            return answers.page(request, error)
        _forbid_caching(response, route)
        return response

    return guarded


def admit(request: HttpRequest, route: Route, arguments: Mapping[str, Any]) -> GuardedRequest:
    """准入: decides without the subject first, so that strangers cannot probe for it; then for its owner.

    Raises RefusedError: wrong method, not signed in, no permission, no purpose, unknown subject, foreign organisation.
    """
    if request.method not in route.methods and not (request.method == "HEAD" and "GET" in route.methods):
        raise RefusedError(codes.METHOD_NOT_ALLOWED(method=request.method, allowed="、".join(route.methods)))
    ready = cast(GuardedRequest, request)
    ready.route = route
    ready.actor = access.actor(request)
    now = timezone.now()
    decision = rules.decide(ready.actor, route.permission, purpose=route.purposes, on=now)
    may_use_glass = route.subject in PERSONAL and bool(ready.actor.glass)
    if not may_use_glass:
        access.refuse_unless(decision)
    if route.subject is not Subject.NONE:
        owner = route.organisation_of(request, **arguments) if route.organisation_of else None
        person_id = route.person_of(request, **arguments) if route.person_of else None
        if (owner if route.organisation_of else person_id) is None:
            raise RefusedError(codes.NOT_FOUND())
        decision = rules.decide(
            ready.actor,
            route.permission,
            purpose=route.purposes,
            on=now,
            organisation_code=owner,
            person_id=person_id,
        )
        if not decision and person_id is not None:
            _offer_glass(ready, person_id)
        if person_id is not None and request.method in SAFE_METHODS:
            note_persons(ready, {person_id: owner if isinstance(owner, str) else ""})
    access.refuse_unless(decision)
    ready.decision = decision
    ready.scope = rules.visible_organisations(ready.actor, route.permission, purpose=route.purposes, on=now)
    return ready


def note_persons(request: HttpRequest, persons: Mapping[str, str] | Iterable[str], organisation_code: str = "") -> None:
    """登记查阅: says which persons this request showed, with their own institutions where known.

    Lists and exports call it with everybody they show; an empty list is noted too.
    """
    noted = _noted(request)
    noted.is_noted = True
    homes = persons if isinstance(persons, Mapping) else dict.fromkeys(persons, organisation_code)
    noted.persons.update(homes)


def record_reading(request: GuardedRequest, status_code: int) -> None:
    """记录查阅: one audit entry for everybody shown. A route about persons that names nobody is a fault."""
    noted = _noted(request)
    if status_code >= 400:
        return
    route = request.route
    if route.subject in PERSONAL and request.method in SAFE_METHODS and not noted.is_noted:
        raise RuntimeError(f"route {route.full_name} is about persons but did not say whom it showed")
    if noted.persons:
        purpose = request.decision.purpose or route.purposes[0]
        access.record_person_read(
            request.actor,
            noted.persons,
            purpose,
            route.full_name,
            _common(noted.persons.values()),
            organisations=noted.persons,
            via=request.decision.via,
        )


def may(request: HttpRequest, permission: Permission, organisation_code: str | None = None) -> bool:
    """能否: for showing a button only where it works; the guard of the button's own route decides again."""
    who = access.actor(request)
    purposes = tuple(Purpose)
    return bool(access.decide(who, permission, purpose=purposes, organisation_code=organisation_code))


def may_open(request: HttpRequest, route: Route) -> bool:
    """能否打开: whether this actor may open a route at all, for navigation."""
    return bool(access.decide(access.actor(request), route.permission, purpose=route.purposes))


def _offer_glass(request: GuardedRequest, person_id: str) -> None:
    """A clinician who is refused one person's record is shown the way to emergency access."""
    if access.decide(request.actor, Permission.PERSON_BREAK_GLASS, purpose=Purpose.CARE):
        way = reverse("registry.emergency_access.open", kwargs={"person_id": person_id})
        setattr(request, answers.GLASS_URL, f"{way}?{urlencode({'next': request.get_full_path()})}")


def _noted(request: HttpRequest) -> PersonsRead:
    noted: PersonsRead | None = getattr(request, _READ, None)
    if noted is None:
        noted = PersonsRead()
        setattr(request, _READ, noted)
    return noted


def _common(organisation_codes: Iterable[str]) -> str:
    found = set(organisation_codes)
    return found.pop() if len(found) == 1 else ""


def _forbid_caching(response: HttpResponseBase, route: Route) -> None:
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store" if route.subject in PERSONAL else "private, no-cache"
