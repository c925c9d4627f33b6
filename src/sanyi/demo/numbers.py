"""演示证件号与电话: numbers of the right form that belong to nobody.

Identity numbers begin with 99, an area that is not assigned, and end with the right check digit of GB 11643.
Telephone numbers begin with 100, which no network in China uses for subscribers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sanyi.demo.draws import Draws, Flags, Integers

AREA_PREFIX = "99"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_PER_DAY_AND_SEX = 499  # sequence numbers 001…999: odd for men, even for women
_DAYS = 60_000  # days since 1900-01-01 that the counters cover


@dataclass(slots=True)
class IdentityNumbers:
    """身份证号发生器: hands out numbers in the order of residents; the counters go on from chunk to chunk."""

    county_code: str
    _used: Integers = field(default_factory=lambda: np.zeros(_DAYS * 2, dtype=np.int64))

    def give(self, born_on: NDArray[np.datetime64], is_man: Flags) -> pl.Series:
        """发号: one 18-character number per person, unique over all calls; text."""
        day = (born_on.astype("datetime64[D]") - np.datetime64("1900-01-01")).astype(np.int64)
        rank = self._rank(day * 2 + is_man)
        area = (int(self.county_code[2:6]) + rank // _PER_DAY_AND_SEX) % 10_000 + int(AREA_PREFIX) * 10_000
        sequence = rank % _PER_DAY_AND_SEX * 2 + np.where(is_man, 1, 2)
        digits = np.empty((len(day), 18), dtype=np.uint8)
        _write(digits, 0, 6, area)
        _write(digits, 6, 8, _yyyymmdd(born_on))
        _write(digits, 14, 3, sequence)
        check = ((digits[:, :17] - 48).astype(np.int64) * _WEIGHTS).sum(axis=1) % 11
        digits[:, 17] = _CHECKS[check]
        return text_column("id_number", digits)

    def _rank(self, group: Integers) -> Integers:
        """How many with the same birthday and sex came before, over all calls."""
        order = np.argsort(group, kind="stable")
        ordered = group[order]
        is_first = np.ones(len(group), dtype=bool)
        is_first[1:] = ordered[1:] != ordered[:-1]
        starts = np.flatnonzero(is_first)
        inside = np.arange(len(group)) - np.repeat(starts, np.diff(np.append(starts, len(group))))
        rank = np.empty(len(group), dtype=np.int64)
        rank[order] = inside + self._used[ordered]
        self._used += np.bincount(group, minlength=len(self._used))
        return rank


def phones(draws: Draws, person_no: Integers, purpose: str = "phone") -> pl.Series:
    """电话: eleven digits that begin with 100."""
    digits = np.empty((len(person_no), 11), dtype=np.uint8)
    _write(digits, 0, 3, np.full(len(person_no), 100))
    _write(digits, 3, 8, draws.between(purpose, person_no, 0, 99_999_999))
    return text_column("phone", digits)


def numbered(prefix: str, number: Integers, width: int) -> pl.Series:
    """带前缀编号: prefix and a number of fixed width, as text."""
    head = np.frombuffer(prefix.encode(), dtype=np.uint8)
    digits = np.empty((len(number), len(head) + width), dtype=np.uint8)
    digits[:, : len(head)] = head
    _write(digits, len(head), width, number)
    return text_column("", digits)


def newborn_marks(person_no: Integers) -> pl.Series:
    """新生儿标识: what a hospital writes for a newborn without an identity number."""
    return numbered("XSE", person_no, 10)


def text_column(name: str, characters: NDArray[np.uint8]) -> pl.Series:
    """文本列: one text per row of an ASCII matrix."""
    rows, width = characters.shape
    if rows == 0:
        return pl.Series(name, [], dtype=pl.String)
    flat = np.ascontiguousarray(characters).view(f"S{width}").ravel()
    return pl.Series(name, flat).cast(pl.String)


def _write(digits: NDArray[np.uint8], at: int, width: int, number: Integers) -> None:
    rest = number.copy()
    for place in range(at + width - 1, at - 1, -1):
        digits[:, place] = rest % 10 + 48
        rest //= 10


def _yyyymmdd(days: NDArray[np.datetime64]) -> Integers:
    whole = days.astype("datetime64[D]")
    year = whole.astype("datetime64[Y]").astype(np.int64) + 1970
    month = whole.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (whole - whole.astype("datetime64[M]")).astype(np.int64) + 1
    joined: Integers = year * 10_000 + month * 100 + day
    return joined
