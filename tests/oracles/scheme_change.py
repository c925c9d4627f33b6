"""A slow judge of comparisons of schemes, written from the description alone: dictionaries, fractions, no tables.

A stay is a dictionary with institution, cost (None: unknown), and for old and new a status and a drg; weights are
dictionaries from group to millionths. It shares no code with the topic.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

GROUPED, AMBIGUOUS = "分组成功", "歧义病案"
Stay = dict[str, Any]


def group(stay: Stay, side: str) -> str:
    """The DRG, or the status where there is none."""
    status = stay[f"{side}_status"]
    return str(stay[f"{side}_drg"] if status in (GROUPED, AMBIGUOUS) else status)


def half_up(value: Fraction) -> int:
    return int((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1), ROUND_HALF_UP))


def weight(stay: Stay, side: str, weights: dict[str, int]) -> int | None:
    """A weight belongs to a grouped stay alone."""
    return weights.get(stay[f"{side}_drg"]) if stay[f"{side}_status"] == GROUPED else None


def matrix(stays: list[Stay], old: dict[str, int], new: dict[str, int]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Pair of groups to stays, known cost, unknown costs, weight sums, and their change."""
    cells: dict[tuple[str, str], list[Stay]] = defaultdict(list)
    for stay in stays:
        cells[group(stay, "old"), group(stay, "new")].append(stay)
    found = {}
    for pair, members in cells.items():
        costs = [stay["cost"] for stay in members if stay["cost"] is not None]
        sums = {}
        for side, weights in (("old", old), ("new", new)):
            known = [one for stay in members if (one := weight(stay, side, weights)) is not None]
            sums[side] = (sum(known), bool(known))
        has_both = sums["old"][1] and sums["new"][1]
        change = sums["new"][0] - sums["old"][0] if has_both else None
        found[pair] = (len(members), sum(costs), len(members) - len(costs), sums["old"][0], sums["new"][0], change)
    return found


def cmi(stays: list[Stay], side: str, weights: dict[str, int]) -> int | None:
    """Sum of weights over stays with a weight, in millionths."""
    known = [one for stay in stays if (one := weight(stay, side, weights)) is not None]
    return half_up(Fraction(sum(known), len(known))) if known else None


def cv(costs: list[int]) -> int | None:
    """Sample standard deviation over mean, in millionths."""
    if len(costs) < 2 or not sum(costs):
        return None
    mean = Fraction(sum(costs), len(costs))
    square = sum((Fraction(cost) - mean) ** 2 for cost in costs) / (len(costs) - 1) / mean**2
    root = (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()
    return int((root * 1_000_000).quantize(Decimal(1), ROUND_HALF_UP))
