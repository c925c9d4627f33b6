"""政策值 (policy values): a value never stands alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sanyi.kernel.policy.units import Unit


@dataclass(frozen=True, slots=True)
class PolicyKey:
    """政策参数声明: what a key means, declared in exactly one file.

    ``minimum``, ``maximum`` and ``choices`` hold for each whole number or text of its values.
    """

    key: str
    name_zh: str
    name_en: str
    unit: Unit
    file: str
    line: int
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """政策值: one value in force in one jurisdiction from ``starts_on`` to ``ends_on``, both included.

    Without ``ends_on`` it is still in force. ``value`` is a whole number, text, date, boolean, or a list (tuple) or
    mapping of these; treat it as read-only. It is None for an entry that is announced but not yet published
    (``is_expected``) or that hands the question to the jurisdiction above (``is_inherited``). ``is_assumed`` marks
    evidence of grade C: every result that used it says so. An entry with ``set_aside`` (the reason) is kept to be seen
    and never found; ``decision`` says why the other one prevails.
    """

    key: str
    value: Any = field(hash=False)
    unit: str
    basis: str
    document: str
    url: str
    jurisdiction: str
    starts_on: date
    ends_on: date | None
    is_assumed: bool
    file: str
    line: int
    name_zh: str
    name_en: str
    is_expected: bool = False
    is_inherited: bool = False
    set_aside: str = ""
    decision: str = ""
    note: str = ""
    checked_on: date | None = None

    @property
    def is_usable(self) -> bool:
        """可用: whether a lookup may stop here (it may then still be only expected)."""
        return not self.set_aside and not self.is_inherited

    def covers(self, on: date) -> bool:
        """是否在有效期内: both ends included."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    def content(self) -> dict[str, Any]:
        """内容: what the digest is made of; file and line are not part of it."""
        names = ("key", "unit", "basis", "document", "url", "jurisdiction", "is_assumed", "is_expected")
        more = ("is_inherited", "set_aside", "decision", "value")
        found = {name: getattr(self, name) for name in (*names, *more)}
        return found | {"starts_on": str(self.starts_on), "ends_on": str(self.ends_on or "")}
