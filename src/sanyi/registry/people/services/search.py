"""居民检索: by the beginning of a name, the last digits of a phone, a village, a person number, or a credential."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.people import codes, rules
from sanyi.registry.people.codes import CITIZEN_NUMBER_KINDS, Category, CredentialKind
from sanyi.registry.people.models import Credential, Person
from sanyi.registry.people.services import identity, sealing
from sanyi.registry.places import services as places
from sanyi.registry.statements import marks

PERSON_ID = re.compile(r"R[0-9]{11}")
PHONE_TAIL = re.compile(r"[0-9]{4}")
NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Za-z-]{5,64}")
LAST_CHARACTER = "\U0010ffff"
_CITIZEN_KINDS = [str(kind) for kind in CredentialKind if rules.is_citizen_kind(kind)]
_NUMBERS = (
    "SELECT person_id, key_id, value_ciphertext FROM registry_credential"  # noqa: S608 - our own words
    " WHERE person_id IN ({people}) AND withdrawn_at IS NULL"
    f" AND kind IN ({marks(_CITIZEN_KINDS)}) ORDER BY is_disputed, id"
)
_CATEGORIES = (
    "SELECT person_id, category FROM registry_personcategory WHERE person_id IN ({people})"
    " AND starts_on <= %s AND (ends_on IS NULL OR ends_on >= %s) ORDER BY category, starts_on"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """列表所需: what a list shows beside the row of a person, already masked where it must be."""

    number: str
    categories: tuple[Category, ...]


def search(words: str = "", place_code: str = "") -> QuerySet[Person]:
    """检索居民: records that stand for a person; a name is searched from its beginning.

    One range of one index for every kind of word. RefusedError when the words are none of them. Credentials are found
    by ``find_by_number``, because a number must not stand in an address.
    """
    people = Person.objects.filter(merged_into__isnull=True)
    text = words.strip()
    if text:
        people = people.filter(_fits(text))
    if place_code:
        first, last = places.code_range(places.get(place_code).code)
        people = people.filter(place_id=first) if first == last else people.filter(place__code__range=(first, last))
    return people


def is_number(words: str) -> bool:
    """是否像证件号码: letters and digits with a digit among them, longer than a phone's tail, no person number."""
    text = rules.normal_text(words)
    return bool(NUMBER.fullmatch(text)) and not PERSON_ID.fullmatch(text)


def find_by_number(number: str, kind: CredentialKind | None = None) -> Person:
    """按证件查找: by a named kind, or by every kind whose form the number has; citizen numbers first.

    RefusedError: nobody is registered, or several undecided records, or a citizen number that is wrong.
    """
    if kind is not None:
        return identity.resolve(str(kind), number)
    text = rules.normal_text(number)
    if re.fullmatch(r"[0-9]{17}[0-9X]|[0-9]{15}", text):
        return identity.resolve(str(CredentialKind.ID_CARD), text)
    for candidate in CredentialKind:
        if candidate not in CITIZEN_NUMBER_KINDS and candidate is not CredentialKind.HOUSEHOLD_BOOK:
            found = _find(candidate, text)
            if found is not None:
                return found
    other = CredentialKind.OTHER
    raise RefusedError(codes.CREDENTIAL_UNKNOWN(kind=other.zh, kind_en=other.en))


def shown(person_ids: Iterable[str], on: date) -> dict[str, Shown]:
    """列表附注: masked citizen number and categories of the day, for the people of one page; two queries."""
    ids = list(person_ids)
    if not ids:
        return {}
    held = _asked(_NUMBERS, ids, *_CITIZEN_KINDS)
    first: dict[str, tuple[str, bytes | memoryview]] = {}
    for person_id, key_id, value in held:
        first.setdefault(person_id, (key_id, value))
    opened = sealing.unseal_all(sealing.CREDENTIAL_VALUE, first.values())
    numbers = dict(zip(first, map(rules.masked_number, opened), strict=True))
    day = connection.ops.adapt_datefield_value(on)
    categories: dict[str, list[Category]] = {}
    for person_id, category in _asked(_CATEGORIES, ids, day, day):
        categories.setdefault(person_id, []).append(Category(category))
    return {person_id: Shown(numbers.get(person_id, ""), tuple(categories.get(person_id, ()))) for person_id in ids}


def _asked(statement: str, person_ids: list[str], *values: Any) -> list[tuple[Any, ...]]:
    """The rows of these people, by a statement written out, because every page of a search asks for them."""
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{people}", marks(person_ids)), [*person_ids, *values])
        return list(cursor.fetchall())


def masked_number(credential: Credential) -> str:
    """证件号码掩码: the number is opened and shown with its middle hidden."""
    number = sealing.unseal(sealing.CREDENTIAL_VALUE, credential.key_id, credential.value_ciphertext)
    return rules.masked_number(number)


def read_words(text: str) -> tuple[str, tuple[str, ...]]:
    """检索词: ``person_id`` or ``phone_tail`` with the value, or ``name`` with the range of names that begin so.

    RefusedError when the words are none of them.
    """
    if PERSON_ID.fullmatch(text.upper()):
        return "person_id", (text.upper(),)
    if PHONE_TAIL.fullmatch(text):
        return "phone_tail", (text,)
    try:
        name = rules.normal_name(text)
    except RefusedError:
        raise RefusedError(codes.SEARCH_TOO_WIDE(text=text)) from None
    return "name", (name, name + LAST_CHARACTER)


def _fits(text: str) -> Q:
    field, values = read_words(text)
    return Q(name__gte=values[0], name__lt=values[1]) if field == "name" else Q(**{field: values[0]})


def _find(kind: CredentialKind, number: str) -> Person | None:
    try:
        return identity.find(kind, number)
    except RefusedError as error:
        if error.refusals[0].code in {codes.CREDENTIAL_SHAPE_WRONG.code, codes.NUMBER_SHAPE_WRONG.code}:
            return None
        raise
