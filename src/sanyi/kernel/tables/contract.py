"""表约定 (contract): the columns of a table, its key, and whose and when each row is."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from sanyi.kernel.refusals import Refusal, refuse_if_any
from sanyi.kernel.tables import checks
from sanyi.kernel.tables.columns import Column, ColumnType
from sanyi.kernel.tables.plans import Plan


@dataclass(frozen=True, slots=True)
class TableContract:
    """表约定: declared once in ``tables.py``. Raises ValueError for a bad declaration.

    ``natural_key`` names the columns that together tell one row from another and by which a correction supersedes; they
    are required columns. ``organisation_column`` says whose row it is, ``event_date_column`` which day's policy
    applies; either may be empty for tables without one.
    """

    name: str
    zh: str
    en: str
    version: str
    columns: tuple[Column, ...]
    natural_key: tuple[str, ...]
    organisation_column: str = ""
    event_date_column: str = ""
    description_zh: str = ""
    description_en: str = ""
    _columns: dict[str, Column] = field(init=False, repr=False, compare=False, hash=False)
    _plans: dict[tuple[str, ...], Plan] = field(init=False, repr=False, compare=False, hash=False)
    _digests: list[str] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))
        object.__setattr__(self, "natural_key", tuple(self.natural_key))
        object.__setattr__(self, "_columns", {column.name: column for column in self.columns})
        object.__setattr__(self, "_plans", {})
        object.__setattr__(self, "_digests", [])
        twice = [name for name, count in Counter(column.name for column in self.columns).items() if count > 1]
        if twice:
            raise ValueError(f"table {self.name}: columns declared twice: {twice}")
        for column in self.columns:
            if column.condition:
                self._require_known(f"required_when of {column.name}", *column.condition.columns)
        self._require_known("natural_key", *self.natural_key)
        for name in self.natural_key:
            if not self.column(name).is_required:
                raise ValueError(f"table {self.name}: key column {name} must be required")
        self._require_known("organisation_column", *filter(None, [self.organisation_column]))
        self._require_known("event_date_column", *filter(None, [self.event_date_column]))
        if self.event_date_column and self.column(self.event_date_column).type not in (
            ColumnType.DATE,
            ColumnType.INSTANT,
        ):
            raise ValueError(f"table {self.name}: {self.event_date_column} is not a date")

    def _require_known(self, what: str, *names: str) -> None:
        unknown = [name for name in names if name not in self._columns]
        if unknown:
            raise ValueError(f"table {self.name}: {what} names unknown columns {unknown}")

    def column(self, name: str) -> Column:
        """列: by name. Raises KeyError, a fault, for an unknown one."""
        return self._columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    @property
    def column_names(self) -> tuple[str, ...]:
        """列名: in order."""
        return tuple(self._columns)

    @property
    def personal_columns(self) -> tuple[str, ...]:
        """个人信息列: those that show who a person is."""
        return tuple(column.name for column in self.columns if column.is_personal)

    @property
    def digest(self) -> str:
        """约定摘要: sha256 over everything declared, for provenance."""
        if not self._digests:
            self._digests.append(hashlib.sha256(repr(self).encode()).hexdigest())
        return self._digests[0]

    def labels(self, language: str = "zh") -> dict[str, str]:
        """列名对照: column name to label."""
        return {column.name: column.label(language) for column in self.columns}

    def polars_schema(self) -> pl.Schema:
        """列数据类型表: names and types of the table engine."""
        return pl.Schema({column.name: column.type.polars for column in self.columns})

    def empty(self) -> pl.DataFrame:
        """空表: no rows, right columns."""
        return pl.DataFrame(schema=self.polars_schema())

    def check(
        self, frame: pl.DataFrame, *, first_row: int = 1, allow_extra: bool = False, limit: int | None = None
    ) -> list[Refusal]:
        """检查: every mistake of the frame, each with its row (``first_row`` is the number of the first) and column.

        Order: missing, unknown and wrongly typed columns; then by row, within a row by column, and repeated keys last.
        Columns that begin with an underscore are technical and pass. ``limit`` bounds how many refusals are made.
        """
        return checks.check(self, frame, first_row=first_row, allow_extra=allow_extra, limit=limit)

    def violations(self, frame: pl.DataFrame) -> pl.DataFrame:
        """违规明细: the mistakes in rows as a table of row (from 0), column, code, value; for large frames."""
        return checks.violations(self, frame)

    def plan(self, names: tuple[str, ...]) -> Plan:
        """检查计划: what the columns that are there ask of every row; made once for each choice of columns."""
        if names not in self._plans:
            self._plans[names] = Plan.of([self._columns[name] for name in names])
        return self._plans[names]

    def conform(self, frame: pl.DataFrame, *, allow_extra: bool = False) -> pl.DataFrame:
        """按约定整理: columns in the contract's order and types. Refuses a frame of another shape.

        With ``allow_extra`` other columns follow behind; otherwise only technical ones (``_…``) do.
        """
        refuse_if_any(checks.check_shape(self, frame, allow_extra=allow_extra))
        extra = [name for name in frame.columns if name not in self]
        schema = self.polars_schema()
        return frame.select(*(pl.col(name).cast(schema[name]) for name in schema), *extra)
