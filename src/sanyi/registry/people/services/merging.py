"""合并: two records held to be one person, by a link that can be taken away again; nothing is moved, nothing deleted.

Every merge is a decision about a possible match: it is proposed (by the matching or by hand), waits as a case, and is
decided there. Undoing a merge opens a new case for the same pair.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.services import Actor, record_write
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent
from sanyi.registry.organisations import services as organisations
from sanyi.registry.people import codes, rules, workflow
from sanyi.registry.people.codes import MatchMethod
from sanyi.registry.people.models import MatchCandidate, Person, PersonMerge
from sanyi.registry.people.services.matching import identity_of, root_of
from sanyi.registry.statements import marks, rows_of


def propose(
    first: Person, second: Person, method: MatchMethod, *, by: Actor, score_e6: int | None = None
) -> MatchCandidate:
    """提出可能匹配: one row and one case for a pair, whatever the order and however often it is proposed.

    Scored matching calls it with ``MatchMethod.SCORED`` and its score in millionths. RefusedError for one record alone.
    """
    low, high = sorted((first, second), key=lambda person: person.person_id)
    if low.person_id == high.person_id:
        raise RefusedError(codes.MERGE_SAME())
    with transaction.atomic():
        _locked(low.person_id, high.person_id)  # whoever proposes the pair second waits here and finds the row
        known = MatchCandidate.objects.filter(first=low, second=high).select_related("case").first()
        if known is not None:
            return known
        return MatchCandidate.objects.create(
            first=low,
            second=high,
            method=method,
            differences=[str(kind) for kind in rules.differences(identity_of(low), identity_of(high))],
            score_e6=score_e6,
            found_at=timezone.now(),
            case=_open_case(low, high, method.zh, by),
        )


def propose_by_hand(person_id: str, other_id: str, *, by: Actor) -> MatchCandidate:
    """人工提出可能匹配: for two records that somebody takes for one person."""
    return propose(root_of(person_id), root_of(other_id), MatchMethod.BY_HAND, by=by)


def candidates_of(person_ids: Collection[str]) -> QuerySet[MatchCandidate]:
    """可能匹配: those that any of these records is part of, with their cases, the latest first."""
    either = Q(first_id__in=person_ids) | Q(second_id__in=person_ids)
    return MatchCandidate.objects.select_related("case").filter(either).order_by("-found_at", "-id")


def is_candidate(person_ids: Collection[str]) -> bool:
    """是否可能匹配: whether any of these records is part of a possible match; of most people none is."""
    ids, either = list(person_ids), marks(person_ids)
    found = f"first_id IN ({either}) OR second_id IN ({either}) LIMIT 1"
    return bool(rows_of(MatchCandidate, found, [*ids, *ids]))


def survivor_of(first: Person, second: Person) -> Person:
    """保留的记录: the one with an undisputed citizen number, otherwise the older one."""
    for person in sorted((first, second), key=lambda person: person.person_id):
        numbers = person.credentials.filter(is_disputed=False, withdrawn_at__isnull=True)
        if any(rules.is_citizen_kind(rules.kind_of(kind)) for kind in numbers.values_list("kind", flat=True)):
            return person
    return min((first, second), key=lambda person: person.person_id)


def merge(case: Case, event: CaseEvent, by: Actor) -> None:
    """合并: the effect of deciding that both records are one person. The absorbed record points to the survivor.

    Where one of both has been merged before, the records that stand for them are merged. RefusedError when they are
    one person already.
    """
    candidate = MatchCandidate.objects.get(case=case)
    first, second = _locked(root_of(candidate.first_id).person_id, root_of(candidate.second_id).person_id)
    if first.person_id == second.person_id:
        raise RefusedError(codes.MERGE_SAME())
    survivor = survivor_of(first, second)
    absorbed = second if survivor is first else first
    if absorbed.merged_into_id is not None or survivor.merged_into_id is not None:
        raise RefusedError(codes.MERGE_CIRCLE(person_id=absorbed.person_id))
    absorbed.merged_into = survivor
    absorbed.save(update_fields=["merged_into", "changed_at"])
    made = PersonMerge.objects.create(
        absorbed=absorbed,
        survivor=survivor,
        candidate=candidate,
        reason=event.reason[:300],
        merged_by=by.name[:60],
        merged_at=timezone.now(),
    )
    _record(by, "person.merge", made, f"{absorbed.person_id} 并入 {survivor.person_id}")


def unmerge(merge_id: int, *, reason: str, by: Actor) -> PersonMerge:
    """撤销合并: both records stand for themselves again, and the pair waits for a new decision.

    The merge stays in the history with who undid it and why. RefusedError: no reason, or it has been undone already.
    """
    if not reason.strip():
        raise RefusedError(codes.REASON_MISSING())
    with transaction.atomic():
        held = PersonMerge.objects.select_for_update().filter(pk=merge_id, undone_at__isnull=True).first()
        if held is None:
            raise RefusedError(codes.MERGE_NOT_OPEN())
        absorbed, survivor = _locked(held.absorbed_id, held.survivor_id)
        absorbed.merged_into = None
        absorbed.save(update_fields=["merged_into", "changed_at"])
        held.undone_reason, held.undone_by, held.undone_at = reason.strip()[:300], by.name[:60], timezone.now()
        held.save(update_fields=["undone_reason", "undone_by", "undone_at"])
        candidate = held.candidate
        candidate.case = _open_case(candidate.first, candidate.second, "合并已撤销", by)
        candidate.save(update_fields=["case"])
        _record(by, "person.unmerge", held, f"{absorbed.person_id} 不再并入 {survivor.person_id}")
    return held


def _locked(first_id: str, second_id: str) -> tuple[Person, Person]:
    """Both rows, locked in the order of their numbers so that two sessions never wait for each other."""
    wanted = Person.objects.select_for_update().filter(person_id__in=[first_id, second_id])
    rows = {person.person_id: person for person in wanted.order_by("person_id")}
    return rows[first_id], rows[second_id]


def _record(by: Actor, verb: str, row: PersonMerge, summary: str) -> None:
    people = [row.absorbed_id, row.survivor_id]
    homes = dict(Person.objects.filter(person_id__in=people).values_list("person_id", "managing_organisation_id"))
    home = homes.get(row.survivor_id) or homes.get(row.absorbed_id) or ""
    record_write(by, verb, "person_merge", row.pk, home, summary, person_ids=people)


def _open_case(low: Person, high: Person, why: str, by: Actor) -> Case:
    """The case belongs to the institution of either person, otherwise to the county."""
    home = low.managing_organisation_id or high.managing_organisation_id or organisations.county_code()
    return cases.open_case(
        workflow.NAME,
        subject_kind="match_candidate",
        subject_id=f"{low.person_id}-{high.person_id}",
        organisation_code=home,
        by=by,
        title=f"可能匹配核对：{low.person_id} 与 {high.person_id}（{why}）",
        data={"first": low.person_id, "second": high.person_id},
    )
