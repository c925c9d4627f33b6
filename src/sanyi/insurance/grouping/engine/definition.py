"""分组方案定义: a scheme as people wrote it, ordered gates, rules, refinements and conditions, before it is compiled.

Source of meaning: CHS-DRG grouping semantics, sections 5 to 10 (docs/reference/grouping.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]

DX_FIELDS = frozenset({"dx_main", "dx_any", "dx_secondary"})
PX_FIELDS = frozenset({"px_main", "px_any", "px_secondary"})
NUMBER_FIELDS = ("age", "age_days", "weight", "los", "icu_hours", "sex")
COMPARISONS = frozenset({"<", "<=", ">", ">=", "=="})


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

    def rules_of(self, mdc: str) -> tuple[Rule, ...]:
        """The rules of one MDC in evaluation order."""
        return tuple(rule for rule in self.rules if rule.mdc == mdc)

    def fields_read(self) -> frozenset[str]:
        """Names of the record's fields that some condition of this scheme tests."""
        conditions = [gate.condition for gate in self.gates] + [rule.condition for rule in self.rules]
        conditions += [refinement.condition for rule in self.rules for refinement in rule.refinements]
        return frozenset(atom.field for condition in conditions for clause in condition for atom in clause)
