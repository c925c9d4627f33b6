"""有线表格 (ruled tables): cells between the lines drawn on a page; cells that span rows or columns are one cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

_THIN = 3.0
_SHORT = 6.0
_NEAR = 2.5
Rule = tuple[float, float, float, float]
"""线: left, bottom, right, top."""


@dataclass(slots=True, eq=False)
class Box:
    """字: a character and its box; ``middle`` is the middle of its height."""

    sign: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    middle: float

    @property
    def centre(self) -> float:
        """水平中点."""
        return (self.left + self.right) * 0.5


@dataclass(slots=True)
class RuledTable:
    """表格: rows of cells from top to bottom, empty where a cell goes on from above or from the left."""

    top: float
    bottom: float
    column_count: int
    rows: list[tuple[str, ...]]
    boxes: list[Box] = field(default_factory=list)


def find_tables(paths: Sequence[Rule], boxes: Sequence[Box]) -> list[RuledTable]:
    """找表格: regions where vertical and horizontal lines meet and enclose at least two columns and one row of text."""
    across, down = _split(paths)
    tables = []
    for top, bottom in _regions(down):
        own_down = [rule for rule in down if rule[1] >= bottom - _NEAR and rule[3] <= top + _NEAR]
        left, right = min(rule[0] for rule in own_down), max(rule[2] for rule in own_down)
        own_across = [
            rule for rule in across if bottom - _NEAR <= rule[1] <= top + _NEAR and rule[2] > left and rule[0] < right
        ]
        xs = _places([(rule[0] + rule[2]) * 0.5 for rule in own_down])
        ys = _places([top, bottom, *((rule[1] + rule[3]) * 0.5 for rule in own_across)])
        if len(xs) >= 3 and len(ys) >= 2:
            table = _table(xs, ys[::-1], own_across, own_down, boxes)
            if table is not None:
                tables.append(table)
    return tables


def _split(paths: Sequence[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Thin shapes are lines; boxes give their four edges."""
    across: list[Rule] = []
    down: list[Rule] = []
    for left, bottom, right, top in paths:
        width, height = right - left, top - bottom
        if height <= _THIN and width >= _SHORT:
            across.append((left, bottom, right, top))
        elif width <= _THIN and height >= _SHORT:
            down.append((left, bottom, right, top))
        elif width >= _SHORT and height >= _SHORT:
            across += [(left, bottom, right, bottom), (left, top, right, top)]
            down += [(left, bottom, left, top), (right, bottom, right, top)]
    return across, down


def _regions(down: Sequence[Rule]) -> list[tuple[float, float]]:
    """Vertical extents in which vertical lines follow each other without a break."""
    regions: list[list[float]] = []
    for _, bottom, _, top in sorted(down, key=lambda rule: -rule[3]):
        if regions and top >= regions[-1][1] - _NEAR:
            regions[-1][1] = min(regions[-1][1], bottom)
        else:
            regions.append([top, bottom])
    return [(top, bottom) for top, bottom in regions]


def _places(values: Sequence[float]) -> list[float]:
    places: list[list[float]] = []
    for value in sorted(values):
        if places and value - places[-1][-1] <= _NEAR:
            places[-1].append(value)
        else:
            places.append([value])
    return [sum(group) / len(group) for group in places]


def _table(
    xs: Sequence[float], ys: Sequence[float], across: Sequence[Rule], down: Sequence[Rule], boxes: Sequence[Box]
) -> RuledTable | None:
    row_count, column_count = len(ys) - 1, len(xs) - 1
    origin: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(row_count):
        for column in range(column_count):
            origin[(row, column)] = _origin(row, column, xs, ys, across, down, origin)
    held: dict[tuple[int, int], list[Box]] = {}
    taken: list[Box] = []
    for box in boxes:
        at_row = next((r for r in range(row_count) if ys[r + 1] <= box.middle <= ys[r]), None)
        at_column = next((c for c in range(column_count) if xs[c] <= box.centre <= xs[c + 1]), None)
        if at_row is not None and at_column is not None:
            held.setdefault(origin[(at_row, at_column)], []).append(box)
            taken.append(box)
    if not taken:
        return None
    rows = [
        tuple(
            _text(held.get((row, column), ())) if origin[(row, column)] == (row, column) else ""
            for column in range(column_count)
        )
        for row in range(row_count)
    ]
    return RuledTable(ys[0], ys[-1], column_count, [row for row in rows if any(row)], taken)


def _origin(
    row: int, column: int, xs: Sequence[float], ys: Sequence[float], across: Sequence[Rule], down: Sequence[Rule],
    origin: dict[tuple[int, int], tuple[int, int]],
) -> tuple[int, int]:  # fmt: skip
    """The cell that a place belongs to: the one above when no line lies between, or the one on the left."""
    if row > 0 and not _is_ruled(across, (xs[column] + xs[column + 1]) * 0.5, ys[row], is_across=True):
        return origin[(row - 1, column)]
    if column > 0 and not _is_ruled(down, (ys[row] + ys[row + 1]) * 0.5, xs[column], is_across=False):
        return origin[(row, column - 1)]
    return (row, column)


def _is_ruled(rules: Sequence[Rule], along: float, at: float, *, is_across: bool) -> bool:
    for left, bottom, right, top in rules:
        if is_across and left <= along <= right and abs((bottom + top) * 0.5 - at) <= _NEAR:
            return True
        if not is_across and bottom <= along <= top and abs((left + right) * 0.5 - at) <= _NEAR:
            return True
    return False


def rows_of(boxes: Sequence[Box]) -> list[list[Box]]:
    """成行: characters whose middles lie within half a character of each other, from left to right, rows from above."""
    rows: list[list[Box]] = []
    middle = size = 0.0
    for box in sorted(boxes, key=attrgetter("middle"), reverse=True):
        if rows and abs(middle - box.middle) <= max(box.size, size, 4) * 0.45:
            rows[-1].append(box)
        else:
            rows.append([box])
            middle, size = box.middle, box.size
    for row in rows:
        row.sort(key=attrgetter("left"))
    return rows


def _text(boxes: Sequence[Box]) -> str:
    """Lines of a cell, from top to bottom."""
    return "\n".join("".join([box.sign for box in row]) for row in rows_of(boxes))
