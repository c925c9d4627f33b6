"""分组方案定义: a scheme as people wrote it, ordered gates, rules, refinements and conditions, before it is compiled.

Source of meaning: CHS-DRG grouping semantics, sections 5 to 10 (docs/reference/grouping.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]

DX_FIELDS = frozenset({"dx_main", "dx_any", "dx_secondary"})
PX_FIELDS = frozenset({"px_main", "px_any", "px_secondary"})
NUMBER_FIELDS = ("age", "age_days", "weight", "los", "icu_hours", "sex")
COMPARISONS = frozenset({"<", "<=", ">", ">=", "=="})
VALID = "valid"


@dataclass(frozen=True)
class Atom:
    """条件原子: one test, such as ``dx_main in list 12`` or ``age <= 17``."""

    field: str
    op: str
    list_id: int | None = None
    value: str | None = None


Clause = tuple[Atom, ...]
Condition = tuple[Clause, ...]
ALWAYS: Condition = ((),)
NEVER: Condition = ()


@dataclass(frozen=True)
class Gate:
    """主要诊断大类入口: the condition of one MDC."""

    mdc: str
    name: str
    condition: Condition


@dataclass(frozen=True)
class Refinement:
    """细分组: one candidate DRG of a rule."""

    drg: str
    condition: Condition
    note: str = ""


@dataclass(frozen=True)
class Rule:
    """ADRG 入组规则: a condition, its ordered candidates and what is returned when no candidate holds."""

    seq: int
    mdc: str
    adrg: str
    name: str
    is_ambiguous: bool
    is_surgical: bool
    condition: Condition
    refinements: tuple[Refinement, ...]
    fallback: str
    note: str = ""
    unused_lists: str = ""


@dataclass(frozen=True)
class Numbered:
    """编码对照: parallel arrays of code number and attached number (exclusion table, site, translation target)."""

    ids: Ids
    numbers: Ids


@dataclass(frozen=True)
class SchemeDefinition:
    """分组方案: everything that decides a group; equal definitions give equal groups."""

    code: str
    name_zh: str
    name_en: str
    family: str
    jurisdiction: str
    gates: tuple[Gate, ...]
    rules: tuple[Rule, ...]
    lists: Mapping[int, Ids]
    mcc: Numbered
    cc: Numbered
    exclusion: Numbered
    trauma: Numbered
    trauma_sites: tuple[str, ...]
    valid: Ids
    dx_map: Numbered
    px_map: Numbered
    retries_other_procedures: bool
    is_translation_sequential: bool
    failed_output: tuple[str, str, str]
    ungrouped_output: tuple[str, str, str]
    drg_names: Mapping[str, str] = field(default_factory=dict)
    list_names: Mapping[int, str] = field(default_factory=dict)

    def list_label(self, list_id: int | None) -> str:
        """编码表的称呼: its own name where the scheme gives one, as imported schemes do, else its number."""
        name = self.list_names.get(list_id or 0)
        return f"“{name}”" if name else f" {list_id} "

    def rules_of(self, mdc: str) -> tuple[Rule, ...]:
        """The rules of one MDC in evaluation order."""
        return self._rules_by_mdc.get(mdc, ())

    def codes_tested(self, atom: Atom) -> frozenset[int]:
        """Numbers of the codes that a test of diagnoses or procedures looks for: a list, or the valid operations."""
        wanted = VALID if atom.op.endswith(VALID) else atom.list_id or 0
        found = self._sets.get(wanted)
        if found is None:
            ids = self.valid if isinstance(wanted, str) else self.lists[wanted]
            found = self._sets[wanted] = frozenset(ids.tolist()) - {0}
        return found

    def sites_of(self, code: int) -> tuple[int, ...]:
        """Body sites that an injury belongs to."""
        return self._sites_by_code.get(code, ())

    @cached_property
    def _rules_by_mdc(self) -> dict[str, tuple[Rule, ...]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.mdc, []).append(rule)
        return {mdc: tuple(rules) for mdc, rules in found.items()}

    @cached_property
    def _sets(self) -> dict[int | str, frozenset[int]]:
        """Lists that have been asked for, as sets: one record asks some hundred times."""
        return {}

    @cached_property
    def _sites_by_code(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, list[int]] = {}
        for code, site in zip(self.trauma.ids.tolist(), self.trauma.numbers.tolist(), strict=True):
            found.setdefault(code, []).append(site)
        return {code: tuple(sites) for code, sites in found.items()}

    def fields_read(self) -> frozenset[str]:
        """Names of the record's fields that some condition of this scheme tests."""
        conditions = [gate.condition for gate in self.gates] + [rule.condition for rule in self.rules]
        conditions += [refinement.condition for rule in self.rules for refinement in rule.refinements]
        return frozenset(atom.field for condition in conditions for clause in condition for atom in clause)
