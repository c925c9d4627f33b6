"""证据材料: files checked by size and content, kept once under the digest of their content."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import codes
from sanyi.registry.cases.codes import EVIDENCE_TYPES
from sanyi.registry.cases.models import Case, CaseEvent, Evidence
from sanyi.registry.policies import services as policies

NAME_LENGTH_MAX = 120


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """已核验的文件."""

    file: File[Any]
    name: str
    media_type: str
    size_bytes: int
    digest: str


def checked(file: File[Any]) -> CheckedFile:
    """核验: name, type by content, size; reads the file in pieces. Refuses what is not allowed."""
    name = _plain_name(file.name or "")
    suffix = Path(name).suffix.lower()
    limit = evidence_bytes_max()
    if suffix not in EVIDENCE_TYPES:
        raise _wrong_type(name)
    media_type, beginnings = EVIDENCE_TYPES[suffix]
    digest, size, first = hashlib.sha256(), 0, b""
    file.seek(0)
    for piece in file.chunks():
        first = first or piece[:16]
        size += len(piece)
        if size > limit:
            raise RefusedError(codes.EVIDENCE_TOO_LARGE(file=name, megabytes=limit // 1_000_000))
        if not beginnings and b"\x00" in piece:
            raise _wrong_type(name)
        digest.update(piece)
    if size == 0:
        raise RefusedError(codes.EVIDENCE_EMPTY(file=name))
    if beginnings and not first.startswith(beginnings):
        raise _wrong_type(name)
    return CheckedFile(file, name, media_type, size, digest.hexdigest())


def keep(case: Case, found: CheckedFile, *, by: Actor, event: CaseEvent | None) -> Evidence:
    """保存: the content under its digest (once, however often it is uploaded), and a row that points to it."""
    path = path_of(found.digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
        found.file.seek(0)
        with fresh.open("wb") as target:
            for piece in found.file.chunks():
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        fresh.replace(path)
    return Evidence.objects.create(
        case=case,
        event=event,
        file_name=found.name,
        media_type=found.media_type,
        size_bytes=found.size_bytes,
        digest=found.digest,
        uploaded_by_id=by.user_id,
        uploaded_by_name=by.name[:80],
    )


def path_of(digest: str) -> Path:
    """存放位置: of the content with this digest."""
    return Path(settings.FILES_ROOT) / "evidence" / digest[:2] / digest


def evidence_bytes_max() -> int:
    """单个文件上限: in bytes, by policy."""
    found = policies.book().value(
        "registry.cases.evidence_bytes",
        jurisdiction=policies.county(),
        on=timezone.localdate(),
        asker="registry.cases",
    )
    return int(found.value)


def _plain_name(name: str) -> str:
    plain = PureWindowsPath(PurePosixPath(name).name).name
    plain = "".join(character for character in plain if character.isprintable())
    stem, suffix = Path(plain).stem, Path(plain).suffix
    return stem[: NAME_LENGTH_MAX - len(suffix)] + suffix


def _wrong_type(name: str) -> RefusedError:
    return RefusedError(codes.EVIDENCE_TYPE_WRONG(file=name, allowed="、".join(EVIDENCE_TYPES)))
