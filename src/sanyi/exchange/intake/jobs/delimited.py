"""CSV读取: text files in the encodings that come from Chinese systems, row by row."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import FileKind
from sanyi.exchange.intake.jobs.limits import Limits
from sanyi.exchange.intake.jobs.sources import RowSource, Sheet
from sanyi.exchange.intake.rules.headers import Row
from sanyi.kernel.refusals import RefusedError

_PIECE = 1 << 20
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_FEW = 50
"""A text in which fewer than one character in fifty cannot be decoded has that encoding and is damaged."""


class DelimitedSource(RowSource):
    """CSV来源: comma, tab or semicolon, whichever the first line has most of."""

    kind = FileKind.CSV

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self.encoding = detect_encoding(path)
        self.delimiter = self._delimiter()

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """各行: records as Excel counts them; a record may span lines."""
        csv.field_size_limit(self.limits.cell_characters)
        # Undecodable bytes become U+FFFD; the check of cells names them row by row.
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as stream:
            reader = csv.reader(stream, delimiter=self.delimiter)
            number = 0
            try:
                for number, cells in enumerate(reader, start=1):
                    if len(cells) > self.limits.columns:
                        raise RefusedError(codes.TOO_MANY_COLUMNS(limit=self.limits.columns).at(row=number))
                    if cells:
                        yield number, cells
            except csv.Error as error:
                refusal = codes.FIELD_TOO_LONG(line=reader.line_num, limit=self.limits.cell_characters)
                raise RefusedError(refusal.at(line=reader.line_num)) from error

    def _delimiter(self) -> str:
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as stream:
            lines = [stream.readline(1 << 16) for _ in range(5)]
        counts = {mark: max(line.count(mark) for line in lines) for mark in ",\t;"}
        return max(counts, key=lambda mark: counts[mark]) if any(counts.values()) else ","


def detect_encoding(path: Path) -> str:
    """文本编码: by byte order mark, otherwise the one in which the whole file can be read.

    UTF-8 before GB18030, UTF-16 for text full of zero bytes. A file with few undecodable places keeps its encoding
    (they are reported cell by cell); refuses one that fits none, naming the line.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding
    if start.count(0) * 4 > len(start):
        little = sum(1 for byte in start[1::2] if byte == 0) >= sum(1 for byte in start[::2] if byte == 0)
        return "utf-16-le" if little else "utf-16-be"
    damages = {}
    for encoding in ("utf-8", "gb18030"):
        damage, characters, line = _damage(path, encoding)
        if damage == 0:
            return encoding
        damages[encoding] = (damage * _FEW < characters, damage, line)
    fitting = [(damage, encoding) for encoding, (fits, damage, _) in damages.items() if fits]
    if not fitting:
        line = damages["gb18030"][2]
        raise RefusedError(codes.ENCODING_UNKNOWN(line=line).at(line=line))
    return min(fitting)[1]


def _damage(path: Path, encoding: str) -> tuple[int, int, int]:
    """How many places cannot be decoded, how many characters beyond ASCII can, and the line of the first damage."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    damage = characters = 0
    line, first = 1, 0
    with path.open("rb") as stream:
        while True:
            piece = stream.read(_PIECE)
            text = decoder.decode(piece, final=not piece)
            found = text.count("\ufffd")
            if found and not first:
                first = line + text.count("\n", 0, text.index("\ufffd"))
            damage += found
            characters += len(text) if not text.isascii() else 0
            line += text.count("\n")
            if not piece:
                return damage, characters, first or line
