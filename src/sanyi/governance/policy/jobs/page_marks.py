"""版面标记 (what is printed on a page): characters with their boxes and drawn lines, with few calls for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ctypes import byref, c_float
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from sanyi.governance.policy.jobs.ruled_tables import Box, Rule

_UNPRINTED = "\ufffe\uffff\x00\u00ad"
_DEPTH_MAX = 4


def characters(text_page: pdfium.PdfTextPage) -> list[Box]:
    """字: every printed character with its box; spaces and characters that pdfium adds are left out."""
    handle, rectangle, found = text_page.raw, raw.FS_RECTF(), []
    unicode_of, box_of, size_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetFontSize
    place = byref(rectangle)
    for index in range(raw.FPDFText_CountChars(handle)):
        point = unicode_of(handle, index)
        if point <= 32 or (sign := chr(point)) in _UNPRINTED or sign.isspace():
            continue
        if box_of(handle, index, place):
            left, top, right, bottom = rectangle.left, rectangle.top, rectangle.right, rectangle.bottom
            found.append(Box(sign, left, right, bottom, top, size_of(handle, index), (top + bottom) * 0.5))
    return found


def rules(page: pdfium.PdfPage) -> list[Rule]:
    """线: boxes of what is drawn, also inside groups; text and pictures are passed by."""
    return list(_drawn(page.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, 1))


def _drawn(holder: Any, count: Callable[..., int], get: Callable[..., Any], depth: int) -> Iterator[Rule]:
    kind_of, bounds_of = raw.FPDFPageObj_GetType, raw.FPDFPageObj_GetBounds
    sides = [c_float() for _ in range(4)]
    for index in range(count(holder)):
        drawn = get(holder, index)
        kind = kind_of(drawn)
        if kind == raw.FPDF_PAGEOBJ_PATH and bounds_of(drawn, *sides):
            left, bottom, right, top = (side.value for side in sides)
            yield left, bottom, right, top
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEPTH_MAX:
            yield from _drawn(drawn, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, depth + 1)
