"""匹配与合并: who holds a number, which records may be one person, and merging that can be undone.

A merge is a link: the absorbed record keeps everything and points to the survivor. Undoing removes the link.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.services import Actor, record_write
from sanyi.registry.people import codes, rules
from sanyi.registry.people.codes import CredentialKind, MatchMethod
from sanyi.registry.people.models import Credential, MatchCandidate, Person, PersonMerge
from sanyi.registry.people.services import sealing

DEPTH_MAX = 20
LOOKALIKES_MAX = 20


def is_decisive(kind: CredentialKind) -> bool:
    """能否自动认定: citizen numbers, and the mother's number with the birth order; other cards never decide."""
    return rules.is_citizen_kind(kind) or kind is CredentialKind.NEWBORN


def root_of(person_id: str) -> Person:
    """主记录: follows merges to the record that stands for the person. RefusedError when the number is unknown."""
    person = Person.objects.filter(person_id=person_id).first()
    if person is None:
        raise RefusedError(codes.PERSON_UNKNOWN(person_id=person_id))
    for _ in range(DEPTH_MAX):
        if person.merged_into_id is None:
            return person
        person = Person.objects.get(person_id=person.merged_into_id)
    raise RuntimeError(f"merges of {person_id} go round in a circle")


def records_of(person_id: str) -> list[str]:
    """同一居民的全部记录: the record that stands for the person and all that were merged into it."""
    found = [root_of(person_id).person_id]
    frontier = list(found)
    while frontier:
        frontier = list(Person.objects.filter(merged_into_id__in=frontier).values_list("person_id", flat=True))
        found.extend(frontier)
    return found


def holders(kind: CredentialKind, number: str) -> list[Person]:
    """持有人: the persons a number leads to, merges followed; more than one while a dispute is undecided.

    ``number`` is in its normal form.
    """
    held = Credential.objects.filter(lookup__in=sealing.all_lookup_values(kind, number), withdrawn_at__isnull=True)
    return _roots(set(held.values_list("person_id", flat=True)))


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


def propose(
    first: Person, second: Person, method: MatchMethod, *, by: Actor, score_e6: int | None = None
) -> MatchCandidate:
    """提出可能匹配: one row for a pair, whatever the order and however often it is proposed.

    Scored matching calls it with ``MatchMethod.SCORED`` and its score in millionths.
    """
    low, high = sorted((first, second), key=lambda person: person.person_id)
    differences = [str(kind) for kind in rules.differences(identity_of(low), identity_of(high))]
    candidate, is_new = MatchCandidate.objects.get_or_create(
        first=low,
        second=high,
        defaults={
            "method": method,
            "differences": differences,
            "score_e6": score_e6,
            "found_at": timezone.now(),
        },
    )
    if is_new:
        summary = f"{low.person_id} 与 {high.person_id}：{method.zh}"
        home = low.managing_organisation_id or high.managing_organisation_id or ""
        people = [low.person_id, high.person_id]
        record_write(by, "person.propose_match", "match_candidate", candidate.pk, home, summary, person_ids=people)
    return candidate


@transaction.atomic
def merge(
    absorbed_id: str, survivor_id: str, *, reason: str, by: Actor, candidate: MatchCandidate | None = None
) -> PersonMerge:
    """合并: from now on the absorbed record counts as the survivor. Nothing is moved and nothing deleted.

    RefusedError: no reason, the same record, or one of both has been merged into another already.
    """
    if not reason.strip():
        raise RefusedError(codes.REASON_MISSING())
    absorbed, survivor = _locked(absorbed_id, survivor_id)
    if absorbed.person_id == survivor.person_id:
        raise RefusedError(codes.MERGE_SAME())
    for person in (absorbed, survivor):
        if person.merged_into_id is not None:
            raise RefusedError(codes.MERGE_CIRCLE(person_id=person.person_id))
    absorbed.merged_into = survivor
    absorbed.save(update_fields=["merged_into", "changed_at"])
    made = PersonMerge.objects.create(
        absorbed=absorbed,
        survivor=survivor,
        candidate=candidate,
        reason=reason.strip()[:300],
        merged_by=by.name[:60],
        merged_at=timezone.now(),
    )
    _close(absorbed, survivor)
    _record(by, "person.merge", made, f"{absorbed_id} 并入 {survivor_id}")
    return made


@transaction.atomic
def unmerge(merge_id: int, *, reason: str, by: Actor) -> PersonMerge:
    """撤销合并: both records stand for themselves again; the merge stays in the history with who undid it and why."""
    if not reason.strip():
        raise RefusedError(codes.REASON_MISSING())
    held = PersonMerge.objects.select_for_update().filter(pk=merge_id, undone_at__isnull=True).first()
    if held is None:
        raise RefusedError(codes.MERGE_NOT_OPEN())
    absorbed, survivor = _locked(held.absorbed_id, held.survivor_id)
    absorbed.merged_into = None
    absorbed.save(update_fields=["merged_into", "changed_at"])
    held.undone_reason, held.undone_by, held.undone_at = reason.strip()[:300], by.name[:60], timezone.now()
    held.save(update_fields=["undone_reason", "undone_by", "undone_at"])
    low, high = sorted((absorbed.person_id, survivor.person_id))
    MatchCandidate.objects.filter(first_id=low, second_id=high).update(is_open=True)
    _record(by, "person.unmerge", held, f"{absorbed.person_id} 不再并入 {survivor.person_id}")
    return held


@transaction.atomic
def keep_apart(candidate_id: int, *, reason: str, by: Actor) -> MatchCandidate:
    """认定不同: two people; the pair is not proposed again."""
    if not reason.strip():
        raise RefusedError(codes.REASON_MISSING())
    candidate = MatchCandidate.objects.select_for_update().select_related("first", "second").get(pk=candidate_id)
    candidate.is_open = False
    candidate.save(update_fields=["is_open"])
    people = [candidate.first_id, candidate.second_id]
    home = candidate.first.managing_organisation_id or candidate.second.managing_organisation_id or ""
    summary = f"{people[0]} 与 {people[1]} 认定为两人"
    record_write(by, "person.keep_apart", "match_candidate", candidate_id, home, summary, person_ids=people)
    return candidate


def _roots(person_ids: set[str]) -> list[Person]:
    roots = {root.person_id: root for root in (root_of(person_id) for person_id in sorted(person_ids))}
    return [roots[person_id] for person_id in sorted(roots)]


def _locked(*person_ids: str) -> tuple[Person, Person]:
    """Both rows, locked in the order of their numbers so that two sessions never wait for each other."""
    rows = {
        person.person_id: person
        for person in Person.objects.select_for_update().filter(person_id__in=person_ids).order_by("person_id")
    }
    for person_id in person_ids:
        if person_id not in rows:
            raise RefusedError(codes.PERSON_UNKNOWN(person_id=person_id))
    return rows[person_ids[0]], rows[person_ids[1]]


def _close(first: Person, second: Person) -> None:
    low, high = sorted((first.person_id, second.person_id))
    MatchCandidate.objects.filter(first_id=low, second_id=high).update(is_open=False)


def _record(by: Actor, verb: str, row: PersonMerge, summary: str) -> None:
    people = [row.absorbed_id, row.survivor_id]
    homes = dict(Person.objects.filter(person_id__in=people).values_list("person_id", "managing_organisation_id"))
    home = homes.get(row.survivor_id) or homes.get(row.absorbed_id) or ""
    record_write(by, verb, "person_merge", row.pk, home, summary, person_ids=people)
