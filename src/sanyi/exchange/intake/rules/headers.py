"""表头识别: which column of a file is which column of the contract. Pure: rows of texts in, positions out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.tables import IntakeContract
from sanyi.kernel.refusals import Refusal, RefusedError
from sanyi.kernel.tables import ColumnType
from sanyi.kernel.tables.codes import COLUMN_MISSING

HEADER_ROWS_SEARCHED = 30
"""表头查找范围: a header further down is not looked for."""

ERROR_COLUMN = "错误说明"
"""错误说明列: what the error workbook adds; it is ignored when the workbook comes back."""

_UNIT = re.compile(r"[(\[【](元|岁|天|日|克|g|分钟|天/小时/分钟|必填|选填|可空|yyyy-mm-dd)[)\]】]", re.IGNORECASE)
_FEN = re.compile(r"[(\[【]分[)\]】]")
_MINIMUM = 2

Row = tuple[int, Sequence[str | None]]
"""行: its number as people see it, and its cells."""

Merge = tuple[int, int, int, int]
"""合并区域: first row, first column, last row, last column, counted from 1."""


@dataclass(frozen=True, slots=True)
class Found:
    """识别结果: a contract column, and whether the header names it in English (then amounts are in fen)."""

    column: str
    is_technical_name: bool


@dataclass(frozen=True, slots=True)
class Header:
    """表头: its last row, the position (from 0) of every column found, repeated positions, and what is unknown."""

    last_row: int
    width: int
    columns: Mapping[str, int]
    technical: frozenset[str]
    repeated: Mapping[str, tuple[int, ...]]
    unknown: Mapping[int, str]
    labels: Mapping[int, str]


@lru_cache(maxsize=32)
def names_of(contract: IntakeContract) -> Mapping[str, Found]:
    """列名对照: every spelling of every column, normalised."""
    found: dict[str, Found] = {}
    for column in contract.contract.columns:
        aliases = contract.aliases.get(column.name, ())
        for spelling in (column.zh, column.standard_code, column.en, *aliases):
            if spelling:
                found.setdefault(normalised(spelling), Found(column.name, is_technical_name=False))
        found[normalised(column.name)] = Found(column.name, is_technical_name=True)
        if column.type is ColumnType.FEN:
            found.setdefault(normalised(column.zh) + "分", Found(column.name, is_technical_name=True))
    return found


def normalised(label: str) -> str:
    """列名规范化: half-width, lower case, without blanks, star marks and units in brackets."""
    text = unicodedata.normalize("NFKC", label).casefold()
    text = _FEN.sub("分", _UNIT.sub("", text))
    return re.sub(r"[\s*★·:'\"`\u200b\ufeff_()（）-]", "", text)


def find_header(contract: IntakeContract, head: Sequence[Row], merges: Iterable[Merge]) -> Header:
    """查找表头: in the first rows of a sheet.

    The row that names most columns is the header; rows right below that repeat its columns (standard codes) belong
    to it, and cells above it fill its blanks (vertically merged titles). Names that are no row of a sheet (Parquet,
    messages) are row 0. Refuses, in this order: no header, merged header cells that cover several columns.
    """
    names = _Names(names_of(contract))
    best, score = _best_row(names, head)
    is_named = bool(head) and head[0][0] == 0
    if best is None or score < (1 if is_named else min(_MINIMUM, len(contract.contract.columns))):
        raise RefusedError(_not_found(contract, head))
    last = _last_header_row(names, head, best)
    rows = [*range(best, last + 1), *range(best - 1, max(-1, best - 3), -1)]
    width = max(_width(head[place][1]) for place in range(max(0, best - 2), last + 1))
    chosen, labels = _choose(names, head, rows, width, best)
    _refuse_merged(contract, names, head, merges, best, last, chosen)
    columns: dict[str, int] = {}
    repeated: dict[str, list[int]] = {}
    for position, found in sorted(chosen.items()):
        if found.column in columns:
            repeated.setdefault(found.column, []).append(position)
        else:
            columns[found.column] = position
    ignored = {normalised(ERROR_COLUMN)}
    unknown = {p: label for p, label in labels.items() if p not in chosen and normalised(label) not in ignored}
    return Header(
        last_row=head[last][0],
        width=width,
        columns=columns,
        technical=frozenset(f.column for p, f in chosen.items() if f.is_technical_name and columns[f.column] == p),
        repeated={name: tuple(places) for name, places in repeated.items()},
        unknown=unknown,
        labels=labels,
    )


def missing_columns(contract: IntakeContract, header: Header) -> list[Refusal]:
    """缺列: one refusal for every required column the file does not have, in the contract's order."""
    return [
        COLUMN_MISSING(column=column.standard_code or column.name, label=column.zh, label_en=column.en).at(
            column=column.name
        )
        for column in contract.contract.columns
        if column.is_required and column.name not in header.columns
    ]


def letters(position: int) -> str:
    """列标: position from 0 as Excel writes it, A, B ... Z, AA ..."""
    text = ""
    place = position + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def _best_row(names: _Names, head: Sequence[Row]) -> tuple[int | None, int]:
    best, score = None, 0
    for place, (_, cells) in enumerate(head):
        count = len({found.column for cell in cells if (found := names.of(cell))})
        if count > score:
            best, score = place, count
    return best, score


def _last_header_row(names: _Names, head: Sequence[Row], best: int) -> int:
    last = best
    for place in range(best + 1, min(len(head), best + 3)):
        filled = [cell for cell in head[place][1] if cell and cell.strip()]
        known = [cell for cell in filled if names.of(cell)]
        if not filled or len(known) * 2 < len(filled):
            break
        last = place
    return last


def _choose(
    names: _Names, head: Sequence[Row], rows: Sequence[int], width: int, best: int
) -> tuple[dict[int, Found], dict[int, str]]:
    """For each position the first of its cells (header, below, above) that names a column, and the label shown."""
    chosen: dict[int, Found] = {}
    labels: dict[int, str] = {}
    for position in range(width):
        for place in rows:
            cells = head[place][1]
            cell = (cells[position] or "").strip() if position < len(cells) else ""
            if not cell:
                continue
            if place >= best:
                labels.setdefault(position, cell)
            if found := names.of(cell):
                chosen[position] = found
                labels[position] = cell
                break
    return chosen, labels


def _refuse_merged(
    contract: IntakeContract,
    names: _Names,
    head: Sequence[Row],
    merges: Iterable[Merge],
    best: int,
    last: int,
    chosen: Mapping[int, Found],
) -> None:
    """A merged header cell that names a column and covers positions without names of their own cannot be told apart."""
    places = {head[place][0]: place for place in range(max(0, best - 2), last + 1)}
    wrong = []
    for first_row, first_column, last_row, last_column in sorted(merges):
        if first_row not in places or last_column == first_column:
            continue
        cells = head[places[first_row]][1]
        label = (cells[first_column - 1] or "").strip() if first_column <= len(cells) else ""
        covered = range(first_column, last_column)
        is_nameless = any(position not in chosen for position in covered)
        if is_nameless and (names.of(label) or places[first_row] >= best):
            area = f"{letters(first_column - 1)}{first_row}:{letters(last_column - 1)}{last_row}"
            wrong.append(codes.HEADER_MERGED(cells=area, label=label).at(row=first_row))
    if wrong:
        raise RefusedError(wrong)


def _not_found(contract: IntakeContract, head: Sequence[Row]) -> Refusal:
    filled = next(([cell for cell in cells if cell and cell.strip()] for _, cells in head if any(cells)), [])
    shown = "、".join(str(cell).strip() for cell in filled[:8])
    example = "、".join(column.zh for column in contract.contract.columns if column.is_required)
    return codes.HEADER_NOT_FOUND(
        table=contract.contract.zh,
        table_en=contract.contract.en,
        rows=HEADER_ROWS_SEARCHED,
        found=f"第一行有内容的是：{shown}。" if shown else "",
        found_en=f"The first row with content reads: {shown}." if shown else "",
        example=example[:100],
    )


class _Names:
    """The columns that cells name; each distinct cell is normalised once."""

    def __init__(self, known: Mapping[str, Found]) -> None:
        self._known = known
        self._seen: dict[str, Found | None] = {}

    def of(self, cell: str | None) -> Found | None:
        if not cell:
            return None
        if cell not in self._seen:
            self._seen[cell] = self._known.get(normalised(cell))
        return self._seen[cell]


def _width(cells: Sequence[str | None]) -> int:
    return max((place + 1 for place, cell in enumerate(cells) if cell and cell.strip()), default=0)
