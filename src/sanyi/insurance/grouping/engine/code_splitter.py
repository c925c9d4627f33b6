"""编码切分: splits diagnosis and procedure texts and numbers their codes, on bytes; meant for Numba only.

Two passes over each text. The first finds where each code ends, in eight bytes at a time; the second reads a code as
three numbers of eight bytes and looks them up. Places in arrays are unsigned, because for signed ones the
compiler must ask each time whether they count from the end.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sanyi.insurance.grouping.engine.native import inlined, native

LONGEST_CODE_BYTES = 23
CODE_BYTES = 24  # what the lookup reads of every code
COMMA = 44
BAR = 124

_ALL = 2**64 - 1
_KEPT = [[(1 << 8 * min(max(length - start, 0), 8)) - 1 for start in (0, 8, 16)] for length in range(CODE_BYTES)]
KEPT = np.array([[*masks, length] for length, masks in enumerate(_KEPT)], dtype=np.uint64).reshape(-1)


class Slots(NamedTuple):
    """完美散列表: every known code has a place of its own, so that a look-up needs no search and no branch.

    A mixed code picks a shift for its bucket, code and shift together pick the place.
    """

    shifts: NDArray[np.uint64]  # for each bucket; their number is a power of two
    places: NDArray[np.uint16]  # the number of the code there, 0: none; their number is a power of two
    codes: NDArray[np.uint64]  # four numbers for each code: its bytes and its length


@inlined
def eight_bytes(data: Any, start: Any) -> Any:
    """Eight bytes as one number; the compiler makes one load of it."""
    return (
        np.uint64(data[start])
        | np.uint64(data[start + np.uint64(1)]) << np.uint64(8)
        | np.uint64(data[start + np.uint64(2)]) << np.uint64(16)
        | np.uint64(data[start + np.uint64(3)]) << np.uint64(24)
        | np.uint64(data[start + np.uint64(4)]) << np.uint64(32)
        | np.uint64(data[start + np.uint64(5)]) << np.uint64(40)
        | np.uint64(data[start + np.uint64(6)]) << np.uint64(48)
        | np.uint64(data[start + np.uint64(7)]) << np.uint64(56)
    )


@inlined
def mixed(first: Any, second: Any, third: Any) -> Any:
    """One number for a code; its upper bits depend on all of them."""
    both = first * np.uint64(0x9E3779B97F4A7C15) + second * np.uint64(0xBF58476D1CE4E5B9)
    whole = both + third * np.uint64(0x1656667B19E3779F)
    return (whole ^ (whole >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)


@inlined
def place_of(code: Any, shift: Any, width: Any) -> Any:
    """The place of a mixed code with the shift of its bucket; ``width`` is 64 less the bits of a place."""
    return ((code + shift) * np.uint64(0x9E3779B97F4A7C15)) >> width


@native
def read_codes(data: Any, ends: Any, codes: Any, hashes: Any) -> None:
    """Codes that stand one after another in ``data``, followed by 24 bytes of anything, as four numbers and mixed."""
    start = np.uint64(0)
    for row in range(ends.size):
        length = np.uint64(ends[row]) - start
        kept = length << np.uint64(2)
        codes[4 * row + 4] = eight_bytes(data, start) & KEPT[kept]
        codes[4 * row + 5] = eight_bytes(data, start + np.uint64(8)) & KEPT[kept + np.uint64(1)]
        third = eight_bytes(data, start + np.uint64(16)) & KEPT[kept + np.uint64(2)]
        codes[4 * row + 6] = third | length << np.uint64(56)
        hashes[row] = mixed(codes[4 * row + 4], codes[4 * row + 5], codes[4 * row + 6])
        start += length


@native
def fill(slots: Slots, hashes: Any, order: Any, starts: Any, width: int) -> bool:
    """Find a shift for every bucket, the fullest first; False when there is none.

    ``order`` has the codes by bucket, ``starts`` two numbers for each bucket that has any: where its codes begin in
    ``order`` and how many they are.
    """
    for number in range(starts.size // 2):
        begin = starts[2 * number]
        size = starts[2 * number + 1]
        for attempt in range(1 << 20):
            shift = np.uint64(attempt) * np.uint64(0xBF58476D1CE4E5B9)
            done = 0
            while done < size:
                row = order[begin + done]
                place = place_of(hashes[row], shift, np.uint64(width))
                if slots.places[place] != 0:
                    break
                slots.places[place] = row + 1
                done += 1
            if done == size:
                bucket = hashes[order[begin]] & np.uint64(slots.shifts.size - 1)
                slots.shifts[bucket] = shift
                break
            for taken in range(done):
                slots.places[place_of(hashes[order[begin + taken]], shift, np.uint64(width))] = 0
        else:
            return False
    return True


@native
def count_separators(data: Any, start: int, stop: int) -> int:
    """How many ``,`` and ``|`` there are."""
    count = 0
    for position in range(np.uint64(start), np.uint64(stop)):
        byte = data[position]
        count += (byte == COMMA) | (byte == BAR)
    return count


@native
def find_ends(data: Any, offsets: Any, present: Any, empty_count: int, ids: Any, ends: Any) -> Any:
    """Write into ``ids`` where each code ends; returns how many codes there are.

    An end is twice its place, counted from the first text, and one more at the end of a text: there no separator
    follows. ``data`` and ``offsets`` are the buffers of a text column whose missing texts have no bytes; ``present`` is
    empty when none is missing; ``empty_count`` is the number of codes of an empty text: one for diagnoses, none for
    procedures. ``ids`` has room for a code after every separator and one for every row; ``ends`` gets the end of each
    row, after a zero.
    """
    origin = np.uint64(offsets[0])
    count = np.uint64(0)
    ends[0] = 0
    last = data.size - 8
    for row in range(offsets.size - 1):
        start = np.uint64(offsets[row])
        stop = np.uint64(offsets[row + 1])
        position = start
        while position < stop:
            if np.int64(position) <= last:
                found = separators(eight_bytes(data, position))
            else:
                found = separators(last_bytes(data, position, stop)[0])
            if stop - position < np.uint64(8):
                found &= (np.uint64(1) << ((stop - position) << np.uint64(3))) - np.uint64(1)
            # Hardly any eight bytes have more than two: those are written without asking whether they are there.
            ids[count] = (position + first_byte(found) - origin) << np.uint64(1)
            count += np.uint64(found != np.uint64(0))
            found &= found - np.uint64(1)
            ids[count] = (position + first_byte(found) - origin) << np.uint64(1)
            count += np.uint64(found != np.uint64(0))
            found &= found - np.uint64(1)
            while found != np.uint64(0):
                ids[count] = (position + first_byte(found) - origin) << np.uint64(1)
                count += np.uint64(1)
                found &= found - np.uint64(1)
            position += np.uint64(8)
        if start != stop or (empty_count > 0 and (present.size == 0 or present[row])):
            ids[count] = (stop - origin) << np.uint64(1) | np.uint64(1)
            count += np.uint64(1)
        ends[row + 1] = count
    return np.int64(count)


@inlined
def separators(word: Any) -> Any:
    """The upper bit of each of eight bytes that is ``,`` or ``|``."""
    low = np.uint64(0x7F7F7F7F7F7F7F7F)
    comma = word ^ np.uint64(0x2C2C2C2C2C2C2C2C)
    bar = word ^ np.uint64(0x7C7C7C7C7C7C7C7C)
    is_other = (((comma & low) + low) | comma) & (((bar & low) + low) | bar)
    return ~is_other & np.uint64(0x8080808080808080)


@inlined
def first_byte(found: Any) -> Any:
    """Which byte holds the lowest bit that ``separators`` has set: shifted by it, the constant shows the number."""
    lowest = found & (np.uint64(0) - found)
    return ((lowest >> np.uint64(7)) * np.uint64(0x0001020304050607)) >> np.uint64(56)


@native
def number_codes(data: Any, origin: int, count: int, slots: Slots, ids: Any) -> None:
    """Replace what ``find_ends`` wrote into ``ids`` by the numbers of the codes, 0 for an unknown one."""
    shifts, places, codes = slots.shifts, slots.places, slots.codes
    buckets = np.uint64(shifts.size - 1)
    width = np.uint64(64)
    while np.uint64(places.size) >> (np.uint64(64) - width) > np.uint64(1):
        width -= np.uint64(1)
    last = data.size - CODE_BYTES
    start = np.uint64(origin)
    for place in range(np.uint64(count)):
        end = np.uint64(origin) + (np.uint64(ids[place]) >> np.uint64(1))
        next_start = end + np.uint64(1) - (np.uint64(ids[place]) & np.uint64(1))
        length = end - start
        number = np.uint64(0)
        if length <= np.uint64(LONGEST_CODE_BYTES):
            kept = length << np.uint64(2)
            if np.int64(start) <= last:
                first = eight_bytes(data, start) & KEPT[kept]
                second = eight_bytes(data, start + np.uint64(8)) & KEPT[kept + np.uint64(1)]
                third = eight_bytes(data, start + np.uint64(16)) & KEPT[kept + np.uint64(2)]
            else:
                first, second, third = last_bytes(data, start, end)
            third |= length << np.uint64(56)
            code = mixed(first, second, third)
            number = np.uint64(places[place_of(code, shifts[code & buckets], width)])
            known = number << np.uint64(2)
            rest = (codes[known] ^ first) | (codes[known + np.uint64(1)] ^ second)
            number *= np.uint64((rest | (codes[known + np.uint64(2)] ^ third)) == np.uint64(0))
        ids[place] = number
        start = next_start


@inlined
def last_bytes(data: Any, start: Any, stop: Any) -> tuple[Any, Any, Any]:
    """A code at the very end of the data as three numbers, byte by byte."""
    first = np.uint64(0)
    second = np.uint64(0)
    third = np.uint64(0)
    for position in range(start, stop):
        byte = np.uint64(data[position])
        place = position - start
        if place < np.uint64(8):
            first |= byte << (np.uint64(8) * place)
        elif place < np.uint64(16):
            second |= byte << (np.uint64(8) * (place - np.uint64(8)))
        else:
            third |= byte << (np.uint64(8) * (place - np.uint64(16)))
    return first, second, third
