"""问题 (findings): what a check says about a record; kinds are declared once, with sentences in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from sanyi.kernel.labels import Labelled

_CODE = re.compile(r"[a-z][a-z_]*")
CODE_LENGTH_MAX = 120
TEXT_LENGTH_MAX = 2000
"""文字长度上限: of what comes from outside, so that a finding stays a line."""
_GIVEN_BY_THE_FINDING = frozenset({"place", "code"})

DIAGNOSES, PROCEDURES = "diagnosis_codes", "procedure_codes"


class Severity(Labelled):
    """严重程度: ``refuse`` must be mended before settlement, ``warn`` must be verified, ``info`` is worth knowing."""

    REFUSE = "refuse", "须改正", "Must be mended"
    WARN = "warn", "请核实", "To be verified"
    INFO = "info", "提示", "For information"


SEVERITY_BADGE = {"refuse": "bg-red-lt", "warn": "bg-yellow-lt", "info": "bg-blue-lt"}
SEVERITY_RANK = {str(severity): rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class FindingKind:
    """问题种类: sentences with ``{named}`` fields; ``{place}`` and ``{code}`` are given by the finding itself.

    ``source`` names the table, clause or scheme that the finding rests on. Raises ValueError for a bad declaration.
    """

    code: str
    zh: str
    en: str
    severity: Severity
    message_zh: str
    remedy_zh: str
    source_zh: str
    message_en: str
    remedy_en: str
    source_en: str

    needed: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"finding code {self.code!r} must be lower-case words joined by underscores")
        for name in ("zh", "en", "message_zh", "remedy_zh", "source_zh", "message_en", "remedy_en", "source_en"):
            if not getattr(self, name).strip():
                raise ValueError(f"finding kind {self.code}: {name} is empty")
        texts = (self.message_zh, self.remedy_zh, self.source_zh, self.message_en, self.remedy_en, self.source_en)
        names = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}
        object.__setattr__(self, "needed", frozenset(names - _GIVEN_BY_THE_FINDING))

    def label(self, language: str = "zh") -> str:
        """名称: of the kind."""
        return self.en if language.startswith("en") else self.zh

    def __call__(
        self,
        column: str,
        position: int | None = None,
        code: str = "",
        severity: Severity | None = None,
        /,
        **values: Any,
    ) -> Finding:
        """生成: a finding about a column, for codes also the position (1 is the main one).

        Raises TypeError, a fault, when a field of its sentences is not given.
        """
        if not self.needed <= values.keys():
            raise TypeError(f"finding {self.code} needs {sorted(self.needed - values.keys())}")
        return Finding(self, severity or self.severity, column, position, code[:CODE_LENGTH_MAX], _bounded(values))


@dataclass(frozen=True, slots=True)
class Finding:
    """问题: one finding of a record; ``values`` hold whole numbers and texts only, so that it can be stored."""

    kind: FindingKind
    severity: Severity
    column: str
    position: int | None = None
    code: str = ""
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def message(self, language: str = "zh") -> str:
        """说明: what was found and why."""
        return self._fill(self.kind.message_zh, self.kind.message_en, language)

    def remedy(self, language: str = "zh") -> str:
        """办法: what to do; it never names a code that is not in the record."""
        return self._fill(self.kind.remedy_zh, self.kind.remedy_en, language)

    def source(self, language: str = "zh") -> str:
        """依据: the table, clause or scheme."""
        return self._fill(self.kind.source_zh, self.kind.source_en, language)

    def place(self, language: str = "zh") -> str:
        """位置: which diagnosis or procedure, empty for other columns."""
        return place_text(self.column, self.position, language)

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """字典: for the interface."""
        return {
            "kind": self.kind.code,
            "label": self.kind.label(language),
            "severity": str(self.severity),
            "severity_label": self.severity.label(language),
            "field": self.column,
            "position": self.position,
            "code": self.code,
            "message": self.message(language),
            "remedy": self.remedy(language),
            "source": self.source(language),
            "details": dict(self.values),
        }

    def _fill(self, zh: str, en: str, language: str) -> str:
        is_english = language.startswith("en")
        shown = {name: one_line(value) for name, value in self.values.items()}
        shown |= {"place": self.place(language), "code": one_line(self.code)}
        return (en if is_english else zh).format_map(shown)


def place_text(column: str, position: int | None, language: str = "zh") -> str:
    """位置说明: 主要诊断, 第3诊断, 主要手术, 第2手术; empty for columns without positions."""
    is_english = language.startswith("en")
    if position is None or column not in (DIAGNOSES, PROCEDURES):
        return ""
    if is_english:
        noun = "diagnosis" if column == DIAGNOSES else "procedure"
        return f"main {noun}" if position == 1 else f"{noun} {position}"
    noun = "诊断" if column == DIAGNOSES else "手术操作"
    return f"主要{noun}" if position == 1 else f"第{position}{noun}"


def one_line(value: object) -> object:
    """单行: a text without line breaks and runs of blanks; anything else as it is."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _bounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value[:TEXT_LENGTH_MAX] if isinstance(value, str) else value for name, value in values.items()}
