"""方案编译: turns a scheme definition into the arrays that the kernel reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sanyi.insurance.grouping.engine import layout
from sanyi.insurance.grouping.engine.definition import Atom, Clause, Condition, Ids, Numbered, SchemeDefinition

Words = NDArray[np.int64]

_FACTS = {
    "age": layout.AGE,
    "age_days": layout.AGE_DAYS,
    "weight": layout.WEIGHT,
    "los": layout.LOS,
    "icu_hours": layout.ICU_HOURS,
    "sex": layout.SEX,
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
        self.kinds: list[int] = []
        self.fields: list[int] = []
        self.lows: list[int] = []
        self.highs: list[int] = []
        self.clause_start: list[int] = [0]
        self.clause_count = 0

    def members(self, kind: str, atom: Atom) -> NDArray[np.bool_]:
        """Codes (rows) that satisfy a main-position test; the "no procedure" row is only outside lists of operations."""
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
        words = np.zeros((self.counts[kind], word_count), dtype=np.int64)
        tests = [*clauses, *self.main_tests[kind]]
        places = [*range(len(clauses)), *(first_extra + n for n in range(len(self.main_tests[kind])))]
        kept: dict[Clause, NDArray[np.bool_]] = {}
        for clause, place in zip(tests, places, strict=True):
            atoms = tuple(atom for atom in clause if atom.field == _MAIN_STATIC[kind])
            if atoms not in kept:
                row = np.ones(self.counts[kind], dtype=np.bool_)
                for atom in atoms:
                    row &= self.members(kind, atom)
                kept[atoms] = row
            words[:, place // layout.WORD_BITS] |= kept[atoms].astype(np.int64) << (place % layout.WORD_BITS)
        rows, classes = np.unique(words, axis=0, return_inverse=True)
        return (classes.reshape(-1) * word_count).astype(np.int32), rows.reshape(-1)

    def atom(self, kind: int, field: int, low: int, high: int = 0) -> None:
        self.kinds.append(kind)
        self.fields.append(field)
        self.lows.append(low)
        self.highs.append(high)

    def clause(self, atoms: Sequence[Atom], first_extra: int | None) -> int:
        """Add one clause; main-position tests are atoms only where no bit row covers them (refinements)."""
        for atom in atoms:
            if atom.field in {"dx_main", "px_main"}:
                if first_extra is None:
                    continue
                kind = atom.field[:2]
                place = first_extra + self.main_tests[kind].setdefault((atom,), len(self.main_tests[kind]))
                test = layout.DX_MAIN_BITS if kind == "dx" else layout.PX_MAIN_BITS
                self.atom(test, place // layout.WORD_BITS, 1 << (place % layout.WORD_BITS))
            else:
                self.add(atom)
        self.clause_start.append(len(self.kinds))
        self.clause_count += 1
        return self.clause_count - 1

    def add(self, atom: Atom) -> None:
        """Add an atom that is no test of a main position."""
        if atom.field in _FACTS:
            self.add_number(atom)
        elif atom.field in {"mcc", "cc"} and atom.op == "true":
            self.atom(layout.INSIDE, layout.MCC if atom.field == "mcc" else layout.CC, 1, 1)
        elif atom.field == "trauma_sites" and atom.op == ">=" and atom.value is not None:
            self.atom(layout.BIT_COUNT, layout.DX_ANY, sum(self.sites), int(atom.value))
        elif atom.field == "leaving" and atom.op in {"in", "not_in"} and atom.value is not None:
            bits = sum({1 << leaving_number(text) for text in atom.value.split("|")})
            self.atom(layout.SOME_BITS if atom.op == "in" else layout.NO_BITS, layout.LEAVING, bits)
        elif atom.field == "dept" and atom.op == "==" and atom.value is not None:
            if atom.value not in self.departments:
                self.departments.append(atom.value)
            self.atom(layout.SOME_BITS, layout.DEPT, 1 << self.departments.index(atom.value))
        else:
            self.add_mask(atom)

    def add_number(self, atom: Atom) -> None:
        field = _FACTS[atom.field]
        if atom.op == "nonzero":
            self.atom(layout.OUTSIDE, field, 0, 0)
            return
        if atom.value is None:
            raise UncompilableError(f"{atom.field} {atom.op} needs a number")
        number = int(atom.value)
        low, high = {
            "<": (_LEAST, number - 1),
            "<=": (_LEAST, number),
            ">": (number + 1, _MOST),
            ">=": (number, _MOST),
            "==": (number, number),
        }[atom.op]
        self.atom(layout.INSIDE, field, low, high)

    def add_mask(self, atom: Atom) -> None:
        fields = {
            "dx_any": layout.DX_ANY,
            "dx_secondary": layout.DX_SECONDARY,
            "px_any": layout.PX_ANY,
            "px_secondary": layout.PX_SECONDARY,
        }
        if atom.field not in fields or atom.op not in {"in", "not_in", "in_valid", "not_in_valid"}:
            raise UncompilableError(f"unknown test {atom.field} {atom.op}")
        key: object = "valid" if atom.op.endswith("valid") else atom.list_id
        bit = self.masks[atom.field[:2]].bit(key)
        is_negative = atom.op.startswith("not_in")
        self.atom(layout.NO_BITS if is_negative else layout.SOME_BITS, fields[atom.field], bit)

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
        numbers[table.ids] = table.numbers
        return numbers


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
    clauses: list[Clause] = []
    clause_rule: list[int] = []
    for number, rule in enumerate(definition.rules):
        for clause in combine(gates[rule.mdc], rule.condition):
            clauses.append(clause)
            clause_rule.append(number)
            compiler.clause(clause, None)
    searched = max(1, -(-len(clauses) // layout.WORD_BITS))
    first_extra = searched * layout.WORD_BITS  # tests of refinements have words of their own, outside the search
    rule_refinement, refinement_clause = _add_refinements(compiler, definition, first_extra)
    extra = max(len(compiler.main_tests["dx"]), len(compiler.main_tests["px"]))
    word_count = -(-(first_extra + extra) // layout.WORD_BITS)
    dx_row, dx_main = compiler.main_bits("dx", clauses, first_extra, word_count)
    px_row, px_main = compiler.main_bits("px", clauses, first_extra, word_count)
    return (
        layout.Tables(
            word_count=word_count,
            searched_word_count=searched,
            retries=int(definition.retries_other_procedures),
            no_procedure=compiler.counts["px"] - 1,
            dx_row=dx_row,
            dx_main=dx_main,
            dx_bits=compiler.any_bits("dx"),
            mcc_table=compiler.numbered(definition.mcc),
            cc_table=compiler.numbered(definition.cc),
            exclusion_table=compiler.numbered(definition.exclusion),
            px_row=px_row,
            px_main=px_main,
            px_bits=compiler.any_bits("px"),
            clause_rule=np.array(clause_rule, dtype=np.int32),
            clause_start=np.array(compiler.clause_start, dtype=np.int32),
            atom_kind=np.array(compiler.kinds, dtype=np.int32),
            atom_field=np.array(compiler.fields, dtype=np.int32),
            atom_low=np.array(compiler.lows, dtype=np.int64),
            atom_high=np.array(compiler.highs, dtype=np.int64),
            rule_refinement=np.array(rule_refinement, dtype=np.int32),
            rule_fallback=np.array(_fallbacks(definition, rule_refinement[-1]), dtype=np.int32),
            refinement_clause=np.array(refinement_clause, dtype=np.int32),
        ),
        compiler.departments,
    )


def _add_refinements(
    compiler: _Compiler, definition: SchemeDefinition, first_extra: int
) -> tuple[list[int], list[int]]:
    rule_refinement = [0]
    refinement_clause = [compiler.clause_count]
    for rule in definition.rules:
        for refinement in rule.refinements:
            for clause in refinement.condition:
                compiler.clause(clause, first_extra)
            refinement_clause.append(compiler.clause_count)
        rule_refinement.append(len(refinement_clause) - 1)
    return rule_refinement, refinement_clause


def _fallbacks(definition: SchemeDefinition, refinement_count: int) -> list[int]:
    """Outcome of each rule without a true candidate; ambiguous groups and bare ADRG codes follow the refinements."""
    return [
        layout.FIRST_GROUP + refinement_count + number if rule.is_ambiguous or rule.fallback else layout.NOT_GROUPED
        for number, rule in enumerate(definition.rules)
    ]
