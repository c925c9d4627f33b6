"""决策表核对 (analysis): finds facts that no row covers, and facts that several rows cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sanyi.kernel.decision_table.fields import Cell

CASES_MAX = 200_000
Example = tuple[int | None, ...]
Cells = Sequence[Cell]


class TooManyCasesError(Exception):
    """核对过于庞大: the table has more distinct cases than can be looked at."""


def uncovered(rows: Sequence[Cells], region: Cells) -> Example | None:
    """未覆盖的情况: one combination of positions inside ``region`` that no row covers, or None.

    Splits the first input at the edges of the rows, then the next among the rows that remain; a set of rows already
    seen to cover everything is not looked at again. Raises TooManyCasesError beyond ``CASES_MAX`` cases.
    """
    return _Search(rows, region).find(0, frozenset(range(len(rows))))


def common(first: Cells, second: Cells) -> Example | None:
    """重叠的情况: one combination both rows cover, or None."""
    example: list[int | None] = []
    for cell, other in zip(first, second, strict=True):
        met = cell.meets(other)
        if met is False:
            return None
        example.append(met)
    return tuple(example)


class _Search:
    def __init__(self, rows: Sequence[Cells], region: Cells) -> None:
        self.rows = rows
        self.region = region
        self.covered: set[tuple[int, frozenset[int]]] = set()
        self.cases = 0

    def find(self, depth: int, alive: frozenset[int]) -> Example | None:
        if depth == len(self.region):
            return None if alive else ()
        if (depth, alive) in self.covered:
            return None
        for position in self._positions(depth, alive):
            self.cases += 1
            if self.cases > CASES_MAX:
                raise TooManyCasesError
            kept = frozenset(row for row in alive if self.rows[row][depth].covers(position))
            rest = self.find(depth + 1, kept)
            if rest is not None:
                return (position, *rest)
        self.covered.add((depth, alive))
        return None

    def _positions(self, depth: int, alive: frozenset[int]) -> Iterator[int | None]:
        """One position of each piece of the region between which no row begins or ends."""
        region = self.region[depth]
        for low, high in region.intervals:
            edges = {low}
            for row in alive:
                for first, last in self.rows[row][depth].intervals:
                    edges.update(edge for edge in (first, last + 1) if low < edge <= high)
            yield from sorted(edges)
        if region.allows_missing:
            yield None
