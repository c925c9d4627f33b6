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
AGE, AGE_DAYS, WEIGHT, LOS, ICU_HOURS, SEX, LEAVING, DEPT, MCC, CC, DX_ANY, DX_SECONDARY, PX_ANY, PX_SECONDARY = range(
    14
)
FACT_COUNT = 14

# Kinds of atoms.
INSIDE, OUTSIDE, SOME_BITS, NO_BITS, BIT_COUNT, DX_MAIN_BITS, PX_MAIN_BITS = range(7)


# The program of a scheme is one array of whole numbers:
#   0 to 63          position of the lowest set bit, found under the hash of that bit
#   DIRECTORY + 2 c  where the record of clause c begins, 0 when it has no atoms; then the start of its rule
#   clause record    number of atoms, the atoms (four numbers each: kind, fact or word, low, high)
#   rule record      its outcome without MCC and CC, with MCC, with CC, with both (SEEK: try the candidates in turn),
#                    fallback outcome, number of candidates, the candidates
#   candidate        outcome, number of clauses, the clauses (number of atoms, atoms)
BIT_HASH = 0x03F79D71B4CB0A89
DIRECTORY = 64
SEEK = -1
CANDIDATES = 4  # where, after the start of a rule record, its fallback stands


class Tables(NamedTuple):
    """编译后的方案: arrays of one scheme (lists of whole numbers when run as plain Python)."""

    word_count: int  # words of clauses; a row may have more, for tests of candidates
    retries: int  # 1: an ungrouped stay is tried again with each further procedure alone
    no_procedure: int  # the number that stands for "no procedure"
    dx_row: Any  # code -> its row in words
    px_row: Any
    words: Any
    dx_facts: Any  # two for each code: lists tested at any position; exclusion table as an MCC << 16 | as a CC
    px_bits: Any  # code -> lists tested at any position
    exclusion: Any  # code as main diagnosis -> its exclusion table
    program: Any


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
