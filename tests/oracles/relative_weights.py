"""A slow judge of relative weights, written from the description alone: fractions and lists, no tables.

Percentile p of sorted costs x: h = (n − 1)·p, x[⌊h⌋] + (h − ⌊h⌋)·(x[⌊h⌋ + 1] − x[⌊h⌋]).
It shares no code with the topic.
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

Stay = dict[str, Any]


def percentile(costs: list[int], share: Fraction) -> Fraction:
    """By linear interpolation; ``costs`` are sorted."""
    place = (len(costs) - 1) * share
    index = int(place)
    if index + 1 == len(costs):
        return Fraction(costs[-1])
    return costs[index] + (place - index) * (costs[index + 1] - costs[index])


def bounds(costs: list[int], method: str) -> tuple[Fraction, Fraction] | None:
    """Of a group's costs in scope; None when it is not trimmed."""
    if method == "none" or len(costs) < 25:
        return None
    costs = sorted(costs)
    if method == "percentile":
        return percentile(costs, Fraction(25, 1000)), percentile(costs, Fraction(975, 1000))
    low, high = percentile(costs, Fraction(1, 4)), percentile(costs, Fraction(3, 4))
    reach = (high - low) * Fraction(3, 2)
    return low - reach, high + reach


def is_in_scope(stay: Stay, *, days: bool, early: bool) -> bool:
    """At most 60 days; no death or transfer within 24 hours of admission."""
    if days and stay["length_of_stay_days"] > 60:
        return False
    return not (early and stay["stay_minutes"] <= 24 * 60 and stay["discharge_way_code"] in ("2", "3", "5"))


def judge(stays: list[Stay], method: str, *, days: bool = False, early: bool = False) -> dict[str, Any]:
    """Kept places, weight, CV per group, and RIV, as whole millionths or None."""
    members: dict[str, list[int]] = defaultdict(list)
    for place, stay in enumerate(stays):
        if is_in_scope(stay, days=days, early=early):
            members[stay["drg"]].append(place)
    kept: dict[str, list[int]] = {}
    for group, places in members.items():
        limits = bounds([stays[place]["total_fen"] for place in places], method)
        kept[group] = [
            place for place in places if limits is None or limits[0] <= stays[place]["total_fen"] <= limits[1]
        ]
    costs = {group: [stays[place]["total_fen"] for place in places] for group, places in kept.items()}
    everything = [cost for own in costs.values() for cost in own]
    return {
        "kept": {place for places in kept.values() for place in places},
        "weights": {group: weight(own, everything) for group, own in costs.items()},
        "cv": {group: variation(own) for group, own in costs.items()},
        "riv": reduction(list(costs.values()), everything),
    }


def weight(own: list[int], everything: list[int]) -> int | None:
    if not own or not sum(everything):
        return None
    return rounded(Fraction(sum(own), len(own)) / Fraction(sum(everything), len(everything)))


def variation(own: list[int]) -> int | None:
    """Sample standard deviation over the mean, by decimals of 60 places."""
    if len(own) < 2 or not sum(own):
        return None
    mean = Fraction(sum(own), len(own))
    variance = sum((cost - mean) ** 2 for cost in own) / (len(own) - 1) / mean**2
    with localcontext() as context:
        context.prec = 60
        root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
        return int((root * 1_000_000).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def reduction(groups: list[list[int]], everything: list[int]) -> int | None:
    """1 − squares within ÷ all squares."""
    whole = squares(everything)
    return rounded(1 - sum((squares(own) for own in groups), Fraction(0)) / whole) if whole else None


def squares(costs: list[int]) -> Fraction:
    if not costs:
        return Fraction(0)
    mean = Fraction(sum(costs), len(costs))
    return sum(((cost - mean) ** 2 for cost in costs), Fraction(0))


def rounded(value: Fraction) -> int:
    """Millionths, half up."""
    return int((value * 1_000_000 + Fraction(1, 2)) // 1)
