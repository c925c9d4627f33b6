"""编号修复 (repair of numbering): every marker gets the number of its position; what was changed is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanyi.governance.policy.rules.markers import ANNEX, Marker, numeral_written, written

_LEAP_MAX = 4


@dataclass(frozen=True, slots=True)
class Numbered:
    """已编号: index of the marker, its parent's index (-1 at the root), its number and what was repaired."""

    index: int
    parent: int
    number: int
    repaired: str = ""
    problem: str = ""


class _State:
    def __init__(self, markers: Sequence[Marker]) -> None:
        self.markers = markers
        self.open: dict[int, int] = {}
        self.last: dict[tuple[int, int], int] = {}
        self.overall: dict[int, int] = {}
        self.is_running: dict[int, bool] = {}
        self.first_parent: dict[int, int] = {}

    def parent(self, rank: int) -> int:
        """The nearest open marker of a higher rank."""
        above = [open_rank for open_rank in self.open if open_rank < rank]
        return self.open[max(above)] if above else -1

    def next_sibling(self, index: int) -> Marker | None:
        """The next marker of the same rank before one of a higher rank."""
        rank = self.markers[index].rank
        for marker in self.markers[index + 1 :]:
            if marker.rank < rank:
                return None
            if marker.rank == rank:
                return marker
        return None


def number_markers(markers: Sequence[Marker]) -> list[Numbered | None]:
    """编号: for each marker its place in the tree, None for what only looks like a marker."""
    state = _State(markers)
    result: list[Numbered | None] = []
    for index, marker in enumerate(markers):
        numbered = _number(state, index, marker)
        result.append(numbered)
        if numbered is None:
            continue
        rank = marker.rank
        state.open = {open_rank: at for open_rank, at in state.open.items() if open_rank < rank}
        state.open[rank] = index
        state.last[(numbered.parent, rank)] = numbered.number
        state.overall[rank] = numbered.number
        if rank == ANNEX:
            state.overall, state.is_running = {ANNEX: numbered.number}, {}
    return result


def _number(state: _State, index: int, marker: Marker) -> Numbered | None:
    parent = state.parent(marker.rank)
    last = state.last.get((parent, marker.rank))
    expected = [last + 1] if last is not None else _first_numbers(state, index, marker)
    if marker.number in expected:
        if last is None and marker.number != 1:
            state.is_running[marker.rank] = True
        said = (
            f"编号“{marker.printed}”缺损，按位置读作{written(marker.rank, marker.number)}" if marker.is_damaged else ""
        )
        return Numbered(index, parent, marker.number, said)
    for number in expected:
        if _is_remnant(marker, number) and not _goes_on(state, index, marker):
            if last is None and number != 1:
                state.is_running[marker.rank] = True
            return Numbered(
                index, parent, number, f"编号印作“{marker.printed}”，按位置读作{written(marker.rank, number)}"
            )
    return _unexpected(state, index, marker, parent, expected[0], is_first=last is None)


def _first_numbers(state: _State, index: int, marker: Marker) -> list[int]:
    """首个编号: the first child is 1, or goes on from the chapter before when the document counts through."""
    overall = state.overall.get(marker.rank)
    if overall is None:
        return [1]
    if state.is_running.get(marker.rank):
        return [overall + 1, 1]
    following = state.next_sibling(index)
    if following is not None and following.number == overall + 2:
        return [overall + 1, 1]
    return [1, overall + 1]


def _is_remnant(marker: Marker, number: int) -> bool:
    """残留: whether what is printed can be what is left of a number: 十 of 十五, nothing of anything."""
    if marker.number is None:
        return True
    rest = iter(numeral_written(marker.rank, number))
    return marker.numeral != "" and all(sign in rest for sign in marker.numeral)


def _goes_on(state: _State, index: int, marker: Marker) -> bool:
    """自成顺序: whether the next one counts on from what is printed here, so that it is no remnant."""
    following = state.next_sibling(index)
    return marker.number is not None and following is not None and following.number == marker.number + 1


def _unexpected(
    state: _State, index: int, marker: Marker, parent: int, expected: int, *, is_first: bool
) -> Numbered | None:
    following = state.next_sibling(index)
    number = marker.number
    if number is None:
        return Numbered(index, parent, expected, f"编号缺失，按位置读作{written(marker.rank, expected)}")
    if number < expected and following is not None and following.number == expected + 1:
        return Numbered(
            index, parent, expected, f"编号重复印作“{marker.printed}”，按位置读作{written(marker.rank, expected)}"
        )
    if number > expected + _LEAP_MAX and not is_first and not _goes_on(state, index, marker):
        return None
    if number > expected:
        return Numbered(index, parent, number, "", f"编号从{written(marker.rank, expected)}跳到“{marker.printed}”")
    if number == 1 or _goes_on(state, index, marker):
        return Numbered(index, parent, number, "", f"编号“{marker.printed}”重新开始")
    if number == expected - 1:
        return Numbered(
            index, parent, expected, f"编号重复印作“{marker.printed}”，按位置读作{written(marker.rank, expected)}"
        )
    return Numbered(index, parent, number, "", f"编号“{marker.printed}”与顺序不符")
