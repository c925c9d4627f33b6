"""列约定 (columns): one column of a table contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import polars as pl

from sanyi.kernel.money import FEN_MAX, format_yuan
from sanyi.kernel.tables.conditions import Condition

_NAME = re.compile(r"_?[a-z][a-z0-9]*(_[a-z0-9]+)*")
Bound = int | date | datetime


class ColumnType(StrEnum):
    """列类型: instants are China time without a zone, as the national interfaces write them."""

    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    INTEGER = "integer"
    FEN = "fen"
    BASIS_POINTS = "basis_points"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"

    @property
    def zh(self) -> str:
        """类型名称: in Chinese."""
        return _NAMES[self][0]

    @property
    def en(self) -> str:
        """类型英文名称: in English."""
        return _NAMES[self][1]

    @property
    def polars(self) -> pl.DataType:
        """列数据类型: of the table engine."""
        return _POLARS[self]

    def fits(self, dtype: pl.DataType) -> bool:
        """是否相容: whether a column of this type can come as ``dtype`` and be cast without loss."""
        if dtype == pl.Null:
            return True
        if self in _WHOLE:
            return dtype.is_integer() and dtype not in (pl.UInt64, pl.Int128)
        if self in (ColumnType.TEXT, ColumnType.CODE):
            return isinstance(dtype, (pl.String, pl.Categorical, pl.Enum))
        if self is ColumnType.INSTANT:
            return isinstance(dtype, pl.Datetime) and dtype.time_zone is None
        return dtype == self.polars


_NAMES: Mapping[ColumnType, tuple[str, str]] = {
    ColumnType.TEXT: ("文字", "text"),
    ColumnType.CODE: ("代码", "a code"),
    ColumnType.CODES: ("若干代码", "codes"),
    ColumnType.INTEGER: ("整数", "a whole number"),
    ColumnType.FEN: ("金额（分）", "an amount in fen"),
    ColumnType.BASIS_POINTS: ("万分比", "basis points"),
    ColumnType.DATE: ("日期", "a date"),
    ColumnType.INSTANT: ("日期时间", "a date and time"),
    ColumnType.BOOLEAN: ("是/否", "yes or no"),
}
_POLARS: Mapping[ColumnType, pl.DataType] = {
    ColumnType.TEXT: pl.String(),
    ColumnType.CODE: pl.String(),
    ColumnType.CODES: pl.List(pl.String()),
    ColumnType.INTEGER: pl.Int64(),
    ColumnType.FEN: pl.Int64(),
    ColumnType.BASIS_POINTS: pl.Int64(),
    ColumnType.DATE: pl.Date(),
    ColumnType.INSTANT: pl.Datetime("us"),
    ColumnType.BOOLEAN: pl.Boolean(),
}
_WHOLE = (ColumnType.INTEGER, ColumnType.FEN, ColumnType.BASIS_POINTS)
_BOUNDED = (*_WHOLE, ColumnType.DATE, ColumnType.INSTANT)
_WRITTEN = (ColumnType.TEXT, ColumnType.CODE, ColumnType.CODES)
_E4 = 10_000
_NAME_ENDINGS = {
    ColumnType.FEN: "_fen",
    ColumnType.BASIS_POINTS: "_bp",
    ColumnType.DATE: "_on",
    ColumnType.INSTANT: "_at",
}


@dataclass(frozen=True, slots=True)
class Column:
    """列: name, 中文 and English label, type, and what a value must satisfy.

    ``minimum`` and ``maximum`` are included. ``required_when`` is a text in the language of ``conditions``. ``choices``
    maps each allowed code to its Chinese name. ``pattern`` must match the whole text. For CODES, choices, pattern and
    max_length hold for each code. An amount without bounds is held to ±``FEN_MAX``. ``standard_code`` is the field's
    name in the national interface (``setl_id``), ``standard`` says which. Raises ValueError for a bad declaration.
    """

    name: str
    zh: str
    en: str
    type: ColumnType
    unit: str = ""
    minimum: Bound | None = None
    maximum: Bound | None = None
    is_required: bool = False
    required_when: str | None = None
    standard_code: str = ""
    standard: str = ""
    choices: Mapping[str | int, str] | None = None
    pattern: str = ""
    max_length: int | None = None
    help_zh: str = ""
    help_en: str = ""
    is_personal: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"column name {self.name!r} must be lower-case words joined by underscores")
        if not self.zh.strip() or not self.en.strip():
            raise ValueError(f"column {self.name} needs a Chinese and an English label")
        self._check_name()
        self._check_limits()
        if self.type is ColumnType.FEN:
            object.__setattr__(self, "minimum", -FEN_MAX if self.minimum is None else self.minimum)
            object.__setattr__(self, "maximum", FEN_MAX if self.maximum is None else self.maximum)

    def _check_name(self) -> None:
        ending = _NAME_ENDINGS.get(self.type)
        if ending and not self.name.endswith(ending):
            raise ValueError(f"column {self.name} of type {self.type} must end in {ending}")
        if self.type is ColumnType.BOOLEAN and not self.name.lstrip("_").startswith(("is_", "has_")):
            raise ValueError(f"column {self.name} of type boolean must begin with is_ or has_")

    def _check_limits(self) -> None:
        bounds = [bound for bound in (self.minimum, self.maximum) if bound is not None]
        if bounds and self.type not in _BOUNDED:
            raise ValueError(f"column {self.name} of type {self.type} has no minimum or maximum")
        expected = int if self.type in _WHOLE else datetime if self.type is ColumnType.INSTANT else date
        if any(type(bound) is not expected for bound in bounds):
            raise ValueError(f"column {self.name}: bounds must be of the type {expected.__name__}")
        if len(bounds) == 2 and bounds[0] > bounds[1]:  # type: ignore[operator]
            raise ValueError(f"column {self.name}: minimum {bounds[0]} is above maximum {bounds[1]}")
        if (self.pattern or self.max_length is not None) and self.type not in _WRITTEN:
            raise ValueError(f"column {self.name} of type {self.type} has no pattern or max_length")
        if self.choices is not None and self.type not in (*_WRITTEN, ColumnType.INTEGER):
            raise ValueError(f"column {self.name} of type {self.type} has no choices")
        if self.choices is not None and not self.choices:
            raise ValueError(f"column {self.name}: choices are empty")
        if self.is_required and self.required_when:
            raise ValueError(f"column {self.name} is always required, so required_when means nothing")
        if self.required_when is not None:
            Condition.parse(self.required_when)

    @property
    def condition(self) -> Condition | None:
        """必填条件: parsed, or None."""
        return Condition.parse(self.required_when) if self.required_when else None

    def label(self, language: str = "zh") -> str:
        """名称: as people know the column."""
        return self.en if language.startswith("en") else self.zh

    def help(self, language: str = "zh") -> str:
        """填写说明: the help text of the language."""
        return self.help_en if language.startswith("en") else self.help_zh

    def shown(self, bound: object) -> str:
        """数值显示: a value or bound as people read it; fen are shown as yuan (¥), ten-thousandths as decimals."""
        if self.type is ColumnType.FEN and isinstance(bound, int):
            return f"¥{format_yuan(bound)}"
        if self.is_decimal and isinstance(bound, int):
            whole, rest = divmod(abs(bound), _E4)
            return f"{'-' if bound < 0 else ''}{whole}.{rest:04d}".rstrip("0").rstrip(".")
        return str(bound)

    @property
    def is_decimal(self) -> bool:
        """是否四位小数: a whole number of ten-thousandths, which people write as a decimal."""
        return self.type is ColumnType.INTEGER and self.name.endswith("_e4")

    def rule_text(self, language: str = "zh", labels: Mapping[str, str] | None = None) -> str:
        """填写要求: type, unit, bounds, when required, and choices, in one line."""
        zh = not language.startswith("en")
        parts = [self.type.zh if zh else self.type.en]
        if self.is_decimal:
            parts = ["数（最多四位小数）" if zh else "a number with at most four decimals"]
        if self.unit:
            parts.append(f"单位{self.unit}" if zh else f"unit {self.unit}")
        if self.minimum is not None:
            parts.append(f"不小于{self.shown(self.minimum)}" if zh else f"at least {self.shown(self.minimum)}")
        if self.maximum is not None:
            parts.append(f"不大于{self.shown(self.maximum)}" if zh else f"at most {self.shown(self.maximum)}")
        if self.max_length is not None:
            parts.append(f"不超过{self.max_length}字" if zh else f"up to {self.max_length} characters")
        if self.is_required:
            parts.append("必填" if zh else "required")
        if condition := self.condition:
            words = condition.text("zh" if zh else "en", labels)
            parts.append(f"当{words}时必填" if zh else f"required when {words}")
        if self.choices:
            parts.append(("可填" if zh else "one of ") + self.choices_text())
        return ("，" if zh else ", ").join(parts)

    def choices_text(self) -> str:
        """取值说明: codes with their names, at most thirty of them."""
        pairs = list((self.choices or {}).items())
        words = "、".join(f"{code} {name}" for code, name in pairs[:30])
        return words + ("……" if len(pairs) > 30 else "")
