"""拒绝 (refusals): what a person's mistake is answered with.

A refusal is not an exception and not a fault of the program. It has a code, a sentence, a remedy and, where there is
one, a basis; it knows the place it is about. Every topic declares its kinds in its ``codes.py``::

    STAY_ENDS_BEFORE_IT_BEGINS = RefusalKind(
        code="exchange.stay.ends_before_it_begins",
        message_zh="出院日期{discharged_on}早于入院日期{admitted_on}。", remedy_zh="请核对病案首页后改正。",
        message_en="Discharge on {discharged_on} is before admission on {admitted_on}.",
        remedy_en="Check the front page of the record and correct it.")
    STAY_ENDS_BEFORE_IT_BEGINS(admitted_on=a, discharged_on=d).at(row=12, column="discharged_on")

``RefusedError`` carries one or more refusals to whoever shows them. Anything else that is raised is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Any

SHOWN_LENGTH_MAX = 120
_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


@dataclass(frozen=True, slots=True)
class Place:
    """位置: where the mistake is. Rows and lines count from 1; what is not known is None."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    key: str | None = None
    line: int | None = None

    def text(self, language: str = "zh") -> str:
        """位置说明: the place in words, empty when nothing is known; ``language`` is ``zh`` or ``en``."""
        zh = not language.startswith("en")
        parts = [
            ("文件{}" if zh else "file {}", self.file),
            ("工作表{}" if zh else "sheet {}", self.sheet),
            ("第{}行" if zh else "row {}", self.row),
            ("列{}" if zh else "column {}", self.column),
            ("键{}" if zh else "key {}", self.key),
            ("第{}行" if zh else "line {}", self.line),
        ]
        return ("，" if zh else ", ").join(words.format(value) for words, value in parts if value is not None)


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """拒绝种类: one kind of mistake, with sentences in which ``{named}`` fields are filled when it happens.

    Raises ValueError when declared badly: a code without a dot, or an empty sentence.
    """

    code: str
    message_zh: str
    remedy_zh: str
    message_en: str
    remedy_en: str
    basis: str = ""
    is_retryable: bool = False
    fields: frozenset[str] = field(init=False, repr=False, compare=False)
    """字段: the names that the sentences of both languages need."""

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"refusal code {self.code!r} must be dotted lower-case words such as 'topic.mistake'")
        for name in ("message_zh", "remedy_zh", "message_en", "remedy_en"):
            if not getattr(self, name).strip():
                raise ValueError(f"refusal kind {self.code}: {name} is empty")
        sentences = (self.message_zh, self.remedy_zh, self.message_en, self.remedy_en)
        object.__setattr__(self, "fields", frozenset().union(*map(_fields, sentences)))

    def __call__(self, **values: object) -> Refusal:
        """生成: a refusal of this kind. Raises TypeError, a fault, when a field of its sentences is not given."""
        missing = self.fields - values.keys()
        if missing:
            raise TypeError(f"refusal {self.code} needs {sorted(missing)}")
        return Refusal(kind=self, values=values)


@dataclass(frozen=True, slots=True)
class Refusal:
    """拒绝: one mistake, in sentences, at a place."""

    kind: RefusalKind
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    place: Place = field(default_factory=Place)

    @property
    def code(self) -> str:
        """代码: stable and machine-readable."""
        return self.kind.code

    @property
    def basis(self) -> str:
        """依据: the clause that the refusal rests on, or an empty text."""
        return self.kind.basis

    @property
    def is_retryable(self) -> bool:
        """可重试: whether sending the same thing again can help."""
        return self.kind.is_retryable

    def message(self, language: str = "zh") -> str:
        """说明: what happened; ``language`` is ``zh`` (any Chinese tag) or ``en`` (any English tag)."""
        return self._fill(self.kind.message_en if language.startswith("en") else self.kind.message_zh)

    def remedy(self, language: str = "zh") -> str:
        """办法: what to do about it."""
        return self._fill(self.kind.remedy_en if language.startswith("en") else self.kind.remedy_zh)

    def at(self, **place: Any) -> Refusal:
        """定位: the same refusal with more known about its place (file, sheet, row, column, key, line)."""
        return Refusal(self.kind, self.values, replace(self.place, **place))

    def text(self, language: str = "zh") -> str:
        """全文: place, message and remedy in one line."""
        zh = not language.startswith("en")
        where = self.place.text(language)
        head = f"{where}{'：' if zh else ': '}" if where else ""
        return f"{head}{self.message(language)}{'' if zh else ' '}{self.remedy(language)}"

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """字典: for the API and for storing; unknown parts of the place are left out."""
        place = {name: getattr(self.place, name) for name in Place.__slots__}
        return {
            "code": self.code,
            "message": self.message(language),
            "remedy": self.remedy(language),
            "basis": self.basis,
            "is_retryable": self.is_retryable,
            "place": {name: value for name, value in place.items() if value is not None},
        }

    def __str__(self) -> str:
        return self.text()

    def _fill(self, template: str) -> str:
        return template.format_map({name: _shown(value) for name, value in self.values.items()})


class RefusedError(ValueError):
    """被拒绝: people's mistakes, one or more; made from refusals, from lists of them, or both."""

    def __init__(self, *refusals: Refusal | Iterable[Refusal]) -> None:
        flat: list[Refusal] = []
        for item in refusals:
            flat.extend([item] if isinstance(item, Refusal) else item)
        if not flat:
            raise TypeError("RefusedError needs at least one refusal")
        super().__init__(*flat)
        self.refusals: tuple[Refusal, ...] = tuple(flat)

    def text(self, language: str = "zh") -> str:
        """全文: every refusal on its own line."""
        return "\n".join(refusal.text(language) for refusal in self.refusals)

    def __str__(self) -> str:
        return self.text()


def refuse_if_any(refusals: Iterable[Refusal]) -> None:
    """有错即拒: raises RefusedError with all of them when there is at least one."""
    found = tuple(refusals)
    if found:
        raise RefusedError(*found)


def _fields(template: str) -> frozenset[str]:
    names = (name for _, name, _, _ in Formatter().parse(template) if name is not None)
    return frozenset(re.split(r"[.\[]", name, maxsplit=1)[0] for name in names)


def _shown(value: object) -> object:
    """A text from outside is shown at a bounded length and on one line."""
    if not isinstance(value, str):
        return value
    line = " ".join(value.split())
    return line if len(line) <= SHOWN_LENGTH_MAX else line[: SHOWN_LENGTH_MAX - 1] + "…"
