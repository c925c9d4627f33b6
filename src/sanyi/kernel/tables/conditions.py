"""必填条件 (conditions): the small language of ``required_when``, read once, run on columns, shown in words.

    discharge_way_code in 2|3
    age_years is missing and newborn_birth_weight_grams > 0

A term is ``column is missing``, ``column is present``, ``column in a|b|c`` or a comparison with a whole number, a date,
``true``/``false`` or a code; terms are joined by ``and``. A comparison with a missing value is not met.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

_TERM = re.compile(r"(?P<column>[a-z_][a-z0-9_]*) (?:is (?P<state>missing|present)|in (?P<list>\S+)|"
                   r"(?P<operator>=|!=|<=|>=|<|>) (?P<literal>\S+))")  # fmt: skip
_COMPARISONS: Mapping[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "=": lambda column, literal: column == literal,
    "!=": lambda column, literal: column != literal,
    "<": lambda column, literal: column < literal,
    "<=": lambda column, literal: column <= literal,
    ">": lambda column, literal: column > literal,
    ">=": lambda column, literal: column >= literal,
}
_WORDS_ZH = {"=": "为", "!=": "不为", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}


@dataclass(frozen=True, slots=True)
class Term:
    """条件项: one column, one test."""

    column: str
    test: str
    literals: tuple[Any, ...] = ()

    def expr(self) -> pl.Expr:
        """列条件: true, or false where the column is missing and the test needs a value."""
        column = pl.col(self.column)
        if self.test in ("missing", "present"):
            return column.is_null() if self.test == "missing" else column.is_not_null()
        if self.test == "in":
            return column.is_in(self.literals).fill_null(value=False)
        return _COMPARISONS[self.test](column, pl.lit(self.literals[0])).fill_null(value=False)

    def text(self, language: str, labels: Mapping[str, str]) -> str:
        """条件说明: in words, with the columns' labels."""
        label = labels.get(self.column, self.column)
        values = ("、" if language == "zh" else " / ").join(str(literal) for literal in self.literals)
        if language == "zh":
            words = {"missing": "未填", "present": "已填", "in": f"为{values}之一"}
            return f"“{label}”{words.get(self.test) or _WORDS_ZH[self.test] + values}"
        words = {"missing": "is missing", "present": "is given", "in": f"is one of {values}"}
        return f"{label} {words.get(self.test) or f'{self.test} {values}'}"


@dataclass(frozen=True, slots=True)
class Condition:
    """条件: terms that must all hold."""

    terms: tuple[Term, ...]

    @classmethod
    def parse(cls, text: str) -> Condition:
        """读取条件: raises ValueError, a fault of the declaration, when the text is not in the form above."""
        return cls(tuple(_term(part.strip()) for part in text.split(" and ")))

    @property
    def columns(self) -> tuple[str, ...]:
        """涉及的列: names of the columns asked."""
        return tuple(term.column for term in self.terms)

    def expr(self) -> pl.Expr:
        """列条件: a boolean column without missing values."""
        return pl.all_horizontal(*(term.expr() for term in self.terms))

    def text(self, language: str = "zh", labels: Mapping[str, str] | None = None) -> str:
        """条件说明: in Chinese (``zh``) or English (``en``)."""
        joiner = "且" if language == "zh" else " and "
        return joiner.join(term.text(language, labels or {}) for term in self.terms)


def _term(text: str) -> Term:
    found = _TERM.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a condition; an example of right: discharge_way_code in 2|3")
    if found["state"]:
        return Term(found["column"], found["state"])
    if found["list"]:
        return Term(found["column"], "in", tuple(_literal(part) for part in found["list"].split("|")))
    return Term(found["column"], found["operator"], (_literal(found["literal"]),))


def _literal(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return int(text)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return date.fromisoformat(text)
    return text.strip("'\"")
