"""审计日志: append one entry to the hash chain, inside the caller's transaction.

The chain has one head row. Whoever appends locks it until the surrounding transaction ends, so a change and its entry
stand or fall together and entries never fork. Record last in a transaction, so that the lock is short.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes, hmac
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from sanyi.registry.access.codes import Purpose
from sanyi.registry.access.models import AuditEntry, AuditHead, AuditPerson
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import chain_key

READ = "read"
PERSONS_PER_STATEMENT = 300
_ENTRY_FIELDS = AuditEntry._meta.concrete_fields
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
    """What does not depend on the head is ready before the head is locked, because everybody waits for that lock."""
    key, statements = chain_key.current(), _statements(connection.vendor)
    entry = AuditEntry(
        user_id=actor.user_id,
        actor_name=actor.name[:80],
        via=via or (f"key:{actor.key_id}" if actor.key_id else ""),
        actor_organisation_code=actor.organisation_code,
        person_ids=list(persons),
        key_id=key.key_id,
        **fields,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        sequence, entry.previous_digest = _locked_head(cursor, statements)
        entry.sequence, entry.at = sequence + 1, timezone.now()
        entry.digest = digest_of(entry, key.secret)
        plain = [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in _ENTRY_FIELDS]
        cursor.execute(statements.insert_entry, plain)
        remaining = iter(persons.items())
        while part := list(islice(remaining, PERSONS_PER_STATEMENT)):
            rows = [value for person, home in part for value in (entry.sequence, person, home)]
            cursor.execute(statements.insert_persons + ", ".join(["(%s, %s, %s)"] * len(part)), rows)
        cursor.execute(statements.move_head, [entry.sequence, entry.digest])
    entry._state.adding, entry._state.db = False, connection.alias
    return entry


@dataclass(frozen=True, slots=True)
class Statements:
    """语句: written out once; the trail is written at nearly every request."""

    lock_head: str
    move_head: str
    insert_entry: str
    insert_persons: str


@cache
def _statements(vendor: str) -> Statements:
    quote = connection.ops.quote_name
    head, entry, person = (quote(model._meta.db_table) for model in (AuditHead, AuditEntry, AuditPerson))
    columns = ", ".join(quote(str(field.column)) for field in _ENTRY_FIELDS)
    places = ", ".join(["%s"] * len(_ENTRY_FIELDS))
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    return Statements(
        lock_head=f"SELECT sequence, digest FROM {head} WHERE id = 1{lock}",  # noqa: S608 - our own names, here and below
        move_head=f"UPDATE {head} SET sequence = %s, digest = %s WHERE id = 1",  # noqa: S608
        insert_entry=f"INSERT INTO {entry} ({columns}) VALUES ({places})",  # noqa: S608
        insert_persons=f"INSERT INTO {person} (entry_id, person_id, organisation_code) VALUES ",  # noqa: S608
    )


def _locked_head(cursor: CursorWrapper, statements: Statements) -> tuple[int, str]:
    """Sequence and digest of the last entry; the row is made by the first one who asks for it."""
    cursor.execute(statements.lock_head)
    found = cursor.fetchone()
    if found is None:
        AuditHead.objects.bulk_create([AuditHead(pk=1)], ignore_conflicts=True)
        cursor.execute(statements.lock_head)
        found = cursor.fetchone()
    sequence, digest = found
    return sequence, digest
