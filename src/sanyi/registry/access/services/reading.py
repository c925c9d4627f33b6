"""审计查阅: which entries an actor may see: those of the own institutions, of their people and of their staff."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from sanyi.registry.access.models import AuditEntry, AuditPerson
from sanyi.registry.access.rules import AllOrganisations, Scope
from sanyi.registry.access.services.trail import READ
from sanyi.registry.statements import marks, rows_of


def entries_within(scope: Scope, *, with_unowned: bool, person_id: str = "") -> QuerySet[AuditEntry]:
    """审计记录: of subjects, persons and actors of these organisations; ``with_unowned`` adds the program's own.

    Whoever sees the program's own entries sees nearly all: they are read from the end, and each is tested. For a
    single institution its own entries are collected first, because almost every entry is somebody else's.
    """
    query = AuditEntry.objects.all()
    if person_id:
        query = query.filter(sequence__in=AuditPerson.objects.filter(person_id=person_id).values("entry_id"))
    if isinstance(scope, AllOrganisations):
        return query
    if with_unowned:
        wanted = Q(organisation_code__in=scope) | Q(actor_organisation_code__in=scope)
        wanted |= Q(organisation_code="", actor_organisation_code="")
        homes = AuditPerson.objects.filter(entry_id=OuterRef("sequence"), organisation_code__in=scope)
        return query.filter(wanted | Q(Exists(homes)))
    own = Q(sequence__in=AuditEntry.objects.filter(organisation_code__in=scope).values("sequence"))
    own |= Q(sequence__in=AuditEntry.objects.filter(actor_organisation_code__in=scope).values("sequence"))
    own |= Q(sequence__in=AuditPerson.objects.filter(organisation_code__in=scope).values("entry_id"))
    return query.filter(own)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """书签: where the trail ended when something was read; an empty trail marks nothing."""

    sequence: int
    digest: str


def bookmark() -> Bookmark:
    """夹书签: take it before reading, so that a change made meanwhile lies behind it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequence, digest FROM registry_audithead WHERE id = 1")
        return Bookmark(*(cursor.fetchone() or (0, "")))


def is_unchanged_since(mark: Bookmark, subject_kinds: Sequence[str]) -> bool:
    """未变动: whether nothing was written about such subjects since, on the very trail that was marked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM registry_auditentry WHERE sequence = %s", [mark.sequence])
        found = cursor.fetchone()
        if found is None or found[0] != mark.digest:
            return False
        kinds = f"subject_kind IN ({marks(subject_kinds)})"
        written = f"sequence > %s AND verb <> %s AND {kinds}"
        cursor.execute(
            f"SELECT 1 FROM registry_auditentry WHERE {written} LIMIT 1",  # noqa: S608 - our own words
            [mark.sequence, READ, *subject_kinds],
        )
        return cursor.fetchone() is None


def latest_of_person(person_id: str, count: int) -> list[AuditEntry]:
    """某人的最新审计记录: who read or changed this record, the newest first."""
    of_person = "sequence IN (SELECT entry_id FROM registry_auditperson WHERE person_id = %s)"
    return rows_of(AuditEntry, f"{of_person} ORDER BY sequence DESC LIMIT %s", [person_id, count])


def entry_owners(sequence: int) -> frozenset[str] | None:
    """审计记录的相关机构: of its subject, its actor and its persons; None when there is no such entry."""
    entry = AuditEntry.objects.filter(sequence=sequence).first()
    if entry is None:
        return None
    homes = AuditPerson.objects.filter(entry=entry).values_list("organisation_code", flat=True)
    return frozenset({entry.organisation_code, entry.actor_organisation_code, *homes} - {""})
