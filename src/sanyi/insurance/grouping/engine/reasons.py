"""入组理由: reads a scheme's conditions against one record and says in words which tests are true and which are not.

The group itself is always the kernel's; this only finds the words for it. Tests hold the two against each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sanyi.insurance.grouping.engine import layout
from sanyi.insurance.grouping.engine.definition import Atom, Clause, Condition, Ids, Numbered, SchemeDefinition
from sanyi.insurance.grouping.engine.names import code_name, place_in

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
        return any(all(self.find(atom).is_true for atom in clause) for clause in condition)

    def findings(self, clause: Clause) -> tuple[Finding, ...]:
        """Every test of a clause."""
        return tuple(self.find(atom) for atom in clause)

    def find(self, atom: Atom) -> Finding:
        """One test, with its sentence."""
        if atom.field in _POSITIONS:
            return self._position(atom)
        if atom.field in _NUMBERS:
            return self._number(atom)
        if atom.field in {"mcc", "cc"}:
            is_true = bool(self.mcc if atom.field == "mcc" else self.cc)
            text = atom.field.upper()
            return Finding(
                atom, is_true, f"{'有' if is_true else '没有'} {text}", f"{'has' if is_true else 'no'} {text}"
            )
        if atom.field == "sex":
            is_true = str(self.numbers["sex"]) == atom.value
            zh, en = _SEXES[str(atom.value)]
            return Finding(
                atom, is_true, f"性别{'为' if is_true else '不为'}{zh}", f"sex is {'' if is_true else 'not '}{en}"
            )
        if atom.field == "trauma_sites":
            sites = self.sites()
            is_true = len(sites) >= int(atom.value or 0)
            return Finding(
                atom, is_true, f"创伤部位 {len(sites)} 处（{'、'.join(sites)}）", f"{len(sites)} body sites injured"
            )
        if atom.field == "leaving":
            is_true = (self.leaving in str(atom.value).split("|")) == (atom.op == "in")
            words = "属于" if is_true else "不属于"
            zh = f"离院方式“{self.leaving}”{words}{atom.value}"
            return Finding(atom, is_true, zh, f"way of leaving {self.leaving!r} is {'' if is_true else 'not '}allowed")
        is_true = self.department == atom.value
        return Finding(
            atom, is_true, f"出院科别{'为' if is_true else '不为'}{atom.value}",
            f"department is {'' if is_true else 'not '}{atom.value}",
        )  # fmt: skip

    def sites(self) -> list[str]:
        """Body sites of the trauma diagnoses."""
        trauma = self.definition.trauma
        found = {int(trauma.numbers[place]) for code in self.dx_ids for place in np.flatnonzero(trauma.ids == code)}
        return [self.definition.trauma_sites[number] for number in sorted(found)]

    def _number(self, atom: Atom) -> Finding:
        value = self.numbers[atom.field]
        zh, unit, en, unit_en = _NUMBERS[atom.field]
        if value == layout.NULL:
            return Finding(atom, False, f"{zh}未知", f"{en} is unknown")
        if atom.op == "nonzero":
            is_true = value != 0
            return Finding(atom, is_true, f"{zh}{'不' if is_true else ''}为 0", f"{en} is {'not ' if is_true else ''}0")
        limit = int(str(atom.value))
        is_true = {
            "<": value < limit,
            "<=": value <= limit,
            ">": value > limit,
            ">=": value >= limit,
            "==": value == limit,
        }[atom.op]
        sign = {"<": "＜", "<=": "≤", ">": "＞", ">=": "≥", "==": "＝"}[atom.op]
        verb, verb_en = ("满足", "meets") if is_true else ("不满足", "does not meet")
        return Finding(
            atom, is_true, f"{zh} {value} {unit}{verb} {sign}{limit}", f"{en} {value} {unit_en} {verb_en} {sign}{limit}"
        )

    def _position(self, atom: Atom) -> Finding:
        kind = atom.field[:2]
        texts, ids = (self.dx, self.dx_ids) if kind == "dx" else (self.px, self.px_ids)
        part = {"main": slice(0, 1), "secondary": slice(1, None), "any": slice(None)}[atom.field[3:]]
        is_valid_test = atom.op.endswith("valid")
        wanted = self.definition.valid if is_valid_test else self.definition.lists[atom.list_id or 0]
        hits = [text for text, number in zip(texts[part], ids[part], strict=True) if contains(wanted, number)]
        is_true = bool(hits) != atom.op.startswith("not_in")
        if atom.op == "not_in" and kind == "px" and not texts[part]:
            is_true = False
        zh, en = _POSITIONS[atom.field]
        where, where_en = ("有效手术表", "the valid operations") if is_valid_test else (
            f"{'诊断' if kind == 'dx' else '手术'}列表 {atom.list_id} ", f"list {atom.list_id}")  # fmt: skip
        if hits:
            return Finding(
                atom, is_true, f"{zh} {self.named(kind, hits[0])} 在{where}中", f"{en} {hits[0]} is in {where_en}"
            )
        if atom.field.endswith("main") and texts:
            shown = self.named(kind, texts[0])
            return Finding(atom, is_true, f"{zh} {shown} 不在{where}中", f"{en} {texts[0]} is not in {where_en}")
        missing = "没有手术操作" if kind == "px" and not texts else f"没有{zh}在{where}中"
        missing_en = (
            "there is no procedure" if kind == "px" and not texts else f"no code at that position is in {where_en}"
        )
        return Finding(atom, is_true, missing, missing_en)


def contains(ids: Ids, number: int) -> bool:
    """Whether a sorted list has a code; 0, the unknown code, is in none."""
    place = place_in(ids, number)
    return bool(number and place < len(ids) and ids[place] == number)


def number_of(table: Numbered, code: int) -> int:
    """The number attached to a code, 0 when it has none."""
    places = np.flatnonzero(table.ids == code)
    return int(table.numbers[places[-1]]) if code and places.size else 0


def join(findings: Sequence[Finding]) -> tuple[str, str]:
    """Sentences of several tests as one."""
    return "，".join(finding.zh for finding in findings), "; ".join(finding.en for finding in findings)
