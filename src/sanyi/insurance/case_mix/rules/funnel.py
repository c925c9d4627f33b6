"""漏斗图规则: what chance alone may do with as many stays as somebody has.

Deaths: exact binomial limits around the rate of all. With n stays the upper limit is the smallest number of deaths
that more are exceeded with at most the tail's probability, the lower the greatest number that fewer are found with at
most as much; whole numbers throughout, no approximation. Cost index: normal limits 1 ± z·√(v ÷ n), where v is the mean
squared coefficient of variation inside groups of all stays (population form), rounded half up; an approximation that
holds for dozens of stays, which is why fewer than the policy's number are not judged at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd, isqrt

from sanyi.insurance.case_mix.codes import Verdict
from sanyi.insurance.case_mix.rules.policy import Limits
from sanyi.kernel.money import Rounding, divide

E6, E12 = 10**6, 10**12


@dataclass(frozen=True, slots=True)
class Spread:
    """组内离散: Σ over groups of stays · squared coefficient of variation, in 10⁻¹², and the stays."""

    total_e12: int
    count: int


def binomial_limits(count: int, event_count: int, all_count: int, tail_e6: int) -> tuple[int, int]:
    """二项分布界限: the least and greatest number of events, of ``count``, that are within; the rate is that of all."""
    shared = gcd(event_count, all_count)
    yes, no = event_count // shared, (all_count - event_count) // shared
    if not yes or not no:
        return (count, count) if yes else (0, 0)
    whole = (yes + no) ** count
    term, below, low, number = no**count, 0, 0, 0
    while True:
        if below * E6 <= tail_e6 * whole:
            low = number
        below += term
        if (whole - below) * E6 <= tail_e6 * whole:
            return low, number
        term = term * (count - number) * yes // ((number + 1) * no)
        number += 1


def spread(groups: Iterable[tuple[int, int, int]]) -> Spread:
    """组内离散: from (number, sum, sum of squares) of the costs of each group; groups without cost say nothing."""
    total, count = 0, 0
    for number, cost, squares in groups:
        if cost:
            total += divide(number * (number * squares - cost * cost) * E12, cost * cost, Rounding.HALF_UP)
            count += number
    return Spread(total, count)


def index_limits(count: int, all_spread: Spread, z_e6: int) -> tuple[int, int] | None:
    """指数界限: 1 ± z·√(v ÷ n) in millionths, never below zero; None without anything to compare with."""
    if not count or not all_spread.count:
        return None
    square = z_e6 * z_e6 * all_spread.total_e12 // (E12 * all_spread.count * count)
    half = (isqrt(4 * square) + 1) // 2
    return max(0, E6 - half), E6 + half


def verdict(value: int, limits: Sequence[tuple[int, int]]) -> Verdict:
    """判断: against the inner and then the outer limits; a value equal to a limit is within."""
    found = Verdict.WITHIN
    for (low, high), (above, below) in zip(limits, _SIDES, strict=False):
        if value > high:
            found = above
        elif value < low:
            found = below
    return found


def death_verdict(count: int, deaths: int, of_all: tuple[int, int], limits: Limits) -> Verdict:
    """低风险死亡判断: deaths of ``count`` low-risk stays, against (deaths, stays) of all."""
    if not of_all[1]:
        return Verdict.UNKNOWN
    if count < limits.funnel_min_count:
        return Verdict.TOO_FEW
    return verdict(deaths, [binomial_limits(count, *of_all, level.tail_e6) for level in limits.levels])


def cost_verdict(count: int, index_e6: int | None, all_spread: Spread, limits: Limits) -> Verdict:
    """费用指数判断: of so many grouped stays."""
    bounds = [index_limits(count, all_spread, level.z_e6) for level in limits.levels]
    known = [one for one in bounds if one is not None]
    if index_e6 is None or not known:
        return Verdict.UNKNOWN
    if count < limits.funnel_min_count:
        return Verdict.TOO_FEW
    return verdict(index_e6, known)


_SIDES = ((Verdict.ABOVE, Verdict.BELOW), (Verdict.ABOVE_FAR, Verdict.BELOW_FAR))
