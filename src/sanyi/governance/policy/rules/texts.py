"""文字规整 (tidying of text): one way of writing spaces, brackets and digits, whatever the file format did to them."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u3000\u200b\ufeff]+")
_WORD_GAP = re.compile(r"(?<=[A-Za-z0-9])[ ](?=[A-Za-z])|(?<=[A-Za-z])[ ](?=[0-9])")
_EMPHASIS = re.compile(r"\*\*|__|^#{1,6}\s+", re.MULTILINE)
_WIDE_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}
_WIDE_LETTERS = {0xFF21 + index: chr(65 + index) for index in range(26)} | {
    0xFF41 + index: chr(97 + index) for index in range(26)
}
_SIGNS = {
    ord("％"): "%",
    ord("﹪"): "%",
    ord("＞"): ">",
    ord("＜"): "<",
    ord("≧"): "≥",
    ord("≦"): "≤",
    ord("⩾"): "≥",
    ord("⩽"): "≤",
    ord("＋"): "+",
    ord("／"): "/",
    ord("．"): ".",
    ord("﹒"): ".",
    ord("｡"): "。",
    ord("﹑"): "、",
    ord("\u00ad"): "",
}
_RADICALS = {
    point: unicodedata.normalize("NFKC", chr(point))
    for point in range(0x2E80, 0x2FE0)
    if unicodedata.normalize("NFKC", chr(point)) != chr(point)
}
_TABLE = _WIDE_DIGITS | _WIDE_LETTERS | _SIGNS | _RADICALS


def tidy(text: str) -> str:
    """规整: no emphasis marks, narrow digits and signs, and no spaces but between words of Latin letters."""
    text = text.translate(_TABLE)
    if "*" in text or "_" in text or "#" in text:
        text = _EMPHASIS.sub("", text)
    text = _SPACES.sub(" ", text).strip()
    if " " not in text:
        return text
    kept = {match.start() for match in _WORD_GAP.finditer(text)}
    return "".join(sign for index, sign in enumerate(text) if sign != " " or index in kept)


def narrow(text: str) -> str:
    """括号统一: brackets and commas in their narrow form, for matching alone; the length stays the same."""
    return text.translate(_NARROW)


_NARROW = {
    ord("（"): "(",
    ord("）"): ")",
    ord("〔"): "(",
    ord("〕"): ")",
    ord("［"): "(",
    ord("］"): ")",
    ord("【"): "(",
    ord("】"): ")",
    ord("["): "(",
    ord("]"): ")",
    ord("，"): ",",
    ord("："): ":",
    ord("；"): ";",
}


def quote_of(text: str, start: int, end: int, length_max: int) -> str:
    """摘引: the clause part around a span, cut at commas and full stops, never longer than ``length_max``."""
    left = max((text.rfind(sign, 0, start) for sign in "。；;，,：:"), default=-1) + 1
    right = min((found for found in (text.find(sign, end) for sign in "。；;，,") if found >= 0), default=len(text))
    if right - left <= length_max:
        return text[left:right]
    if end - start >= length_max:
        return text[start : start + length_max]
    room = length_max - (end - start)
    left = max(left, start - room)
    return text[left : min(right, left + length_max)]


def shorten(text: str, length_max: int) -> str:
    """截短: the first part of a sentence that fits, cut at a comma where there is one."""
    first = re.split(r"[。；;]", text, maxsplit=1)[0]
    if len(first) <= length_max:
        return first
    cut = max(first.rfind(sign, 0, length_max) for sign in "，,、")
    return first[: cut if cut > length_max // 2 else length_max]


def mask_titles(text: str) -> str:
    """遮标题: names of documents 《…》, editions （2022年版） and document numbers become spaces of the same length."""
    masked = re.sub(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》", lambda found: " " * len(found.group()), text)
    masked = re.sub(
        r"[（(](?:20\d{2}年?版|20\d{2}[—-]20\d{2}年|试行|暂行|含[\d.]+[^（）()]{0,4}|含本数)[）)]",
        lambda found: " " * len(found.group()),
        masked,
    )
    return re.sub(r"[\u4e00-\u9fff]{1,10}[〔\[]\d{4}[〕\]]第?\d+号", lambda found: " " * len(found.group()), masked)
