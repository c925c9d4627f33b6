"""审计日志: append one entry to the hash chain, inside the caller's transaction.

The chain has one head row. Whoever appends locks it until the surrounding transaction ends, so a change and its entry
stand or fall together and entries never fork. Record last in a transaction, so that the lock is short.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes, hmac
from django.db import transaction
from django.utils import timezone

from sanyi.registry.access.codes import Purpose
from sanyi.registry.access.models import AuditEntry, AuditHead, AuditPerson
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import chain_key

READ = "read"
CHAINED = (
    "sequence",
    "user_id",
    "actor_name",
    "via",
    "verb",
    "subject_kind",
    "subject_id",
    "organisation_code",
    "actor_organisation_code",
    "purpose",
    "route",
    "summary",
    "person_ids",
    "key_id",
    "previous_digest",
)


def record_write(
    actor: Actor,
    verb: str,
    subject_kind: str,
    subject_id: object,
    organisation_code: str = "",
    summary: str = "",
    *,
    purpose: Purpose | None = None,
    route: str = "",
    person_ids: Iterable[str] = (),
    via: str = "",
) -> AuditEntry:
    """记录写操作: one entry for one change; call it inside the transaction that makes the change, at its end.

    ``summary`` is a short sentence for the auditor; it must not carry personal values, only identifiers and counts.
    """
    return _append(
        actor,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        organisation_code=organisation_code,
        summary=summary,
        purpose=purpose.value if purpose else "",
        route=route,
        via=via,
        persons=dict.fromkeys(person_ids, organisation_code),
    )


def record_person_read(
    actor: Actor,
    person_ids: str | Iterable[str],
    purpose: Purpose,
    route: str,
    organisation_code: str = "",
    *,
    organisations: Mapping[str, str] | None = None,
    via: str = "",
    summary: str = "",
) -> AuditEntry | None:
    """记录人员查阅: one entry for one reading, whether of one person or of a list, an export or an API answer.

    ``organisations`` gives each person's own institution where it differs from ``organisation_code``; that institution
    can see the entry. Nobody read means no entry.
    """
    ids = [person_ids] if isinstance(person_ids, str) else list(dict.fromkeys(person_ids))
    if not ids:
        return None
    homes = organisations or {}
    return _append(
        actor,
        verb=READ,
        subject_kind="person",
        subject_id=ids[0] if len(ids) == 1 else f"{len(ids)} persons",
        organisation_code=organisation_code,
        summary=summary,
        purpose=purpose.value,
        route=route,
        via=via,
        persons={person_id: homes.get(person_id, organisation_code) for person_id in ids},
    )


def digest_of(entry: AuditEntry, key: bytes) -> str:
    """摘要: HMAC-SM3 of every chained field in a canonical form (sorted JSON, instants in UTC microseconds)."""
    return _digest({name: getattr(entry, name) for name in CHAINED}, entry.at, key)


def _digest(fields: Mapping[str, Any], at: datetime, key: bytes) -> str:
    plain = {**fields, "at": at.astimezone(UTC).isoformat(timespec="microseconds")}
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS))
    return mac.finalize().hex()


def _append(actor: Actor, *, persons: Mapping[str, str], via: str, **fields: str) -> AuditEntry:
    key = chain_key.current()
    with transaction.atomic():
        head = _locked_head()
        entry = AuditEntry(
            sequence=head.sequence + 1,
            at=timezone.now(),
            user_id=actor.user_id,
            actor_name=actor.name[:80],
            via=via or (f"key:{actor.key_id}" if actor.key_id else ""),
            actor_organisation_code=actor.organisation_code,
            person_ids=list(persons),
            key_id=key.key_id,
            previous_digest=head.digest,
            **fields,
        )
        entry.digest = digest_of(entry, key.secret)
        entry.save()
        AuditPerson.objects.bulk_create(
            [AuditPerson(entry=entry, person_id=person, organisation_code=home) for person, home in persons.items()],
            batch_size=300,
        )
        AuditHead.objects.filter(pk=1).update(sequence=entry.sequence, digest=entry.digest)
    return entry


def _locked_head() -> AuditHead:
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(pk=1)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update().get(pk=1)
    return head
