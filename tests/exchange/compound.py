"""Old Office files made by hand: an OLE compound file with one stream, and a BIFF8 workbook to put into it.

Layouts: [MS-CFB] 2.2 to 2.6, [MS-XLS] 2.4. Only what a reader needs.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SECTOR, _FREE, _END, _FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(name: str, content: bytes) -> bytes:
    """A compound file with one stream of at least 4096 bytes (smaller ones would need the small-sector machinery)."""
    content = content.ljust(max(4096, -(-len(content) // _SECTOR) * _SECTOR), b"\0")
    count = len(content) // _SECTOR
    fat = [_FAT, _END, *range(3, 2 + count), _END]
    assert len(fat) <= 128, "one FAT sector is enough for tests"
    fat += [_FREE] * (128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    entries = _entry("Root Entry", 5, child=1, start=_END, size=0) + _entry(
        name, 2, child=_FREE, start=2, size=len(content)
    )
    entries += _entry("", 0, child=_FREE, start=0, size=0) * 2
    return header + struct.pack("<128I", *fat) + entries + content


def old_workbook(sheet: str, rows: Sequence[Sequence[str | float]]) -> bytes:
    """A BIFF8 workbook with one sheet of texts and numbers."""
    cells = b""
    for row, line in enumerate(rows):
        for column, cell in enumerate(line):
            if isinstance(cell, str):
                if cell:
                    text = cell.encode("utf-16-le")
                    cells += _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(cell), 1) + text)
            else:
                cells += _record(0x0203, struct.pack("<HHHd", row, column, 0, cell))
    name = sheet.encode("utf-16-le")
    bounds = struct.pack("<BB", len(sheet), 1) + name
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6))
    codepage = _record(0x0042, struct.pack("<H", 1200))
    place = len(begin) + len(codepage) + 4 + 6 + len(bounds) + 4
    globals_ = begin + codepage + _record(0x0085, struct.pack("<IBB", place, 0, 0) + bounds) + _record(0x000A, b"")
    page = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6)) + cells + _record(0x000A, b"")
    return compound("Workbook", globals_ + page)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    found = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    found += struct.pack("<III", _FREE, _FREE, child) + b"\0" * 36
    return found + struct.pack("<IQ", start, size)
