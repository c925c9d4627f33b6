"""文库 (the library): files come in, are kept unchanged and read; a file read again keeps what people decided."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import ItemKind, ItemState
from sanyi.governance.policy.jobs import read_document
from sanyi.governance.policy.jobs.opening import MEGABYTES_MAX
from sanyi.governance.policy.models import KeptCorrection, PolicyClause, PolicyDocument, ReadItem
from sanyi.governance.policy.services import missed
from sanyi.governance.policy.tables import Document, plain_value
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.organisations import services as organisations

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


def documents(organisation_codes: Any = None) -> Any:
    """文库: the documents of the county of this installation, or of the given organisations."""
    rows = PolicyDocument.objects.all()
    return rows if organisation_codes is None else rows.filter(organisation_code__in=organisation_codes)


def get(pk: int) -> PolicyDocument | None:
    """文件: by its key, None when there is none."""
    return PolicyDocument.objects.filter(pk=pk).first()


def office_of(by: Actor) -> str:
    """所属县: the county of whoever acts."""
    return organisations.root(by.organisation_code) if by.organisation_code else organisations.county_code()


def receive(content: bytes, file_name: str, *, by: Actor) -> PolicyDocument:
    """收文: keeps the file, reads it and proposes what was read. Nothing is in use before a person decides.

    Refuses a file that cannot be read, with the reason, and one that the library already holds.
    """
    if len(content) > MEGABYTES_MAX * 1024 * 1024:
        raise RefusedError(codes.FILE_TOO_LARGE(name=file_name, megabytes_max=MEGABYTES_MAX))
    office = office_of(by)
    digest = hashlib.sha256(content).hexdigest()
    known = PolicyDocument.objects.filter(organisation_code=office, file_digest=digest).first()
    if known is not None:
        raise RefusedError(codes.FILE_KNOWN(title=known.title or known.file_name))
    reading = read_document(content, file_name)
    keep(content, digest)
    now = timezone.now()
    try:
        with transaction.atomic():
            document = PolicyDocument.objects.create(
                organisation_code=office,
                file_name=file_name[:200],
                file_digest=digest,
                size_bytes=len(content),
                uploaded_by_id=by.user_id or None,
                uploaded_by_name=by.name[:80],
                uploaded_at=now,
                **_fields(reading),
            )
            _store(document, reading)
            summary = f"上传政策文件：{document.title or file_name}"[:200]
            record_write(by, "document.upload", "policy_document", document.pk, office, summary)
    except IntegrityError:
        found = PolicyDocument.objects.get(organisation_code=office, file_digest=digest)
        raise RefusedError(codes.FILE_KNOWN(title=found.title or file_name)) from None
    return document


def read_again(document: PolicyDocument, *, by: Actor) -> PolicyDocument:
    """重新读取: with the rules of today; corrections are kept and applied where clause and words are the same.

    Items that already serve as a task or a value stay as they are.
    """
    reading = read_document(path_of(document.file_digest).read_bytes(), document.file_name)
    with transaction.atomic():
        locked = PolicyDocument.objects.select_for_update().get(pk=document.pk)
        for name, value in _fields(reading).items():
            setattr(locked, name, value)
        locked.save()
        locked.clauses.all().delete()
        _store(locked, reading)
        record_write(by, "document.read", "policy_document", locked.pk, locked.organisation_code, "重新读取政策文件")
    return locked


def keep(content: bytes, digest: str) -> Path:
    """存原件: under the digest of its content, on the disk before its name exists."""
    target = path_of(digest)
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
    incoming = target.parent / f".{uuid4().hex}"
    try:
        with incoming.open("xb") as stream:
            incoming.chmod(_FILE_MODE)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        incoming.replace(target)
    finally:
        incoming.unlink(missing_ok=True)
    return target


def path_of(digest: str) -> Path:
    """原件位置: by the digest of the content."""
    return Path(settings.FILES_ROOT) / "policy_documents" / digest[:2] / digest


def _fields(reading: Document) -> dict[str, Any]:
    head = reading.head
    return {
        "number": head.number[:60],
        "title": (head.title or reading.file_name)[:200],
        "issuer": head.issuer[:80],
        "issued_on": head.issued_on,
        "level": head.level,
        "jurisdiction_code": head.jurisdiction_code,
        "jurisdiction_name": head.jurisdiction_name[:40],
        "publication_status": head.publication_status,
        "head": plain_value(head),
        "problems": plain_value(reading.problems),
        "noise": plain_value(reading.noise),
        "file_format": reading.file_format,
        "page_count": reading.page_count,
        "reader_version": reading.reader_version,
        "read_at": timezone.now(),
    }


def _store(document: PolicyDocument, reading: Document) -> None:
    PolicyClause.objects.bulk_create(
        PolicyClause(
            document=document,
            position=position,
            address=clause.address[:60],
            parent=clause.parent[:60],
            kind=clause.kind,
            printed_marker=clause.printed_marker[:20],
            title=clause.title[:120],
            text=clause.text,
            page=clause.page,
            line=clause.line,
            repaired=clause.repaired[:120],
        )
        for position, clause in enumerate(reading.clauses)
    )
    used = set(
        document.items.exclude(task_number="", confirmed_value__isnull=True).values_list("kind", "clause", "ordinal")
    )
    document.items.filter(task_number="", confirmed_value__isnull=True).delete()
    items = [item for item in _items(document, reading) if (item.kind, item.clause, item.ordinal) not in used]
    _apply_kept(document, items)
    items += missed.kept_again(document, items, {each.address: at for at, each in enumerate(reading.clauses)}, used)
    ReadItem.objects.bulk_create(items)


def _items(document: PolicyDocument, reading: Document) -> list[ReadItem]:
    """读取项: in the order of the clauses, tasks before targets before values."""
    places = {clause.address: position for position, clause in enumerate(reading.clauses)}
    read: list[tuple[int, ItemKind, Any]] = []
    for kind, found in (
        (ItemKind.TASK, reading.tasks),
        (ItemKind.TARGET, reading.targets),
        (ItemKind.VALUE, reading.value_candidates),
    ):
        read += [(places.get(each.clause, 0), kind, each) for each in found]
    read.sort(key=lambda entry: entry[0])
    items, seen = [], dict[tuple[str, str], int]()
    for position, (_, kind, each) in enumerate(read):
        ordinal = seen[(kind.value, each.clause)] = seen.get((kind.value, each.clause), 0) + 1
        items.append(
            ReadItem(
                document=document,
                position=position,
                kind=kind.value,
                clause=each.clause[:60],
                ordinal=ordinal,
                rule=each.rule,
                quote=each.quote[:60],
                quote_digest=hashlib.sha256(each.quote.encode()).hexdigest(),
                read=plain_value(each),
            )
        )
    return items


def _apply_kept(document: PolicyDocument, items: list[ReadItem]) -> None:
    """沿用更正: same clause and same words; what differs is proposed anew."""
    kept = {
        (row.kind, row.clause, row.ordinal, row.quote_digest): row
        for row in KeptCorrection.objects.filter(
            organisation_code=document.organisation_code, document_key=document.key
        )
    }
    for item in items:
        row = kept.get((item.kind, item.clause, item.ordinal, item.quote_digest))
        if row is None:
            continue
        item.state, item.corrected, item.is_kept = row.state, row.corrected, True
        item.decided_by_name, item.decided_at = row.made_by_name, row.made_at


def counts(document: PolicyDocument) -> dict[str, dict[str, int]]:
    """计数: of items by kind and state."""
    result = {kind.value: {state.value: 0 for state in ItemState} for kind in ItemKind}
    for kind, state in document.items.values_list("kind", "state"):
        result[kind][state] += 1
    return result
