"""入组理由: reads a scheme's conditions against one record and says in words which tests are true and which are not.

The group itself is always the kernel's; this only finds the words for it. Tests hold the two against each other.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sanyi.insurance.grouping.engine import layout
from sanyi.insurance.grouping.engine.definition import VALID, Atom, Clause, Condition, Numbered, SchemeDefinition
from sanyi.insurance.grouping.engine.names import code_name

_NUMBERS = {
    "age": ("年龄", "岁", "age", "years"),
    "age_days": ("天龄", "天", "age in days", "days"),
    "weight": ("体重", "克", "weight", "grams"),
    "los": ("住院天数", "天", "length of stay", "days"),
    "icu_hours": ("重症监护时长", "小时", "intensive care", "hours"),
}
_POSITIONS = {
    "dx_main": ("主要诊断", "the main diagnosis"),
    "dx_any": ("诊断", "a diagnosis"),
    "dx_secondary": ("其他诊断", "a secondary diagnosis"),
    "px_main": ("主要手术操作", "the main procedure"),
    "px_any": ("手术操作", "a procedure"),
    "px_secondary": ("其他手术操作", "a secondary procedure"),
}
_PARTS = {"main": slice(0, 1), "secondary": slice(1, None), "any": slice(None)}
_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq,
}  # fmt: skip
_SIGNS = {"<": "＜", "<=": "≤", ">": "＞", ">=": "≥", "==": "＝"}
_SEXES = {"1": ("男", "male"), "2": ("女", "female")}


@dataclass(frozen=True)
class Finding:
    """一项检验: whether an atom is true for the record, and the sentence that says so."""

    atom: Atom
    is_true: bool
    zh: str
    en: str


@dataclass(frozen=True)
class Reader:
    """病例读取: one record (codes as texts and as numbers of the dictionary) beside the scheme's definition."""

    definition: SchemeDefinition
    dx: tuple[str, ...]
    dx_ids: tuple[int, ...]
    px: tuple[str, ...]
    px_ids: tuple[int, ...]
    numbers: dict[str, int]
    leaving: str
    department: str
    mcc: int
    cc: int

    def named(self, kind: str, code: str) -> str:
        """A code with its name."""
        name = code_name(self.definition.code, kind, code)
        return f"{code or '（空）'} {name}".strip()

    def is_true(self, condition: Condition) -> bool:
        """Whether a condition holds."""
        return self.true_clause(condition) is not None

    def true_clause(self, condition: Condition) -> Clause | None:
        """The first clause that holds."""
        return next((clause for clause in condition if all(self.holds(atom) for atom in clause)), None)

    def near_clause(self, condition: Condition) -> tuple[Clause, Atom] | None:
        """The first clause of which all tests but one hold, a test of codes among them, and that one."""
        for clause in condition:
            failed = [atom for atom in clause if not self.holds(atom)]
            if len(failed) == 1 and any(atom.field in _POSITIONS and atom is not failed[0] for atom in clause):
                return clause, failed[0]
        return None

    def holds(self, atom: Atom) -> bool:
        """One test, without its sentence."""
        if atom.field in _POSITIONS:
            texts, hits = self._hits(atom)
            is_empty = atom.op == "not_in" and atom.field.startswith("px") and not texts
            return not is_empty and bool(hits) != atom.op.startswith("not_in")
        if atom.field in _NUMBERS:
            return self._compares(atom)
        match atom.field:
            case "mcc" | "cc":
                return bool(self.mcc if atom.field == "mcc" else self.cc)
            case "sex":
                return str(self.numbers["sex"]) == atom.value
            case "trauma_sites":
                return len(self.sites) >= int(atom.value or 0)
            case "leaving":
                return (self.leaving in str(atom.value).split("|")) == (atom.op == "in")
            case _:
                return self.department == atom.value

    def findings(self, clause: Clause) -> tuple[Finding, ...]:
        """Every test of a clause, with its sentence."""
        return tuple(self.find(atom) for atom in clause)

    def find(self, atom: Atom) -> Finding:
        """One test, with its sentence."""
        is_true = self.holds(atom)
        if atom.field in _POSITIONS:
            return Finding(atom, is_true, *self._position(atom))
        if atom.field in _NUMBERS:
            return Finding(atom, is_true, *self._number(atom, is_true))
        return Finding(atom, is_true, *self._rest(atom, is_true))

    def _rest(self, atom: Atom, is_true: bool) -> tuple[str, str]:
        not_zh, not_en = ("", "") if is_true else ("不", "not ")
        if atom.field in {"mcc", "cc"}:
            text = atom.field.upper()
            return f"{'有' if is_true else '没有'} {text}", f"{'has' if is_true else 'no'} {text}"
        if atom.field == "sex":
            zh, en = _SEXES[str(atom.value)]
            return f"性别{not_zh}为{zh}", f"sex is {not_en}{en}"
        if atom.field == "trauma_sites":
            count = len(self.sites)
            return f"创伤部位 {count} 处（{'、'.join(self.sites)}）", f"{count} body sites injured"
        if atom.field == "leaving":
            zh = f"离院方式“{self.leaving}”{not_zh}属于{atom.value}"
            return zh, f"way of leaving {self.leaving!r} is {not_en}allowed"
        return f"出院科别{not_zh}为{atom.value}", f"department is {not_en}{atom.value}"

    @cached_property
    def sites(self) -> list[str]:
        """Body sites of the trauma diagnoses."""
        found = {site for code in self.dx_ids for site in self.definition.sites_of(code)}
        return [self.definition.trauma_sites[number] for number in sorted(found)]

    def _compares(self, atom: Atom) -> bool:
        value = self.numbers[atom.field]
        if value == layout.NULL:
            return False
        if atom.op == "nonzero":
            return value != 0
        return _COMPARISONS[atom.op](value, int(str(atom.value)))

    def _number(self, atom: Atom, is_true: bool) -> tuple[str, str]:
        value = self.numbers[atom.field]
        zh, unit, en, unit_en = _NUMBERS[atom.field]
        if value == layout.NULL:
            return f"{zh}未知", f"{en} is unknown"
        if atom.op == "nonzero":
            return f"{zh}{'不' if is_true else ''}为 0", f"{en} is {'not ' if is_true else ''}0"
        limit, sign = int(str(atom.value)), _SIGNS[atom.op]
        verb, verb_en = ("满足", "meets") if is_true else ("不满足", "does not meet")
        return f"{zh} {value} {unit}{verb} {sign}{limit}", f"{en} {value} {unit_en} {verb_en} {sign}{limit}"

    def _hits(self, atom: Atom) -> tuple[tuple[str, ...], list[str]]:
        """The codes at the position that a test asks about, and those of them that it looks for."""
        part = _PARTS[atom.field[3:]]
        texts, ids = (self.dx, self.dx_ids) if atom.field.startswith("dx") else (self.px, self.px_ids)
        wanted = self.definition.codes_tested(atom)
        return texts[part], [text for text, number in zip(texts[part], ids[part], strict=True) if number in wanted]

    def _position(self, atom: Atom) -> tuple[str, str]:
        kind = atom.field[:2]
        texts, (_, hits) = (self.dx if kind == "dx" else self.px), self._hits(atom)
        zh, en = _POSITIONS[atom.field]
        label = self.definition.list_label(atom.list_id)
        where, where_en = f"{'诊断' if kind == 'dx' else '手术'}列表{label}", f"list {label.strip()}"
        if atom.op.endswith(VALID):
            where, where_en = "有效手术表", "the valid operations"
        if hits:
            return f"{zh} {self.named(kind, hits[0])} 在{where}中", f"{en} {hits[0]} is in {where_en}"
        if atom.field.endswith("main") and texts:
            return f"{zh} {self.named(kind, texts[0])} 不在{where}中", f"{en} {texts[0]} is not in {where_en}"
        if kind == "px" and not texts:
            return "没有手术操作", "there is no procedure"
        return f"没有{zh}在{where}中", f"no code at that position is in {where_en}"


def number_of(table: Numbered, code: int) -> int:
    """The number attached to a code, 0 when it has none."""
    places = np.flatnonzero(table.ids == code)
    return int(table.numbers[places[-1]]) if code and places.size else 0


def join(findings: Sequence[Finding]) -> tuple[str, str]:
    """Sentences of several tests as one."""
    return "，".join(finding.zh for finding in findings), "; ".join(finding.en for finding in findings)
