"""缺陷修复: the clean mode's changes of a scheme's definition, declared in ``data/repairs.yaml``.

Kinds: ``borrow_conditions`` and ``borrow_gates`` take conditions of the same name from another scheme;
``add_unused_lists`` tests the procedure list that a rule carries but forgets; ``set_candidate_conditions`` gives
candidates a condition; ``open_gate`` lets the stays of some rules through their MDC's gate; ``move_rules`` tests rules
before another; ``order_candidates`` tests candidates that stand behind an unconditional one in their proper order;
``spell_code`` corrects a code in a table; ``translate_plainly`` and ``trim_targets`` mend code translation;
``none`` names what both modes already mend.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from sanyi.insurance.grouping.engine import library
from sanyi.insurance.grouping.engine.code_dictionary import dictionary
from sanyi.insurance.grouping.engine.definition import (
    ALWAYS,
    Atom,
    Condition,
    Numbered,
    Refinement,
    Rule,
    SchemeDefinition,
)


@dataclass(frozen=True)
class Repair:
    """缺陷修复: one entry of the file; ``bit`` is its place in ``trace_repairs``."""

    code: str
    bit: int
    schemes: frozenset[str] | None
    kind: str
    zh: str
    en: str
    given: dict[str, Any]

    @property
    def is_about_translation(self) -> bool:
        """Whether it changes nothing unless codes are translated."""
        return self.kind in {"translate_plainly", "trim_targets"}

    def concerns(self, scheme: str) -> bool:
        """Whether it changes the scheme."""
        return self.schemes is None or scheme in self.schemes


@cache
def all_repairs() -> tuple[Repair, ...]:
    """Every declared repair, in the order of their bits."""
    rows = yaml.safe_load((library.DATA / "repairs.yaml").read_text(encoding="utf-8"))
    found = []
    for bit, row in enumerate(rows):
        schemes = None if row["schemes"] == "all" else frozenset(row["schemes"])
        found.append(Repair(row["code"], bit, schemes, row["kind"], row["zh"], row["en"], row))
    return tuple(found)


def repairs_of(scheme: str) -> tuple[Repair, ...]:
    """The repairs that concern a scheme."""
    return tuple(repair for repair in all_repairs() if repair.concerns(scheme))


def repaired(definition: SchemeDefinition, without: str = "") -> SchemeDefinition:
    """The definition with all of its repairs, but for the one named ``without``."""
    for repair in repairs_of(definition.code):
        if repair.code != without:
            definition = _KINDS[repair.kind](definition, repair.given)
    return definition


def _change_rules(
    definition: SchemeDefinition, names: Iterable[str], change: Callable[[Rule], Rule]
) -> SchemeDefinition:
    wanted = set(names)
    assert wanted <= {rule.name for rule in definition.rules}, f"{definition.code} lacks rules of {wanted}"
    return replace(definition, rules=tuple(change(rule) if rule.name in wanted else rule for rule in definition.rules))


def _borrow_conditions(definition: SchemeDefinition, given: dict[str, Any]) -> SchemeDefinition:
    lender = {rule.name: rule.condition for rule in library.load(given["from"]).rules}
    return _change_rules(definition, given["rules"], lambda rule: replace(rule, condition=lender[rule.name]))


def _borrow_gates(definition: SchemeDefinition, given: dict[str, Any]) -> SchemeDefinition:
    lender = {gate.mdc: gate.condition for gate in library.load(given["from"]).gates}
    gates = (
        replace(gate, condition=lender[gate.mdc]) if gate.mdc in given["mdcs"] else gate for gate in definition.gates
    )
    return replace(definition, gates=tuple(gates))


def _add_unused_lists(definition: SchemeDefinition, given: dict[str, Any]) -> SchemeDefinition:
    def change(rule: Rule) -> Rule:
        lists = [int(number) for number in re.findall(r":L(\d+)", rule.unused_lists)]
        atoms = tuple(Atom("px_any", "in", number) for number in lists)
        assert atoms, f"{rule.name} has no unused list"
        return replace(rule, condition=tuple(clause + atoms for clause in rule.condition))

    return _change_rules(definition, given["rules"], change)


def _set_candidate_conditions(definition: SchemeDefinition, given: dict[str, Any]) -> SchemeDefinition:
    conditions: dict[str, Condition] = {drg: ((Atom(field, "true"),),) for drg, field in given["conditions"].items()}

    def change(rule: Rule) -> Rule:
        candidates = (replace(one, condition=conditions.get(one.drg, one.condition)) for one in rule.refinements)
        return replace(rule, refinements=tuple(candidates))

    return _change_rules(definition, {drg[:3] for drg in conditions}, change)


def _open_gate(definition: SchemeDefinition, given: dict[str, Any]) -> SchemeDefinition:
    extra = tuple(clause for rule in definition.rules if rule.name in given["rules"] for clause in rule.condition)
    assert extra
    gates = (
        replace(gate, condition=gate.condition + extra) if gate.mdc == given["mdc"] else gate
        for gate in definition.gates
    )
    return replace(definition, gates=tuple(gates))


def _move_rules(definition: SchemeDefinition, given: dict[str, Any]) -> SchemeDefinition:
    moved = [rule for rule in definition.rules if rule.name in given["rules"]]
    rest = [rule for rule in definition.rules if rule.name not in given["rules"]]
    place = next(number for number, rule in enumerate(rest) if rule.name == given["before"])
    return replace(definition, rules=(*rest[:place], *moved, *rest[place:]))


def _order_candidates(definition: SchemeDefinition, given: dict[str, Any]) -> SchemeDefinition:
    """Candidates with a test of their own first, as they stand; then MCC, then CC, then those without a condition."""

    def rank(one: Refinement) -> int:
        fields = {atom.field for clause in one.condition for atom in clause}
        if fields - {"mcc", "cc"}:
            return 0
        return 3 if one.condition == ALWAYS else 1 if fields == {"mcc"} else 2

    def change(rule: Rule) -> Rule:
        return replace(rule, refinements=tuple(sorted(rule.refinements, key=rank)))

    names = {rule.name for rule in definition.rules if any("shadowed" in one.note for one in rule.refinements)}
    return _change_rules(definition, names, change)


def _spell_code(definition: SchemeDefinition, given: dict[str, Any]) -> SchemeDefinition:
    codes = dictionary("dx")
    wrong, right = codes.number(given["wrong"]), codes.number(given["right"])
    table = {"mcc": definition.mcc, "exclusion": definition.exclusion}[given["table"]]
    assert wrong and right and wrong in table.ids and right not in table.ids
    spelled = Numbered(np.where(table.ids == wrong, right, table.ids).astype(np.int32), table.numbers)
    return replace(definition, mcc=spelled) if given["table"] == "mcc" else replace(definition, exclusion=spelled)


def _translate_plainly(definition: SchemeDefinition, given: dict[str, Any]) -> SchemeDefinition:
    return replace(definition, is_translation_sequential=False)


def _trim_targets(definition: SchemeDefinition, given: dict[str, Any]) -> SchemeDefinition:
    return replace(definition, dx_map=Numbered(definition.dx_map.ids, _trimmed_numbers()[definition.dx_map.numbers]))


@cache
def _trimmed_numbers() -> NDArray[np.int32]:
    """For each number of a diagnosis the number of the same code without spaces around it."""
    codes = dictionary("dx")
    trimmed = np.arange(len(codes) + 1, dtype=np.int32)
    for number, text in enumerate(codes.codes, start=1):
        if text != text.strip():
            trimmed[number] = codes.number(text.strip())
    return trimmed


def _unchanged(definition: SchemeDefinition, given: dict[str, Any]) -> SchemeDefinition:
    return definition


_KINDS: dict[str, Callable[[SchemeDefinition, dict[str, Any]], SchemeDefinition]] = {
    "borrow_conditions": _borrow_conditions,
    "borrow_gates": _borrow_gates,
    "add_unused_lists": _add_unused_lists,
    "set_candidate_conditions": _set_candidate_conditions,
    "open_gate": _open_gate,
    "move_rules": _move_rules,
    "order_candidates": _order_candidates,
    "spell_code": _spell_code,
    "translate_plainly": _translate_plainly,
    "trim_targets": _trim_targets,
    "none": _unchanged,
}
