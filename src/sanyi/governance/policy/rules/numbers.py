"""数 (numbers): Arabic and Chinese figures as decimal text; no binary fractions anywhere."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
    "壹": 1,
    "贰": 2,
}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10_000, "亿": 100_000_000}
NUMERAL = "零〇一二两三四五六七八九十百千"
ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
CHINESE = rf"[{NUMERAL}]+(?:点[零〇一二三四五六七八九]+)?"


def chinese_number(text: str) -> int | None:
    """中文数字: 二十三 → 23, 一百零五 → 105, 二〇二四 → 2024; None for anything else."""
    if not text or any(sign not in _DIGITS and sign not in _STEPS and sign not in _SCALES for sign in text):
        return None
    if all(sign in _DIGITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total, section, digit = 0, 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _STEPS:
            section += (digit or 1) * _STEPS[sign]
            digit = 0
        else:
            total = (total + section + digit) * _SCALES[sign]
            section = digit = 0
    return total + section + digit


def chinese_numeral(number: int) -> str:
    """中文序数: 14 → 十四; for the addresses of clauses, 1 to 999."""
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    if number < 20:
        return "十" + (digits[number % 10] if number % 10 else "")
    if number < 100:
        return digits[number // 10] + "十" + (digits[number % 10] if number % 10 else "")
    rest = number % 100
    if not rest:
        return digits[number // 100] + "百"
    between = "零" if rest < 10 else ("一" if rest < 20 else "")
    return digits[number // 100] + "百" + between + chinese_numeral(rest)


def decimal_text(printed: str, scale: str = "") -> str:
    """规范数: 1,200 → 1200, 5 with scale 万 → 50000, 三 → 3, 70.00 stays 70.00; empty when it is no number."""
    plain = printed.replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        number = Decimal(plain)
    else:
        whole, _, fraction = plain.partition("点")
        value = chinese_number(whole)
        if value is None:
            return ""
        digits = "".join(str(_DIGITS[sign]) for sign in fraction)
        number = Decimal(f"{value}.{digits}" if digits else value)
    for sign in scale:
        number *= _SCALES.get(sign, _STEPS.get(sign, 1))
    if not scale:
        return str(number)
    return format(number.normalize(), "f")


_CIRCLED = {chr(0x2460 + index): index + 1 for index in range(20)} | {
    chr(0x3251 + index): index + 21 for index in range(15)
}


def circled_number(sign: str) -> int | None:
    """带圈数字: ① → 1."""
    return _CIRCLED.get(sign)


def circled_sign(number: int) -> str:
    """带圈数字: 1 → ①; above 35 the plain number in brackets."""
    if 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    return chr(0x3251 + number - 21) if number <= 35 else f"({number})"
