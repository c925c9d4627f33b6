"""方案编译: turns a scheme definition into the arrays that the kernel reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sanyi.insurance.grouping.engine import layout
from sanyi.insurance.grouping.engine.definition import (
    COMPARISONS,
    Atom,
    Clause,
    Condition,
    Ids,
    Numbered,
    Rule,
    SchemeDefinition,
)

Words = NDArray[np.int64]

_FACTS = {
    "age": layout.AGE,
    "age_days": layout.AGE_DAYS,
    "weight": layout.WEIGHT,
    "los": layout.LOS,
    "icu_hours": layout.ICU_HOURS,
    "sex": layout.SEX,
}
_MASKS = {
    "dx_any": layout.DX_ANY,
    "dx_secondary": layout.DX_SECONDARY,
    "px_any": layout.PX_ANY,
    "px_secondary": layout.PX_SECONDARY,
}
_LEAST = layout.NULL + 1
_MOST = 2**31 - 1
_MAIN_STATIC = {"dx": "dx_main", "px": "px_main"}


class UncompilableError(ValueError):
    """方案无法编译: the definition uses a test or a number of lists that the kernel has no room for."""


@dataclass
class _Masks:
    """Bits handed out to the lists that are tested at any or at secondary positions of one kind of code."""

    places: dict[object, int]

    def bit(self, key: object) -> int:
        place = self.places.setdefault(key, len(self.places))
        if place >= layout.WORD_BITS:
            raise UncompilableError("more than 62 lists are tested at any position")
        return 1 << place


class _Compiler:
    def __init__(self, definition: SchemeDefinition, dx_count: int, px_count: int) -> None:
        self.definition = definition
        self.counts = {"dx": dx_count + 1, "px": px_count + 2}  # row 0 is any unknown code, the last px row is "none"
        self.masks = {"dx": _Masks({}), "px": _Masks({})}
        self.sites = [self.masks["dx"].bit(("site", number)) for number in range(len(definition.trauma_sites))]
        self.departments: list[str] = []
        self.main_tests: dict[str, dict[Clause, int]] = {"dx": {}, "px": {}}

    def members(self, kind: str, atom: Atom) -> NDArray[np.bool_]:
        """Codes (rows) that satisfy a main-position test; "no procedure" is only outside lists of operations."""
        row = np.zeros(self.counts[kind], dtype=np.bool_)
        if atom.op in {"in_valid", "not_in_valid"}:
            row[self.definition.valid] = True
        elif atom.op in {"in", "not_in"} and atom.list_id is not None:
            row[self.definition.lists[atom.list_id]] = True
        else:
            raise UncompilableError(f"unknown test {atom.field} {atom.op}")
        if atom.op.startswith("not_in"):
            row = ~row
            if kind == "px" and atom.op == "not_in":
                row[-1] = False
        return row

    def main_bits(self, kind: str, clauses: Sequence[Clause], first_extra: int, word_count: int) -> tuple[Ids, Words]:
        """For each code the row of its class, and the rows of words of all classes."""
        tests = [*clauses, *self.main_tests[kind]]
        places = [*range(len(clauses)), *(first_extra + n for n in range(len(self.main_tests[kind])))]
        wanted = [tuple(atom for atom in clause if atom.field == _MAIN_STATIC[kind]) for clause in tests]
        numbers = {atoms: number for number, atoms in enumerate(dict.fromkeys([(), *wanted]))}
        satisfied = np.stack([self.all_of(kind, atoms) for atoms in numbers])
        packed = np.ascontiguousarray(np.packbits(satisfied, axis=0).T)
        _, examples, alike = np.unique(packed.view(f"V{packed.shape[1]}"), return_index=True, return_inverse=True)
        words = np.zeros((len(examples), word_count), dtype=np.int64)
        seen = satisfied[:, examples].astype(np.int64)
        for atoms, place in zip(wanted, places, strict=True):
            words[:, place // layout.WORD_BITS] |= seen[numbers[atoms]] << (place % layout.WORD_BITS)
        rows, classes = np.unique(words, axis=0, return_inverse=True)
        return (classes.reshape(-1)[alike.reshape(-1)] * word_count).astype(np.int32), rows.reshape(-1)

    def all_of(self, kind: str, atoms: Sequence[Atom]) -> NDArray[np.bool_]:
        """Codes (rows) that satisfy every one of the tests of a main position."""
        row = np.ones(self.counts[kind], dtype=np.bool_)
        for atom in atoms:
            row &= self.members(kind, atom)
        return row

    def clause(self, atoms: Sequence[Atom], first_extra: int | None) -> list[int]:
        """One clause of the program; main-position tests are atoms only where no bit of the search covers them."""
        numbers: list[int] = []
        for atom in atoms:
            if atom.field not in {"dx_main", "px_main"}:
                numbers += self.atom(atom)
            elif first_extra is not None:
                kind = atom.field[:2]
                place = first_extra + self.main_tests[kind].setdefault((atom,), len(self.main_tests[kind]))
                test = layout.DX_MAIN_BITS if kind == "dx" else layout.PX_MAIN_BITS
                numbers += (test, place // layout.WORD_BITS, 1 << (place % layout.WORD_BITS), 0)
        return [len(numbers) // 4, *numbers]

    def atom(self, atom: Atom) -> tuple[int, int, int, int]:
        """Four numbers for an atom that is no test of a main position."""
        if atom.field in _FACTS:
            return _number_atom(atom)
        if atom.field in {"mcc", "cc"} and atom.op == "true":
            return layout.INSIDE, layout.MCC if atom.field == "mcc" else layout.CC, 1, 1
        if atom.field == "trauma_sites" and atom.op == ">=" and atom.value is not None:
            return layout.BIT_COUNT, layout.DX_ANY, sum(self.sites), int(atom.value)
        if atom.field == "leaving" and atom.op in {"in", "not_in"} and atom.value is not None:
            bits = sum({1 << leaving_number(text) for text in atom.value.split("|")})
            return layout.SOME_BITS if atom.op == "in" else layout.NO_BITS, layout.LEAVING, bits, 0
        if atom.field == "dept" and atom.op == "==" and atom.value is not None:
            if atom.value not in self.departments:
                self.departments.append(atom.value)
            return layout.SOME_BITS, layout.DEPT, 1 << self.departments.index(atom.value), 0
        if atom.field not in _MASKS or atom.op not in {"in", "not_in", "in_valid", "not_in_valid"}:
            raise UncompilableError(f"unknown test {atom.field} {atom.op}")
        key: object = "valid" if atom.op.endswith("valid") else atom.list_id
        is_negative = atom.op.startswith("not_in")
        bit = self.masks[atom.field[:2]].bit(key)
        return layout.NO_BITS if is_negative else layout.SOME_BITS, _MASKS[atom.field], bit, 0

    def any_bits(self, kind: str) -> Words:
        """For each code the lists (bits) it belongs to."""
        bits = np.zeros(self.counts[kind], dtype=np.int64)
        for key, place in self.masks[kind].places.items():
            if key == "valid":
                ids = self.definition.valid
            elif isinstance(key, int):
                ids = self.definition.lists[key]
            else:
                continue
            bits[ids] |= 1 << place
        if kind == "dx" and self.sites:
            trauma = self.definition.trauma
            np.bitwise_or.at(bits, trauma.ids, np.array(self.sites, dtype=np.int64)[trauma.numbers])
        return bits

    def numbered(self, table: Numbered) -> Ids:
        numbers = np.zeros(self.counts["dx"], dtype=np.int32)
        if table.numbers.size and not 0 < table.numbers.min() <= table.numbers.max() < 2**15:
            raise UncompilableError("an exclusion table has a number outside 1 to 32767")
        numbers[table.ids] = table.numbers
        return numbers


def _number_atom(atom: Atom) -> tuple[int, int, int, int]:
    fact = _FACTS[atom.field]
    if atom.op == "nonzero":
        return layout.OUTSIDE, fact, 0, 0
    if atom.value is None or atom.op not in COMPARISONS:
        raise UncompilableError(f"unknown test {atom.field} {atom.op}")
    number = int(atom.value)
    low, high = {
        "<": (_LEAST, number - 1),
        "<=": (_LEAST, number),
        ">": (number + 1, _MOST),
        ">=": (number, _MOST),
        "==": (number, number),
    }[atom.op]
    return layout.INSIDE, fact, low, high


def leaving_number(text: str) -> int:
    """离院方式 as a number from 0 to 61; the codes in use are 1 to 5 and 9."""
    if not text.isascii() or not text.isdigit() or str(int(text)) != text or int(text) >= layout.WORD_BITS:
        raise UncompilableError(f"unknown way of leaving {text!r}")
    return int(text)


def combine(gate: Condition, condition: Condition) -> list[Clause]:
    """The clauses of gate AND condition."""
    return [tuple(dict.fromkeys(left + right)) for left in gate for right in condition]


def compile_scheme(definition: SchemeDefinition, dx_count: int, px_count: int) -> tuple[layout.Tables, list[str]]:
    """Arrays for the kernel, and the department texts that the scheme distinguishes.

    ``dx_count`` and ``px_count`` are the sizes of the code dictionary. Raises ``UncompilableError``.
    """
    compiler = _Compiler(definition, dx_count, px_count)
    gates = {gate.mdc: gate.condition for gate in definition.gates}
    clauses = [
        (clause, number)
        for number, rule in enumerate(definition.rules)
        for clause in combine(gates[rule.mdc], rule.condition)
    ]
    word_count = max(1, -(-len(clauses) // layout.WORD_BITS))
    first_extra = word_count * layout.WORD_BITS  # tests of candidates have words of their own, outside the search
    program = _program(compiler, clauses, first_extra)
    extra = max(len(compiler.main_tests["dx"]), len(compiler.main_tests["px"]))
    row_size = word_count + -(-extra // layout.WORD_BITS)
    searched = [clause for clause, _ in clauses]
    severity = compiler.numbered(definition.mcc) << 16 | compiler.numbered(definition.cc)
    dx_row, dx_words = compiler.main_bits("dx", searched, first_extra, row_size)
    px_row, px_words = compiler.main_bits("px", searched, first_extra, row_size)
    return (
        layout.Tables(
            word_count=word_count,
            retries=int(definition.retries_other_procedures),
            no_procedure=compiler.counts["px"] - 1,
            dx_row=dx_row,
            px_row=px_row + np.int32(dx_words.size),
            words=np.concatenate([dx_words, px_words]),
            dx_facts=np.stack([compiler.any_bits("dx"), severity.astype(np.int64)], axis=1).reshape(-1),
            px_bits=compiler.any_bits("px"),
            exclusion=compiler.numbered(definition.exclusion),
            program=np.array(program, dtype=np.int64),
        ),
        compiler.departments,
    )


def _by_severity(rule: Rule, first_outcome: int, fallback: int) -> list[int]:
    """The outcome of a rule without MCC and CC, with MCC, with CC and with both; SEEK where more must be known."""
    fields = {atom.field for refinement in rule.refinements for clause in refinement.condition for atom in clause}
    if not fields <= {"mcc", "cc"}:
        return [layout.SEEK] * 4
    outcomes = []
    for present in ({""}, {"mcc"}, {"cc"}, {"mcc", "cc"}):
        held = [
            any(all(atom.field in present for atom in clause) for clause in refinement.condition)
            for refinement in rule.refinements
        ]
        outcomes.append(first_outcome + held.index(True) if True in held else fallback)
    return outcomes


def _program(compiler: _Compiler, clauses: list[tuple[Clause, int]], first_extra: int) -> list[int]:
    """The scheme's rules as one array; see ``layout.py``."""
    program = [0] * 64
    for position in range(layout.WORD_BITS):
        program[((1 << position) * layout.BIT_HASH >> 58) & 63] = position
    program += [0] * (2 * len(clauses))
    rule_starts = []
    outcome = layout.FIRST_GROUP
    last = outcome + sum(len(rule.refinements) for rule in compiler.definition.rules)
    for number, rule in enumerate(compiler.definition.rules):
        rule_starts.append(len(program))
        fallback = last + number if rule.is_ambiguous or rule.fallback else layout.NOT_GROUPED
        program += [*_by_severity(rule, outcome, fallback), fallback, len(rule.refinements)]
        for refinement in rule.refinements:
            program += [outcome, len(refinement.condition)]
            outcome += 1
            for atoms in refinement.condition:
                program += compiler.clause(atoms, first_extra)
    for place, (atoms, rule_number) in enumerate(clauses):
        record = compiler.clause(atoms, None)
        start = layout.DIRECTORY + 2 * place
        program[start : start + 2] = [len(program) if record[0] else 0, rule_starts[rule_number]]
        program += record
    return program
