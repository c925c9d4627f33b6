"""读取政策文件: from a YAML file to declarations and values, with every mistake named and placed."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sanyi.kernel.policy import codes
from sanyi.kernel.policy.jurisdictions import Jurisdictions
from sanyi.kernel.policy.units import Unit, Units
from sanyi.kernel.policy.value_checks import check_value
from sanyi.kernel.policy.values import PolicyKey
from sanyi.kernel.refusals import Refusal, RefusalKind, RefusedError
from sanyi.kernel.yaml_lines import Located, read_yaml

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_KEY_FIELDS = ("name", "unit", "values", "minimum", "maximum", "choices", "note", "checked_on")
_TEXT_FIELDS = ("basis", "document", "url", "set_aside", "decision", "note")
_FLAGS = ("expected", "inherits", "assumed")
_ENTRY_FIELDS = ("from", "to", "jurisdiction", "value", "checked_on", *_TEXT_FIELDS, *_FLAGS)


@dataclass(slots=True)
class RawEntry:
    """一条值: as written, typed, before it is held against its declaration and its neighbours."""

    key: str
    file: str
    line: int
    starts_on: date
    ends_on: date | None
    jurisdiction: str
    value: Located | None
    texts: dict[str, str]
    flags: frozenset[str]
    checked_on: date | None


@dataclass(slots=True)
class ReadFile:
    """读取结果: what one file declares and says, and its mistakes."""

    declarations: list[PolicyKey] = field(default_factory=list)
    key_lines: list[tuple[str, int]] = field(default_factory=list)
    entries: list[RawEntry] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def read_policy_file(path: Path, jurisdictions: Jurisdictions, units: Units) -> ReadFile:
    """读取一个政策文件: never raises for a mistake in it; the mistakes are in the result."""
    reader = _Reader(str(path), jurisdictions, units)
    try:
        root = read_yaml(path)
    except RefusedError as error:
        reader.found.refusals.extend(error.refusals)
        return reader.found
    reader.file_root(root)
    return reader.found


class _Reader:
    def __init__(self, file: str, jurisdictions: Jurisdictions, units: Units) -> None:
        self.file = file
        self.jurisdictions = jurisdictions
        self.units = units
        self.found = ReadFile()

    def wrong(self, kind: RefusalKind, line: int, key: str, /, **values: object) -> None:
        self.found.refusals.append(kind(**values).at(file=self.file, line=line, key=key or None))

    def file_root(self, root: Located) -> None:
        if not isinstance(root.value, dict):
            self.wrong(codes.FILE_NOT_A_MAPPING, root.line, "")
            return
        for key, node in root.value.items():
            line = (root.key_lines or {}).get(key, node.line)
            if not _KEY.fullmatch(key):
                self.wrong(codes.KEY_MALFORMED, line, key, key=key)
            elif not isinstance(node.value, dict):
                self.wrong(codes.KEY_NOT_A_MAPPING, line, key, key=key)
            else:
                self.key(key, node, line)

    def key(self, key: str, node: Located, line: int) -> None:
        self.unknown_fields(key, node, _KEY_FIELDS)
        self.found.key_lines.append((key, line))
        if "name" in node.value or "unit" in node.value:
            self.declaration(key, node, line)
        values = node.value.get("values")
        if values is None or not isinstance(values.value, list) or not values.value:
            self.wrong(codes.VALUES_MISSING, values.line if values else line, key)
            return
        for entry in values.value:
            if isinstance(entry.value, dict):
                self.entry(key, entry)
            else:
                self.wrong(codes.ENTRY_NOT_A_MAPPING, entry.line, key)

    def unknown_fields(self, key: str, node: Located, known: tuple[str, ...]) -> None:
        for name in node.value:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                self.wrong(
                    codes.FIELD_UNKNOWN,
                    (node.key_lines or {})[name],
                    key,
                    field=name,
                    known="、".join(known),
                    hint=f"是否应为“{close[0]}”？" if close else "",
                    hint_en=f"Should it be “{close[0]}”?" if close else "",
                )

    def declaration(self, key: str, node: Located, line: int) -> None:
        name = node.value.get("name")
        names = name.plain() if name else None
        if not isinstance(names, dict) or set(names) != {"zh", "en"} or not all(map(_is_text, names.values())):
            self.wrong(codes.NAME_MISSING, name.line if name else line, key)
            names = {"zh": key, "en": key}
        unit = self.unit(key, node.value.get("unit"), line)
        limits = self.limits(key, node)
        if unit:
            self.found.declarations.append(PolicyKey(key, names["zh"], names["en"], unit, self.file, line, **limits))

    def unit(self, key: str, node: Located | None, line: int) -> Unit | None:
        if node is None or not _is_text(node.value):
            self.wrong(codes.UNIT_MISSING, node.line if node else line, key)
            return None
        unit = self.units.get(node.value)
        if unit is None:
            close = difflib.get_close_matches(node.value, self.units.codes(), n=1)
            hint, hint_en = (f"最接近的是 {close[0]}。", f"The nearest is {close[0]}.") if close else ("", "")
            self.wrong(codes.UNIT_UNKNOWN, node.line, key, unit=node.value, hint=hint, hint_en=hint_en)
            return None
        owners = self.units.owners_of_ending(key)
        if owners and unit.code not in owners:
            possible = "、".join(owners)
            self.wrong(
                codes.UNIT_DISAGREES, node.line, key, key=key, unit=unit.code, possible=possible, first=owners[0]
            )
        return unit

    def limits(self, key: str, node: Located) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in ("minimum", "maximum", "choices"):
            limit = node.value.get(name)
            if limit is None:
                continue
            plain = limit.plain()
            is_right = isinstance(plain, list) and bool(plain) if name == "choices" else type(plain) is int
            if is_right:
                found[name] = tuple(plain) if name == "choices" else plain
            else:
                self.wrong(codes.LIMIT_WRONG, limit.line, key, field=name)
        return found

    def entry(self, key: str, node: Located) -> None:
        before = len(self.found.refusals)
        self.unknown_fields(key, node, _ENTRY_FIELDS)
        starts_on, ends_on = self.dates(key, node)
        jurisdiction = self.jurisdiction(key, node)
        texts = self.texts(key, node)
        flags = self.flags(key, node)
        checked_on = self.date(key, node, "checked_on")
        value = self.value(key, node, flags)
        if starts_on is None or len(self.found.refusals) > before:
            return
        self.found.entries.append(
            RawEntry(key, self.file, node.line, starts_on, ends_on, jurisdiction, value, texts, flags, checked_on)
        )

    def dates(self, key: str, node: Located) -> tuple[date | None, date | None]:
        if "from" not in node.value or node.value["from"].value is None:
            self.wrong(codes.FROM_MISSING, node.line, key)
        starts_on, ends_on = self.date(key, node, "from"), self.date(key, node, "to")
        if starts_on and ends_on and ends_on < starts_on:
            line = node.value["to"].line
            self.wrong(codes.DATES_REVERSED, line, key, starts_on=starts_on, ends_on=ends_on)
        return starts_on, ends_on

    def date(self, key: str, node: Located, name: str) -> date | None:
        written = node.value.get(name)
        if written is None or written.value is None:
            return None
        if not isinstance(written.value, date):
            self.wrong(codes.DATE_WRONG, written.line, key, field=name, text=str(written.plain()))
            return None
        return written.value

    def jurisdiction(self, key: str, node: Located) -> str:
        written = node.value.get("jurisdiction")
        if written is None or written.value is None:
            self.wrong(codes.JURISDICTION_MISSING, node.line, key)
            return ""
        code = written.value
        if not isinstance(code, str) or len(code) != 12 or not code.isdigit():
            self.wrong(codes.JURISDICTION_MALFORMED, written.line, key, jurisdiction=str(written.plain()))
        elif code not in self.jurisdictions:
            self.wrong(codes.JURISDICTION_UNKNOWN, written.line, key, jurisdiction=code)
        return str(code)

    def texts(self, key: str, node: Located) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in _TEXT_FIELDS:
            written = node.value.get(name)
            if written is None:
                continue
            if _is_text(written.value):
                found[name] = written.value.strip()
            else:
                self.wrong(codes.TEXT_WRONG, written.line, key, field=name, text=str(written.plain()))
        if "basis" not in node.value:
            self.wrong(codes.BASIS_MISSING, node.line, key)
        url = found.get("url", "https://")
        if not re.match(r"https?://", url):
            self.wrong(codes.URL_WRONG, node.value["url"].line, key, url=url)
        return found

    def flags(self, key: str, node: Located) -> frozenset[str]:
        for name in _FLAGS:
            if name in node.value and node.value[name].value is not True:
                self.wrong(codes.FLAG_WRONG, node.value[name].line, key, field=name)
        return frozenset(name for name in _FLAGS if name in node.value)

    def value(self, key: str, node: Located, flags: frozenset[str]) -> Located | None:
        written: Located | None = node.value.get("value")
        ways = [name for name in ("expected", "inherits") if name in flags]
        has_value = written is not None and written.value is not None
        if len(ways) + has_value > 1:
            self.wrong(codes.VALUE_AND_FLAG, node.line, key, flag=ways[0])
        if not ways and not has_value:
            self.wrong(codes.VALUE_ABSENT, node.line, key)
        return written if has_value else None


def hold_against_declaration(entry: RawEntry, declared: PolicyKey) -> list[Refusal]:
    """与声明核对: kind, bounds and choices of an entry's value."""
    if entry.value is None:
        return []
    return [r.at(file=entry.file, key=entry.key) for r in check_value(entry.value, declared)]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
