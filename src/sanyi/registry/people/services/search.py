"""居民检索: by the beginning of a name, the last digits of a phone, a village, a person number, or a credential."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.people import codes, rules
from sanyi.registry.people.codes import CITIZEN_NUMBER_KINDS, Category, CredentialKind
from sanyi.registry.people.models import Credential, Person, PersonCategory
from sanyi.registry.people.services import identity, sealing
from sanyi.registry.places import services as places

PERSON_ID = re.compile(r"R[0-9]{11}")
PHONE_TAIL = re.compile(r"[0-9]{4}")
NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Za-z-]{5,64}")
LAST_CHARACTER = "\U0010ffff"


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
    kinds = [str(kind) for kind in CredentialKind if rules.is_citizen_kind(kind)]
    held = Credential.objects.filter(person_id__in=ids, withdrawn_at__isnull=True, kind__in=kinds)
    first: dict[str, tuple[str, bytes | memoryview]] = {}
    for person_id, key_id, value in held.order_by("is_disputed", "id").values_list(
        "person_id", "key_id", "value_ciphertext"
    ):
        first.setdefault(person_id, (key_id, value))
    opened = sealing.unseal_all(sealing.CREDENTIAL_VALUE, first.values())
    numbers = dict(zip(first, map(rules.masked_number, opened), strict=True))
    categories: dict[str, list[Category]] = {}
    valid = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    of_them = PersonCategory.objects.filter(valid, person_id__in=ids).order_by("category", "starts_on")
    for person_id, category in of_them.values_list("person_id", "category"):
        categories.setdefault(person_id, []).append(Category(category))
    return {person_id: Shown(numbers.get(person_id, ""), tuple(categories.get(person_id, ()))) for person_id in ids}


def masked_number(credential: Credential) -> str:
    """证件号码掩码: the number is opened and shown with its middle hidden."""
    number = sealing.unseal(sealing.CREDENTIAL_VALUE, credential.key_id, credential.value_ciphertext)
    return rules.masked_number(number)


def _fits(text: str) -> Q:
    if PERSON_ID.fullmatch(text.upper()):
        return Q(person_id=text.upper())
    if PHONE_TAIL.fullmatch(text):
        return Q(phone_tail=text)
    try:
        name = rules.normal_name(text)
    except RefusedError:
        raise RefusedError(codes.SEARCH_TOO_WIDE(text=text)) from None
    return Q(name__gte=name, name__lt=name + LAST_CHARACTER)


def _find(kind: CredentialKind, number: str) -> Person | None:
    try:
        return identity.find(kind, number)
    except RefusedError as error:
        if error.refusals[0].code in {codes.CREDENTIAL_SHAPE_WRONG.code, codes.NUMBER_SHAPE_WRONG.code}:
            return None
        raise
