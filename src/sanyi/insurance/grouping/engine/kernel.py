"""分组内核: finds the group of each stay from whole numbers; compiled by Numba or run as plain Python.

For a stay, the clauses that its main diagnosis allows and those that its main procedure allows are two rows of words;
their common bits, lowest first, are the only clauses worth testing. The layout of all arrays is in ``layout.py``.
"""

from typing import Any

from sanyi.insurance.grouping.engine.layout import (
    AGE,
    AGE_DAYS,
    CC,
    CHECK_FAILED,
    DEPT,
    DX_ANY,
    DX_MAIN_BITS,
    DX_SECONDARY,
    FIRST_GROUP,
    ICU_HOURS,
    INSIDE,
    LEAVING,
    LOS,
    MCC,
    NO_BITS,
    NOT_GROUPED,
    NULL,
    OUTSIDE,
    PX_ANY,
    PX_MAIN_BITS,
    PX_SECONDARY,
    SEX,
    SOME_BITS,
    WEIGHT,
    WORD_BITS,
    Marks,
    Stays,
    Tables,
)
from sanyi.insurance.grouping.engine.native import native


@native
def holds(tables: Tables, clause: int, facts: Any, dx_row: int, px_row: int) -> bool:
    """Whether every atom of a clause is true; a null number makes its atom false."""
    for atom in range(tables.clause_start[clause], tables.clause_start[clause + 1]):
        kind = tables.atom_kind[atom]
        place = tables.atom_field[atom]
        low = tables.atom_low[atom]
        if kind == INSIDE:
            value = facts[place]
            if value == NULL or value < low or value > tables.atom_high[atom]:
                return False
        elif kind == SOME_BITS:
            if facts[place] & low == 0:
                return False
        elif kind == NO_BITS:
            if facts[place] & low != 0:
                return False
        elif kind == DX_MAIN_BITS:
            if tables.dx_main[dx_row + place] & low == 0:
                return False
        elif kind == PX_MAIN_BITS:
            if tables.px_main[px_row + place] & low == 0:
                return False
        elif kind == OUTSIDE:
            value = facts[place]
            if value == NULL or (low <= value and value <= tables.atom_high[atom]):
                return False
        else:
            rest = facts[place] & low
            count = 0
            while rest != 0:
                rest = rest & (rest - 1)
                count += 1
            if count < tables.atom_high[atom]:
                return False
    return True


@native
def refine(tables: Tables, rule: int, facts: Any, dx_row: int, px_row: int) -> int:
    """The outcome of a rule whose condition is true: first candidate that holds, else the fallback (0: none)."""
    for refinement in range(tables.rule_refinement[rule], tables.rule_refinement[rule + 1]):
        for clause in range(tables.refinement_clause[refinement], tables.refinement_clause[refinement + 1]):
            if holds(tables, clause, facts, dx_row, px_row):
                return FIRST_GROUP + refinement
    return int(tables.rule_fallback[rule])


@native
def lowest_bit(word: int) -> int:
    """Position of the lowest bit that is set."""
    position = 0
    if word & 0xFFFFFFFF == 0:
        position += 32
        word >>= 32
    if word & 0xFFFF == 0:
        position += 16
        word >>= 16
    if word & 0xFF == 0:
        position += 8
        word >>= 8
    if word & 0xF == 0:
        position += 4
        word >>= 4
    if word & 0x3 == 0:
        position += 2
        word >>= 2
    if word & 0x1 == 0:
        position += 1
    return position


@native
def decide(tables: Tables, facts: Any, main_dx: int, main_px: int) -> int:
    """First rule, in order, that is true and gives a result."""
    dx_row = tables.dx_row[main_dx]
    px_row = tables.px_row[main_px]
    for word in range(tables.searched_word_count):
        bits = tables.dx_main[dx_row + word] & tables.px_main[px_row + word]
        while bits != 0:
            clause = word * WORD_BITS + lowest_bit(bits)
            bits = bits & (bits - 1)
            if holds(tables, clause, facts, dx_row, px_row):
                outcome = refine(tables, tables.clause_rule[clause], facts, dx_row, px_row)
                if outcome != NOT_GROUPED:
                    return outcome
    return NOT_GROUPED


@native
def mark(marks: Any, row: int, position: int) -> None:
    """Set the bit of a secondary diagnosis (position 1 is the first one)."""
    marks[row] = marks[row] | (1 << min(position - 1, WORD_BITS - 1))


@native
def read_diagnoses(tables: Tables, stays: Stays, row: int, facts: Any, marks: Marks) -> None:
    """Masks of all and of secondary diagnoses; whether an MCC or a CC counts after exclusion."""
    begin = stays.dx_end[row]
    main = stays.dx[begin]
    excluded = tables.exclusion_table[main]
    secondary = 0
    mcc = 0
    cc = 0
    for place in range(begin + 1, stays.dx_end[row + 1]):
        code = stays.dx[place]
        secondary |= tables.dx_bits[code]
        number = tables.mcc_table[code]
        if number != 0:
            if number != excluded:
                mcc = 1
                if marks.is_wanted:
                    mark(marks.mcc, row, place - begin)
            elif marks.is_wanted:
                mark(marks.mcc_excluded, row, place - begin)
        number = tables.cc_table[code]
        if number != 0:
            if number != excluded:
                cc = 1
                if marks.is_wanted:
                    mark(marks.cc, row, place - begin)
            elif marks.is_wanted:
                mark(marks.cc_excluded, row, place - begin)
    facts[MCC] = mcc
    facts[CC] = cc
    facts[DX_SECONDARY] = secondary
    facts[DX_ANY] = secondary | tables.dx_bits[main]


@native
def read_procedures(tables: Tables, stays: Stays, begin: int, end: int, facts: Any) -> int:
    """Masks of all and of secondary procedures; returns the number of the main one."""
    if begin == end:
        facts[PX_ANY] = 0
        facts[PX_SECONDARY] = 0
        return tables.no_procedure
    secondary = 0
    for place in range(begin + 1, end):
        secondary |= tables.px_bits[stays.px[place]]
    main = stays.px[begin]
    facts[PX_SECONDARY] = secondary
    facts[PX_ANY] = secondary | tables.px_bits[main]
    return int(main)


@native
def passes_check(age: int, age_days: int, weight: int, sex: int) -> bool:
    """信息校验: sex is 1 or 2, age is known; an infant has its age in days, a newborn (28 days or less) its weight."""
    if sex != 1 and sex != 2:
        return False
    if age == NULL:
        return False
    if age == 0:
        if age_days == NULL:
            return False
        if age_days <= 28 and weight == NULL:
            return False
    return True


@native
def group(tables: Tables, stays: Stays, facts: Any, outcomes: Any, marks: Marks) -> None:
    """Write the outcome of every stay."""
    for row in range(len(stays.state)):
        if stays.state[row] != 0:
            outcomes[row] = stays.state[row]
            continue
        if not passes_check(stays.age[row], stays.age_days[row], stays.weight[row], stays.sex[row]):
            outcomes[row] = CHECK_FAILED
            continue
        facts[AGE] = stays.age[row]
        facts[AGE_DAYS] = stays.age_days[row]
        facts[WEIGHT] = stays.weight[row]
        facts[LOS] = stays.los[row]
        facts[ICU_HOURS] = stays.icu_hours[row]
        facts[SEX] = stays.sex[row]
        facts[LEAVING] = stays.leaving[row]
        facts[DEPT] = stays.dept[row]
        read_diagnoses(tables, stays, row, facts, marks)
        begin = stays.px_end[row]
        end = stays.px_end[row + 1]
        main_dx = stays.dx[stays.dx_end[row]]
        main_px = read_procedures(tables, stays, begin, end, facts)
        outcome = decide(tables, facts, main_dx, main_px)
        place = begin + 1
        while outcome == NOT_GROUPED and tables.retries and place < end:
            main_px = read_procedures(tables, stays, place, place + 1, facts)
            outcome = decide(tables, facts, main_dx, main_px)
            if outcome != NOT_GROUPED and marks.is_wanted:
                marks.procedure[row] = place - begin
            place += 1
        outcomes[row] = outcome


@native
def translate(ids: Any, ends: Any, targets: Any, is_sequential: int, failure: int, state: Any) -> None:
    """编码转换: replace codes by their targets; a stay with a code that is no key fails as a whole.

    Sequential: for each position in turn, the *first* position that now holds the same code is replaced. This copies
    the side effect of the peer; otherwise each code is replaced on its own.
    """
    for row in range(len(state)):
        if state[row] != 0:
            continue
        begin = ends[row]
        end = ends[row + 1]
        for place in range(begin, end):
            if targets[ids[place]] < 0:
                state[row] = failure
                break
        if state[row] != 0:
            continue
        for place in range(begin, end):
            code = ids[place]
            first = place
            if is_sequential:
                first = begin
                while ids[first] != code:
                    first += 1
            ids[first] = targets[code]
