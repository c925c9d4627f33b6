"""政策参数册 (policy book): all values of some files, checked together, and the one way to look them up."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from sanyi.kernel.policy import codes
from sanyi.kernel.policy.coverage import close_intervals
from sanyi.kernel.policy.jurisdictions import Jurisdictions
from sanyi.kernel.policy.reading import RawEntry, hold_against_declaration, read_policy_file
from sanyi.kernel.policy.units import Units
from sanyi.kernel.policy.values import PolicyKey, PolicyValue
from sanyi.kernel.refusals import Refusal, RefusedError, refuse_if_any

_ONE_DAY = timedelta(days=1)
_DTYPES = {
    "integer": pl.Int64(),
    "text": pl.String(),
    "date": pl.Date(),
    "boolean": pl.Boolean(),
    "table": pl.String(),
}


class PolicyBook:
    """政策参数册: immutable. A value is found by key, jurisdiction chain and the date of the event."""

    def __init__(self, keys: Iterable[PolicyKey], values: Iterable[PolicyValue], jurisdictions: Jurisdictions) -> None:
        self.jurisdictions = jurisdictions
        self._keys = {declared.key: declared for declared in sorted(keys, key=lambda declared: declared.key)}
        self._values: dict[tuple[str, str], tuple[PolicyValue, ...]] = {}
        for value in sorted(values, key=lambda value: (value.key, value.jurisdiction, value.starts_on, value.line)):
            place = (value.key, value.jurisdiction)
            self._values[place] = (*self._values.get(place, ()), value)
        content: list[object] = [[d.key, d.name_zh, d.name_en, d.unit.code] for d in self._keys.values()]
        content += [value.content() for value in self.entries()]
        written = sorted(json.dumps(part, default=str, sort_keys=True) for part in content)
        self._digest = hashlib.sha256("\n".join(written).encode()).hexdigest()

    @classmethod
    def load(
        cls, *paths: Path | str, jurisdictions: Jurisdictions | None = None, units: Units | None = None
    ) -> PolicyBook:
        """读取政策参数: from files and folders (with what is below them). Refuses with every mistake of every file."""
        jurisdictions = jurisdictions or Jurisdictions.load()
        files = list(dict.fromkeys(file for path in paths for file in _files(Path(path))))
        read = [read_policy_file(file, jurisdictions, units or Units.load()) for file in files]
        refusals = [refusal for found in read for refusal in found.refusals]
        keys = _declared([declared for found in read for declared in found.declarations], refusals)
        wrongly_declared = {refusal.place.key for refusal in refusals}
        for found, file in zip(read, files, strict=True):
            for key, line in found.key_lines:
                if key not in keys and key not in wrongly_declared:
                    refusals.append(_not_declared(key, keys).at(file=str(file), line=line, key=key))
        entries = [entry for found in read for entry in found.entries if entry.key in keys]
        for entry in entries:
            refusals.extend(hold_against_declaration(entry, keys[entry.key]))
        values = _closed([_value(entry, keys[entry.key]) for entry in entries], jurisdictions, refusals)
        refuse_if_any(refusals)
        return cls(keys.values(), values, jurisdictions)

    @property
    def digest(self) -> str:
        """政策摘要: sha256 (hex) of every key and value; file names, comments and order do not change it."""
        return self._digest

    def keys(self) -> tuple[PolicyKey, ...]:
        """参数声明: all, by key."""
        return tuple(self._keys.values())

    def entries(self) -> tuple[PolicyValue, ...]:
        """全部值: by key, jurisdiction and first day, with those expected, inherited or set aside."""
        return tuple(value for values in self._values.values() for value in values)

    def history(self, key: str, jurisdiction: str | None = None) -> tuple[PolicyValue, ...]:
        """沿革: the entries of a key, for a jurisdiction and those above it (nearest first), or for all."""
        self._declaration(key, "")
        if jurisdiction is None:
            return tuple(value for value in self.entries() if value.key == key)
        chain = self.jurisdictions.chain(jurisdiction)
        return tuple(value for code in chain for value in self._values.get((key, code), ()))

    def value(self, key: str, *, jurisdiction: str, on: date, asker: str = "") -> PolicyValue:
        """取值: in force in the jurisdiction, or in the nearest one above it, on the date of the event.

        ``asker`` (``rulebook.step``) is named in the refusal when there is no value. Refuses an unknown key, a date
        without a value, and a value announced but not yet published.
        """
        on = on.date() if isinstance(on, datetime) else on
        declared = self._declaration(key, asker)
        found = self._find(key, self.jurisdictions.chain(jurisdiction), on)
        if found is None:
            raise RefusedError(self._not_found(declared, jurisdiction, on, asker))
        if found.is_expected:
            words = self._words(declared, jurisdiction, on, asker)
            refusal = codes.VALUE_EXPECTED(**words, basis=found.basis, file=found.file, line=found.line)
            raise RefusedError(refusal.at(file=found.file, line=found.line, key=key))
        return found

    def values(
        self, keys: Mapping[str, str], *, jurisdiction: str, on: date, asker: str = ""
    ) -> dict[str, PolicyValue]:
        """批量取值: the parameters of a rule, from its parameter names to keys; refuses with all that are missing."""
        found: dict[str, PolicyValue] = {}
        refusals: list[Refusal] = []
        for name, key in keys.items():
            try:
                found[name] = self.value(key, jurisdiction=jurisdiction, on=on, asker=asker)
            except RefusedError as error:
                refusals.extend(error.refusals)
        refuse_if_any(refusals)
        return found

    def timeline(self, key: str, *, jurisdiction: str, asker: str = "") -> tuple[PolicyValue, ...]:
        """历次取值: what ``value`` would find on each day, as values whose dates are cut to the days they are found on.

        For tables: days before the first value or between two are simply not covered. Expected values are included.
        """
        self._declaration(key, asker)
        chain = self.jurisdictions.chain(jurisdiction)
        values = [value for code in chain for value in self._values.get((key, code), ())]
        starts = {value.starts_on for value in values} | {v.ends_on + _ONE_DAY for v in values if v.ends_on}
        ordered = sorted(starts)
        pieces: list[tuple[PolicyValue, date, date | None]] = []
        for first, after in zip(ordered, [*ordered[1:], None][: len(ordered)], strict=True):
            found = self._find(key, chain, first)
            if found is None:
                continue
            last = after - _ONE_DAY if after else None
            if pieces and pieces[-1][0] is found:
                pieces[-1] = (found, pieces[-1][1], last)
            else:
                pieces.append((found, first, last))
        return tuple(replace(value, starts_on=first, ends_on=last) for value, first, last in pieces)

    def expr(self, key: str, *, jurisdiction: str, on: pl.Expr, asker: str = "") -> pl.Expr:
        """取值（列）: the value of each row's own date, for a rulebook whose table spans a change of policy.

        ``on`` is a date column. Null where ``value`` would refuse, so that the rulebook refuses the row. Only for units
        of whole numbers, texts, dates and booleans; a list or mapping raises TypeError.
        """
        dtype = _DTYPES[self._declaration(key, asker).unit.kind]
        chain = pl.lit(None, dtype=dtype)
        for value in self.timeline(key, jurisdiction=jurisdiction, asker=asker):
            if isinstance(value.value, (tuple, dict)):
                raise TypeError(f"{key} holds lists or mappings, which a column cannot")
            is_then = on.is_between(pl.lit(value.starts_on), pl.lit(value.ends_on or date.max))
            chain = pl.when(is_then).then(pl.lit(value.value, dtype=dtype)).otherwise(chain)
        return chain

    def _find(self, key: str, chain: tuple[str, ...], on: date) -> PolicyValue | None:
        for code in chain:
            for value in self._values.get((key, code), ()):
                if value.is_usable and value.covers(on):
                    return value
        return None

    def _declaration(self, key: str, asker: str) -> PolicyKey:
        if key not in self._keys:
            raise RefusedError(codes.KEY_UNKNOWN(key=key, **_hint(key, self._keys), **_asker(asker)).at(key=key))
        return self._keys[key]

    def _words(self, declared: PolicyKey, jurisdiction: str, on: date, asker: str) -> dict[str, Any]:
        return {
            "key": declared.key,
            "name": declared.name_zh,
            "name_en": declared.name_en,
            "jurisdiction": self.jurisdictions.full_name(jurisdiction),
            "jurisdiction_en": self.jurisdictions.full_name(jurisdiction, "en"),
            "on": str(on),
            **_asker(asker),
        }

    def _not_found(self, declared: PolicyKey, jurisdiction: str, on: date, asker: str) -> Refusal:
        usable = [value for value in self.history(declared.key, jurisdiction) if value.is_usable]
        spans = [f"{value.starts_on}—{value.ends_on or ''}" for value in usable]
        words = self._words(declared, jurisdiction, on, asker)
        return codes.VALUE_NOT_FOUND(
            known=f"已有：{'；'.join(spans)}。" if spans else "该辖区及其上级没有任何值。",
            known_en=f"Known: {'; '.join(spans)}." if spans else "Neither it nor any jurisdiction above has a value.",
            file=usable[0].file if usable else declared.file,
            **words,
        ).at(key=declared.key, file=declared.file, line=declared.line)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.rglob("*") if file.suffix in (".yaml", ".yml"))
    if not files:
        raise RefusedError(codes.NO_FILES(folder=path.name).at(file=str(path)))
    return files


def _declared(declarations: list[PolicyKey], refusals: list[Refusal]) -> dict[str, PolicyKey]:
    keys: dict[str, PolicyKey] = {}
    for declared in declarations:
        first = keys.setdefault(declared.key, declared)
        if first is not declared:
            twice = codes.DECLARED_TWICE(key=declared.key, file=first.file, first_line=first.line)
            refusals.append(twice.at(file=declared.file, line=declared.line, key=declared.key))
    return keys


def _not_declared(key: str, keys: dict[str, PolicyKey]) -> Refusal:
    return codes.NOT_DECLARED(key=key, **_hint(key, keys))


def _hint(key: str, keys: Iterable[str]) -> dict[str, str]:
    close = difflib.get_close_matches(key, list(keys), n=1)
    if not close:
        return {"hint": "", "hint_en": ""}
    return {"hint": f"最接近的是 {close[0]}。", "hint_en": f"The nearest is {close[0]}."}


def _value(entry: RawEntry, declared: PolicyKey) -> PolicyValue:
    return PolicyValue(
        key=entry.key,
        value=_fixed(entry.value.plain()) if entry.value else None,
        unit=declared.unit.code,
        basis=entry.texts["basis"],
        document=entry.texts.get("document", ""),
        url=entry.texts.get("url", ""),
        jurisdiction=entry.jurisdiction,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        is_assumed="assumed" in entry.flags,
        file=entry.file,
        line=entry.line,
        name_zh=declared.name_zh,
        name_en=declared.name_en,
        is_expected="expected" in entry.flags,
        is_inherited="inherits" in entry.flags,
        set_aside=entry.texts.get("set_aside", ""),
        decision=entry.texts.get("decision", ""),
        note=entry.texts.get("note", ""),
        checked_on=entry.checked_on,
    )


def _closed(values: list[PolicyValue], jurisdictions: Jurisdictions, refusals: list[Refusal]) -> list[PolicyValue]:
    groups: dict[tuple[str, str], list[PolicyValue]] = defaultdict(list)
    for value in values:
        groups[value.key, value.jurisdiction].append(value)
    closed: list[PolicyValue] = []
    for (_, jurisdiction), group in groups.items():
        found, mistakes = close_intervals(group, jurisdictions.full_name(jurisdiction))
        closed.extend(found)
        refusals.extend(mistakes)
    return closed


def _fixed(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_fixed(item) for item in plain)
    if isinstance(plain, dict):
        return {key: _fixed(item) for key, item in plain.items()}
    return plain


def _asker(asker: str) -> dict[str, str]:
    return {"asker": f"规则“{asker}”" if asker else "", "asker_en": f"The rule {asker}" if asker else "Somebody"}
