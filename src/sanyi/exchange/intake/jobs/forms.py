"""单元格形式: the typed values of columns, first by their plainest form in long columns, then cell by cell.

Columns that are read alike are read as one long column, since a question to the table engine has its price whatever
the number of rows. What is prepared here is kept for the next file with the same columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from sanyi.exchange.intake.jobs.sources import lengthened, split
from sanyi.exchange.intake.rules.cells import MINUTES, is_suspect, plain
from sanyi.exchange.intake.rules.readings import Reading, reader
from sanyi.exchange.intake.tables import CodeCheck, IntakeContract
from sanyi.kernel.refusals import RefusalKind
from sanyi.kernel.tables import Column, ColumnType

_VALUE = pl.col("value")


@dataclass(frozen=True, slots=True)
class Left:
    """未读单元格: cells of one column that were not in a plain form, by place; the kind says why there is no value."""

    column: Column
    places: Sequence[int]
    texts: Sequence[str]
    kinds: Sequence[RefusalKind | None]


@dataclass(frozen=True, slots=True)
class _Group:
    """Columns that are read alike; without an expression the text is the value."""

    columns: tuple[Column, ...]
    value: pl.Expr | None


@dataclass(frozen=True, slots=True)
class Forms:
    """读法: of the columns that a file has, in groups."""

    groups: tuple[_Group, ...]
    readers: Mapping[str, Callable[[str], Reading]]
    names: tuple[str, ...]

    def read(self, texts: pl.DataFrame) -> tuple[dict[str, pl.Series], list[Left]]:
        """读取: a typed column for each column of texts, and what had to be read closely."""
        height = texts.height
        long = lengthened(texts.select(self.names))
        suspect = long.to_frame("value").select(is_suspect(_VALUE)).to_series()
        has_suspects = bool(suspect.any())
        values: dict[str, pl.Series] = {}
        left: dict[str, pl.Series] = {}
        start = 0
        for group in self.groups:
            length = height * len(group.columns)
            given = long.slice(start, length)
            read = given if group.value is None else given.to_frame("value").with_columns(group.value).to_series()
            names = [column.name for column in group.columns]
            values |= dict(zip(names, split(read, names), strict=True))
            if has_suspects or read.null_count() != given.null_count():
                unread = given.is_not_null() & (read.is_null() | suspect.slice(start, length))
                left |= {name: one for name, one in zip(names, split(unread, names), strict=True) if one.any()}
            start += length
        return values, [self._closely(column, values, texts, left[column.name]) for column in self._of(left)]

    def _of(self, names: Mapping[str, object]) -> list[Column]:
        return [column for group in self.groups for column in group.columns if column.name in names]

    def _closely(self, column: Column, values: dict[str, pl.Series], texts: pl.DataFrame, left: pl.Series) -> Left:
        """Every form people write, or the kind of mistake; a text is read once however often it occurs."""
        name = column.name
        cells = texts[name].filter(left).to_list()
        read = self.readers[name]
        readings = {text: read(text) for text in dict.fromkeys(cells)}
        found: list[Any] = [readings[text] for text in cells]
        known = pl.Series(
            [None, *(None if isinstance(one, RefusalKind) else one for one in found)], dtype=column.type.polars
        )
        values[name] = known.gather(left.cast(pl.UInt32).cum_sum()).zip_with(left, values[name]).alias(name)
        kinds = [one if isinstance(one, RefusalKind) else None for one in found]
        return Left(column, left.arg_true().to_list(), cells, kinds)


@lru_cache(maxsize=64)
def forms(contract: IntakeContract, names: frozenset[str], technical: frozenset[str]) -> Forms:
    """读法: of a file that has these columns, ``technical`` of them under their technical names."""
    checks: Mapping[str, CodeCheck] = {check.column: check for check in contract.codes}
    present = [column for column in contract.contract.columns if column.name in names]
    alike: dict[object, list[Column]] = {}
    for column in present:
        check = checks.get(column.name)
        choices = tuple(map(str, column.choices)) if column.choices is not None else None
        form = (column.unit == MINUTES, column.is_decimal)
        key = (column.type, choices, form, check and check.kind, column.name in technical)
        alike.setdefault(key, []).append(column)
    groups = tuple(
        _Group(tuple(columns), _plain(columns[0], checks.get(columns[0].name), columns[0].name in technical))
        for columns in alike.values()
    )
    return Forms(
        groups=groups,
        readers={c.name: reader(c, checks.get(c.name), is_technical_name=c.name in technical) for c in present},
        names=tuple(column.name for group in groups for column in group.columns),
    )


def _plain(column: Column, check: CodeCheck | None, is_technical_name: bool) -> pl.Expr | None:
    if column.type is ColumnType.TEXT:
        return None
    return plain(column, _VALUE, check, is_technical_name=is_technical_name).alias("value")
