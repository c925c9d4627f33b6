"""表格布局: which sheet holds the table, where its header is, which rows are data and which are notes around it."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

import polars as pl

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import FileKind, Notice
from sanyi.exchange.intake.jobs.limits import Limits
from sanyi.exchange.intake.jobs.report import Report
from sanyi.exchange.intake.jobs.sources import ROW_NUMBER, Sheet, Source, lengthened, split
from sanyi.exchange.intake.rules.cells import blank_to_null
from sanyi.exchange.intake.rules.headers import HEADER_ROWS_SEARCHED, Header, find_header, letters, missing_columns
from sanyi.exchange.intake.tables import IntakeContract
from sanyi.kernel.refusals import RefusedError, refuse_if_any

_SET_ASIDE = re.compile(r"\s*(说明|取值代码|填写说明|填表说明|示例|样例|代码|字典|example|help|code)", re.IGNORECASE)
_NOTE = r"^(注|备注|说明|合计|总计|小计|本页|填表|制表|审核|复核|单位负责人|打印|报送|共 *[0-9]|[Tt]otal)"
_NOTES_MAX = 50
_MERGES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Table:
    """数据表: the sheet chosen, its header, and the kind of file it is in."""

    sheet: Sheet
    header: Header
    kind: FileKind


def choose_table(source: Source, contract: IntakeContract, report: Report) -> Table:
    """选定数据表: the one visible sheet with a header of the contract.

    Refuses, in this order: a header nowhere (or only in a hidden sheet), several tables, missing columns. Sheets named
    说明…, 示例… and the like are set aside.
    """
    found: list[tuple[Sheet, Header]] = []
    hidden: list[Sheet] = []
    ignored: list[Sheet] = []
    first_refusal: RefusedError | None = None
    for sheet in source.sheets:
        if len(source.sheets) > 1 and _SET_ASIDE.match(sheet.name):
            ignored.append(sheet)
            continue
        try:
            header = find_header(contract, source.head(sheet, HEADER_ROWS_SEARCHED), source.merges(sheet))
        except RefusedError as refused:
            ignored.append(sheet)
            first_refusal = first_refusal or (None if sheet.is_hidden else refused)
            continue
        (hidden if sheet.is_hidden else found).append(sheet if sheet.is_hidden else (sheet, header))  # type: ignore[arg-type]
    if not found:
        if hidden:
            raise RefusedError(codes.SHEET_HIDDEN(sheet=hidden[0].name).at(sheet=hidden[0].name))
        if first_refusal is not None:
            raise first_refusal
        raise RefusedError(codes.NO_ROWS())
    if len(found) > 1:
        names = "、".join(f"“{sheet.name}”" for sheet, _ in found)
        raise RefusedError(codes.SHEETS_SEVERAL(count=len(found), sheets=names))
    sheet, header = found[0]
    refuse_if_any(missing_columns(contract, header))
    _notice_layout(report, source, contract, sheet, header, hidden, ignored)
    return Table(sheet, header, source.kind)


def _refuse_merged_rows(source: Source, table: Table, last_row: int) -> None:
    used = set(table.header.columns.values())
    merged = [
        f"{letters(first_column - 1)}{first_row}:{letters(last_column - 1)}{end_row}"
        for first_row, first_column, end_row, last_column in sorted(source.merges(table.sheet))
        if table.header.last_row < first_row <= last_row and used.intersection(range(first_column - 1, last_column))
    ]
    if merged:
        shown = "、".join(merged[:_MERGES_SHOWN]) + ("……" if len(merged) > _MERGES_SHOWN else "")
        raise RefusedError(codes.CELLS_MERGED(count=len(merged), cells=shown))


def _notice_layout(
    report: Report,
    source: Source,
    contract: IntakeContract,
    sheet: Sheet,
    header: Header,
    hidden: list[Sheet],
    ignored: list[Sheet],
) -> None:
    report.sheet, report.header_row = sheet.name, header.last_row
    report.columns = {name: letters(position) for name, position in header.columns.items()}
    if header.unknown:
        report.notice(
            Notice.UNKNOWN_COLUMNS.value,
            names=[f"{letters(position)} {label}" for position, label in sorted(header.unknown.items())],
        )
    unseen = [other.name for other in [*hidden, *(one for one in ignored if one.is_hidden)]]
    if unseen:
        report.notice(Notice.SHEETS_HIDDEN.value, names=unseen)
    aside = [other.name for other in ignored if not other.is_hidden]
    if aside:
        report.notice(Notice.SHEETS_IGNORED.value, names=aside)
    optional = [c.zh for c in contract.contract.columns if c.name not in header.columns and not c.is_required]
    if optional:
        report.notice(Notice.MISSING_OPTIONAL.value, names=optional)
    if source.encoding:
        report.notice(Notice.ENCODING.value, names=[source.encoding.upper()])


def data_pieces(
    source: Source, table: Table, contract: IntakeContract, limits: Limits, report: Report
) -> Generator[pl.DataFrame]:
    """数据行: in pieces, without blank rows and without the notes below the table.

    Rows that look like notes are held back; if data follows they were data after all. Refuses repeated columns with
    different content, more rows than allowed, and merged cells among the rows.
    """
    header = table.header
    held: pl.DataFrame | None = None
    seen = blanks = last_row = 0
    # Closed by name: a reader that is left suspended would keep its file open.
    with closing(source.pieces(table.sheet, header.last_row, header.width)) as pieces:
        for untrimmed in pieces:
            raw, is_filled = _trimmed(untrimmed)
            _refuse_repeated(contract, header, raw)
            filled = raw if is_filled.all() else raw.filter(is_filled)
            blanks += raw.height - filled.height
            if filled.is_empty():
                continue
            data, held = _split(contract, header, filled if held is None else pl.concat([held, filled]))
            del untrimmed, raw, filled  # the check of a piece needs room
            seen += data.height
            if seen > limits.rows:
                raise RefusedError(codes.TOO_MANY_ROWS(limit=limits.rows))
            if data.height:
                last_row = data[ROW_NUMBER][-1]
                yield data
    _refuse_merged_rows(source, table, last_row)
    if blanks:
        report.notice(Notice.ROWS_BLANK.value, count=blanks)
    if held is not None:
        report.notice(Notice.ROWS_TRAILING.value, rows=held[ROW_NUMBER].to_list())
    if header.repeated:
        report.notice(Notice.COLUMNS_SAME.value, names=[contract.contract.column(name).zh for name in header.repeated])


def _trimmed(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The rows with trimmed cells, blank ones null, and which rows have any cell."""
    cells = [name for name in rows.columns if not name.startswith("_")]
    long = lengthened(rows.select(cells)).to_frame().select(blank_to_null(pl.col("value"))).to_series()
    rest = rows.select(name for name in rows.columns if name.startswith("_"))
    filled = long.is_not_null().to_numpy().reshape(len(cells), rows.height).any(axis=0)
    return rest.hstack(split(long, cells)), pl.Series(filled)


def _split(contract: IntakeContract, header: Header, whole: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """The data, and the rows at the end that look like notes; very many of them are data after all."""
    keep = _data_height(contract, header, whole)
    data, rest = whole.head(keep), whole.slice(keep)
    if rest.height > _NOTES_MAX:
        return whole, None
    return data, rest if rest.height else None


def _data_height(contract: IntakeContract, header: Header, rows: pl.DataFrame) -> int:
    """How many rows come before the run of note-like rows at the end.

    A row is like a note when a key column is empty or holds a word such as 合计, and it says little else: its first
    text is such a word, or at most two of the known cells are filled.
    """
    key = [pl.col(f"c{header.columns[name]}") for name in contract.contract.natural_key if name in header.columns]
    has_key = ~rows.select(pl.any_horizontal(cell.is_null() | cell.str.contains(_NOTE) for cell in key)).to_series()
    last_key = has_key.reverse().arg_max() if has_key.any() else rows.height
    end = rows.slice(rows.height - (last_key or 0))  # rows with a key are data; only those behind the last may be notes
    if end.is_empty():
        return rows.height
    known = [f"c{position}" for position in header.columns.values()]
    cells = [name for name in rows.columns if not name.startswith("_")]
    starts_like_note = pl.coalesce(cells).str.contains(_NOTE)
    count = pl.sum_horizontal(pl.col(known).is_not_null().cast(pl.Int32))
    last_data = end.select(~(starts_like_note | (count <= 2))).to_series().arg_true()  # noqa: PLR2004 - said above
    return rows.height - end.height + (int(last_data[-1]) + 1 if last_data.len() else 0)


def _refuse_repeated(contract: IntakeContract, header: Header, raw: pl.DataFrame) -> None:
    for name, places in header.repeated.items():
        first = header.columns[name]
        for place in places:
            same = pl.col(f"c{first}").eq_missing(pl.col(f"c{place}"))
            if not raw.select(same.all()).item():
                column = contract.contract.column(name)
                raise RefusedError(
                    codes.COLUMN_TWICE(
                        first=letters(first), second=letters(place), label=column.zh, label_en=column.en
                    ).at(column=name)
                )
