"""居民接口: one-code identity (N03-01). Numbers travel in the body, never in an address."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema

from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.doors.guard import note_persons
from sanyi.registry.doors.routes import GuardedRequest, Routes
from sanyi.registry.people import rules, services
from sanyi.registry.people.models import Person

routes = Routes("registry.people.api")
PURPOSES = (Purpose.CARE, Purpose.PAYMENT, Purpose.PUBLIC_HEALTH)


class CredentialBody(Schema):
    """出示的证件: ``kind`` is a code of the kinds of credential, ``on`` the day it is used (today when left out)."""

    kind: str
    number: str
    on: date | None = None


class IdentityAnswer(Schema):
    """身份: enough to say who stands there. The name is whole only for whoever may identify this person."""

    person_id: str
    name: str
    sex: str
    born_on: date
    is_alive: bool
    preferred_kind: str | None
    kinds: list[str]
    is_within_scope: bool


@routes.api(
    "POST",
    "/people/resolve",
    name="resolve",
    permission=Permission.PERSON_IDENTIFY,
    purpose=PURPOSES,
    zh="一码识人",
    en="Resolve a credential to a person",
    response=IdentityAnswer,
)
def resolve(request: GuardedRequest, body: CredentialBody) -> dict[str, Any]:
    """一码识人: whoever holds the card stands there, so any institution that may identify people may ask.

    Outside the asker's own scope the name is masked. Every answer is an audited reading. Refused: unknown, ended or
    disputed credentials, and numbers without the form of their kind.
    """
    person = services.resolve(body.kind, body.number, body.on)
    home = person.managing_organisation_id or ""
    note_persons(request, {person.person_id: home})
    return identity_of(person, is_within_scope=home in request.scope)


def identity_of(person: Person, *, is_within_scope: bool) -> dict[str, Any]:
    """身份答复: what is told of a person, less where it lies outside the scope."""
    cards = list(services.active_credentials(person.person_id))
    preferred = [card.kind for card in cards if card.is_preferred]
    return {
        "person_id": person.person_id,
        "name": person.name if is_within_scope else rules.masked_name(person.name),
        "sex": person.sex,
        "born_on": person.born_on,
        "is_alive": person.died_on is None,
        "preferred_kind": preferred[0] if preferred else None,
        "kinds": sorted({card.kind for card in cards}),
        "is_within_scope": is_within_scope,
    }
