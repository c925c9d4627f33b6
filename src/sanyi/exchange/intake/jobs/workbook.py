"""工作簿部件: sheets, date styles and shared texts of an xlsx workbook, read as a stream.

The readers of the libraries hold a whole sheet in memory (300 MB for 50,000 rows of 90 columns); this one holds a few
hundred rows. XML with a document type is refused: nothing in a workbook needs one.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate, islice
from xml.parsers import expat

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.jobs.archive import BROKEN
from sanyi.exchange.intake.jobs.limits import size_text
from sanyi.kernel.refusals import RefusedError

PIECE = 1 << 18
_BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_A_DATE = re.compile(r'"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_TEXTS_BYTES_MAX = 1 << 29
"""Shared texts are the one part of a workbook that is held; half a gigabyte of them is too much."""

_TEXT_PARTS_MAX = 10_000
"""One text in more pieces (each up to 256 KB) is an attack, not a text."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """工作表: its name, whether people see it, and where it is in the archive."""

    name: str
    is_hidden: bool
    path: str


@dataclass(slots=True)
class Workbook:
    """工作簿: what is needed to read the cells of any sheet."""

    archive: zipfile.ZipFile
    sheets: list[SheetPart]
    is_date: list[bool]
    is_1904: bool
    texts: Texts


class Texts:
    """共享文本: all shared texts in one block of bytes, decoded when asked."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        """加入: the next text."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._refuse_large()
        self._ends.append(len(self._bytes))

    def extend(self, texts: Iterable[str]) -> None:
        """加入: several."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._ends.extend(islice(accumulate(map(len, encoded), initial=len(self._bytes)), 1, None))
        self._bytes += b"".join(encoded)
        self._refuse_large()

    def _refuse_large(self) -> None:
        if len(self._bytes) > _TEXTS_BYTES_MAX:
            raise RefusedError(codes.TEXTS_TOO_LARGE(limit=size_text(_TEXTS_BYTES_MAX)))

    def __getitem__(self, place: int) -> str:
        return self._bytes[self._ends[place] : self._ends[place + 1]].decode("utf-8", "replace")

    def __len__(self) -> int:
        return len(self._ends) - 1


def open_workbook(archive: zipfile.ZipFile) -> Workbook:
    """打开工作簿: reads the small parts. Refuses what is damaged or has no sheets."""
    try:
        rels = _relations(archive, "xl/_rels/workbook.xml.rels")
        sheets, is_1904 = _sheets(archive, rels)
        workbook = Workbook(archive, sheets, _date_styles(archive), is_1904, _texts(archive))
    except (*BROKEN, expat.ExpatError, KeyError, ValueError) as error:
        if isinstance(error, RefusedError):
            raise
        raise RefusedError(codes.ARCHIVE_BROKEN()) from error
    return workbook


def parse(
    archive: zipfile.ZipFile,
    path: str,
    on_start: Callable[[str, Mapping[str, str]], None],
    on_end: Callable[[str], None] = lambda name: None,
    on_text: Callable[[str], None] | None = None,
) -> None:
    """解析XML: names without their prefix; refuses a document type."""
    parser = new_parser(on_start, on_end, on_text)
    with archive.open(path) as stream:
        while piece := stream.read(PIECE):
            parser.Parse(piece)
    parser.Parse(b"", True)


def new_parser(
    on_start: Callable[[str, Mapping[str, str]], None],
    on_end: Callable[[str], None],
    on_text: Callable[[str], None] | None,
) -> expat.XMLParserType:
    """解析器: for documents that come in pieces."""

    def refuse(*_: object) -> None:
        raise RefusedError(codes.ARCHIVE_BROKEN())

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: on_start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: on_end(name.rpartition(":")[2])
    if on_text is not None:
        parser.CharacterDataHandler = on_text
    return parser


def unescape(text: str) -> str:
    """还原转义: ``_x000D_`` and its like, which Excel writes for control characters."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def is_utf8(start: bytes) -> bool:
    """是否UTF-8: by the declaration at the start of a part."""
    declared = re.match(rb'\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding=["\']([A-Za-z0-9_-]+)', start)
    return declared is None or declared[1].lower() in (b"utf-8", b"us-ascii", b"ascii")


def _relations(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    found: dict[str, str] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            found[attributes["Id"]] = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)

    parse(archive, path, start)
    return {key: posixpath.normpath(value) for key, value in found.items()}


def _sheets(archive: zipfile.ZipFile, relations: Mapping[str, str]) -> tuple[list[SheetPart], bool]:
    sheets: list[SheetPart] = []
    is_1904 = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal is_1904
        if name == "workbookPr":
            is_1904 = attributes.get("date1904") in ("1", "true")
        if name == "sheet":
            key = next((value for label, value in attributes.items() if label.rpartition(":")[2] == "id"), "")
            path = relations.get(key, "")
            if "worksheets/" in path and path in members:
                sheets.append(SheetPart(attributes["name"], attributes.get("state", "visible") != "visible", path))

    members = set(archive.namelist())
    parse(archive, "xl/workbook.xml", start)
    if not sheets:
        raise RefusedError(codes.ARCHIVE_BROKEN())
    return sheets, is_1904


def _date_styles(archive: zipfile.ZipFile) -> list[bool]:
    """For each cell style whether its number format is that of a date or a time of day."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    formats: dict[int, bool] = {}
    styles: list[bool] = []
    inside = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        if name == "numFmt":
            formats[int(attributes["numFmtId"])] = is_date_format(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            number = int(attributes.get("numFmtId", "0"))
            styles.append(formats.get(number, number in _BUILT_IN_DATES))

    def end(name: str) -> None:
        nonlocal inside
        if name == "cellXfs":
            inside = False

    parse(archive, "xl/styles.xml", start, end)
    return styles


def is_date_format(form: str) -> bool:
    """是否日期格式: whether a number format shows years, months, days, hours or seconds outside of quoted text."""
    first = _NOT_A_DATE.sub("", form.split(";", 1)[0]).lower()
    return "general" not in first and any(letter in first for letter in "ymdhs年月日") and "0.0" not in first


def _texts(archive: zipfile.ZipFile) -> Texts:
    """The shared texts; phonetic guides are left out, the runs of a rich text are joined."""
    path = next((name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"), "")
    if not path:
        return Texts()
    return _plain_texts(archive, path) or _parsed_texts(archive, path)


_TEXT = re.compile(
    r'<si><t(?: xml:space="preserve")?>([^<>\x00-\x08\x0b-\x1f\ufffe\uffff]*)</t>(?:<phoneticPr [^<>&]*/>)?</si>\s*'
)
_TEXT_END = b"</si>"
_ENTITY = re.compile("&(?:amp|lt|gt|quot|apos);")


def _plain_texts(archive: zipfile.ZipFile, path: str) -> Texts | None:
    """The shared texts of a part in the plainest form, five times as fast; None for any other, which is parsed."""
    texts = Texts()
    with archive.open(path) as stream:
        window = stream.read(PIECE)
        start = re.match(rb"\s*(<\?xml[^>]*\?>)?\s*<sst[^<>]*[^/<>]>\s*", window)
        if start is None or not is_utf8(window):
            return None
        window = window[start.end() :]
        while window:
            end = window.rfind(_TEXT_END) + len(_TEXT_END)
            if end < len(_TEXT_END):
                return texts if window.strip() == b"</sst>" else None
            block, window = window[:end].decode(), window[end:]
            if _TEXT.sub("", block) or block.count("&") != len(_ENTITY.findall(block)):
                return None
            found = _TEXT.findall(block)
            if "&" in block or "_x" in block:
                found = [unescape(html.unescape(text)) for text in found]
            texts.extend(found)
            window += stream.read(PIECE)
    return None


def _parsed_texts(archive: zipfile.ZipFile, path: str) -> Texts:
    texts = Texts()
    parts: list[str] = []
    state = {"is_text": False, "is_phonetic": False}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "t":
            state["is_text"] = True
        elif name == "rPh":
            state["is_phonetic"] = True

    def end(name: str) -> None:
        if name == "t":
            state["is_text"] = False
        elif name == "rPh":
            state["is_phonetic"] = False
        elif name == "si":
            texts.add(unescape("".join(parts)))
            parts.clear()

    def text(data: str) -> None:
        if state["is_text"] and not state["is_phonetic"]:
            parts.append(data)
            if len(parts) > _TEXT_PARTS_MAX:
                raise RefusedError(codes.ARCHIVE_BROKEN())

    parse(archive, path, start, end, text)
    return texts
