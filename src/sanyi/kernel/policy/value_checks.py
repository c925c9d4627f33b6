"""政策值检查: whether what is written is a value of its unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sanyi.kernel.policy import codes
from sanyi.kernel.policy.values import PolicyKey
from sanyi.kernel.refusals import Refusal
from sanyi.kernel.yaml_lines import Located

_KINDS: dict[str, tuple[tuple[type, ...], str, str, str]] = {
    "integer": ((int,), "整数", "a whole number", "50000"),
    "text": ((str,), "文字", "a text", "yantai_2023"),
    "date": ((date,), "日期", "a date", "2025-01-01"),
    "boolean": ((bool,), "true 或 false", "true or false", "true"),
    "table": ((int, str, bool, date), "整数、文字、日期或是否", "whole numbers, texts, dates or booleans", "[1, 2]"),
}


def check_value(node: Located, declared: PolicyKey) -> list[Refusal]:
    """政策值检查: every single value inside ``node``, each mistake with its line."""
    return [refusal.at(line=leaf.line) for leaf in _leaves(node) for refusal in _check_leaf(leaf.value, declared)]


def _leaves(node: Located) -> Iterator[Located]:
    if isinstance(node.value, dict):
        for child in node.value.values():
            yield from _leaves(child)
    elif isinstance(node.value, list):
        for child in node.value:
            yield from _leaves(child)
    else:
        yield node


def _check_leaf(value: Any, declared: PolicyKey) -> Iterator[Refusal]:
    types, expected, expected_en, example = _KINDS[declared.unit.kind]
    if isinstance(value, Decimal):
        yield codes.VALUE_DECIMAL(value=str(value))
    elif type(value) not in types:
        yield codes.VALUE_OF_WRONG_KIND(
            unit=declared.unit.code, expected=expected, expected_en=expected_en, value=_written(value), example=example
        )
    elif declared.choices and value not in declared.choices:
        choices = "、".join(str(choice) for choice in declared.choices)
        yield codes.VALUE_NOT_A_CHOICE(value=str(value), choices=choices, example=declared.choices[0])
    elif type(value) is int:
        yield from _check_bounds(value, declared)


def _check_bounds(value: int, declared: PolicyKey) -> Iterator[Refusal]:
    lows = [low for low in (declared.minimum, declared.unit.minimum) if low is not None]
    highs = [high for high in (declared.maximum, declared.unit.maximum) if high is not None]
    low, high = max(lows, default=-(2**63)), min(highs, default=2**63 - 1)
    if not low <= value <= high:
        example = low if value < low else high
        yield codes.VALUE_OUT_OF_BOUNDS(
            value=value, minimum=low if lows else "不限", maximum=high if highs else "不限", example=example
        )


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
