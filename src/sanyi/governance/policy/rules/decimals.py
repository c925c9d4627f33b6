"""十进编号 (decimal numbers): 1 / 1.1 / 1.1.1 in front of headings, where a document numbers its clauses so.

They stand for the ranks 一、 （一） 1. （1）, so that addresses keep one form: 2.1.3 is 二（一）3.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sanyi.governance.policy.rules.markers import FIRST, FOURTH, SECOND, THIRD, Marker

_RANKS = (FIRST, SECOND, THIRD, FOURTH)
_DEEP = re.compile(
    r"(?P<numbers>[1-9]\d?(?:[.．][1-9]\d?){1,3})[.、]?\s?(?=[\u4e00-\u9fff“《]|[A-Z]{2})(?![万亿千百十个倍元人年月日天张名所家种项次级分])"
)
_TOP = re.compile(r"(?P<numbers>[1-9]\d?)(?=[\u4e00-\u9fff“])")
_TOP_LENGTH_MAX = 30
_DEEP_MIN = 3


def decimal_markers(texts: Sequence[str]) -> dict[int, Marker]:
    """十进标记: by position in ``texts``; empty where a document does not number its clauses in this way."""
    deep = {index: found for index, text in enumerate(texts) if (found := _DEEP.match(text))}
    numbers = [tuple(map(int, re.split(r"[.．]", found.group("numbers")))) for found in deep.values()]
    if len(numbers) < _DEEP_MIN or not _is_outline(numbers):
        return {}
    result = {index: _marker(found) for index, found in deep.items()}
    chapters = {number[0] for number in numbers}
    for index, text in enumerate(texts):
        found = _TOP.match(text)
        if found and index not in deep and len(text) <= _TOP_LENGTH_MAX and int(found.group()) in chapters:
            result[index] = _marker(found)
    return result


def starts_decimal(text: str) -> bool:
    """以十进编号开头: such a line goes on with no sentence of the line before."""
    return _DEEP.match(text) is not None


def _is_outline(numbers: Sequence[tuple[int, ...]]) -> bool:
    """Most numbers follow the one before: one more at its depth, or the first of a deeper or a later level."""
    follows = sum(_follows(before, after) for before, after in zip(numbers, numbers[1:], strict=False))
    return numbers[0][1:] == (1,) * (len(numbers[0]) - 1) and follows * 4 >= (len(numbers) - 1) * 3


def _follows(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    shared = 0
    while shared < min(len(before), len(after)) and before[shared] == after[shared]:
        shared += 1
    if shared == len(before):
        return after[shared:] == (1,) * (len(after) - shared)
    return after[shared] == before[shared] + 1 and all(number == 1 for number in after[shared + 1 :])


def _marker(found: re.Match[str]) -> Marker:
    parts = re.split(r"[.．]", found.group("numbers"))
    return Marker(_RANKS[len(parts) - 1], int(parts[-1]), parts[-1], found.group().strip(), found.end())
