"""打开文件: what a file is, by its content, and the source that reads it.

Order of answers: size, emptiness, kind, password, archive. Names and endings are not believed.
"""

from __future__ import annotations

import mmap
import re
import zipfile
from pathlib import Path
from typing import Any

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import FileKind
from sanyi.exchange.intake.jobs.archive import BROKEN, office_kind
from sanyi.exchange.intake.jobs.columnar import ColumnarSource
from sanyi.exchange.intake.jobs.delimited import DelimitedSource
from sanyi.exchange.intake.jobs.excel import OldWorkbookSource, WorkbookSource
from sanyi.exchange.intake.jobs.limits import Limits, size_text
from sanyi.exchange.intake.jobs.messages import MessageSource
from sanyi.exchange.intake.jobs.sources import Source
from sanyi.exchange.intake.tables import IntakeContract
from sanyi.kernel.refusals import RefusedError

_OFFICE = {
    "xlsb": "二进制Excel工作簿（xlsb）",
    "ods": "OpenDocument表格（ods）",
    "docx": "Word文档",
    "pptx": "PowerPoint演示文稿",
    "zip": "压缩包（zip）",
}
_SIGNATURES = (
    (b"%PDF", "PDF文档"),
    (b"\x89PNG", "图片（PNG）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"GIF8", "图片（GIF）"),
    (b"\x1f\x8b", "压缩包（gzip）"),
    (b"Rar!", "压缩包（rar）"),
    (b"7z\xbc\xaf", "压缩包（7z）"),
    (b"SQLite format 3", "SQLite数据库"),
    (b"\x7fELF", "程序文件"),
    (b"MZ", "程序文件"),
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!doctype\s+html|<html|<table|<meta|<style|<\?xml|<workbook)", re.I)
_JSON = re.compile(rb'\s*(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*[\{\]])')


def open_source(path: Path, file_name: str, limits: Limits, contract: IntakeContract) -> Source:
    """打开来源: of a stored file; refuses what cannot be read, in the order above."""
    kind = detect_kind(path, file_name, limits)
    factories: dict[FileKind, Any] = {
        FileKind.XLSX: WorkbookSource,
        FileKind.XLS: OldWorkbookSource,
        FileKind.PARQUET: ColumnarSource,
        FileKind.CSV: DelimitedSource,
    }
    if kind is FileKind.JSON:
        return MessageSource(path, limits, contract)
    source: Source = factories[kind](path, limits)
    return source


def detect_kind(path: Path, file_name: str, limits: Limits) -> FileKind:
    """文件种类: by the first bytes."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise RefusedError(codes.FILE_TOO_LARGE(size=size_text(size), limit=size_text(limits.file_bytes)))
    if size == 0:
        raise RefusedError(codes.FILE_EMPTY())
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(b"PK"):
        return _archive_kind(path)
    if start.startswith(_COMPOUND):
        return _compound_kind(path)
    if start.startswith(b"PAR1"):
        return FileKind.PARQUET
    for signature, found in _SIGNATURES:
        if start.startswith(signature):
            raise RefusedError(codes.FILE_KIND_WRONG(found=found))
    if _MARKUP.match(start):
        raise RefusedError(_markup(file_name))
    if _JSON.match(start):
        return FileKind.JSON
    is_wide = start[:2] in (b"\xff\xfe", b"\xfe\xff") or start.count(0) * 4 > len(start)
    if not is_wide and (0 in start or _is_binary(start)):
        raise RefusedError(codes.FILE_KIND_WRONG(found="无法识别的二进制内容"))
    return FileKind.CSV


def _archive_kind(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            found = office_kind(set(archive.namelist()))
    except BROKEN as error:
        raise RefusedError(codes.ARCHIVE_BROKEN()) from error
    if found != "xlsx":
        raise RefusedError(codes.FILE_KIND_WRONG(found=_OFFICE[found]))
    return FileKind.XLSX


def _compound_kind(path: Path) -> FileKind:
    """An OLE compound file is an old workbook, a locked new one, or something else of its age."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise RefusedError(codes.PASSWORD_PROTECTED())
        if content.find("WordDocument".encode("utf-16-le")) >= 0:
            raise RefusedError(codes.FILE_KIND_WRONG(found="Word文档"))
        if content.find("Workbook".encode("utf-16-le")) < 0 and content.find("Book".encode("utf-16-le")) < 0:
            raise RefusedError(codes.FILE_KIND_WRONG(found="无法识别的旧版Office文件"))
    return FileKind.XLS


def _markup(file_name: str) -> Any:
    found = "网页或XML文本"
    if file_name.lower().endswith((".xls", ".xlsx", ".et")):
        return codes.FILE_DISGUISED(found=found)
    return codes.FILE_KIND_WRONG(found=found)


def _is_binary(start: bytes) -> bool:
    control = sum(1 for byte in start if byte < 32 and byte not in (9, 10, 12, 13))  # noqa: PLR2004 - below blank
    return control * 50 > len(start)
