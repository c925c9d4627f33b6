"""度量字体 (a font of one box): what pdfium measures characters with when a file does not carry its fonts.

pdfium asks the machine for a font that resembles a missing one, and draws every character in it to learn its size. With
fonts of Chinese that takes most of the time of a reading, and the answer depends on what is installed. This font has
the same box for every character; places and widths come from the file.
"""

from __future__ import annotations

import ctypes
from functools import cache
from struct import pack
from typing import Any

import pypdfium2.raw as raw

_EM, _ASCENT, _DESCENT = 1000, 880, -120
_HANDLE = 1


def use_plain_font() -> None:
    """启用: for all files that this process opens with pdfium from now on."""
    raw.FPDF_SetSystemFontInfo(ctypes.byref(_provider()))


@cache
def _provider() -> Any:
    """字体来源: kept for the life of the process, because pdfium holds on to it."""
    info = raw.FPDF_SYSFONTINFO(version=1)
    functions = {"MapFont": _map_font, "GetFont": _get_font, "GetFontData": _font_data, "DeleteFont": _delete_font}
    types = dict(info._fields_)
    for name, function in functions.items():
        setattr(info, name, types[name](function))
    return info


def _map_font(*_: Any) -> int:
    return _HANDLE


def _get_font(*_: Any) -> int:
    return _HANDLE


def _delete_font(*_: Any) -> None:
    return None


def _font_data(_info: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
    """字体内容: the whole font; it is no collection and gives out no single table."""
    if table:
        return 0
    content = font_bytes()
    if buffer and size >= len(content):
        ctypes.memmove(buffer, content, len(content))
    return len(content)


@cache
def font_bytes() -> bytes:
    """字体文件: a TrueType font of one glyph (OpenType 1.9: head, hhea, maxp, hmtx, cmap, loca, glyf)."""
    box = (0, _DESCENT, _EM, _ASCENT)
    corners = pack(">4h", 0, 0, _EM, 0) + pack(">4h", _DESCENT, _ASCENT - _DESCENT, 0, _DESCENT - _ASCENT)
    glyph = pack(">5h", 1, *box) + pack(">2H", 3, 0) + b"\x01" * 4 + corners
    every_sign = pack(">HHLLL", 13, 0, 28, 0, 1) + pack(">LLL", 0x20, 0x10FFFF, 1)
    tables = {
        b"cmap": pack(">HHHHL", 0, 1, 3, 10, 12) + every_sign,
        b"glyf": glyph * 2,
        b"head": pack(">LLLLHHQQ4hHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _EM, 0, 0, *box, 0, 8, 2, 1, 0),
        b"hhea": pack(">LhhhHhhhhhh4hhH", 0x10000, _ASCENT, _DESCENT, 0, _EM, 0, 0, _EM, 1, 0, 0, 0, 0, 0, 0, 0, 2),
        b"hmtx": pack(">Hh", _EM, 0) * 2,
        b"loca": pack(">3L", 0, len(glyph), len(glyph) * 2),
        b"maxp": pack(">LH13H", 0x10000, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    head = pack(">LHHHH", 0x10000, len(tables), 64, 2, len(tables) * 16 - 64)
    offset, records, body = len(head) + 16 * len(tables), b"", b""
    for name, table in tables.items():
        records += name + pack(">LLL", 0, offset + len(body), len(table))
        body += table + b"\x00" * (-len(table) % 4)
    return head + records + body
