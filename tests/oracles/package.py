"""A slow judge of the consortium package, written from payment.md section 6: Decimal and lists, no tables.

Yuan as Decimal with two places; every payable line is rounded half up, the residual of a split goes to the largest
share (ties to the smallest code). It shares no code with the topic.
"""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

CENT = Decimal("0.01")
Bands = list[tuple[Decimal | None, Decimal]]


def cents(value: Fraction) -> Decimal:
    """Rounded to the fen, halves away from zero."""
    with localcontext() as context:
        context.prec = 60
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT, ROUND_HALF_UP)


def money(value: Decimal, share: Fraction) -> Decimal:
    return cents(Fraction(value) * share)


def budget(insured: int, per_head: Decimal, risk: Fraction, illness: Decimal, other: Decimal) -> Decimal:
    income = insured * per_head
    return income - money(income, risk) - insured * illness - insured * other


def advances(total: Decimal, share: Fraction) -> tuple[list[Decimal], Decimal]:
    """Twelve months and the deposit."""
    advanced = money(total, share)
    month = money(advanced, Fraction(1, 12))
    return [month] * 11 + [advanced - 11 * month], total - advanced


def factor(score: Fraction) -> Fraction:
    if score >= 90:
        return Fraction(1)
    return score / 100 if score >= 60 else Fraction(0)


def split(total: Decimal, weights: dict[str, int]) -> dict[str, Decimal]:
    whole = sum(weights.values())
    parts = {code: money(total, Fraction(weight, whole)) for code, weight in weights.items()}
    largest = sorted(weights, key=lambda code: (-weights[code], code))[0]
    parts[largest] += total - sum(parts.values())
    return parts


def clearing(
    *, total: Decimal, actual: Decimal, score: Fraction, deposit: Decimal, unreasonable: Decimal, cap: Fraction,
    bands: Bands,
) -> dict[str, Any]:  # fmt: skip
    """Surplus kept, deposit returned, overspend shared; ``bands``: upper limit in per cent, and the fund's share."""
    surplus, share = total - actual, factor(score)
    kept = money(min(max(surplus, Decimal(0)), money(total, cap)), share)
    over = max(-surplus, Decimal(0))
    first = min(unreasonable, over)
    left, fund, below = over - first, Decimal(0), Decimal(0)
    for limit, part in bands:
        upper = left if limit is None else min(left, money(total, Fraction(limit) / 100))
        if upper > below:
            fund += money(upper - below, Fraction(part) / 100)
        below = max(below, upper)
    back = money(deposit, share)
    return {
        "surplus": surplus,
        "retain": kept,
        "unreasonable": first,
        "fund": fund,
        "holder": over - fund,
        "deposit_back": back,
        "entitled": actual - (over - fund) + kept - (deposit - back),
    }


def sharing(amount: Decimal, members: list[tuple[str, str, int]], tiers: dict[str, int]) -> dict[str, Decimal]:
    """Fixed shares of the tiers that have members; inside a tier by inner value."""
    present = {tier: tiers[tier] for _, tier, _ in members}
    found: dict[str, Decimal] = {}
    for tier, part in split(amount, present).items():
        own = {code: value for code, level, value in members if level == tier}
        found |= split(part, own if any(own.values()) else dict.fromkeys(own, 1))
    return found
