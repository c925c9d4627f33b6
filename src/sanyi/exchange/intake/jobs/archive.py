"""压缩包检查: what is inside a workbook, before anything of it is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.jobs.limits import Limits, size_text
from sanyi.kernel.refusals import RefusedError

_SMALL_BYTES = 64 * 1024 * 1024
"""An archive that unpacks to less than this is harmless whatever its ratio: an empty sheet packs a thousandfold."""

_ENCRYPTED = 0x1

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, OverflowError)
"""压缩包损坏: what reading a damaged archive raises."""


def open_archive(path: Path, limits: Limits) -> zipfile.ZipFile:
    """打开压缩包: after looking at its directory.

    Refuses a damaged archive, one whose members are encrypted, and one that would unpack to more than is allowed.
    Declared sizes are binding: reading a member stops at them.
    """
    try:
        archive = zipfile.ZipFile(path)
        members = archive.infolist()
    except BROKEN as error:
        raise RefusedError(codes.ARCHIVE_BROKEN()) from error
    if any(member.flag_bits & _ENCRYPTED for member in members):
        archive.close()
        raise RefusedError(codes.PASSWORD_PROTECTED())
    unpacked = sum(member.file_size for member in members)
    ratio = unpacked // max(1, path.stat().st_size)
    is_bomb = unpacked > _SMALL_BYTES and ratio > limits.unpacked_ratio
    if unpacked > limits.unpacked_bytes or is_bomb:
        archive.close()
        raise RefusedError(
            codes.ARCHIVE_TOO_LARGE(
                unpacked=size_text(unpacked),
                ratio=ratio,
                limit=size_text(limits.unpacked_bytes),
                ratio_limit=limits.unpacked_ratio,
            )
        )
    return archive


def office_kind(names: set[str]) -> str:
    """办公文件种类: of an archive by the names of its members; ``zip`` for anything that is not an office file."""
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("ppt/") for name in names):
        return "pptx"
    if "content.xml" in names:
        return "ods"
    return "zip"
