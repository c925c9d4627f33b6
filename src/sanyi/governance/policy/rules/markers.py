"""条款标记 (markers of clauses): 一、 （一） 1. （1） ① 第X条, whole or damaged."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sanyi.governance.policy.rules.numbers import chinese_number, chinese_numeral, circled_number, circled_sign
from sanyi.governance.policy.rules.texts import narrow

ANNEX, CHAPTER, SECTION, ARTICLE, FIRST, SECOND, THIRD, FOURTH, FIFTH = range(9)
_NUMERAL = "[一二三四五六七八九十百零〇]"
_PATTERNS: tuple[tuple[int, str], ...] = (
    (ANNEX, r"附件(?P<n>\d{0,2}):?$"),
    (CHAPTER, rf"第(?P<n>{_NUMERAL}+|\d+)(?:章|编|部分)[、,:]?"),
    (SECTION, rf"第(?P<n>{_NUMERAL}+|\d+)节[、,:]?"),
    (ARTICLE, rf"第(?P<n>{_NUMERAL}+|\d+)条[、,:]?"),
    (FIRST, rf"(?P<n>{_NUMERAL}{{1,4}})[、.](?!\d)"),
    (SECOND, rf"\((?P<n>{_NUMERAL}{{1,5}})\)[、.]?"),
    (SECOND, rf"(?P<n>{_NUMERAL}{{1,5}})\)[、.]?"),
    (FOURTH, r"\((?P<n>\d{1,3})\)[、.]?"),
    (FOURTH, r"(?P<n>\d{1,3})\)[、.]?"),
    (THIRD, r"(?P<n>\d{1,3})(?:[、.](?!\d)|\.(?=\d{1,2}(?:个|项|类)))"),
    (FIFTH, r"(?P<n>[\u2460-\u2473\u3251-\u325f])[、.]?"),
    (SECOND, r"(?P<n>)\(?\)(?=[\u4e00-\u9fff]{3})"),
)
_COMPILED = tuple((rank, re.compile(pattern)) for rank, pattern in _PATTERNS)


@dataclass(frozen=True, slots=True)
class Marker:
    """标记: its rank, the number read from it (None when lost), what is printed, and where the text begins."""

    rank: int
    number: int | None
    numeral: str
    printed: str
    length: int
    is_damaged: bool = False


def marker_of(text: str) -> Marker | None:
    """识别标记: at the beginning of a paragraph or cell."""
    plain = narrow(text[:16])
    for index, (rank, pattern) in enumerate(_COMPILED):
        found = pattern.match(plain)
        if found is None:
            continue
        numeral = found.group("n")
        number = (
            int(numeral)
            if numeral.isdigit() and numeral.isascii()
            else (circled_number(numeral) if rank == FIFTH else chinese_number(numeral))
        )
        if rank == ANNEX and not numeral:
            number = 1
        is_damaged = rank == SECOND and (index == 6 or not numeral)
        return Marker(rank, number, numeral, text[: found.end()], found.end(), is_damaged)
    return None


def written(rank: int, number: int) -> str:
    """标记写法: as an address writes it, with wide brackets: （十四）."""
    if rank in (CHAPTER, SECTION, ARTICLE):
        return f"第{chinese_numeral(number)}{'章节条'[rank - CHAPTER]}"
    return {
        ANNEX: lambda: f"附件{number}",
        FIRST: lambda: chinese_numeral(number),
        SECOND: lambda: f"（{chinese_numeral(number)}）",
        THIRD: lambda: str(number),
        FOURTH: lambda: f"（{number}）",
        FIFTH: lambda: circled_sign(number),
    }[rank]()


def numeral_written(rank: int, number: int) -> str:
    """数字写法: the numeral alone, for comparing with what is left of a damaged one."""
    return (
        str(number)
        if rank in (THIRD, FOURTH, ANNEX)
        else circled_sign(number)
        if rank == FIFTH
        else chinese_numeral(number)
    )


_INLINE = re.compile(r"(?<=[。;；:：])(?=[\u2460-\u2473])")
_LISTED = re.compile(r"(?<=[。;；])(?=(?:[(（]\d{1,2}[)）]|\d{1,2}[.、](?!\d))[\u4e00-\u9fff“])")


def split_inline(text: str, *, is_cell: bool) -> list[str]:
    """行内拆分: ①…；②… in one paragraph are clauses of their own; in cells also 1.…。2.…。"""
    parts = _INLINE.split(text)
    if is_cell:
        parts = [piece for part in parts for piece in _LISTED.split(part)]
    return [part for part in parts if part]
