"""书写: one step of an explanation, where its value comes from, and exact numbers as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sanyi.insurance.payment.rules.rule_set import PREFIX, Edition
from sanyi.kernel.money import format_yuan

UNKNOWN_ZH, UNKNOWN_EN = "未知", "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """计算步骤: a sentence with its numbers in it, and the policy value it rests on (none: plain arithmetic)."""

    name: str
    zh: str
    en: str
    key: str = ""
    clause: str = ""
    document: str = ""
    basis: str = ""
    jurisdiction: str = ""
    value_from: str = ""
    starts_on: str = ""
    ends_on: str = ""
    is_assumed: bool = False

    def sentence(self, language: str = "zh") -> str:
        """句子: in Chinese, or in English."""
        return self.en if language.startswith("en") else self.zh

    def as_dict(self) -> dict[str, Any]:
        """朴素形式: for pages, interface and print."""
        return asdict(self)


def step(name: str, zh: str, en: str, edition: Edition | None = None, key: str = "", clause: str = "") -> Step:
    """写一步: with the source of ``key`` in the edition, when there is one."""
    source: Mapping[str, Any] = edition.sources.get(key, {}) if edition is not None and key else {}
    if edition is None or not source:
        return Step(name, zh, en, key=PREFIX + key if key else "", clause=clause)
    return Step(
        name,
        zh,
        en,
        key=PREFIX + key,
        clause=clause or str(source.get("basis", "")),
        document=str(source.get("document", "")),
        basis=str(source.get("basis", "")),
        jurisdiction=str(source.get("jurisdiction", "")),
        value_from=str(source.get("from", "")),
        starts_on=edition.starts_on.isoformat(),
        ends_on=edition.ends_on.isoformat(),
        is_assumed=bool(source.get("is_assumed")),
    )


def exact(number: int, digits: int) -> str:
    """精确小数: a scaled whole number as a decimal text without rounding, zeros at the end left out."""
    sign = "-" if number < 0 else ""
    whole, rest = divmod(abs(number), 10**digits)
    written = f"{rest:0{digits}d}".rstrip("0") if digits else ""
    return f"{sign}{whole}.{written}" if written else f"{sign}{whole}"


def yuan(fen: int | None) -> tuple[str, str]:
    """元: in Chinese and English; unknown is said so."""
    if fen is None:
        return UNKNOWN_ZH, UNKNOWN_EN
    return f"{format_yuan(fen)}元", f"{format_yuan(fen)} yuan"
