"""原文件: every file is kept unchanged under the digest of its content; nothing a sender gave is lost."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from django.conf import settings

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.jobs.limits import size_text
from sanyi.kernel.refusals import RefusedError

_PIECE = 1 << 20
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


@dataclass(frozen=True, slots=True)
class Stored:
    """已存文件: its digest, its size and where it is."""

    digest: str
    size_bytes: int
    path: Path


def store(source: Path | bytes | IO[bytes] | Any, bytes_max: int) -> Stored:
    """保存: streams to disk, never holds the file; refuses one that is too large or empty and leaves nothing behind.

    ``source`` is a path, bytes, a file, or an upload with ``chunks()``. The file is on the disk (fsync) before its name
    exists, so a name always leads to the whole content.
    """
    incoming = _folder("incoming") / uuid4().hex
    digest, size = hashlib.sha256(), 0
    try:
        with incoming.open("xb") as target:
            incoming.chmod(_FILE_MODE)
            for piece in _pieces(source):
                size += len(piece)
                if size > bytes_max:
                    shown = f"{size_text(bytes_max)}以上"
                    raise RefusedError(codes.FILE_TOO_LARGE(size=shown, limit=size_text(bytes_max)))
                digest.update(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        if size == 0:
            raise RefusedError(codes.FILE_EMPTY())
        found = path_of(digest.hexdigest())
        found.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        incoming.replace(found)
        sync_folder(found.parent)
        return Stored(digest.hexdigest(), size, found)
    finally:
        incoming.unlink(missing_ok=True)


def path_of(digest: str) -> Path:
    """存放位置: by the digest of the content."""
    return Path(settings.FILES_ROOT) / "originals" / digest[:2] / digest


def staging_root() -> Path:
    """暂存目录: where the results of checks are kept until they are accepted."""
    return _folder("staging")


def sync_folder(folder: Path) -> None:
    """落盘: makes new names of a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """整个目录落盘: every file and folder below."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    for path in [*sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True), folder, folder.parent]:
        sync_folder(path)


def remove_tree(folder: Path) -> None:
    """删除目录: of results that are not needed any more."""
    shutil.rmtree(folder, ignore_errors=True)


def _folder(name: str) -> Path:
    folder = Path(settings.FILES_ROOT) / name
    folder.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
    return folder


def _pieces(source: Any) -> Iterator[bytes] | Iterable[bytes]:
    if isinstance(source, bytes):
        return iter((source,))
    if isinstance(source, Path):
        return _read(source.open("rb"))
    if hasattr(source, "chunks"):
        pieces: Iterable[bytes] = source.chunks(_PIECE)
        return pieces
    return _read(source)


def _read(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(_PIECE):
            yield piece
