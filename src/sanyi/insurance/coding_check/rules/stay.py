"""检查中的病例: a record with its codes numbered, its group, and the tests of single conditions on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sanyi.insurance.coding_check.rules.record import MINUTES_PER_HOUR, Record
from sanyi.insurance.coding_check.rules.scheme_facts import SchemeFacts, number_of
from sanyi.insurance.grouping import Atom, Clause, Gate

NO_RULE = 0
_DIAGNOSIS_FIELDS = frozenset({"dx_main", "dx_any", "dx_secondary", "mcc", "cc", "trauma_sites"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """分组结果: the four values, and the number of the rule that gave them (0: none)."""

    status: str
    mdc: str
    adrg: str
    drg: str
    rule: int = NO_RULE


@dataclass(frozen=True)
class Stay:
    """检查中的病例: tests treat what is not known as false, as the grouper does."""

    record: Record
    scheme: SchemeFacts
    outcome: Outcome

    @cached_property
    def dx(self) -> tuple[int, ...]:
        """诊断序号: in order."""
        return tuple(number_of(code, "dx") for code in self.record.diagnosis_codes)

    @cached_property
    def px(self) -> tuple[int, ...]:
        """手术操作序号: in order."""
        return tuple(number_of(code, "px") for code in self.record.procedure_codes)

    @property
    def main(self) -> str:
        """主要诊断: empty when there is none."""
        return self.record.diagnosis_codes[0] if self.record.diagnosis_codes else ""

    @property
    def main_gates(self) -> tuple[str, ...]:
        """主要诊断所属 MDC: by their lists alone, whatever else their gates ask."""
        return tuple(gate.mdc for gate in self.scheme.main_gates.get(self.dx[0] if self.dx else 0, ()))

    @cached_property
    def trauma_sites_count(self) -> int:
        """创伤部位数: different body sites among all diagnoses."""
        site = self.scheme.trauma_site
        return len({site[code] for code in self.dx if code in site})

    @cached_property
    def has_open_gate(self) -> bool:
        """主要诊断所属 MDC 是否可进入: whether the stay meets what one of them asks besides the diagnosis."""
        gates = self.scheme.main_gates.get(self.dx[0] if self.dx else 0, ())
        return any(not self.unmet(gate) for gate in gates)

    def unmet(self, gate: Gate) -> tuple[Atom, ...]:
        """MDC 未满足的条件: what the gate asks besides the diagnosis; of several clauses the nearest one."""
        found = [
            tuple(atom for atom in clause if not atom.field.startswith("dx_") and not self.holds(atom, self.px))
            for clause in gate.condition
        ]
        return min(found, key=len)

    def number(self, name: str) -> int | None:
        """数值项目: under the grouper's name."""
        record = self.record
        if name == "age":
            return record.age
        if name == "icu_hours":
            return None if record.icu_minutes is None else record.icu_minutes // MINUTES_PER_HOUR
        columns = {
            "age_days": record.age_days,
            "weight": record.newborn_weight_grams,
            "los": record.length_of_stay_days,
            "sex": record.sex,
        }
        return columns[name]

    def holds(self, atom: Atom, px: Sequence[int]) -> bool:
        """条件原子是否成立: with ``px`` as the procedures."""
        name = atom.field
        if name.startswith(("dx_", "px_")):
            return self._lists(atom, self.dx if name.startswith("dx_") else px)
        if name == "trauma_sites":
            return self.trauma_sites_count >= int(atom.value or 0)
        if name == "leaving":
            is_one = (self.record.discharge_way_code or "") in (atom.value or "").split("|")
            return is_one == (atom.op == "in")
        if name == "dept":
            return self.record.department_code == atom.value
        return compares(self.number(name), atom)

    def clause_holds(self, clause: Clause, px: Sequence[int]) -> bool:
        """条件组合是否成立: of the tests that are not about diagnoses."""
        return all(self.holds(atom, px) for atom in clause if atom.field not in _DIAGNOSIS_FIELDS)

    def _lists(self, atom: Atom, codes: Sequence[int]) -> bool:
        wanted = self.scheme.valid if atom.list_id is None else self.scheme.lists[atom.list_id]
        place = atom.field[3:]
        chosen = codes[:1] if place == "main" else codes[1:] if place == "secondary" else codes
        is_hit = any(code in wanted for code in chosen)
        if not atom.op.startswith("not_in"):
            return is_hit
        return not is_hit and (bool(chosen) or atom.op == "not_in_valid" or atom.field.startswith("dx"))


def compares(value: int | None, atom: Atom) -> bool:
    """数值比较: false when the value is not known."""
    if value is None:
        return False
    if atom.op == "nonzero":
        return value != 0
    limit = int(atom.value or 0)
    match atom.op:
        case "<":
            return value < limit
        case "<=":
            return value <= limit
        case ">":
            return value > limit
        case ">=":
            return value >= limit
        case _:
            return value == limit


def join_zh(words: Iterable[str]) -> str:
    """并列: with the Chinese enumeration comma."""
    return "、".join(words)
