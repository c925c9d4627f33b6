"""目录保存: catalogues lie under their digest, in the same bytes for ever; what is read is held against it."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from sanyi.insurance.dip.codes import CATALOGUE_DAMAGED, VERSION_TAKEN, RowKind
from sanyi.insurance.dip.models import DipCatalogue
from sanyi.insurance.dip.rules.catalogue import Catalogue
from sanyi.kernel.refusals import RefusedError

KEPT_IN_MEMORY = 4


def folder() -> Path:
    """目录文件夹."""
    return Path(settings.FILES_ROOT) / "dip"


def store(catalogue: Catalogue, *, by_name: str, organisation_code: str, **more: Any) -> DipCatalogue:
    """保存目录: the file first, then the row that names it; the same content twice is one catalogue.

    Refuses a code and version that another content has.
    """
    known = DipCatalogue.objects.filter(digest=catalogue.digest).first()
    if known is not None:
        return known
    _write(catalogue)
    head, kinds = catalogue.head, catalogue.rows["kind"].to_list()
    try:
        with transaction.atomic():
            return DipCatalogue.objects.create(
                key=catalogue.key,
                code=head.code,
                version=head.version,
                name_zh=head.name,
                jurisdiction=head.jurisdiction,
                starts_on=date.fromisoformat(head.starts_on),
                ends_on=date.fromisoformat(head.ends_on) if head.ends_on else None,
                document=head.document,
                origin=head.origin,
                organisation_code=organisation_code,
                digest=catalogue.digest,
                row_count=len(kinds),
                core_count=kinds.count(RowKind.CORE.value),
                mixed_count=kinds.count(RowKind.MIXED.value),
                basic_count=int(catalogue.rows["is_basic"].sum()),
                factor_count=catalogue.factors.height,
                is_assumed=bool(catalogue.options.assumed),
                created_by_name=by_name[:80],
                **more,
            )
    except IntegrityError as error:
        same = DipCatalogue.objects.filter(digest=catalogue.digest).first()
        if same is None:
            raise RefusedError(VERSION_TAKEN(code=head.code, version=head.version)) from error
        return same


def content_of(digest: str) -> Catalogue:
    """目录内容: by digest. Refuses a file that is missing or does not fit its digest."""
    return _read(str(folder()), digest)


def catalogues() -> QuerySet[DipCatalogue]:
    """病种目录: all, the newest first."""
    return DipCatalogue.objects.all()


def catalogue(pk: int) -> DipCatalogue | None:
    """一个目录: None when there is none."""
    return DipCatalogue.objects.filter(pk=pk).first()


def is_taken(code: str, version: str) -> bool:
    """代码与版本是否已用."""
    return DipCatalogue.objects.filter(code=code, version=version).exists()


def _write(catalogue: Catalogue) -> None:
    path = folder() / f"{catalogue.digest}.json"
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    fresh.write_bytes(catalogue.content)
    fresh.replace(path)


@lru_cache(maxsize=KEPT_IN_MEMORY)
def _read(root: str, digest: str) -> Catalogue:
    path = Path(root) / f"{digest}.json"
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != digest:
        raise RefusedError(CATALOGUE_DAMAGED(key=digest[:8]))
    return Catalogue.read(content)
