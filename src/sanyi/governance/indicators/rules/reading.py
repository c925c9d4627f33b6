"""读取数据文件: the fields of one entry of a definition or target file, each mistake with its file and line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sanyi.governance.indicators.codes import E6, refusals
from sanyi.kernel.labels import Labelled
from sanyi.kernel.refusals import Refusal, RefusalKind
from sanyi.kernel.yaml_lines import Located

QUOTE_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True)
class Words:
    """中英文说明."""

    zh: str = ""
    en: str = ""

    def label(self, language: str | None = "zh") -> str:
        """名称: English where it is asked for and there is one."""
        return self.en if (language or "").startswith("en") and self.en else self.zh


@dataclass(frozen=True, slots=True)
class Citation:
    """引文: document, clause and quote; or that it is assumed, and on what basis."""

    document: str = ""
    clause: str = ""
    quote: str = ""
    is_assumed: bool = False
    basis: str = ""


@dataclass(slots=True)
class Mistakes:
    """读取中的错误: of one file."""

    file: str
    refusals: list[Refusal] = field(default_factory=list)

    def add(self, kind: RefusalKind, line: int, key: str, **values: object) -> None:
        """记下一处错误."""
        self.refusals.append(kind(**values).at(file=self.file, line=line, key=key or None))


class Fields:
    """一条的各项: the fields of a mapping; asks for each once, and names what nobody asked for."""

    def __init__(self, node: Located, owner: str, mistakes: Mistakes) -> None:
        self.node, self.owner, self.mistakes = node, owner, mistakes
        self.values: Mapping[str, Located] = node.value if isinstance(node.value, dict) else {}
        self.asked: set[str] = set()
        if not isinstance(node.value, dict):
            self.wrong("", node, "各项的名称与取值")

    def missing(self, name: str) -> None:
        """缺少."""
        self.mistakes.add(refusals.FIELD_MISSING, self.node.line, self.owner, owner=self.owner, field=name)

    def wrong(self, name: str, node: Located, expected: str) -> None:
        """写错."""
        value = str(node.plain())[:80]
        words = {"owner": self.owner, "field": name, "value": value, "expected": expected}
        self.mistakes.add(refusals.FIELD_WRONG, node.line, self.owner, **words)

    def get(self, name: str, *, is_required: bool = False) -> Located | None:
        """取一项."""
        self.asked.add(name)
        found = self.values.get(name)
        if found is None or found.value is None:
            if is_required:
                self.missing(name)
            return None
        return found

    def text(self, name: str, *, is_required: bool = False, default: str = "") -> str:
        """文字: also a number or date, as it is written."""
        found = self.get(name, is_required=is_required)
        if found is None:
            return default
        if isinstance(found.value, (dict, list)):
            self.wrong(name, found, "文字")
            return default
        return str(found.value).strip()

    def integer(self, name: str, default: int, *, minimum: int = 0) -> int:
        """整数."""
        found = self.get(name)
        if found is None:
            return default
        if type(found.value) is not int or found.value < minimum:
            self.wrong(name, found, f"不小于 {minimum} 的整数")
            return default
        return found.value

    def e6(self, name: str, *, is_required: bool = False) -> int | None:
        """数值: a number with decimals as millionths of its unit, exactly."""
        found = self.get(name, is_required=is_required)
        return None if found is None else self.e6_of(name, found)

    def e6_of(self, name: str, found: Located) -> int | None:
        """数值: of a value already found."""
        if type(found.value) is int or isinstance(found.value, Decimal):
            return int((Decimal(found.value) * E6).to_integral_value(ROUND_HALF_UP))
        self.wrong(name, found, "数值")
        return None

    def day(self, name: str, *, is_required: bool = False) -> date | None:
        """日期."""
        found = self.get(name, is_required=is_required)
        if found is not None and not isinstance(found.value, date):
            self.wrong(name, found, "日期，例如 2025-12-31")
            return None
        return None if found is None else found.value

    def flag(self, name: str) -> bool:
        """是否."""
        found = self.get(name)
        if found is not None and not isinstance(found.value, bool):
            self.wrong(name, found, "true 或 false")
        return found is not None and found.value is True

    def choice(self, name: str, kinds: type[Labelled], default: Any = None) -> Any:
        """选项: one of a closed list; without a default it is required."""
        found = self.get(name, is_required=default is None)
        if found is None:
            return default if default is not None else next(iter(kinds))
        try:
            return kinds(str(found.value))
        except ValueError:
            self.wrong(name, found, "、".join(str(one) for one in kinds))
            return default if default is not None else next(iter(kinds))

    def items(self, name: str, *, is_required: bool = False) -> list[Located]:
        """列表."""
        found = self.get(name, is_required=is_required)
        if found is None:
            return []
        if not isinstance(found.value, list):
            self.wrong(name, found, "列表")
            return []
        return found.value

    def below(self, name: str, *, is_required: bool = False) -> Fields | None:
        """下一层的各项."""
        found = self.get(name, is_required=is_required)
        if found is None:
            return None
        return Fields(found, f"{self.owner} {name}", self.mistakes)

    def words(self, name: str, *, is_required: bool = False) -> Words:
        """中英文: both are needed where there is one."""
        found = self.below(name, is_required=is_required)
        if found is None:
            return Words()
        made = Words(found.text("zh", is_required=True), found.text("en", is_required=True))
        found.done()
        return made

    def citation(self) -> Citation:
        """引文: cited, or assumed with its basis."""
        found = self.below("citation")
        is_assumed, basis = self.flag("assumed"), self.text("basis")
        if found is None:
            if not (is_assumed and basis):
                self.mistakes.add(refusals.ASSUMED_WITHOUT_BASIS, self.node.line, self.owner, owner=self.owner)
            return Citation(is_assumed=True, basis=basis)
        document = found.text("document", is_required=True)
        quote = found.text("quote")
        made = Citation(document, found.text("clause"), quote, is_assumed, basis)
        found.done()
        if len(quote) > QUOTE_LENGTH_MAX:
            words = {"owner": self.owner, "count": len(quote), "limit": QUOTE_LENGTH_MAX}
            self.mistakes.add(refusals.QUOTE_TOO_LONG, found.node.line, self.owner, **words)
        return made

    def done(self, also: Collection[str] = ()) -> None:
        """读完: whatever nobody asked for is a mistake."""
        known = "、".join(sorted(self.asked | set(also)))
        for name, node in self.values.items():
            if name not in self.asked and name not in also:
                words = {"owner": self.owner, "field": name, "known": known}
                self.mistakes.add(refusals.FIELD_UNKNOWN, node.line, self.owner, **words)
