"""漏斗界限: what chance alone may do to a share of so many cases, when its true rate is that of the whole county.

Exact binomial limits in whole numbers: the lower is the greatest number of events that fewer are found with at most
the tail's probability, the upper the smallest that more are found with at most as much. Few cases are counted with
whole powers. For many, the terms are whole numbers beside the greatest of them, with a bound on everything that
rounding may have lost; a comparison that this bound leaves open is counted with whole powers as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import gcd

from sanyi.governance.indicators.codes import E6
from sanyi.insurance.case_mix.codes import Verdict

POWERS_COUNT_MAX = 120
"""整数幂直接计算的最多例数: above it the terms are counted beside the greatest."""
GREATEST_TERM = 1 << 128
Limits = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rate:
    """全县的率: events and cases in lowest terms; ``other`` are the cases without the event."""

    event: int
    other: int

    @classmethod
    def of(cls, event_count: int, all_count: int) -> Rate:
        """由事件数和例数: refuses neither; a rate of nothing has no limits."""
        shared = gcd(event_count, all_count) or 1
        return cls(event_count // shared, (all_count - event_count) // shared)


def limits_of(count: int, event_count: int, all_count: int, tails_e6: Sequence[int]) -> list[Limits]:
    """各界限: the least and greatest number of events, of ``count``, that are within, for each tail probability."""
    rate = Rate.of(event_count, all_count)
    if not rate.event or not rate.other:
        return [(count, count) if rate.event else (0, 0) for _ in tails_e6]
    if count <= POWERS_COUNT_MAX:
        return _by_powers(count, rate, tails_e6)
    first, terms = _terms(count, rate)
    found = [_limits(first, terms, tail, (count + 1) ** 2) for tail in tails_e6]
    known = [one for one in found if one is not None]
    return known if len(known) == len(found) else _by_powers(count, rate, tails_e6)


def verdict(events: int, count: int, limits: Sequence[Limits], *, min_count: int) -> Verdict:
    """判断: inner limits come first; equal to a limit is within; few cases are not judged at all."""
    if not limits:
        return Verdict.UNKNOWN
    if count < min_count:
        return Verdict.TOO_FEW
    found = Verdict.WITHIN
    for (low, high), (above, below) in zip(limits, _SIDES, strict=False):
        found = above if events > high else below if events < low else found
    return found


def _by_powers(count: int, rate: Rate, tails_e6: Sequence[int]) -> list[Limits]:
    """Terms as whole powers; nothing is rounded, so nothing is left open."""
    terms, term = [], rate.other**count
    for number in range(count + 1):
        terms.append(term)
        term = term * (count - number) * rate.event // ((number + 1) * rate.other)
    found = [_limits(0, terms, tail, 0) for tail in tails_e6]
    return [one for one in found if one is not None]


def _terms(count: int, rate: Rate) -> tuple[int, list[int]]:
    """The number of events of the first term, and the terms as far as they are not zero beside the greatest."""
    mode = (count + 1) * rate.event // (rate.event + rate.other)
    below, number, term = [], mode, GREATEST_TERM
    while number and term:
        term = term * number * rate.other // ((count - number + 1) * rate.event)
        number -= 1
        below.append(term)
    above, number, term = [GREATEST_TERM], mode, GREATEST_TERM
    while number < count and term:
        term = term * (count - number) * rate.event // ((number + 1) * rate.other)
        number += 1
        above.append(term)
    return mode - len(below), [*reversed(below), *above]


def _limits(first: int, terms: list[int], tail_e6: int, lost: int) -> Limits | None:
    """From either end inwards; None where ``lost``, the most that rounding may have taken, could turn a comparison."""
    whole = sum(terms)
    low = _steps(terms, tail_e6, whole, lost)
    high = _steps(terms[::-1], tail_e6, whole, lost)
    return None if low is None or high is None else (first + low, first + len(terms) - 1 - high)


def _steps(terms: list[int], tail_e6: int, whole: int, lost: int) -> int | None:
    """How many terms of this end have together at most the tail's probability."""
    for steps, outside in enumerate(accumulate(terms)):
        if (outside + lost) * E6 <= tail_e6 * whole:
            continue
        return steps if outside * E6 > tail_e6 * (whole + lost) else None
    return len(terms) - 1


_SIDES = ((Verdict.ABOVE, Verdict.BELOW), (Verdict.ABOVE_FAR, Verdict.BELOW_FAR))
