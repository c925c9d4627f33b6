"""填报规则: what a unit wrote, read as whole numbers and millionths, and whether it can be true at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sanyi.governance.indicators.codes import E6
from sanyi.governance.indicators.codes import collecting as codes
from sanyi.governance.indicators.rules.definitions import Version
from sanyi.governance.indicators.tables import COLLECTED_ENTRY, INT64_MAX
from sanyi.kernel.money import Rounding, divide
from sanyi.kernel.refusals import Refusal, RefusedError

WHOLES = {"%": 100, "‰": 1_000, "/万": 10_000, "/10万": 100_000}
"""总量: the value at which numerator and denominator are the same, by the printed unit."""
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_DECIMALS_MAX, _LENGTH_MAX = 6, 24


@dataclass(frozen=True, slots=True)
class Entry:
    """一行填报: everything as it was written."""

    code: str = ""
    part: str = ""
    node: str = ""
    period: str = ""
    numerator: str = ""
    denominator: str = ""
    value: str = ""
    source_name: str = ""
    note: str = ""

    @property
    def is_filled(self) -> bool:
        """是否填了数."""
        return any((self.numerator, self.denominator, self.value))


@dataclass(frozen=True, slots=True)
class Figures:
    """数值: a fraction with its value, or the value alone; the value in millionths of the indicator's own unit."""

    numerator: int | None
    denominator: int | None
    value_e6: int


def figures(version: Version, entry: Entry, *, name: str, may_exceed: Collection[str], is_outside: bool) -> Figures:
    """读数: refuses, with the column, every figure that cannot be read or cannot be true."""
    has_fraction = bool(version.denominator.zh) and not is_outside
    read = {column: _whole(getattr(entry, column), column) for column in ("numerator", "denominator")}
    above, below = read["numerator"], read["denominator"]
    value_e6 = _millionths(entry.value, "value")
    if not has_fraction:
        if above is not None or below is not None:
            raise _at(codes.NO_FRACTION(name=name), "numerator" if above is not None else "denominator")
        if value_e6 is None:
            raise _at(codes.VALUE_MISSING(name=name, unit=version.unit), "value")
        _refuse_over(version, value_e6, name, may_exceed)
        return Figures(None, None, value_e6)
    if above is None and below is None:
        if value_e6 is None:
            words = {"numerator": version.numerator.zh, "denominator": version.denominator.zh}
            raise _at(codes.FIGURES_MISSING(name=name, **words), "numerator")
        _refuse_over(version, value_e6, name, may_exceed)
        return Figures(None, None, value_e6)
    return _fraction(version, above, below, value_e6, name, may_exceed)


def _fraction(
    version: Version, above: int | None, below: int | None, given_e6: int | None, name: str, may_exceed: Collection[str]
) -> Figures:
    if above is None or below is None:
        given, missing = ("分母", "分子") if above is None else ("分子", "分母")
        column = "numerator" if above is None else "denominator"  # where it is missing
        raise _at(codes.HALF_A_FRACTION(name=name, given=given, missing=missing), column)
    if below == 0:
        raise _at(codes.DENOMINATOR_ZERO(name=name, denominator=version.denominator.zh), "denominator")
    value_e6 = divide(above * version.multiplier * E6, below, Rounding.HALF_UP)
    if value_e6 > INT64_MAX:
        raise _at(codes.NUMBER_TOO_LARGE(column=_zh("numerator"), given=above), "numerator")
    _refuse_over(version, value_e6, name, may_exceed, "numerator")
    step = 10 ** max(0, _DECIMALS_MAX - version.decimals)
    if given_e6 is not None and abs(given_e6 - value_e6) > step:
        words = {"given": plain(given_e6), "computed": plain(value_e6, version.decimals)}
        raise _at(codes.VALUE_DIFFERS(name=name, **words), "value")
    return Figures(above, below, value_e6)


def plain(value_e6: int, decimals: int = _DECIMALS_MAX) -> str:
    """数值: millionths as digits, without zeros at the end."""
    size = divide(value_e6, 10 ** (_DECIMALS_MAX - decimals), Rounding.HALF_UP)
    text = f"{Decimal(size).scaleb(-decimals):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def refuse_long(entry: Entry) -> None:
    """查字数: of the texts that are kept."""
    for name in ("source_name", "note"):
        limit, count = COLLECTED_ENTRY.column(name).max_length or 0, len(getattr(entry, name))
        if count > limit:
            raise _at(codes.TEXT_TOO_LONG(column=_zh(name), count=count, limit=limit), name)


def _refuse_over(
    version: Version, value_e6: int, name: str, may_exceed: Collection[str], column: str = "value"
) -> None:
    whole = WHOLES.get(version.unit)
    if whole is None or version.code in may_exceed or not version.denominator.zh or value_e6 <= whole * E6:
        return
    words = {"given": plain(value_e6, min(version.decimals, _DECIMALS_MAX)), "unit": version.unit, "limit": whole}
    raise _at(codes.VALUE_OVER_WHOLE(name=name, **words), column)


def _whole(text: str, column: str) -> int | None:
    number = _number(text, column)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise _at(codes.NUMBER_NOT_WHOLE(column=_zh(column), given=text), column)
    if number > INT64_MAX:
        raise _at(codes.NUMBER_TOO_LARGE(column=_zh(column), given=text), column)
    return int(number)


def _millionths(text: str, column: str) -> int | None:
    number = _number(text.rstrip("%％") if column == "value" else text, column)
    if number is None:
        return None
    scaled = number.scaleb(_DECIMALS_MAX)
    if scaled != scaled.to_integral_value():
        raise _at(codes.NUMBER_TOO_FINE(column=_zh(column), given=text), column)
    if scaled > INT64_MAX:
        raise _at(codes.NUMBER_TOO_LARGE(column=_zh(column), given=text), column)
    return int(scaled)


def _number(text: str, column: str) -> Decimal | None:
    """Digits as people type them: full width, with thousands separators, spaces around."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if typed in ("", "-", "—", "/"):
        return None
    if len(typed) > _LENGTH_MAX or _NUMBER.fullmatch(typed) is None:
        raise _at(codes.NUMBER_UNREADABLE(column=_zh(column), given=text), column)
    number = Decimal(typed.replace(",", ""))
    if number < 0:
        raise _at(codes.NUMBER_NEGATIVE(column=_zh(column), given=text), column)
    return number


def _zh(column: str) -> str:
    return COLLECTED_ENTRY.column(column).zh


def _at(refusal: Refusal, column: str) -> RefusedError:
    return RefusedError(refusal.at(column=_zh(column)))
