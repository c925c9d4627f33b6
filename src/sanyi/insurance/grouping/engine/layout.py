"""内核数据布局: the arrays that the grouping kernel reads and writes, and the numbers that give them meaning.

A *clause* is one AND of tests; the clauses of all rules are numbered in evaluation order and kept as bits, 62 to a
word, one row of words for each class of main diagnoses and one for each class of main procedures.
"""

from typing import Any, NamedTuple

WORD_BITS = 62
NULL = -(2**31)

# Outcomes below FIRST_GROUP are statuses without a group.
NOT_GROUPED = 0
CHECK_FAILED = 1
DIAGNOSIS_NOT_TRANSLATED = 2
PROCEDURE_NOT_TRANSLATED = 3
FIRST_GROUP = 4

# Facts of one stay, by position.
AGE, AGE_DAYS, WEIGHT, LOS, ICU_HOURS, SEX, LEAVING, DEPT, MCC, CC, DX_ANY, DX_SECONDARY, PX_ANY, PX_SECONDARY = range(14)
FACT_COUNT = 14

# Kinds of atoms.
INSIDE, OUTSIDE, SOME_BITS, NO_BITS, BIT_COUNT, DX_MAIN_BITS, PX_MAIN_BITS = range(7)


class Tables(NamedTuple):
    """编译后的方案: arrays of one scheme (lists of whole numbers when run as plain Python)."""

    word_count: int
    searched_word_count: int
    retries: int
    no_procedure: int
    dx_row: Any
    dx_main: Any
    dx_bits: Any
    mcc_table: Any
    cc_table: Any
    exclusion_table: Any
    px_row: Any
    px_main: Any
    px_bits: Any
    clause_rule: Any
    clause_start: Any
    atom_kind: Any
    atom_field: Any
    atom_low: Any
    atom_high: Any
    rule_refinement: Any
    rule_fallback: Any
    refinement_clause: Any


class Stays(NamedTuple):
    """病例列: columns of a batch; ``state`` is 0 or the outcome a stay already has."""

    dx: Any
    dx_end: Any
    px: Any
    px_end: Any
    age: Any
    age_days: Any
    weight: Any
    los: Any
    icu_hours: Any
    sex: Any
    leaving: Any
    dept: Any
    state: Any


class Marks(NamedTuple):
    """轨迹列: filled only when a trace is wanted; bit k stands for secondary diagnosis k + 1, the last bit for later ones."""

    is_wanted: int
    mcc: Any
    mcc_excluded: Any
    cc: Any
    cc_excluded: Any
    procedure: Any
