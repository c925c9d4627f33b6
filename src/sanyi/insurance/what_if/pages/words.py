"""支付模拟用语: names of institutions, tiers, methods, groups, and changes as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.services import names
from sanyi.insurance.payment.codes import Method
from sanyi.insurance.payment.services.held import SOURCES
from sanyi.insurance.what_if import services
from sanyi.insurance.what_if.codes import Part
from sanyi.insurance.what_if.models import Scenario
from sanyi.insurance.what_if.rules import changes as rules
from sanyi.insurance.what_if.rules import measures, naming
from sanyi.insurance.what_if.rules.changes import Change
from sanyi.registry.doors.answers import language
from sanyi.registry.organisations import services as organisations

PARTS_SHOWN = 8
__all__ = ["described", "key_of", "language", "method_word", "named", "sentence", "source_words", "tier_word"]


def named(part: Part, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """带名称的行: ``key`` tells rows apart in an address, ``name`` is what is read."""
    found = [dict(row) for row in rows]
    words = _words(part, found)
    for row in found:
        row["key"], row["name"] = key_of(part, row), words(row)
    return found


def key_of(part: Part, row: Mapping[str, Any]) -> str:
    """行的键: as text."""
    if part is Part.GROUP:
        return f"{row['method'] or '-'}~{row['group_code'] or '-'}"
    name = {Part.INSTITUTION: "institution_code", Part.TIER: "tier", Part.METHOD: "method", Part.PACKAGE: "holder_code"}
    value = row[name[part]]
    return "-" if value is None or value == "" else str(value)


def _group_word(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Codes with the names that the present scheme has for them; those of catalogues stand alone."""
    known = names.drg_names(grouping.current_scheme()) if rows else {}
    return lambda row: f"{row['group_code'] or '—'} {known.get(row['group_code'] or '', '')}".strip()


def source_words(tables: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """数据版本: of the tables read, by their names."""
    place = "en" if language() == "en" else "zh"
    known = {one.name: str(getattr(one, place)) for one in SOURCES}
    return [(known.get(name, name), version) for name, version in tables.items()]


def method_word(method: str | None) -> str:
    """支付方式名称."""
    if not method:
        return _("没有适用的方式")
    return Method(method).label(language()) if method in set(Method) else method


def tier_word(tier: int | None) -> str:
    """医院等级名称."""
    words = {3: _("三级"), 2: _("二级"), 1: _("一级"), 0: _("未定级")}
    return _("未登记") if tier is None else words.get(tier, str(tier))


def described(scenario: Scenario, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """改动的说明: parameter, part, the value of the base and the new one, in the unit in which they are read."""
    known, found = services.changeable(scenario), []
    for place, change in enumerate(changes):
        one = known.get(change.key)
        old = _part(one.value, change) if one is not None else None
        found.append(
            {
                "place": place,
                "key": change.key,
                "name": change.key if one is None else one.en if language() == "en" else one.zh,
                "label": ""
                if one is None
                else services.label_of(one.value, change.path, language())
                if old is not None
                else "",
                "starts_on": change.starts_on,
                "parts": _parts(change, old),
            }
        )
    return found


def sentence(row: Mapping[str, Any]) -> str:
    """一句话: of a described change."""
    parts = "；".join(f"{name} {old} → {new}".strip() if new else name for name, old, new in row["parts"])
    since = _("（自 {day} 起）").format(day=row["starts_on"]) if row["starts_on"] else ""
    return f"{row['name']} {row['label']}{since}：{parts}"


def _part(tree: Any, change: Change) -> Any:
    try:
        return rules.part(tree, change.path)
    except KeyError:
        return None


def _parts(change: Change, old: Any) -> list[tuple[str, str, str]]:
    """Single values that differ: label, old, new; a long table shows its first differences and how many there are."""
    before, after = dict(rules.leaves(old)), dict(rules.leaves(change.value))
    known = {**before, **after}
    differing = [path for path in known if before.get(path) != after.get(path)]
    differing = [path for path in differing if naming.is_shown((*change.path, *path))] or differing
    found = [_row(change, old, path, before.get(path), after.get(path)) for path in differing[:PARTS_SHOWN]]
    if len(differing) > PARTS_SHOWN:
        found.append((_("另有 {count} 处").format(count=len(differing) - PARTS_SHOWN), "", ""))
    return found


def _row(change: Change, old: Any, path: rules.Path, before: Any, after: Any) -> tuple[str, str, str]:
    measure = measures.measure_of(change.key, (*change.path, *path))
    word = measure.en if language() == "en" else measure.zh
    unit = f" {word}" if measure.zh in ("元", "%", "天") else ""
    tree = old if before is not None else change.value
    label = services.label_of(tree, path, language()) if path else ""
    whole = (*change.path, *path)
    old_text = _shown(change.key, whole, before, measure, unit)
    return label, old_text, _shown(change.key, whole, after, measure, unit)


def _shown(key: str, path: rules.Path, value: Any, measure: measures.Measure, unit: str) -> str:
    if value is None:
        return _("（无）")
    word = naming.value_word(key, path, value, language())
    if word is not None:
        return word
    return measures.shown(value, measure) + (unit if isinstance(value, int) and not isinstance(value, bool) else "")


def _words(part: Part, rows: Sequence[Mapping[str, Any]]) -> Any:
    if part is Part.TIER:
        return lambda row: tier_word(row["tier"])
    if part is Part.METHOD:
        return lambda row: method_word(row["method"])
    if part is Part.GROUP:
        return _group_word(rows)
    column = "institution_code" if part is Part.INSTITUTION else "holder_code"
    known = organisations.names({row[column] for row in rows if row[column]})
    return lambda row: known.get(row[column], row[column] or _("未指定"))
