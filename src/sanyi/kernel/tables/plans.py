"""检查计划 (plans): what the columns of a contract ask of every row, in few questions to the table engine.

Asking one question has a price whatever the number of rows. Columns of one type are therefore looked at as one long
column with the limits of each beside it; only what differs from column to column (choices, patterns, conditions,
lists, dates) is asked column by column. A plan is made once for a contract and the columns that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sanyi.kernel.tables import codes
from sanyi.kernel.tables.columns import Column, ColumnType

_WHOLE = (ColumnType.INTEGER, ColumnType.FEN, ColumnType.BASIS_POINTS)
_WRITTEN = (ColumnType.TEXT, ColumnType.CODE)
_CELLS = 1 << 20
"""How many cells a long column has at most: longer frames are looked at in slices."""

_VALUE, _PLACE, _ROW = pl.col("value"), pl.col("_place"), pl.col("_row")
_NOTHING = pl.lit(None, dtype=pl.String)


@dataclass(frozen=True, slots=True)
class Single:
    """单列检查: one check of one column; ``wrong`` is never null."""

    order: int
    name: str
    code: str
    wrong: pl.Expr
    shown: pl.Expr


@dataclass(frozen=True, slots=True)
class Long:
    """长列检查: checks of several columns of one type; ``limits`` has a row for each of ``names``.

    The column of ``limits`` that has the name of a check holds its limit, ``… order`` its place among all checks;
    both are null for a column that is not checked so.
    """

    names: pl.Series
    limits: pl.DataFrame
    checks: tuple[tuple[str, pl.Expr, pl.Expr], ...]

    def broken(self, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """违规: for each slice and check that finds any."""
        start = 0
        for piece in frame.select(self.names.to_list()).iter_slices(max(1, _CELLS // self.names.len())):
            yield from self._of_piece(piece, start)
            start += piece.height

    def _of_piece(self, piece: pl.DataFrame, start: int) -> Iterator[pl.DataFrame]:
        height = pl.lit(piece.height, dtype=pl.Int64)
        place = pl.int_range(pl.len(), dtype=pl.Int64)
        long = piece.unpivot().select("value", (place // height).alias("_place"), (place % height).alias("_row"))
        long = long.hstack(self.limits[long["_place"]])
        flags = long.select(wrong.fill_null(value=False).alias(code) for code, wrong, _ in self.checks)
        is_broken = flags.select(pl.all().any()).row(0, named=True)
        for code, _, shown in self.checks:
            if is_broken[code]:
                yield long.filter(flags[code]).select(
                    (_ROW + start).alias("row"),
                    pl.lit(self.names).gather(_PLACE).alias("column"),
                    pl.lit(code).alias("code"),
                    shown.alias("value"),
                    pl.col(f"{code} order").alias("_order"),
                )


@dataclass(frozen=True, slots=True)
class Plan:
    """检查计划: ``count`` checks in the order of the columns; the long ones first, then the others."""

    count: int
    longs: tuple[Long, ...]
    singles: tuple[Single, ...]

    @classmethod
    def of(cls, columns: Sequence[Column]) -> Plan:
        """制定: for columns that are there."""
        usable = {column.name for column in columns}
        demands = [(column, *demand) for column in columns for demand in _demands(column, usable)]
        ordered = [(order, *demand) for order, demand in enumerate(demands)]
        longs = [
            _long([(o, c, code, limit) for o, c, code, limit, wrong, _ in ordered if wrong is None and c.type in types])
            for types in (_WHOLE, _WRITTEN)
        ]
        singles = [
            Single(order, column.name, code, wrong.fill_null(value=False), shown)
            for order, column, code, _, wrong, shown in ordered
            if wrong is not None
        ]
        return cls(len(ordered), tuple(one for one in longs if one is not None), tuple(singles))

    def broken(self, typed: pl.DataFrame) -> list[pl.DataFrame]:
        """违规: row, column, code, value, _order of all checks, in no order."""
        parts = [part for one in self.longs for part in one.broken(typed)]
        if not self.singles:
            return parts
        broken = typed.select(one.wrong.any().alias(str(one.order)) for one in self.singles).row(0)
        numbered = typed.with_row_index("_row") if any(broken) else typed
        return parts + [
            numbered.filter(one.wrong).select(
                _ROW.cast(pl.Int64).alias("row"),
                pl.lit(one.name).alias("column"),
                pl.lit(one.code).alias("code"),
                one.shown.alias("value"),
                pl.lit(one.order, dtype=pl.Int32).alias("_order"),
            )
            for one, is_broken in zip(self.singles, broken, strict=True)
            if is_broken
        ]


Demand = tuple[str, Any, pl.Expr | None, pl.Expr]
"""要求: code of the check, its limit, and where it is wrong and what to show, unless a long column can say it."""


def _demands(column: Column, usable: set[str]) -> Iterator[Demand]:
    """The checks of a column in their order."""
    cell = pl.col(column.name)
    text = cell.cast(pl.String)
    empty = _is_empty(column.type, cell)
    is_long = column.type in (*_WHOLE, *_WRITTEN)
    if column.is_required:
        yield codes.VALUE_MISSING.code, True, None if is_long else empty, _NOTHING
    if (condition := column.condition) and usable.issuperset(condition.columns):
        yield codes.VALUE_MISSING_WHEN.code, None, empty & condition.expr(), _NOTHING
    if column.minimum is not None:
        yield codes.VALUE_TOO_SMALL.code, column.minimum, None if is_long else cell < column.minimum, text
    if column.maximum is not None:
        yield codes.VALUE_TOO_LARGE.code, column.maximum, None if is_long else cell > column.maximum, text
    for code, limit, test in _element_checks(column):
        if column.type is ColumnType.CODES:
            wrong = cell.list.eval(pl.element().filter(test(pl.element())))
            yield code, limit, wrong.list.len() > 0, wrong.list.join("|")
        else:
            yield code, limit, None if is_long and limit is not None else test(cell) & ~empty, text


def _is_empty(kind: ColumnType, cell: pl.Expr) -> pl.Expr:
    if kind in _WRITTEN:
        return cell.is_null() | (cell.str.strip_chars() == "")
    return cell.is_null() | (cell.list.len() == 0) if kind is ColumnType.CODES else cell.is_null()


def _element_checks(column: Column) -> Iterator[tuple[str, int | None, Callable[[pl.Expr], pl.Expr]]]:
    if column.choices is not None:
        allowed = list(column.choices)
        yield codes.CHOICE_UNKNOWN.code, None, lambda value: ~value.is_in(allowed)
    if column.pattern:
        yield codes.PATTERN_WRONG.code, None, lambda value: ~value.str.contains(f"^(?:{column.pattern})$")
    if (longest := column.max_length) is not None:
        yield codes.TEXT_TOO_LONG.code, longest, lambda value: value.str.len_chars() > longest


def _long(demands: Sequence[tuple[int, Column, str, Any]]) -> Long | None:
    """The long column of these demands, None when there are none."""
    if not demands:
        return None
    names = list(dict.fromkeys(column.name for _, column, _, _ in demands))
    is_written = demands[0][1].type in _WRITTEN
    empty = _is_empty(ColumnType.TEXT, _VALUE) if is_written else _VALUE.is_null()
    text = _VALUE.cast(pl.String)
    tests: dict[str, tuple[Callable[[pl.Expr], pl.Expr], pl.Expr]] = {
        codes.VALUE_MISSING.code: (lambda limit: empty & limit.is_not_null(), _NOTHING),
        codes.VALUE_TOO_SMALL.code: (lambda limit: limit > _VALUE, text),
        codes.VALUE_TOO_LARGE.code: (lambda limit: limit < _VALUE, text),
        codes.TEXT_TOO_LONG.code: (lambda limit: (_VALUE.str.len_chars() > limit) & ~empty, text),
    }
    limits: dict[str, pl.Series] = {}
    asked = [code for code in tests if any(code == own for _, _, own, _ in demands)]
    for code in asked:
        found = {column.name: (order, int(limit)) for order, column, own, limit in demands if own == code}
        limits[code] = pl.Series([found[name][1] if name in found else None for name in names], dtype=pl.Int64)
        limits[f"{code} order"] = pl.Series([found.get(name, (None,))[0] for name in names], dtype=pl.Int32)
    checks = tuple((code, tests[code][0](pl.col(code)), tests[code][1]) for code in asked)
    return Long(pl.Series(names, dtype=pl.String), pl.DataFrame(limits), checks)
