"""计量 (measures): in which unit people read and write a whole number of a rule, and how it is checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sanyi.insurance.what_if import codes
from sanyi.insurance.what_if.rules.changes import Path
from sanyi.kernel.refusals import RefusedError

NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
WHOLE_MAX = 10**15


@dataclass(frozen=True, slots=True)
class Measure:
    """计量: decimals and unit in which a stored whole number is shown."""

    decimals: int
    zh: str
    en: str


_BY_ENDING = (
    ("_fen", Measure(2, "元", "yuan")),
    ("_bp", Measure(2, "%", "%")),
    ("_e6", Measure(6, "数", "number")),
    ("_e4", Measure(4, "数", "number")),
    ("_e2", Measure(2, "数", "number")),
    ("_days", Measure(0, "天", "days")),
    ("_day", Measure(0, "天", "days")),
    ("_months", Measure(0, "个月", "months")),
    ("_years", Measure(0, "岁", "years")),
    ("_count", Measure(0, "个", "count")),
)
PLAIN = Measure(0, "整数", "whole number")
RATE = Measure(6, "元", "yuan")


@dataclass(frozen=True, slots=True)
class Bounds:
    """边界: of the declared key, for every whole number and text inside."""

    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[Any, ...] = ()


def measure_of(key: str, path: Path) -> Measure:
    """计量单位: by the ending of the innermost name that has one, the key's own at last."""
    names = [step for step in reversed(path) if isinstance(step, str)]
    for name in (*names, key.rsplit(".", 1)[-1]):
        if name.startswith("rate_e6"):
            return RATE
        for ending, measure in _BY_ENDING:
            if name.endswith(ending):
                return measure
    return PLAIN


def shown(value: Any, measure: Measure) -> str:
    """显示: a stored value as people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        text = f"{Decimal(value).scaleb(-measure.decimals):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value)


def read(text: str, old: Any, measure: Measure, bounds: Bounds, name: str, *, language: str = "zh") -> Any:
    """读取改动值: of the kind of the present value, in its unit and within its bounds; refuses anything else."""
    text = text.strip()
    if isinstance(old, bool):
        return _boolean(text, name)
    if isinstance(old, int) or (old is None and NUMBER.fullmatch(text)):
        return _whole(text, old, measure, bounds, name)
    if bounds.choices and text not in bounds.choices:
        choices = "、".join(str(choice) for choice in bounds.choices)
        raise RefusedError(codes.NOT_A_CHOICE(name=name, value=text[:60], choices=choices))
    if not text or len(text) > 200:
        raise RefusedError(codes.WRONG_KIND(name=name, expected="文字", expected_en="a text", value=text[:60]))
    return text


def same_kind(new: Any, old: Any) -> bool:
    """是否同类: mapping for mapping, list for list, whole number for whole number, and so on."""
    if old is None or new is None:
        return True
    return type(new) is type(old)


def _boolean(text: str, name: str) -> bool:
    words = {"true": True, "是": True, "yes": True, "false": False, "否": False, "no": False}
    if text.lower() not in words:
        raise RefusedError(codes.WRONG_KIND(name=name, expected="“是”或“否”", expected_en="yes or no", value=text[:60]))
    return words[text.lower()]


def _whole(text: str, old: Any, measure: Measure, bounds: Bounds, name: str) -> int:
    plain = text.replace(",", "").removesuffix("%").strip()
    number = Decimal(plain).scaleb(measure.decimals) if NUMBER.fullmatch(plain) and len(plain) <= 30 else None
    if number is None or number != number.to_integral_value():
        words = {"unit": measure.zh, "decimals": measure.decimals, "value": text[:60]}
        raise RefusedError(codes.NOT_A_NUMBER(name=name, example=shown(old or 0, measure), **words))
    value = int(number)
    low, high = _limits(old, bounds)
    if not low <= value <= high:
        limits = {"minimum": shown(low, measure), "maximum": shown(high, measure), "unit": measure.zh}
        raise RefusedError(codes.OUT_OF_BOUNDS(name=name, value=plain, **limits))
    return value


def _limits(old: Any, bounds: Bounds) -> tuple[int, int]:
    """A number that is not below zero now stays so, unless its declaration lets it."""
    low = bounds.minimum if bounds.minimum is not None else (-WHOLE_MAX if isinstance(old, int) and old < 0 else 0)
    return low, bounds.maximum if bounds.maximum is not None else WHOLE_MAX
