"""A slow judge of case-mix figures, written from the definitions alone: lists and fractions, no tables.

CMI: mean weight of the stays that have one. Index of a unit: over the groups, its number of stays there times (its mean
÷ the mean of all), divided by its stays. It rounds as the description says and shares no code with the topic.
"""

from collections import defaultdict
from fractions import Fraction
from math import comb
from typing import Any

Stay = dict[str, Any]
GROUPED = "分组成功"


def half_up(value: Fraction) -> int:
    return int((value * 2 + 1) // 2)


def cmi(stays: list[Stay]) -> int | None:
    weights = [stay["weight_e6"] for stay in stays if stay["weight_e6"] is not None]
    return half_up(Fraction(sum(weights), len(weights))) if weights else None


def index(own: list[Stay], everybody: list[Stay], field: str) -> int | None:
    """In millionths; each group's share is rounded before they are added, as grouping performance says."""
    total, count = 0, 0
    for group in {stay["drg"] for stay in own if stay["status"] == GROUPED}:
        mine, all_of = (values(stays, group, field) for stays in (own, everybody))
        if sum(all_of):
            total += half_up(Fraction(sum(mine) * len(all_of) * 1_000_000, sum(all_of)))
            count += len(mine)
    return half_up(Fraction(total, count)) if count else None


def values(stays: list[Stay], group: str, field: str) -> list[int]:
    return [stay[field] for stay in stays if stay["drg"] == group and stay["status"] == GROUPED]


def low_risk(stays: list[Stay]) -> set[str]:
    """At least 30 stays with a known end, fewer than 5 deaths in a thousand."""
    ends: dict[str, list[bool]] = defaultdict(list)
    for stay in stays:
        if stay["status"] == GROUPED and stay["discharge_way_code"] is not None:
            ends[stay["drg"]].append(stay["discharge_way_code"] == "5")
    return {
        group for group, dead in ends.items() if len(dead) >= 30 and Fraction(sum(dead), len(dead)) < Fraction(5, 1000)
    }


def outlier(stay: Stay, stays: list[Stay]) -> str | None:
    costs = values(stays, stay["drg"], "total_fen")
    if stay["status"] != GROUPED or len(costs) < 30 or not sum(costs):
        return None
    ratio = stay["total_fen"] / Fraction(sum(costs), len(costs))
    weight = stay["weight_e6"]
    high = Fraction(3) if weight is None or weight <= 1_000_000 else Fraction(5, 2) if weight <= 3_000_000 else 2
    return "low" if ratio < Fraction(2, 5) else "high" if ratio > high else "normal"


def binomial(count: int, rate: Fraction, tail: Fraction) -> tuple[int, int]:
    """Least and greatest number within, from every single probability."""
    chances = [comb(count, number) * rate**number * (1 - rate) ** (count - number) for number in range(count + 1)]
    low = max(number for number in range(count + 1) if sum(chances[:number], Fraction(0)) <= tail)
    high = min(number for number in range(count + 1) if sum(chances[number + 1 :], Fraction(0)) <= tail)
    return min(low, high), high
