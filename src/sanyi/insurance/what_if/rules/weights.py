"""权重改动 (weights): a uniform factor and weights of single groups, as rows of the county's own weights."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sanyi.insurance.what_if import codes
from sanyi.kernel.money import Rounding, divide
from sanyi.kernel.refusals import Refusal, RefusedError

E6 = 1_000_000
FACTOR_MAX_E6, WEIGHT_MAX_E6 = 10 * E6, 1_000 * E6
_DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_LINE = re.compile(r"\s*([A-Za-z0-9_.+-]{2,16})[\s,，:：=]+(\S+)\s*")


def rows(published: Mapping[str, int], factor_e6: int, single: Mapping[str, int]) -> list[dict[str, Any]]:
    """权重行: every published weight times the factor (six decimals, half up), but those given singly as given.

    At a factor of one only the single ones stand in the table; the others keep their published weights.
    """
    factored = {} if factor_e6 == E6 else {group: divide(weight * factor_e6, E6, Rounding.HALF_UP)
                                           for group, weight in published.items()}  # fmt: skip
    return [{"groups": [group], "weight_e6": weight} for group, weight in sorted({**factored, **single}.items())]


def factor(text: str) -> int:
    """读取系数: 1.05 → 1 050 000; refuses nothing, zero, and more than ten."""
    value = _e6(text)
    if value is None or not 0 < value <= FACTOR_MAX_E6:
        words = {"value": text[:20], "minimum": "0.000001", "maximum": "10", "unit": "倍"}
        raise RefusedError(codes.OUT_OF_BOUNDS(name="统一系数", **words).at(key="factor"))
    return value


def lines(text: str, known: Mapping[str, int]) -> dict[str, int]:
    """读取各组权重: one group and its weight a line. Refuses every line that is not, and groups nobody published."""
    found: dict[str, int] = {}
    refusals: list[Refusal] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        value = _e6(match[2]) if match else None
        if match is None or value is None or value > WEIGHT_MAX_E6:
            refusals.append(codes.WEIGHT_LINE_WRONG(number=number, line=line.strip()[:40]).at(key="single"))
        elif match[1].upper() not in known:
            refusals.append(codes.GROUP_UNKNOWN(number=number, group=match[1][:20]).at(key="single"))
        else:
            found[match[1].upper()] = value
    if refusals:
        raise RefusedError(refusals)
    return found


def text_of(table: Sequence[Mapping[str, Any]]) -> str:
    """各组权重的文字: as ``lines`` reads it."""
    return "\n".join(f"{group} {Decimal(row['weight_e6']).scaleb(-6):f}" for row in table for group in row["groups"])


def _e6(text: str) -> int | None:
    plain = text.strip()
    return int(Decimal(plain).scaleb(6)) if _DECIMAL.fullmatch(plain) else None
