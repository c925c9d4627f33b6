"""匹配: who holds a number, which record stands for a person, and which records look alike."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.people import codes, rules
from sanyi.registry.people.codes import CredentialKind
from sanyi.registry.people.models import Credential, Person
from sanyi.registry.people.services import sealing
from sanyi.registry.statements import marks, rows_of

DEPTH_MAX = 20
LOOKALIKES_MAX = 20


def is_decisive(kind: CredentialKind) -> bool:
    """能否自动认定: citizen numbers, and the mother's number with the birth order; other cards never decide."""
    return rules.is_citizen_kind(kind) or kind is CredentialKind.NEWBORN


def root_of(person_id: str) -> Person:
    """主记录: follows merges to the record that stands for the person. RefusedError when the number is unknown."""
    following = person_id
    for _ in range(DEPTH_MAX):
        person = next(iter(rows_of(Person, "person_id = %s", [following])), None)
        if person is None:
            raise RefusedError(codes.PERSON_UNKNOWN(person_id=person_id))
        if person.merged_into_id is None:
            return person
        following = person.merged_into_id
    raise RuntimeError(f"merges of {person_id} go round in a circle")


def records_of(person_id: str) -> list[str]:
    """同一居民的全部记录: the record that stands for the person and all that were merged into it."""
    return records_below(root_of(person_id).person_id)


def records_below(person_id: str) -> list[str]:
    """记录及并入的记录: this record first, then all that were merged into it."""
    found, frontier = [person_id], [person_id]
    with connection.cursor() as cursor:
        while frontier:
            cursor.execute(
                f"SELECT person_id FROM registry_person WHERE merged_into_id IN ({marks(frontier)}) ORDER BY person_id",  # noqa: S608 - our own words
                frontier,
            )
            frontier = [record for (record,) in cursor.fetchall()]
            found.extend(frontier)
    return found


def holders(kind: CredentialKind, number: str) -> list[Person]:
    """持有人: the persons a number leads to, merges followed; more than one while a dispute is undecided.

    ``number`` is in its normal form.
    """
    held = Credential.objects.filter(lookup__in=sealing.all_lookup_values(kind, number), withdrawn_at__isnull=True)
    return _roots(set(held.values_list("person_id", flat=True)))


def active_credentials(person_id: str) -> QuerySet[Credential]:
    """有效证件: in use, of a person and of every record merged into it; the preferred one first."""
    held = Credential.objects.filter(person_id__in=records_of(person_id), withdrawn_at__isnull=True)
    return held.order_by("-is_preferred", "kind", "id")


def other_holders(credential: Credential) -> list[Person]:
    """其他持有人: the persons of all other records with the same number."""
    others = Credential.objects.filter(lookup=credential.lookup, withdrawn_at__isnull=True).exclude(pk=credential.pk)
    found = _roots(set(others.values_list("person_id", flat=True)))
    return [person for person in found if person.person_id != credential.person_id]


def is_held(kind: CredentialKind, number: str) -> bool:
    """是否已被持有: whether some record holds the number undisputed, so that another one would dispute it."""
    lookups = sealing.all_lookup_values(kind, number)
    return Credential.objects.filter(lookup__in=lookups, is_disputed=False, withdrawn_at__isnull=True).exists()


def citizen_number_of(person: Person) -> str | None:
    """公民身份号码: opened; None when the person has none. Reading it is the caller's to audit."""
    held = Credential.objects.filter(person_id__in=records_of(person.person_id), withdrawn_at__isnull=True)
    for credential in held.order_by("is_disputed", "id"):
        if rules.is_citizen_kind(CredentialKind(credential.kind)):
            return sealing.unseal(sealing.CREDENTIAL_VALUE, credential.key_id, credential.value_ciphertext)
    return None


def identity_of(person: Person) -> rules.Identity:
    """身份要素: what matching compares."""
    kinds = set(person.credentials.filter(withdrawn_at__isnull=True).values_list("kind", flat=True))
    has_number = any(rules.is_citizen_kind(CredentialKind(kind)) for kind in kinds)
    return rules.Identity(person.name, person.sex, person.born_on, person.place_id, has_number)


def lookalikes(person: Person, identity: rules.Identity) -> list[Person]:
    """相似记录: same name, birth, sex and village where at least one of both has no citizen number."""
    same = Person.objects.filter(
        name=identity.name,
        born_on=identity.born_on,
        sex=identity.sex,
        place_id=identity.place_code,
        merged_into__isnull=True,
    ).exclude(person_id=person.person_id)
    found = same.order_by("person_id")[:LOOKALIKES_MAX]
    return [other for other in found if rules.possible_match(identity_of(other), identity, is_same_number=False)]


def _roots(person_ids: set[str]) -> list[Person]:
    roots = {root.person_id: root for root in (root_of(person_id) for person_id in sorted(person_ids))}
    return [roots[person_id] for person_id in sorted(roots)]
