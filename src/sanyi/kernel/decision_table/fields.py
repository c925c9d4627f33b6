"""决策表的栏 (fields): inputs and outputs of a decision table, and what a cell means.

Every input has an ordered domain of whole positions: an integer is itself, a date its ordinal, false and true are 0 and
1, a code its place among the choices. A cell is a set of intervals of positions; a missing value is apart from them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from sanyi.kernel.tables import Column, ColumnType

LOWEST, HIGHEST = -(2**62), 2**62
ANY_WORDS = ("", "-", "any", "任意")
_TYPES = {
    "integer": ColumnType.INTEGER,
    "date": ColumnType.DATE,
    "boolean": ColumnType.BOOLEAN,
    "code": ColumnType.CODE,
    "text": ColumnType.TEXT,
}
_TRUE, _FALSE = ("true", "是", "yes"), ("false", "否", "no")
_RANGE = re.compile(r"(\S+?)\.\.(\S+)")
_COMPARISON = re.compile(r"(>=|<=|>|<|=|≥|≤)\s*(\S+)")


@dataclass(frozen=True, slots=True)
class Cell:
    """条件格: intervals of positions, both ends included, in order; and whether a missing value is meant, too."""

    intervals: tuple[tuple[int, int], ...]
    allows_missing: bool

    def covers(self, position: int | None) -> bool:
        """是否符合: for a position, or None for a missing value."""
        if position is None:
            return self.allows_missing
        return any(low <= position <= high for low, high in self.intervals)

    def meets(self, other: Cell) -> int | None | bool:
        """公共取值: a position both cells cover, None when that is a missing value, False when there is none."""
        for low, high in self.intervals:
            for other_low, other_high in other.intervals:
                if max(low, other_low) <= min(high, other_high):
                    return max(low, other_low)
        return None if self.allows_missing and other.allows_missing else False


@dataclass(frozen=True, slots=True)
class TableField:
    """决策表的一栏: an input or an output. ``type`` is integer, date, boolean, code or (outputs only) text."""

    name: str
    zh: str
    en: str
    type: str
    unit: str = ""
    minimum: int | date | None = None
    maximum: int | date | None = None
    choices: Mapping[str, str] | None = None
    may_be_missing: bool = False

    def __post_init__(self) -> None:
        if self.type not in _TYPES:
            raise ValueError(f"{self.name}: type {self.type!r} is not one of {', '.join(_TYPES)}")
        if self.type == "code" and not self.choices:
            raise ValueError(f"{self.name}: a code needs choices")
        self.column()

    def column(self) -> Column:
        """列约定: the same field as a column of a table contract."""
        choices: dict[str | int, str] | None = dict(self.choices.items()) if self.choices else None
        return Column(
            self.name,
            self.zh,
            self.en,
            _TYPES[self.type],
            unit=self.unit,
            minimum=self.minimum,
            maximum=self.maximum,
            is_required=not self.may_be_missing,
            choices=choices,
        )

    @property
    def domain(self) -> Cell:
        """取值范围: everything the field can hold."""
        if self.type == "boolean":
            return Cell(((0, 1),), self.may_be_missing)
        if self.type == "code":
            return Cell(((0, len(self.choices or {}) - 1),), self.may_be_missing)
        low = LOWEST if self.minimum is None else self._ordinal(self.minimum)
        high = HIGHEST if self.maximum is None else self._ordinal(self.maximum)
        if self.type == "date":
            low, high = max(low, date.min.toordinal()), min(high, date.max.toordinal())
        return Cell(((low, high),), self.may_be_missing)

    def position(self, value: Any) -> int | None:
        """位置: of a fact in the domain; None when missing. Raises ValueError when it is not in the domain."""
        if value is None or (value == "" and self.type == "code"):
            return None
        position: int
        if self.type == "code" and value in (self.choices or {}):
            position = list(self.choices or {}).index(value)
        elif self.type == "boolean" and isinstance(value, bool):
            position = int(value)
        elif self.type == "integer" and type(value) is int:
            position = value
        elif self.type == "date" and isinstance(value, date) and not isinstance(value, datetime):
            position = value.toordinal()
        else:
            raise ValueError(value)
        if not self.domain.covers(position):
            raise ValueError(value)
        return position

    def value(self, position: int | None) -> Any:
        """取值: of a position."""
        if position is None:
            return None
        if self.type == "boolean":
            return bool(position)
        if self.type == "code":
            return list(self.choices or {})[position]
        return date.fromordinal(position) if self.type == "date" else position

    def shown(self, position: int | None, language: str = "zh") -> str:
        """显示: label and value of a position, for sentences."""
        zh = language == "zh"
        value = self.value(position)
        if value is None:
            text = "未填" if zh else "missing"
        elif self.type == "boolean":
            text = ("是" if value else "否") if zh else str(value).lower()
        elif self.type == "code" and zh:
            text = (self.choices or {})[value]
        else:
            text = str(value)
        return f"{self.zh if zh else self.en}={text}"

    def cell(self, written: Any) -> Cell:
        """读取条件格: raises ValueError when it is not a condition on this field.

        Integers and dates: ``18``, ``>= 18``, ``18..64``, several joined by ``|``. Codes: ``a``, ``a|b``, ``not a|b``.
        Booleans: true, false. All: empty or ``any``; ``missing`` where the field may be missing.
        """
        text = str(written).strip() if written is not None else ""
        if isinstance(written, bool):
            text = "true" if written else "false"
        if text in ANY_WORDS:
            return self.domain
        is_missing = False
        intervals: list[tuple[int, int]] = []
        is_negated = text.startswith("not ")
        for part in text.removeprefix("not ").split("|"):
            if part.strip() in ("missing", "未填"):
                if not self.may_be_missing:
                    raise ValueError(part)
                is_missing = True
            else:
                intervals.append(self._interval(part.strip()))
        if is_negated:
            intervals, is_missing = self._others(intervals), self.may_be_missing and not is_missing
        (low, high) = self.domain.intervals[0]
        kept = [(max(low, first), min(high, last)) for first, last in intervals if first <= high and last >= low]
        if not kept and not is_missing:
            raise ValueError(text)
        return Cell(tuple(sorted(kept)), is_missing)

    def expr(self, cell: Cell) -> pl.Expr:
        """列条件: the cell on a column; never null."""
        column = pl.col(self.name)
        tests = [pl.lit(value=False)]
        for low, high in cell.intervals:
            if self.type in ("integer", "date"):
                tests.append(column.is_between(pl.lit(self.value(low)), pl.lit(self.value(high))))
            else:
                tests.append(column.is_in([self.value(position) for position in range(low, high + 1)]))
        inside = pl.any_horizontal(tests).fill_null(value=False)
        is_missing = (
            column.is_null() | (column == "").fill_null(value=False) if self.type == "code" else column.is_null()
        )
        return inside | is_missing if cell.allows_missing else inside & ~is_missing

    def _interval(self, text: str) -> tuple[int, int]:
        low, high = self.domain.intervals[0]
        if found := _RANGE.fullmatch(text):
            first, last = self._parse(found[1]), self._parse(found[2])
            if self.type not in ("integer", "date") or first > last:
                raise ValueError(text)
            return first, last
        if found := _COMPARISON.fullmatch(text):
            position = self._parse(found[2])
            if self.type not in ("integer", "date"):
                raise ValueError(text)
            sign = {"≥": ">=", "≤": "<="}.get(found[1], found[1])
            ranges = {">=": (position, high), "<=": (low, position), "=": (position, position)}
            return ranges.get(sign) or ((position + 1, high) if sign == ">" else (low, position - 1))
        position = self._parse(text)
        return position, position

    def _parse(self, text: str) -> int:
        if self.type == "integer":
            return int(text)
        if self.type == "date":
            return date.fromisoformat(text).toordinal()
        if self.type == "boolean" and text.lower() in (*_TRUE, *_FALSE):
            return int(text.lower() in _TRUE)
        names = {name: code for code, name in (self.choices or {}).items()}
        code = text if text in (self.choices or {}) else names.get(text)
        if self.type != "code" or code is None:
            raise ValueError(text)
        return list(self.choices or {}).index(code)

    def _others(self, intervals: list[tuple[int, int]]) -> list[tuple[int, int]]:
        low, high = self.domain.intervals[0]
        found: list[tuple[int, int]] = []
        for first, last in sorted(intervals):
            if low < first:
                found.append((low, first - 1))
            low = max(low, last + 1)
        return [*found, (low, high)] if low <= high else found

    def _ordinal(self, bound: int | date) -> int:
        return bound.toordinal() if isinstance(bound, date) else bound
