"""Limits of the comparison of institutions: every edge by cases, many by a slow judge of its own."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import accumulate
from math import comb
from pathlib import Path
from typing import Any

import pytest
import yaml

from sanyi.governance.indicators import rules
from sanyi.governance.indicators.rules import funnel
from sanyi.governance.indicators.rules.suppression import given_away

CASES = yaml.safe_load((Path(rules.__file__).parents[1] / "cases" / "funnel.yaml").read_text(encoding="utf-8"))
TAILS = (25_000, 1_000)


def slowly(count: int, events: int, every: int, tail_e6: int) -> tuple[int, int]:
    """From the definition, in fractions: fewer than the lower and more than the upper have at most the tail."""
    rate = Fraction(events, every)
    chances = [comb(count, number) * rate**number * (1 - rate) ** (count - number) for number in range(count + 1)]
    below, tail = [Fraction(0), *accumulate(chances)], Fraction(tail_e6, 10**6)
    low = max(number for number in range(count + 1) if below[number] <= tail)
    high = min(number for number in range(count + 1) if 1 - below[number + 1] <= tail)
    return low, high


@pytest.mark.parametrize("case", CASES["limits"], ids=lambda case: str(case["name"]))
def test_limits(case: dict[str, Any]) -> None:
    found = funnel.limits_of(case["count"], case["events"], case["all"], [case["tail_e6"]])
    assert found == [tuple(case["expect"])]


@pytest.mark.parametrize("case", CASES["verdicts"], ids=lambda case: str(case["name"]))
def test_verdicts(case: dict[str, Any]) -> None:
    limits = funnel.limits_of(case["count"], 10, 100, TAILS)
    assert funnel.verdict(case["events"], case["count"], limits, min_count=10).value == case["expect"]


def test_a_slow_judge_agrees_on_both_ways_of_counting() -> None:
    chance = random.Random(7)
    for _ in range(60):
        count, every = chance.randint(1, 260), chance.randint(2, 500)
        events = chance.randint(1, every - 1)
        expected = [slowly(count, events, every, tail) for tail in TAILS]
        assert funnel.limits_of(count, events, every, TAILS) == expected, (count, events, every)


def test_a_tie_among_many_is_counted_exactly() -> None:
    """At one half the tail of 200 up to 90 is a fraction; asked for just that and just less."""
    count, number = 200, 90
    below = sum(comb(count, one) for one in range(number))
    tail_e6 = below * 10**6 // 2**count
    assert funnel.limits_of(count, 1, 2, [tail_e6]) == [slowly(count, 1, 2, tail_e6)]
    assert funnel._limits(0, [1, 2, 1], 250_000, 0) == (1, 1)
    assert funnel._limits(0, [1, 2, 1], 250_000, 1) is None


def test_without_limits_nothing_is_judged() -> None:
    assert funnel.verdict(3, 100, [], min_count=10).value == "unknown"


@pytest.mark.parametrize(
    ("counts", "withheld", "expect"),
    [
        ([9, 40, 7, 3], [False, False, False, True], 2),
        ([9, 40, 7, 3], [False, False, True, True], None),
        ([9, 40], [False, False], None),
        ([3], [True], None),
        ([0, 3], [False, True], None),
    ],
)
def test_one_alone_that_is_withheld_takes_another_with_it(
    counts: list[int | None], withheld: list[bool], expect: int | None
) -> None:
    assert given_away(counts, withheld) == expect
