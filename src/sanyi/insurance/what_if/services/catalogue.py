"""可改参数: the values of payment and package that a scenario may change, and the check of what is entered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanyi.insurance.payment import RuleSet
from sanyi.insurance.what_if import codes
from sanyi.insurance.what_if.rules import changes as rules
from sanyi.insurance.what_if.rules import measures, naming
from sanyi.insurance.what_if.rules.applying import PACKAGE, PAYMENT
from sanyi.insurance.what_if.rules.changes import Change, Path
from sanyi.insurance.what_if.rules.measures import Bounds, Measure
from sanyi.kernel.policy import PolicyKey
from sanyi.kernel.policy.value_checks import check_value
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.yaml_lines import parse_yaml
from sanyi.registry.policies import services as policies

LEAVES_SHOWN = 120
TEXT_MAX = 200_000
NOT_TRIED = frozenset({"reference_years", "special_case_caps"})
"""不参与模拟: the facts are read by the first, and the second caps what people decide."""


@dataclass(frozen=True, slots=True)
class Changeable:
    """可改参数: its declaration and its present value (of the last edition); ``varies`` when the year has several."""

    key: str
    zh: str
    en: str
    unit: str
    value: Any
    source: Mapping[str, Any]
    varies: bool = False

    @property
    def is_package(self) -> bool:
        """是否打包参数."""
        return self.key.startswith(PACKAGE)


@dataclass(frozen=True, slots=True)
class Leaf:
    """一项: one single value inside, in the unit in which it is read and written."""

    path: Path
    label: str
    value: Any
    text: str
    measure: Measure

    @property
    def path_text(self) -> str:
        """路径文字: for a form."""
        return path_text(self.path)


def changeable(
    base: RuleSet, package: Mapping[str, Any], package_sources: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Changeable]:
    """可改参数: by key, payment first; only what the base has a value for."""
    declared = policies.declarations()
    found = {}
    for name in sorted({name for one in base.editions for name in one.values} - NOT_TRIED):
        key, values = PAYMENT + name, [one.get(name) for one in base.editions if name in one.values]
        source = next((one.sources.get(name, {}) for one in reversed(base.editions) if name in one.values), {})
        if key in declared:
            found[key] = _of(declared[key], values[-1], source, any(value != values[-1] for value in values))
    for name, value in package.items():
        if PACKAGE + name in declared:
            source = (package_sources or {}).get(name, {})
            found[PACKAGE + name] = _of(declared[PACKAGE + name], value, source, False)
    return found


def leaves_of(one: Changeable, value: Any = None, language: str = "zh") -> list[Leaf]:
    """各项: single values of a parameter, labelled by the rows they stand in; at most ``LEAVES_SHOWN``."""
    tree = one.value if value is None else value
    return [leaf for _place, leaf in zip(range(LEAVES_SHOWN), _leaves(one, tree, language), strict=False)]


def read_leaf(one: Changeable, path: Path, text: str, starts_on: date | None = None) -> Change:
    """读取一项改动: a text in the unit of the part. Refuses a false path, a wrong value, and the same value."""
    try:
        old = rules.part(one.value, path)
    except KeyError:
        raise RefusedError(codes.PATH_UNKNOWN(name=one.zh, path=path_text(path))) from None
    if isinstance(old, dict | list):
        raise RefusedError(codes.PATH_UNKNOWN(name=one.zh, path=path_text(path)))
    name = f"{one.zh} {label_of(one.value, path)}".strip()
    value = measures.read(text, old, measures.measure_of(one.key, path), _bounds(one.key, path), name)
    if value == old:
        raise RefusedError(codes.SAME_VALUE(name=name))
    return Change(one.key, path, value, starts_on)


def read_whole(one: Changeable, text: str, starts_on: date | None = None) -> Change:
    """读取整个参数: a YAML text, held against the declaration like a policy file."""
    if len(text) > TEXT_MAX:
        raise RefusedError(
            codes.WRONG_KIND(name=one.zh, expected="较短的内容", expected_en="a shorter text", value="…")
        )
    node = parse_yaml(text)
    mistakes = check_value(node, policies.declarations()[one.key])
    if mistakes:
        raise RefusedError(mistakes)
    value = node.plain()
    if not measures.same_kind(value, one.value):
        expected, expected_en = _kind_words(one.value)
        raise RefusedError(codes.WRONG_KIND(name=one.zh, expected=expected, expected_en=expected_en, value=text[:60]))
    if value == one.value:
        raise RefusedError(codes.SAME_VALUE(name=one.zh))
    return Change(one.key, (), value, starts_on)


def label_of(tree: Any, path: Path, language: str = "zh") -> str:
    """项的名称."""
    return naming.label(tree, path, language)


def path_text(path: Path) -> str:
    """路径文字: steps with slashes; whole numbers are places in a list."""
    return "/".join(f"[{step}]" if isinstance(step, int) else step for step in path)


def path_of(text: str) -> Path:
    """读取路径."""
    steps = [step for step in text.split("/") if step]
    return tuple(int(step[1:-1]) if step[:1] == "[" and step[1:-1].isdigit() else step for step in steps)


def _of(declared: PolicyKey, value: Any, source: Mapping[str, Any], varies: bool) -> Changeable:
    return Changeable(declared.key, declared.name_zh, declared.name_en, declared.unit.zh, plain(value), source, varies)


def plain(value: Any) -> Any:
    """普通值: tuples as lists."""
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return {key: plain(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def _leaves(one: Changeable, tree: Any, language: str) -> Iterator[Leaf]:
    for path, value in rules.leaves(tree):
        if naming.is_shown(path):
            measure = measures.measure_of(one.key, path)
            yield Leaf(path, label_of(tree, path, language), value, measures.shown(value, measure), measure)


def _bounds(key: str, path: Path) -> Bounds:
    declared = policies.declarations()[key]
    lows = [low for low in (declared.minimum, declared.unit.minimum) if low is not None]
    highs = [high for high in (declared.maximum, declared.unit.maximum) if high is not None]
    known = tuple(declared.choices) or tuple(naming.choices(key, path))
    return Bounds(max(lows, default=None), min(highs, default=None), known)


def _kind_words(value: Any) -> tuple[str, str]:
    if isinstance(value, list):
        return "若干行", "rows"
    if isinstance(value, dict):
        return "若干“名称: 值”", "names with values"
    return "单个值", "a single value"
