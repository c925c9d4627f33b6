"""审计查阅: which entries an actor may see: those of the own institutions, of their people and of their staff."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from sanyi.registry.access.models import AuditEntry, AuditPerson
from sanyi.registry.access.rules import AllOrganisations, Scope


def entries_within(scope: Scope, *, with_unowned: bool, person_id: str = "") -> QuerySet[AuditEntry]:
    """审计记录: of subjects, persons and actors of these organisations; ``with_unowned`` adds the program's own."""
    query = AuditEntry.objects.all()
    if person_id:
        query = query.filter(_persons(person_id=person_id))
    if isinstance(scope, AllOrganisations):
        return query
    wanted = Q(organisation_code__in=scope) | Q(actor_organisation_code__in=scope)
    wanted |= Q(_persons(organisation_code__in=scope))
    if with_unowned:
        wanted |= Q(organisation_code="", actor_organisation_code="")
    return query.filter(wanted)


def entry_owners(sequence: int) -> frozenset[str] | None:
    """审计记录的相关机构: of its subject, its actor and its persons; None when there is no such entry."""
    entry = AuditEntry.objects.filter(sequence=sequence).first()
    if entry is None:
        return None
    homes = AuditPerson.objects.filter(entry=entry).values_list("organisation_code", flat=True)
    return frozenset({entry.organisation_code, entry.actor_organisation_code, *homes} - {""})


def _persons(**conditions: object) -> Exists:
    return Exists(AuditPerson.objects.filter(entry_id=OuterRef("sequence"), **conditions))
