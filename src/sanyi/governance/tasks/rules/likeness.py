"""任务相近规则: how much two tasks speak of the same subject, by the pairs of characters they share."""

from __future__ import annotations

import re
from collections.abc import Sequence

_OTHER = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9%‰]")
_ALL_BP = 10_000


def pairs(text: str) -> frozenset[str]:
    """字对: every two neighbouring characters, punctuation left out."""
    plain = _OTHER.sub("", text)
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1))


def likeness_bp(one: str, other: str) -> int:
    """相近程度: shared pairs among those of the shorter text, in basis points; 0 when either has none."""
    left, right = pairs(one), pairs(other)
    smaller = min(len(left), len(right))
    return _ALL_BP * len(left & right) // smaller if smaller else 0


def most_alike(title: str, others: Sequence[tuple[str, str]], *, least_bp: int, at_most: int) -> list[tuple[str, int]]:
    """最相近的: keys with their likeness, the most alike first, those below ``least_bp`` left out."""
    scored = [(key, likeness_bp(title, text)) for key, text in others]
    fitting = [pair for pair in scored if pair[1] >= least_bp]
    return sorted(fitting, key=lambda pair: (-pair[1], pair[0]))[:at_most]
