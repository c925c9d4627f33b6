"""词汇 (the lexicon): words of data/lexicon.yaml, and the patterns built from them once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """词汇表: the words as read, and ``unit_of``/``comparator_of`` from a printed form to its standard form."""

    words: dict[str, Any]
    unit_of: dict[str, str]
    before_of: dict[str, str]
    after_of: dict[str, str]

    def list(self, name: str) -> tuple[str, ...]:
        """词表: the words under a name, longest first."""
        return tuple(sorted(map(str, self.words[name]), key=len, reverse=True))

    def pattern(self, name: str) -> str:
        """词表样式: an alternation of the words under a name, longest first."""
        return either(self.list(name))


def either(words: Iterable[str]) -> str:
    """任一: a pattern that matches any of the words, the longest first."""
    return _either(tuple(words))


@cache
def _either(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


@cache
def lexicon() -> Lexicon:
    """词汇表: of the package, read once."""
    words = yaml.safe_load((_DATA / "lexicon.yaml").read_text(encoding="utf-8"))
    return Lexicon(
        words=words,
        unit_of={form: unit for unit, forms in words["units"].items() for form in forms},
        before_of={form: sign for sign, forms in words["comparators_before"].items() for form in forms},
        after_of={form: sign for sign, forms in words["comparators_after"].items() for form in forms},
    )


@cache
def subjects() -> tuple[dict[str, Any], ...]:
    """指标词汇: subjects of figures that are known by several wordings, from data/subjects.yaml."""
    return tuple(yaml.safe_load((_DATA / "subjects.yaml").read_text(encoding="utf-8"))["subjects"])
