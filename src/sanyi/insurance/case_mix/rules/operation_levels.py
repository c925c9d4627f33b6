"""手术级别: the county's own list of operation levels, checked row by row, and the level of a stay.

The shipped lists of procedures have no levels (the national catalogue of graded operations is kept by each province
and institution), so a county brings its list as a file of the contract ``operation_level``. A stay's level is the
highest one among its procedures that the list holds on the day of discharge; 0 where it holds none of them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from sanyi.insurance.case_mix import codes
from sanyi.insurance.case_mix.tables import OPERATION_LEVEL
from sanyi.kernel.refusals import Refusal, RefusalKind

LEVELS = {"1": 1, "2": 2, "3": 3, "4": 4, "一级": 1, "二级": 2, "三级": 3, "四级": 4}
HIGH_FROM = 3
LAST_DAY = date(9999, 12, 31)
LEVEL = "operation_level"
STAY = ["institution_code", "settlement_id"]


@dataclass(frozen=True, slots=True)
class Row:
    """目录的一行: holds from a day to a day, both included."""

    number: int
    procedure_code: str
    level: int
    starts_on: date
    ends_on: date


def read_levels(text: str, known: Collection[str]) -> tuple[pl.DataFrame, list[Refusal]]:
    """手术级别目录: the table of a CSV text, and every mistake with row and column; a wrong list is not used at all."""
    lines = csv.reader(text.splitlines())
    header = next(lines, [])
    names = {name: column.name for column in OPERATION_LEVEL.columns for name in (column.zh, column.name)}
    places = {names[label.strip()]: place for place, label in enumerate(header) if label.strip() in names}
    missing = [column for column in OPERATION_LEVEL.columns if column.is_required and column.name not in places]
    if missing:
        return _frame([]), [codes.LEVEL_COLUMN_MISSING(column=one.zh).at(row=1, column=one.zh) for one in missing]
    refusals: list[Refusal] = []
    rows = [row for row in _rows(lines, places, known, refusals) if row is not None]
    refusals += _overlaps(rows)
    if not rows and not refusals:
        refusals.append(codes.LEVEL_LIST_EMPTY())
    return _frame(rows), refusals


def with_levels(stays: pl.LazyFrame, levels: pl.DataFrame | None) -> pl.LazyFrame:
    """病例的手术级别: adds ``operation_level``; null where there is no list or the procedures are unknown."""
    if levels is None:
        return stays.with_columns(pl.lit(None, dtype=pl.Int64).alias(LEVEL))
    each = stays.select(*STAY, "discharged_on", pl.col("procedure_codes").str.split("|").alias("procedure_code"))
    graded = each.explode("procedure_code").join(levels.lazy(), on="procedure_code", how="inner")
    graded = graded.filter(pl.col("discharged_on").is_between("starts_on", "ends_on"))
    highest = graded.group_by(STAY).agg(pl.col("level").max().alias(LEVEL))
    joined = stays.join(highest, on=STAY, how="left")
    return joined.with_columns(pl.when("has_settlement").then(pl.col(LEVEL).fill_null(0)).alias(LEVEL))


def _rows(
    lines: Iterator[list[str]], places: dict[str, int], known: Collection[str], refusals: list[Refusal]
) -> Iterator[Row | None]:
    for number, cells in enumerate(lines, start=2):
        if any(cell.strip() for cell in cells):
            given = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
            wrong = list(_wrong(given, known))
            refusals += [kind(value=value).at(row=number, column=_label(name)) for name, kind, value in wrong]
            yield None if wrong else _row(number, given)


def _wrong(given: dict[str, str], known: Collection[str]) -> Iterator[tuple[str, RefusalKind, str]]:
    """Column, kind of mistake and what stands there."""
    if given["procedure_code"] not in known:
        yield "procedure_code", codes.LEVEL_CODE_UNKNOWN, given["procedure_code"]
    if given["level"] not in LEVELS:
        yield "level", codes.LEVEL_WRONG, given["level"]
    if not given["basis"]:
        yield "basis", codes.LEVEL_BASIS_MISSING, ""
    days = {name: _day(given.get(name, "")) for name in ("starts_on", "ends_on")}
    for name, day in days.items():
        if day is None and (given.get(name) or OPERATION_LEVEL.column(name).is_required):
            yield name, codes.LEVEL_DATE_WRONG, given[name]
    if days["starts_on"] and days["ends_on"] and days["ends_on"] < days["starts_on"]:
        yield "ends_on", codes.LEVEL_DATE_WRONG, given["ends_on"]


def _row(number: int, given: dict[str, str]) -> Row:
    ends_on = _day(given.get("ends_on", "")) or LAST_DAY
    level, starts_on = LEVELS[given["level"]], date.fromisoformat(given["starts_on"])
    return Row(number, given["procedure_code"], level, starts_on, ends_on)


def _overlaps(rows: list[Row]) -> Iterator[Refusal]:
    """Two levels of one operation on one day."""
    of_code: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of_code[row.procedure_code].append(row)
    for own in of_code.values():
        own.sort(key=lambda row: (row.starts_on, row.number))
        for before, row in zip(own, own[1:], strict=False):
            if row.starts_on <= before.ends_on:
                found = codes.LEVEL_TWICE(value=row.procedure_code, other=before.number)
                yield found.at(row=row.number, column=_label("procedure_code"))


def _frame(rows: list[Row]) -> pl.DataFrame:
    days = {"starts_on": pl.Date, "ends_on": pl.Date}
    schema = {"procedure_code": pl.String, "level": pl.Int64, **days}
    return pl.DataFrame(
        [(row.procedure_code, row.level, row.starts_on, row.ends_on) for row in rows], schema, orient="row"
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _label(name: str) -> str:
    return OPERATION_LEVEL.column(name).zh
