"""双层表头 (heads of two rows): 目标值 over 2025年 and 2027年 becomes one row of names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sanyi.governance.policy.rules.task_tables import HEAD_CELL_LENGTH_MAX, column_role

Row = tuple[int, int, tuple[str, ...]]
_YEAR = re.compile(r"(?:20\d{2}年?|“?十.五”?(?:期?末)?|(?:第?[一二三]年)|近期|远期)[\u4e00-\u9fff]{0,4}$")


def with_joined_heads(rows: Sequence[Row]) -> list[Row]:
    """合并表头: a row of names that stands below a head with empty places is written into it."""
    joined: list[Row] = []
    for page, line, cells in rows:
        if joined and _is_second(joined[-1][2], cells):
            above_page, above_line, above = joined[-1]
            joined[-1] = (above_page, above_line, _together(above, cells))
        else:
            joined.append((page, line, cells))
    return joined


def _is_second(above: Sequence[str], below: Sequence[str]) -> bool:
    filled = [index for index, cell in enumerate(below) if cell]
    named = sum(bool(column_role(cell)) for cell in above if cell)
    if len(above) != len(below) or len(filled) < 2 or named < 2 or below[0] or (0 in filled):
        return False
    if any(len(cell) > HEAD_CELL_LENGTH_MAX for cell in above):
        return False
    if not all(_YEAR.match(below[index]) or column_role(below[index]) for index in filled):
        return False
    return all(not above[index] or _spans(above, index) or _names_base(above[index]) for index in filled)


def _spans(above: Sequence[str], index: int) -> bool:
    return index + 1 < len(above) and not above[index + 1]


def _names_base(name: str) -> bool:
    return re.search(r"基期|基线|基准|现状|目标|指标值", name) is not None


def _together(above: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    held, names = "", []
    for over, under in zip(above, below, strict=True):
        held = over or (held if under else "")
        names.append(f"{under}{held}" if under and _YEAR.match(under) else under or over)
    return tuple(names)
