"""指标定义: read from data files, checked with sentences, one per code and version; old versions stay."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from sanyi.governance.indicators.codes import (
    Direction,
    InstitutionSet,
    MissingRule,
    Origin,
    Reason,
    Window,
    refusals,
)
from sanyi.governance.indicators.rules.periods import Period
from sanyi.governance.indicators.rules.reading import Citation, Fields, Mistakes, Words
from sanyi.kernel.refusals import RefusedError, refuse_if_any
from sanyi.kernel.yaml_lines import Located, read_yaml

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)+")
DECIMALS_MAX = 6
PARTS_SEPARATOR = ","


@dataclass(frozen=True, slots=True)
class Version:
    """定义版本: what the word means from a day to a day (included; None: still)."""

    code: str
    version: str
    starts_on: date
    ends_on: date | None
    origin: Origin
    rule: str
    numerator: Words
    denominator: Words
    unit: str
    decimals: int
    multiplier: int
    windows: tuple[Window, ...]
    institutions: InstitutionSet
    scope: Words
    exclusions: Words
    missing_rule: MissingRule
    missing_limit_bp: int
    missing: Words
    direction: Direction
    needs: tuple[str, ...]
    source: Words
    collector: Words
    reason: Reason | None
    parts: tuple[tuple[str, Words], ...]
    change: Words
    note: Words
    citation: Citation

    def holds(self, on: date) -> bool:
        """是否有效: on a day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    @property
    def digest(self) -> str:
        """定义摘要: sha256 over everything the version says."""
        return hashlib.sha256(json.dumps(asdict(self), default=str, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Definition:
    """指标定义: one word with all its versions, oldest first."""

    code: str
    name: Words
    domain: Words
    family: str
    versions: tuple[Version, ...]
    register_rows: tuple[str, ...] = ()

    def on(self, day: date) -> Version | None:
        """某日的版本: None on a day without one."""
        return next((one for one in self.versions if one.holds(day)), None)

    def version(self, name: str) -> Version:
        """按版本号: refuses an unknown one."""
        for one in self.versions:
            if one.version == name:
                return one
        raise RefusedError(refusals.VERSION_UNKNOWN(code=self.code, version=name))

    def of(self, period: Period) -> Version | None:
        """期间的版本: that of its last day."""
        return self.on(period.last_on)

    def is_spanning_change(self, period: Period) -> bool:
        """期间是否跨越口径变更: whether its first day had another version, which the answer has to say."""
        first, last = self.on(period.first_on), self.on(period.last_on)
        return first is not last

    @property
    def latest(self) -> Version:
        """最近的版本."""
        return self.versions[-1]


@dataclass(frozen=True)
class Catalogue:
    """指标目录: all definitions, by code."""

    definitions: Mapping[str, Definition]

    def get(self, code: str) -> Definition:
        """按代码: refuses an unknown one."""
        if code not in self.definitions:
            raise RefusedError(refusals.INDICATOR_UNKNOWN(code=code))
        return self.definitions[code]

    def family(self, name: str) -> tuple[Definition, ...]:
        """同族指标: similar words with different denominators, shown side by side."""
        return tuple(one for one in self.definitions.values() if name and one.family == name)

    def computed_on(self, day: date) -> tuple[Version, ...]:
        """某日由数据计算的版本."""
        found = [definition.on(day) for definition in self.definitions.values()]
        return tuple(one for one in found if one is not None and one.origin is Origin.COMPUTED)

    @cached_property
    def digest(self) -> str:
        """目录摘要: over every version of every word."""
        parts = [version.digest for one in self.definitions.values() for version in one.versions]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def read_definitions(paths: Iterable[Path], rules: Collection[str] = ()) -> Catalogue:
    """读取定义: all files together; refuses with every mistake of every file.

    ``rules`` are the names of computed rules that exist; without any they are not checked.
    """
    mistakes: list[Mistakes] = []
    found: dict[str, Definition] = {}
    places: dict[str, str] = {}
    for path in sorted(paths):
        here = Mistakes(str(path))
        mistakes.append(here)
        try:
            root = read_yaml(path)
        except RefusedError as error:
            here.refusals.extend(error.refusals)
            continue
        for code, node in _entries(root, here):
            definition = _definition(code, node, here, rules)
            if code in found:
                here.add(refusals.CODE_TWICE, node.line, code, code=code, other=places[code])
            elif definition is not None:
                found[code], places[code] = definition, f"{path.name}:{node.line}"
    refuse_if_any(refusal for here in mistakes for refusal in here.refusals)
    return Catalogue({code: found[code] for code in sorted(found)})


def _entries(root: Located, mistakes: Mistakes) -> list[tuple[str, Located]]:
    if not isinstance(root.value, dict):
        Fields(root, Path(mistakes.file).name, mistakes)
        return []
    return list(root.value.items())


def _definition(code: str, node: Located, mistakes: Mistakes, rules: Collection[str]) -> Definition | None:
    fields = Fields(node, code, mistakes)
    if not _CODE.fullmatch(code):
        fields.wrong("code", Located(code, node.line), "小写英文单词，以点分隔，例如 inpatient.case_mix_index")
    name, domain = fields.words("name", is_required=True), fields.words("domain", is_required=True)
    family = fields.text("family")
    register_rows = _texts(fields, "register_row")
    nodes = fields.items("versions", is_required=True)
    fields.done()
    versions = [_version(code, Fields(one, f"{code} 版本", mistakes), rules) for one in nodes]
    versions.sort(key=lambda one: one.starts_on)
    for first, second in zip(versions, versions[1:], strict=False):
        if first.ends_on is None or first.ends_on >= second.starts_on:
            words = {"code": code, "first": first.version, "second": second.version}
            mistakes.add(refusals.VERSIONS_OVERLAP, node.line, code, **words)
    return Definition(code, name, domain, family, tuple(versions), register_rows) if versions else None


def _version(code: str, fields: Fields, rules: Collection[str]) -> Version:
    starts_on, ends_on = fields.day("from", is_required=True) or date.min, fields.day("to")
    if ends_on is not None and ends_on < starts_on:
        fields.wrong("to", Located(ends_on, fields.node.line), "不早于 from 的日期")
    origin = fields.choice("origin", Origin)
    rule = fields.text("rule", is_required=origin is Origin.COMPUTED)
    if rule and rules and rule not in rules:
        words = {"code": code, "rule": rule, "known": "、".join(sorted(rules))}
        fields.mistakes.add(refusals.RULE_UNKNOWN, fields.node.line, code, **words)
    institutions, scope = _scope(fields)
    missing_rule, missing_limit_bp, missing = _missing(fields)
    made = Version(
        code=code,
        version=fields.text("version", is_required=True),
        starts_on=starts_on,
        ends_on=ends_on,
        origin=origin,
        rule=rule,
        numerator=fields.words("numerator"),
        denominator=fields.words("denominator"),
        unit=fields.text("unit"),
        decimals=min(fields.integer("decimals", 2), DECIMALS_MAX),
        multiplier=fields.integer("multiplier", 1, minimum=1),
        windows=_windows(fields),
        institutions=institutions,
        scope=scope,
        exclusions=fields.words("exclusions"),
        missing_rule=missing_rule,
        missing_limit_bp=missing_limit_bp,
        missing=missing,
        direction=fields.choice("direction", Direction),
        needs=_texts(fields, "needs"),
        source=fields.words("source"),
        collector=fields.words("collector"),
        reason=_reason(fields, origin),
        parts=_parts(fields),
        change=fields.words("change"),
        note=fields.words("note"),
        citation=fields.citation(),
    )
    fields.done()
    return made


def _scope(fields: Fields) -> tuple[InstitutionSet, Words]:
    found = fields.below("scope")
    if found is None:
        return InstitutionSet.ALL, Words()
    made = (
        found.choice("institutions", InstitutionSet, InstitutionSet.ALL),
        Words(found.text("zh"), found.text("en")),
    )
    found.done()
    return made


def _missing(fields: Fields) -> tuple[MissingRule, int, Words]:
    found = fields.below("missing")
    if found is None:
        return MissingRule.REFUSE, 0, Words()
    made = (
        found.choice("rule", MissingRule),
        found.integer("limit_bp", 0),
        Words(found.text("zh"), found.text("en")),
    )
    found.done()
    return made


def _reason(fields: Fields, origin: Origin) -> Reason | None:
    """Why an indicator is not computable yet; by default because its records are not taken in."""
    if fields.get("reason") is None:
        return Reason.NO_SERVICE_DATA if origin is Origin.NOT_COMPUTABLE else None
    chosen: Reason = fields.choice("reason", Reason)
    return chosen


def _parts(fields: Fields) -> tuple[tuple[str, Words], ...]:
    """Parts of a paired cell: name of the part to its words."""
    found = fields.below("parts")
    if found is None:
        return ()
    made = tuple((name, found.words(name, is_required=True)) for name in found.values)
    found.done()
    return made


def _windows(fields: Fields) -> tuple[Window, ...]:
    names = _texts(fields, "windows") or (Window.YEAR.value,)
    found = [Window(name) for name in names if name in set(Window)]
    if len(found) != len(names):
        fields.wrong("windows", Located("、".join(names), fields.node.line), "month、quarter、year")
    return tuple(found)


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    return tuple(str(one.value) for one in fields.items(name))
