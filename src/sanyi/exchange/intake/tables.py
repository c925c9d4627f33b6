"""接入约定: what a topic declares so that its facts can be taken in, and how checked rows are stored.

A declaration is the table contract and, as far as wanted, cross-field checks, code checks, further header names and
derived columns. Intake knows no contract by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from sanyi.exchange.lake.tables import PERSON_ID, PERSON_KEY, TECHNICAL_SCHEMA
from sanyi.exchange.mapping.codes import Kind
from sanyi.kernel.refusals import RefusalKind
from sanyi.kernel.tables import Column, ColumnType, TableContract

CERTIFICATE_TYPE = "certificate_type_code"
"""证件类别列: with ``CERTIFICATE_NUMBER`` it becomes ``person_key`` in the lake."""

CERTIFICATE_NUMBER = "certificate_number"
"""证件号码列: personal; it never enters the lake."""

GIVEN_SUFFIX = "_given"
"""原编码列后缀: the codes as sent, kept where mapping changed them."""

ISSUES = pl.Schema(
    {
        "row_number": pl.Int64(),
        "column": pl.String(),
        "code": pl.String(),
        "is_warning": pl.Boolean(),
        "value": pl.String(),
        "expected": pl.String(),
        "order": pl.Int32(),
    }
)
"""问题明细: one mistake or doubt; ``order`` is its place in the documented order of checks."""

CERTIFICATE_IS_WRONG = "_certificate_is_wrong"
"""证件号码有误: in checks, true for a citizen number with a wrong length, date or check digit."""

CERTIFICATE_SEX = "_certificate_sex"
"""证件性别: in checks, 1 or 2 by a right citizen number, otherwise null."""

CERTIFICATE_BORN_ON = "_certificate_born_on"
"""证件出生日期: in checks, by a right citizen number, otherwise null."""


@dataclass(frozen=True, slots=True)
class Terms:
    """检查条件: what cross-field checks may ask: the value of a policy key, the day the file was received, and the
    division code of the county that takes it in.
    """

    value: Callable[[str], int]
    received_on: date
    county_code: str = ""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """逻辑检查: one cross-field rule of a row.

    ``is_broken`` is true where the rule is broken; it is not asked where a column of ``needs`` is empty or was refused
    already. ``value`` and ``expected`` fill the sentences of ``kind``. A warning lets the row enter with a mark.
    """

    kind: RefusalKind
    column: str
    is_broken: pl.Expr
    needs: tuple[str, ...] = ()
    value: pl.Expr = field(default_factory=lambda: pl.lit(None, dtype=pl.String))
    expected: pl.Expr = field(default_factory=lambda: pl.lit(None, dtype=pl.String))
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """编码检查: a column of codes is mapped to insurance edition 2.0 and held against its list.

    ``grey`` marks grey codes with a warning; ``grey_first`` refuses a grey code in the first place (the main one). An
    advisory column is only warned about and stored as sent.
    """

    column: str
    kind: Kind
    grey: RefusalKind | None = None
    grey_first: RefusalKind | None = None
    is_advisory: bool = False


@dataclass(frozen=True, eq=False)
class IntakeContract:
    """接入约定: a table contract with everything intake does for it; equal to itself alone, so that it can be a key."""

    contract: TableContract
    checks: Callable[[Terms], tuple[RowCheck, ...]] = lambda terms: ()
    codes: tuple[CodeCheck, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blank_is_zero: frozenset[str] = frozenset()
    recommended: tuple[str, ...] = ()
    derived: Mapping[str, pl.Expr] = field(default_factory=dict)
    not_sender: RefusalKind | None = None
    examples: tuple[Mapping[str, str], ...] = ()
    read_message: Callable[[Any], Iterator[dict[str, str | None]] | None] | None = None

    @property
    def name(self) -> str:
        """约定名称: also the name of the lake table."""
        return self.contract.name

    @cached_property
    def has_person(self) -> bool:
        """是否涉及个人: whether rows carry a certificate that becomes ``person_key``."""
        return CERTIFICATE_NUMBER in self.contract

    @cached_property
    def key_columns(self) -> tuple[str, ...]:
        """主键与机构列: the natural key, and whose row it is."""
        return tuple(dict.fromkeys((*self.contract.natural_key, self.contract.organisation_column)))

    @cached_property
    def stored_columns(self) -> tuple[Column, ...]:
        """入湖列: all but the personal ones."""
        return tuple(column for column in self.contract.columns if not column.is_personal)

    def stored_schema(self) -> pl.Schema:
        """入湖结构: names and types in the lake; several codes are one text joined by ``|``."""
        return self._stored_schema

    @cached_property
    def keyless(self) -> TableContract:
        """无主键约定: for looking at a part of a file, in which a key may be repeated further down."""
        return replace(self.contract, natural_key=())

    @cached_property
    def _stored_schema(self) -> pl.Schema:
        schema = {column.name: stored_type(column) for column in self.stored_columns}
        for check in self.codes:
            if not check.is_advisory:
                schema[check.column + GIVEN_SUFFIX] = pl.String()
        typed = pl.DataFrame(schema={column.name: column.type.polars for column in self.contract.columns})
        schema |= dict(typed.select(**self.derived).schema) if self.derived else {}
        if self.has_person:
            schema |= {PERSON_KEY: pl.String(), PERSON_ID: pl.String()}
        return pl.Schema(schema | TECHNICAL_SCHEMA)


def stored_type(column: Column) -> pl.DataType:
    """入湖类型: lists are joined, everything else is as in the contract."""
    return pl.String() if column.type is ColumnType.CODES else column.type.polars


_registered: dict[str, IntakeContract] = {}


def register(contract: TableContract, **declared: Any) -> IntakeContract:
    """登记约定: makes a contract known to intake; called once, when the declaring area is ready.

    ``declared`` are the fields of ``IntakeContract``. Raises ValueError when they name columns that do not exist, or
    when another contract has the name.
    """
    found = IntakeContract(contract, **declared)
    if not contract.natural_key or not contract.organisation_column:
        raise ValueError(f"contract {contract.name} needs a natural key and an organisation column to be taken in")
    named = [*found.aliases, *found.blank_is_zero, *found.recommended, *(check.column for check in found.codes)]
    unknown = sorted({name for name in named if name not in contract})
    if unknown:
        raise ValueError(f"contract {contract.name} has no columns {unknown}")
    kept = _registered.get(contract.name)
    if kept is not None and kept.contract.digest != contract.digest:
        raise ValueError(f"another contract is registered as {contract.name}")
    _registered[contract.name] = found
    return found


def registered() -> dict[str, IntakeContract]:
    """已登记的约定: by name, in the order of registration."""
    return dict(_registered)
