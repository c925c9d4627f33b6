"""方案事实: what a scheme's definition says about single codes, turned round so that one code is looked up at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from sanyi.insurance.grouping import Clause, Gate, Numbered, Rule, SchemeDefinition, definition, dictionary

Numbers = frozenset[int]
MALE, FEMALE = 1, 2


@dataclass(frozen=True)
class SchemeFacts:
    """方案事实: codes are numbers of the grouper's dictionary; 0 is a code that no scheme knows.

    ``main_gates`` gives, for a main diagnosis, the MDCs whose list holds it; ``sex_of`` the sex that only one of the
    two MDCs of reproductive organs lists it for; ``surgical_rules``, for a procedure, the rules one of whose lists
    holds it; ``any_operation`` the clauses of surgical rules that ask for no list but only for a valid operation.
    """

    definition: SchemeDefinition
    lists: dict[int, Numbers]
    main_gates: dict[int, tuple[Gate, ...]]
    mcc: dict[int, int]
    cc: dict[int, int]
    exclusion: dict[int, int]
    trauma_site: dict[int, int]
    valid: Numbers
    sex_of: dict[int, int]
    named_diagnoses: Numbers
    named_procedures: Numbers
    rules: dict[int, Rule]
    surgical_rules: dict[int, tuple[Rule, ...]]
    any_operation: tuple[tuple[str, Clause], ...]

    @property
    def name_zh(self) -> str:
        """方案名称."""
        return f"{self.definition.name_zh}分组方案"

    @property
    def name_en(self) -> str:
        """方案英文名称."""
        return f"scheme {self.definition.name_en}"

    def gate(self, mdc: str) -> Gate | None:
        """MDC 入口: by code such as ``MDCH``."""
        return next((gate for gate in self.definition.gates if gate.mdc == mdc), None)

    def in_order(self, numbers: Collection[int]) -> Iterator[Rule]:
        """按方案顺序的规则: those with these numbers."""
        return (self.rules[number] for number in self.rules if number in numbers)

    def mdc_text(self, mdc: str, language: str = "zh") -> str:
        """MDC 名称: code with its Chinese name, or the code alone in English."""
        gate = self.gate(mdc)
        return f"{mdc}（{gate.name}）" if gate and language == "zh" else mdc


@cache
def scheme_facts(scheme: str, mode: str = "strict") -> SchemeFacts:
    """方案事实: of a shipped scheme; worked out once per process."""
    found = definition(scheme, mode)
    used = {atom.list_id for clause in _clauses(found) for atom in clause if atom.list_id is not None}
    lists = {number: frozenset(found.lists[number].tolist()) for number in used}
    main_gates: dict[int, list[Gate]] = defaultdict(list)
    for gate in found.gates:
        for code in sorted(_main_codes(gate, lists)):
            main_gates[code].append(gate)
    surgical = [rule for rule in found.rules if rule.is_surgical and not rule.is_ambiguous]
    valid = frozenset(found.valid.tolist())
    named = {kind: frozenset().union(*(lists[number] for number in _lists_of(found, kind))) for kind in ("dx", "px")}
    return SchemeFacts(
        definition=found,
        lists=lists,
        main_gates={code: tuple(gates) for code, gates in main_gates.items()},
        mcc=_pairs(found.mcc),
        cc=_pairs(found.cc),
        exclusion=_pairs(found.exclusion),
        trauma_site=_pairs(found.trauma),
        valid=valid,
        sex_of=_sex_of(found, lists),
        named_diagnoses=named["dx"] | frozenset(found.mcc.ids.tolist()) | frozenset(found.cc.ids.tolist()),
        named_procedures=named["px"] | valid,
        rules={rule.seq: rule for rule in found.rules},
        surgical_rules=_by_procedure(surgical, lists),
        any_operation=tuple(
            (rule.mdc, clause) for rule in surgical for clause in rule.condition if _asks_for_any(clause)
        ),
    )


def asks_for_list(clause: Clause) -> bool:
    """是否要求手术列表: whether the clause wants a procedure of some list."""
    return any(atom.field.startswith("px_") and atom.op == "in" for atom in clause)


def _asks_for_any(clause: Clause) -> bool:
    tests = [atom.op for atom in clause if atom.field.startswith("px_")]
    return bool(tests) and all(test in ("in_valid", "not_in_valid") for test in tests)


def _by_procedure(rules: Iterable[Rule], lists: dict[int, Numbers]) -> dict[int, tuple[Rule, ...]]:
    found: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules:
        codes: set[int] = set()
        for clause in rule.condition:
            for atom in clause:
                if atom.field.startswith("px_") and atom.op == "in" and atom.list_id is not None:
                    codes |= lists[atom.list_id]
        for code in codes:
            found[code].append(rule)
    return {code: tuple(rules) for code, rules in found.items()}


def number_of(code: str, kind: str) -> int:
    """编码序号: of a diagnosis (``dx``) or procedure (``px``); 0 when no scheme knows it."""
    return dictionary(kind).numbers.get(code.encode("utf-8", "surrogatepass"), 0)


def _clauses(found: SchemeDefinition) -> Iterator[Clause]:
    for gate in found.gates:
        yield from gate.condition
    for rule in found.rules:
        yield from rule.condition


def _lists_of(found: SchemeDefinition, kind: str) -> set[int]:
    return {
        atom.list_id
        for clause in _clauses(found)
        for atom in clause
        if atom.list_id is not None and atom.field.startswith(kind)
    }


def _main_codes(gate: Gate, lists: dict[int, Numbers]) -> Numbers:
    """Codes that some clause of the gate wants as main, or at any place, diagnosis."""
    wanted = [
        lists[atom.list_id]
        for clause in gate.condition
        for atom in clause
        if atom.field in ("dx_main", "dx_any") and atom.op == "in" and atom.list_id is not None
    ]
    return frozenset().union(*wanted)


def _sex_of(found: SchemeDefinition, lists: dict[int, Numbers]) -> dict[int, int]:
    """Codes that are in the list of MDCM or of MDCN, not in both: those in both are for either sex."""
    by_mdc = {gate.mdc: _main_codes(gate, lists) for gate in found.gates}
    male, female = by_mdc.get("MDCM", frozenset()), by_mdc.get("MDCN", frozenset())
    return dict.fromkeys(male - female, MALE) | dict.fromkeys(female - male, FEMALE)


def _pairs(numbered: Numbered) -> dict[int, int]:
    return dict(zip(numbered.ids.tolist(), numbered.numbers.tolist(), strict=True))
