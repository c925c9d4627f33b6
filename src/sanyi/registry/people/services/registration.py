"""居民建档: register a person, add what is learnt later, keep dated categories. Every change is audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from sanyi.kernel.refusals import Refusal, RefusedError, refuse_if_any
from sanyi.registry.access.services import Actor, record_write
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people import codes, rules
from sanyi.registry.people.codes import Category, CredentialKind, MatchMethod
from sanyi.registry.people.models import (
    Credential,
    Household,
    MatchCandidate,
    Person,
    PersonCategory,
    PersonCounter,
)
from sanyi.registry.people.services import key_ring, matching, merging, sealing
from sanyi.registry.places import services as places

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class CredentialFacts:
    """证件信息: one credential as it was shown."""

    kind: CredentialKind
    number: str
    issuer: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    is_preferred: bool = False


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """居民信息: what is known of a person when the record is made."""

    name: str
    sex: str
    born_on: date | None
    died_on: date | None = None
    place_code: str | None = None
    household_number: str = ""
    relationship: str = ""
    address: str = ""
    managing_organisation_code: str | None = None
    phone: str = ""
    credentials: Sequence[CredentialFacts] = field(default=())
    mother_person_id: str | None = None
    birth_order: int | None = None


class Outcome(StrEnum):
    """建档结果."""

    CREATED = "created"
    LINKED = "linked"
    CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class Registration:
    """建档回执: the person, what happened, and the possible matches that now wait for a human."""

    person: Person
    outcome: Outcome
    candidates: tuple[MatchCandidate, ...] = ()


def register_person(facts: PersonFacts, *, by: Actor) -> Registration:
    """建档: finds the same person or makes a new record.

    Same citizen number, name and date of birth: the existing record is returned and gets what it did not have yet
    (linked). Same number but something else differs, or same name, birth, sex and village where one of both has no
    number: a new record is made and both wait for a human (candidate). RefusedError names everything that is wrong.
    """
    checked = _checked(facts, timezone.localdate())
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _register(checked, by)
        except IntegrityError:  # somebody registered the same number at this moment: look again
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("the loop returns or raises")


@transaction.atomic
def add_credential(person_id: str, facts: CredentialFacts, *, by: Actor) -> Credential:
    """登记证件: gives a person one more credential; a number held by somebody else opens a possible match."""
    lock_index()
    person = matching.root_of(person_id)
    number = rules.normal_credential(facts.kind, facts.number, timezone.localdate())
    added = _add(person, facts, number)
    for other in matching.other_holders(added) if added.is_disputed else ():
        merging.propose(person, other, MatchMethod.SAME_NUMBER, by=by)
    summary = f"登记{facts.kind.zh}"
    record_write(by, "person.add_credential", "person", person_id, _home(person), summary, person_ids=[person_id])
    return added


@transaction.atomic
def prefer_credential(credential_id: int, *, by: Actor) -> Credential:
    """首选证件: keeps the person's own choice of card (N03-01); one at a time."""
    chosen = Credential.objects.select_for_update().select_related("person").get(pk=credential_id)
    Credential.objects.filter(person_id=chosen.person_id, is_preferred=True).update(is_preferred=False)
    chosen.is_preferred = True
    chosen.save(update_fields=["is_preferred"])
    person_id = chosen.person_id
    record_write(by, "person.prefer_credential", "person", person_id, _home(chosen.person), person_ids=[person_id])
    return chosen


@transaction.atomic
def withdraw_credential(credential_id: int, *, by: Actor) -> Credential:
    """停用证件: nobody is found by it any more; the row stays. A dispute about the number ends with one holder left."""
    held = Credential.objects.select_for_update().select_related("person").get(pk=credential_id)
    held.withdrawn_at = held.withdrawn_at or timezone.now()
    held.is_preferred = False
    held.save(update_fields=["withdrawn_at", "is_preferred"])
    others = Credential.objects.filter(lookup=held.lookup, withdrawn_at__isnull=True)
    if others.count() == 1:
        others.update(is_disputed=False)
    person_id, summary = held.person_id, f"停用{CredentialKind(held.kind).zh}"
    record_write(
        by, "person.withdraw_credential", "person", person_id, _home(held.person), summary, person_ids=[person_id]
    )
    return held


@transaction.atomic
def add_category(
    person_id: str,
    category: Category,
    *,
    starts_on: date,
    by: Actor,
    ends_on: date | None = None,
    issuer: str = "",
    document_number: str = "",
) -> PersonCategory:
    """登记人员类别: from a day (to a day). RefusedError: reversed dates, or the person has it at that time already."""
    if ends_on is not None and ends_on < starts_on:
        raise RefusedError(codes.CATEGORY_DATES_REVERSED(starts_on=starts_on, ends_on=ends_on))
    person = Person.objects.select_for_update().filter(person_id=person_id).first()
    if person is None:
        raise RefusedError(codes.PERSON_UNKNOWN(person_id=person_id))
    meets = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    if ends_on is not None:
        meets &= Q(starts_on__lte=ends_on)
    other = PersonCategory.objects.filter(meets, person_id=person_id, category=category).first()
    if other is not None:
        raise RefusedError(
            codes.CATEGORY_OVERLAPS(starts_on=other.starts_on, category=category.zh, category_en=category.en)
        )
    added = PersonCategory.objects.create(
        person_id=person_id,
        category=category,
        starts_on=starts_on,
        ends_on=ends_on,
        issuer=issuer,
        document_number=document_number,
    )
    summary = f"{category.zh}，自 {starts_on}"
    record_write(by, "person.add_category", "person", person_id, _home(person), summary, person_ids=[person_id])
    return added


@transaction.atomic
def end_category(category_id: int, *, ends_on: date, by: Actor) -> PersonCategory:
    """结束人员类别: ``ends_on`` is the last day; the row stays as history."""
    held = PersonCategory.objects.select_for_update().select_related("person").get(pk=category_id)
    if ends_on < held.starts_on:
        raise RefusedError(codes.CATEGORY_DATES_REVERSED(starts_on=held.starts_on, ends_on=ends_on))
    held.ends_on = ends_on
    held.save(update_fields=["ends_on"])
    summary = f"{Category(held.category).zh}，至 {ends_on}"
    record_write(
        by, "person.end_category", "person", held.person_id, _home(held.person), summary, person_ids=[held.person_id]
    )
    return held


def categories(person_id: str, on: date) -> list[PersonCategory]:
    """某日的人员类别: of a person and of every record merged into it."""
    holds = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    return list(PersonCategory.objects.filter(holds, person_id__in=matching.records_of(person_id)))


def lock_index() -> PersonCounter:
    """锁定居民索引: whoever looks for a person in order to make or link one does so alone, until the transaction ends.

    Without it two sessions may both find nobody and make two records of one person (PostgreSQL, read committed).
    """
    PersonCounter.objects.get_or_create(pk=1)
    return PersonCounter.objects.select_for_update().get(pk=1)


def take_numbers(count: int) -> int:
    """取居民编号: the first of a block of numbers that nobody else gets. Call it inside a transaction."""
    counter = lock_index()
    first = counter.last_number + 1
    counter.last_number += count
    counter.save(update_fields=["last_number"])
    return first


def person_id_of(number: int) -> str:
    """居民编号: R and eleven digits."""
    return f"R{number:011d}"


@dataclass(frozen=True, slots=True)
class _Checked:
    """What may be written: the normal form of everything."""

    facts: PersonFacts
    identity: rules.Identity
    numbers: tuple[tuple[CredentialFacts, str], ...]
    phone: str


def _checked(facts: PersonFacts, today: date) -> _Checked:
    wrong: list[Refusal] = rules.person_refusals(facts.sex, facts.born_on, facts.died_on, today)
    name, phone = facts.name, ""
    numbers: list[tuple[CredentialFacts, str]] = []
    try:
        name = rules.normal_name(facts.name)
        phone = rules.normal_phone(facts.phone) if facts.phone else ""
    except RefusedError as error:
        wrong += error.refusals
    for credential in facts.credentials:
        try:
            number = rules.normal_credential(credential.kind, credential.number, today)
            numbers.append((credential, number))
            if facts.born_on is not None and rules.is_citizen_kind(credential.kind) and len(number) == 18:
                wrong += rules.number_refusals(rules.citizen_number(number, today), facts.sex, facts.born_on)
        except RefusedError as error:
            wrong += error.refusals
    wrong += _newborn_refusals(facts)
    refuse_if_any(wrong)
    if facts.place_code:
        places.require([facts.place_code])
    if facts.managing_organisation_code:
        organisations.require({facts.managing_organisation_code})
    if facts.mother_person_id and facts.birth_order:
        mother = matching.root_of(facts.mother_person_id)
        value = rules.newborn_value(matching.citizen_number_of(mother) or mother.person_id, facts.birth_order)
        numbers.append((CredentialFacts(CredentialKind.NEWBORN, value), value))
    assert facts.born_on is not None
    has_number = any(rules.is_citizen_kind(credential.kind) for credential, _ in numbers)
    identity = rules.Identity(name, facts.sex, facts.born_on, facts.place_code, has_number)
    return _Checked(facts, identity, tuple(numbers), phone)


def _newborn_refusals(facts: PersonFacts) -> list[Refusal]:
    both = (facts.mother_person_id is None) == (facts.birth_order is None)
    in_bounds = facts.birth_order is None or 1 <= facts.birth_order <= 9
    return [] if both and in_bounds else [codes.NEWBORN_NEEDS_MOTHER().at(column="birth_order")]


def _register(checked: _Checked, by: Actor) -> Registration:
    lock_index()
    for credential, number in checked.numbers:
        if matching.is_decisive(credential.kind):
            for holder in matching.holders(credential.kind, number):
                if rules.is_same_person(matching.identity_of(holder), checked.identity):
                    return _linked(holder, checked, by)
    person = _create(checked)
    found = [_add(person, credential, number) for credential, number in checked.numbers]
    candidates = [
        merging.propose(person, other, MatchMethod.SAME_NUMBER, by=by)
        for added in found
        if added.is_disputed
        for other in matching.other_holders(added)
    ]
    candidates += [
        merging.propose(person, other, MatchMethod.SAME_NAME_AND_BIRTH, by=by)
        for other in matching.lookalikes(person, checked.identity)
    ]
    person_id, home = person.person_id, _home(person)
    record_write(
        by, "person.register", "person", person_id, home, f"建档，凭证 {len(found)} 件", person_ids=[person_id]
    )
    return Registration(person, Outcome.CANDIDATE if candidates else Outcome.CREATED, tuple(candidates))


def _linked(person: Person, checked: _Checked, by: Actor) -> Registration:
    """The record gets the credentials and the particulars it did not have; what it has is not overwritten."""
    held = set(person.credentials.filter(withdrawn_at__isnull=True).values_list("lookup", flat=True))
    for credential, number in checked.numbers:
        if not held & set(sealing.all_lookup_values(credential.kind, number)):
            _add(person, credential, number)
    if person.place_id is None and checked.facts.place_code:
        person.place_id = checked.facts.place_code
    if person.managing_organisation_id is None and checked.facts.managing_organisation_code:
        person.managing_organisation_id = checked.facts.managing_organisation_code
    if not person.phone_tail:
        _set_phone(person, checked.phone)
    person.save()
    person_id = person.person_id
    record_write(
        by, "person.link", "person", person_id, _home(person), "号码、姓名、出生日期一致", person_ids=[person_id]
    )
    return Registration(person, Outcome.LINKED)


def _create(checked: _Checked) -> Person:
    facts, identity = checked.facts, checked.identity
    person = Person(
        person_id=person_id_of(take_numbers(1)),
        name=identity.name,
        sex=identity.sex,
        born_on=identity.born_on,
        died_on=facts.died_on,
        place_id=facts.place_code,
        household=_household(facts),
        relationship=facts.relationship,
        managing_organisation_id=facts.managing_organisation_code,
        mother_id=facts.mother_person_id,
        birth_order=facts.birth_order,
        registered_at=timezone.now(),
    )
    _set_phone(person, checked.phone)
    person.save(force_insert=True)
    return person


def _household(facts: PersonFacts) -> Household | None:
    if not facts.household_number or facts.place_code is None:
        return None
    defaults = {"address": facts.address}
    made, _ = Household.objects.get_or_create(
        place_id=facts.place_code, number=facts.household_number, defaults=defaults
    )
    return made


def _set_phone(person: Person, phone: str) -> None:
    if phone:
        person.phone_ciphertext, person.phone_key_id = sealing.seal(sealing.PERSON_PHONE, phone)
        person.phone_tail = phone[-4:]


def _add(person: Person, facts: CredentialFacts, number: str) -> Credential:
    """A number that the person holds already, perhaps from another card, is not recorded twice."""
    held = Credential.objects.filter(
        person=person, lookup__in=sealing.all_lookup_values(facts.kind, number), withdrawn_at__isnull=True
    ).first()
    if held is not None:
        return held
    sealed, key_id = sealing.seal(sealing.CREDENTIAL_VALUE, number)
    return Credential.objects.create(
        person=person,
        kind=facts.kind,
        value_ciphertext=sealed,
        key_id=key_id,
        lookup=sealing.lookup_value(facts.kind, number),
        lookup_key_id=key_ring.lookup().present,
        issuer=facts.issuer,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        is_preferred=facts.is_preferred,
        is_disputed=matching.is_held(facts.kind, number),
        recorded_at=timezone.now(),
    )


def _home(person: Person) -> str:
    return person.managing_organisation_id or ""
