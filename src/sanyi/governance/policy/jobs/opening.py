"""打开文件 (opening): what format a file has, and its lines; what cannot be opened is refused in a sentence."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import FileFormat
from sanyi.governance.policy.jobs.sequence import Opened
from sanyi.kernel.refusals import RefusedError

MEGABYTES_MAX = 60
_HERE = "sanyi.governance.policy.jobs"
_READERS = {
    FileFormat.PDF: (f"{_HERE}.portable", "open_pdf"),
    FileFormat.DOCX: (f"{_HERE}.word", "open_docx"),
    FileFormat.HTML: (f"{_HERE}.web", "open_html"),
    FileFormat.TXT: (f"{_HERE}.plain", "open_txt"),
}
"""Module and function of each format: the libraries behind them are loaded when such a file comes."""
_OLD_WORD = b"\xd0\xcf\x11\xe0"


def open_file(content: bytes, name: str) -> Opened:
    """打开: lines of a document in one common form.

    Refuses an empty file, an unknown format, an old Word file, a broken or an encrypted file, and a scan in which no
    page has text. Pages without text beside pages with text are problems, not refusals.
    """
    if len(content) > MEGABYTES_MAX * 1024 * 1024:
        raise RefusedError(codes.FILE_TOO_LARGE(name=name, megabytes_max=MEGABYTES_MAX))
    if not content.strip():
        raise RefusedError(codes.FILE_EMPTY(name=name))
    module, door = _READERS[format_of(content, name)]
    opened: Opened = getattr(import_module(module), door)(content, name)
    if not any(line.text.strip() or any(line.cells) for line in opened.lines):
        raise RefusedError(codes.FILE_EMPTY(name=name))
    return opened


def format_of(content: bytes, name: str) -> FileFormat:
    """辨别格式: by content first, by the ending of the name where content says nothing."""
    head = content[:2048].lstrip()
    ending = Path(name).suffix.lower()
    if content.startswith(_OLD_WORD):
        raise RefusedError(codes.FORMAT_OLD_WORD(name=name))
    if b"%PDF-" in content[:1024]:
        return FileFormat.PDF
    if content.startswith(b"PK\x03\x04"):
        return FileFormat.DOCX
    if ending == ".pdf":
        raise RefusedError(codes.FILE_BROKEN(name=name, problem="文件开头没有PDF标记"))
    if ending == ".docx":
        raise RefusedError(codes.FILE_BROKEN(name=name, problem="不是有效的docx压缩包"))
    lowered = head[:512].lower()
    if ending in (".html", ".htm", ".xhtml") or lowered.startswith((b"<!doctype html", b"<html")):
        return FileFormat.HTML
    if ending in (".txt", ".md", ".text", "") or _is_text(content):
        return FileFormat.TXT
    raise RefusedError(codes.FORMAT_UNKNOWN(name=name))


def _is_text(content: bytes) -> bool:
    return b"\x00" not in content[:4096]
