"""编码切分: splits diagnosis and procedure texts and numbers their codes, on bytes; meant for Numba only."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sanyi.insurance.grouping.engine.native import native

LONGEST_CODE_BYTES = 23
COMMA = 44
BAR = 124


class Slots(NamedTuple):
    """散列表: open addressing; a code of at most 23 bytes is kept as three whole numbers, its length in the third."""

    ids: NDArray[np.int32]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    third: NDArray[np.int64]


@native
def _slot_of(first: int, second: int, third: int, mask: int) -> int:
    mixed = first * -7046029254386353131 + second * -4658895280553007687 + third * 1609587929392839161
    mixed = mixed ^ (mixed >> 29)
    mixed = mixed * -4658895280553007687
    return (mixed >> 32) & mask


@native
def _find(slots: Slots, first: int, second: int, third: int) -> int:
    mask = slots.ids.size - 1
    place = _slot_of(first, second, third, mask)
    while slots.ids[place] != 0:
        if slots.first[place] == first and slots.second[place] == second and slots.third[place] == third:
            return place
        place = (place + 1) & mask
    return place


@native
def fill(slots: Slots, data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
    for row in range(offsets.size - 1):
        words = _pack(data, offsets[row], offsets[row + 1])
        place = _find(slots, words[0], words[1], words[2])
        slots.ids[place] = row + 1
        slots.first[place], slots.second[place], slots.third[place] = words


@native
def _pack(data: NDArray[np.uint8], start: int, stop: int) -> tuple[int, int, int]:
    first = np.int64(0)
    second = np.int64(0)
    third = np.int64(0)
    for position in range(start, stop):
        byte = np.int64(data[position])
        if position - start < 8:
            first = (first << 8) | byte
        elif position - start < 16:
            second = (second << 8) | byte
        else:
            third = (third << 8) | byte
    return first, second, third | ((stop - start) << 56)


@native
def split_codes(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int32],
    present: NDArray[np.bool_],
    empty_count: int,
    slots: Slots,
    ids: NDArray[np.int32],
    ends: NDArray[np.int64],
) -> int:
    """Split texts at ``,`` and ``|`` and number the codes; returns how many, or -1 when ``ids`` is too short.

    ``empty_count`` is the number of codes of an empty text: one for diagnoses, none for procedures.
    """
    count = 0
    ends[0] = 0
    for row in range(offsets.size - 1):
        start = offsets[row]
        stop = offsets[row + 1]
        if count + (stop - start) + 1 > ids.size:
            return -1
        if present.size > 0 and not present[row]:
            stop = start
        elif start == stop:
            for _ in range(empty_count):
                ids[count] = 0
                count += 1
        if start < stop:
            begin = start
            for position in range(start, stop + 1):
                if position == stop or data[position] == COMMA or data[position] == BAR:
                    ids[count] = 0
                    if position - begin <= LONGEST_CODE_BYTES:
                        words = _pack(data, begin, position)
                        ids[count] = slots.ids[_find(slots, words[0], words[1], words[2])]
                    count += 1
                    begin = position + 1
        ends[row + 1] = count
    return count
