"""编码切分: splits diagnosis and procedure texts and numbers their codes, on bytes; meant for Numba only."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sanyi.insurance.grouping.engine.native import native

LONGEST_CODE_BYTES = 23
COMMA = 44
BAR = 124


class Slots(NamedTuple):
    """散列表: open addressing, four numbers a place: the code's number, then the code as three numbers."""

    mask: int
    places: NDArray[np.int64]


@native
def find(places: Any, mask: int, first: Any, second: Any, third: Any) -> int:
    """The place that holds a code, or the empty one where it belongs."""
    mixed = first * -7046029254386353131 + second * -4658895280553007687 + third * 1609587929392839161
    mixed = (mixed ^ (mixed >> 29)) * -4658895280553007687
    place: int = ((mixed >> 32) & mask) << 2
    while places[place] != 0:
        if places[place + 1] == first and places[place + 2] == second and places[place + 3] == third:
            return place
        place = (place + 4) & ((mask << 2) | 3)
    return place


@native
def fill(slots: Slots, data: Any, offsets: Any) -> None:
    """Number the codes of a column, each row one code, from 1."""
    places = slots.places
    for row in range(offsets.size - 1):
        first, second, third = pack(data, offsets[row], offsets[row + 1])
        place = find(places, slots.mask, first, second, third)
        places[place] = row + 1
        places[place + 1] = first
        places[place + 2] = second
        places[place + 3] = third


@native
def pack(data: Any, start: int, stop: int) -> tuple[np.int64, np.int64, np.int64]:
    """A code of at most 23 bytes as three numbers; its length is in the third."""
    first = np.int64(0)
    second = np.int64(0)
    third = np.int64(0)
    for position in range(start, min(stop, start + 8)):
        first = (first << 8) | np.int64(data[position])
    for position in range(start + 8, min(stop, start + 16)):
        second = (second << 8) | np.int64(data[position])
    for position in range(start + 16, stop):
        third = (third << 8) | np.int64(data[position])
    return first, second, third | (np.int64(stop - start) << 56)


@native
def split_codes(data: Any, offsets: Any, present: Any, empty_count: int, slots: Slots, ids: Any, ends: Any) -> int:
    """Split texts at ``,`` and ``|`` and number the codes; returns how many, or -1 when ``ids`` is too short.

    ``data`` and ``offsets`` are the buffers of a text column, ``present`` is empty when no text is missing;
    ``empty_count`` is the number of codes of an empty text: one for diagnoses, none for procedures.
    """
    places = slots.places
    mask = slots.mask
    count = 0
    ends[0] = 0
    for row in range(offsets.size - 1):
        start = np.int64(offsets[row])
        stop = np.int64(offsets[row + 1])
        if count + (stop - start) + 1 > ids.size:
            return -1
        if present.size > 0 and not present[row]:
            ends[row + 1] = count
            continue
        if start == stop:
            for _ in range(empty_count):
                ids[count] = 0
                count += 1
            ends[row + 1] = count
            continue
        first: Any = np.int64(0)
        second: Any = np.int64(0)
        word: Any = np.int64(0)
        length: Any = np.int64(0)
        for position in range(start, stop + 1):
            byte = np.int64(BAR)
            if position < stop:
                byte = np.int64(data[position])
            if byte != COMMA and byte != BAR:
                word = (word << 8) | byte
                length += 1
                if length == 8:
                    first = word
                    word = 0
                elif length == 16:
                    second = word
                    word = 0
                continue
            third = length << 56
            if length < 8:
                first = word
            elif length < 16:
                second = word
            else:
                third = third | word
            ids[count] = 0
            if length <= LONGEST_CODE_BYTES:
                ids[count] = places[find(places, mask, first, second, third)]
            count += 1
            first = 0
            second = 0
            word = 0
            length = 0
        ends[row + 1] = count
    return count
