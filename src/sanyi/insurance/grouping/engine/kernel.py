"""分组内核: finds the group of each stay from whole numbers; compiled by Numba or run as plain Python.

For a stay, the clauses that its main diagnosis allows and those that its main procedure allows are two rows of words;
their common bits, lowest first, are the only clauses worth testing. The layout of all arrays is in ``layout.py``.
"""

from typing import Any

from sanyi.insurance.grouping.engine.layout import (
    AGE,
    AGE_DAYS,
    BIT_HASH,
    CANDIDATES,
    CC,
    CHECK_FAILED,
    DEPT,
    DIRECTORY,
    DX_ANY,
    DX_MAIN_BITS,
    DX_SECONDARY,
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
    SEEK,
    SEX,
    SOME_BITS,
    WEIGHT,
    WORD_BITS,
    Stays,
    Tables,
)
from sanyi.insurance.grouping.engine.native import inlined, native


@inlined
def holds(program: Any, start: int, facts: Any, words: Any, dx_row: int, px_row: int) -> bool:
    """Whether every atom of the clause at ``start`` is true; a null number makes its atom false."""
    for place in range(start + 1, start + 1 + 4 * program[start], 4):
        kind = program[place]
        fact = program[place + 1]
        low = program[place + 2]
        if kind == INSIDE:
            value = facts[fact]
            if value == NULL or value < low or value > program[place + 3]:
                return False
        elif kind == SOME_BITS:
            if facts[fact] & low == 0:
                return False
        elif kind == NO_BITS:
            if facts[fact] & low != 0:
                return False
        elif kind == DX_MAIN_BITS:
            if words[dx_row + fact] & low == 0:
                return False
        elif kind == PX_MAIN_BITS:
            if words[px_row + fact] & low == 0:
                return False
        elif kind == OUTSIDE:
            value = facts[fact]
            if value == NULL or (low <= value and value <= program[place + 3]):
                return False
        elif bit_count(facts[fact] & low) < program[place + 3]:
            return False
    return True


@native
def bit_count(word: int) -> int:
    """Number of bits that are set."""
    count = 0
    while word != 0:
        word = word & (word - 1)
        count += 1
    return count


@inlined
def refine(program: Any, rule: int, facts: Any, words: Any, dx_row: int, px_row: int) -> int:
    """The result of a rule whose condition is true: its first candidate that holds, else its fallback (0: none)."""
    place = rule + CANDIDATES + 2
    for _candidate in range(program[rule + CANDIDATES + 1]):
        outcome: int = program[place]
        clause_count = program[place + 1]
        place += 2
        for _clause in range(clause_count):
            if holds(program, place, facts, words, dx_row, px_row):
                return outcome
            place += 1 + 4 * program[place]
    fallback: int = program[rule + CANDIDATES]
    return fallback


@inlined
def decide(program: Any, word_count: int, words: Any, dx_row: int, px_row: int, facts: Any) -> int:
    """First rule, in order, that is true and gives a result."""
    for word in range(word_count):
        bits = words[dx_row + word] & words[px_row + word]
        while bits != 0:
            position = program[(((bits & -bits) * BIT_HASH) >> 58) & 63]
            bits = bits & (bits - 1)
            entry = DIRECTORY + 2 * (word * WORD_BITS + position)
            clause = program[entry]
            if clause == 0 or holds(program, clause, facts, words, dx_row, px_row):
                rule = program[entry + 1]
                outcome: int = program[rule + facts[MCC] + 2 * facts[CC]]
                if outcome == SEEK:
                    outcome = refine(program, rule, facts, words, dx_row, px_row)
                if outcome != NOT_GROUPED:
                    return outcome
    return NOT_GROUPED


@inlined
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


@inlined
def read_diagnoses(
    begin: int, end: int, dx: Any, dx_facts: Any, exclusion: Any, facts: Any, row: int, marks: Any
) -> None:
    """Masks of all and of secondary diagnoses; whether an MCC or a CC counts after exclusion.

    ``marks`` is empty or has four numbers for each stay: MCC counted, MCC excluded, CC counted, CC excluded; bit k
    stands for secondary diagnosis k + 1, the last bit for all later ones.
    """
    main = dx[begin]
    own = exclusion[main]
    secondary = 0
    counted = 0
    for place in range(begin + 1, end):
        code = 2 * dx[place]
        secondary |= dx_facts[code]
        mcc = dx_facts[code + 1] >> 16
        cc = dx_facts[code + 1] & 0xFFFF
        counted |= ((mcc != 0) & (mcc != own)) | ((cc != 0) & (cc != own)) << 1
        if len(marks) > 0:
            bit = 1 << min(place - begin - 1, WORD_BITS - 1)
            if mcc != 0:
                marks[4 * row + (0 if mcc != own else 1)] |= bit
            if cc != 0:
                marks[4 * row + (2 if cc != own else 3)] |= bit
    facts[MCC] = counted & 1
    facts[CC] = counted >> 1
    facts[DX_SECONDARY] = secondary
    facts[DX_ANY] = secondary | dx_facts[2 * main]


@inlined
def read_procedures(begin: int, end: int, px: Any, px_bits: Any, no_procedure: int, facts: Any) -> int:
    """Masks of all and of secondary procedures; returns the number of the main one."""
    if begin == end:
        facts[PX_ANY] = 0
        facts[PX_SECONDARY] = 0
        return no_procedure
    secondary = 0
    for place in range(begin + 1, end):
        secondary |= px_bits[px[place]]
    main: int = px[begin]
    facts[PX_SECONDARY] = secondary
    facts[PX_ANY] = secondary | px_bits[main]
    return main


@native
def group(tables: Tables, stays: Stays, facts: Any, outcomes: Any, marks: Any, retried: Any) -> None:
    """Write the outcome of every stay; ``marks`` and ``retried`` are empty without a trace."""
    dx, dx_end, px, px_end = stays.dx, stays.dx_end, stays.px, stays.px_end
    age, age_days, weight, los, icu_hours = stays.age, stays.age_days, stays.weight, stays.los, stays.icu_hours
    sex, leaving, dept, state = stays.sex, stays.leaving, stays.dept, stays.state
    program, words, dx_rows, px_rows = tables.program, tables.words, tables.dx_row, tables.px_row
    dx_facts, px_bits, exclusion = tables.dx_facts, tables.px_bits, tables.exclusion
    word_count, no_procedure, retries = tables.word_count, tables.no_procedure, tables.retries
    for row in range(len(state)):
        if state[row] != 0:
            outcomes[row] = state[row]
            continue
        if not passes_check(age[row], age_days[row], weight[row], sex[row]):
            outcomes[row] = CHECK_FAILED
            continue
        facts[AGE] = age[row]
        facts[AGE_DAYS] = age_days[row]
        facts[WEIGHT] = weight[row]
        facts[LOS] = los[row]
        facts[ICU_HOURS] = icu_hours[row]
        facts[SEX] = sex[row]
        facts[LEAVING] = leaving[row]
        facts[DEPT] = dept[row]
        read_diagnoses(dx_end[row], dx_end[row + 1], dx, dx_facts, exclusion, facts, row, marks)
        dx_row = dx_rows[dx[dx_end[row]]]
        begin = px_end[row]
        end = px_end[row + 1]
        place = begin
        while True:
            last = end if place == begin else place + 1
            main = read_procedures(place, last, px, px_bits, no_procedure, facts)
            outcome = decide(program, word_count, words, dx_row, px_rows[main], facts)
            place += 1
            if outcome != NOT_GROUPED or retries == 0 or place >= end:
                break
        outcomes[row] = outcome
        if len(retried) > 0 and outcome != NOT_GROUPED:
            retried[row] = place - begin - 1


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
