"""小数保护: small counts are not published; one module for every published view.

A value is suppressed when the records behind it are fewer than the threshold, but not none; a numerator or a rest
(denominator less numerator) that is small and not none is suppressed as well, for it says as much. Only counts of
records or persons are looked at, never amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """公布的值: None where it is withheld."""

    value_e6: int | None
    numerator: int | None
    denominator: int | None
    row_count: int | None
    is_suppressed: bool


def is_small(count: int | None, threshold_count: int) -> bool:
    """是否为小数: more than none and fewer than the threshold."""
    return count is not None and 0 < count < threshold_count


def published(
    value_e6: int | None,
    numerator: int | None,
    denominator: int | None,
    row_count: int,
    *,
    threshold_count: int,
    is_share_of_counts: bool,
) -> Shown:
    """公布: the value as it may be shown outside. ``is_share_of_counts``: numerator and denominator count records."""
    counts: list[int | None] = [row_count]
    if is_share_of_counts and numerator is not None and denominator is not None:
        counts += [numerator, denominator, denominator - numerator]
    if any(is_small(count, threshold_count) for count in counts):
        return Shown(None, None, None, None, is_suppressed=True)
    return Shown(value_e6, numerator, denominator, row_count, is_suppressed=False)


def given_away(counts: Sequence[int | None], is_withheld: Sequence[bool]) -> int | None:
    """补充隐去: where one alone of several is withheld, the rest and the whole would tell it, so the smallest of the
    others is withheld with it; its place, or None."""
    shown = [(count, place) for place, count in enumerate(counts) if count and not is_withheld[place]]
    return min(shown)[1] if sum(is_withheld) == 1 and shown else None
