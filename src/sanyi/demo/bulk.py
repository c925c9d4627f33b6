"""成批入湖: generated rows in the form in which intake stores them, checked by the same contract, one commit per batch.

What goes through intake itself is read cell by cell from a file; 50,000 rows of that take half a minute. The rest of a
year's lines goes the short way: the same columns, types and cross-field checks, asked of whole columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date

import polars as pl

from sanyi.exchange.intake.jobs.digests import row_digests
from sanyi.exchange.intake.tables import (
    CERTIFICATE_BORN_ON,
    CERTIFICATE_IS_WRONG,
    CERTIFICATE_SEX,
    IntakeContract,
    Terms,
)
from sanyi.exchange.lake.services import Lake
from sanyi.exchange.lake.tables import BATCH_NUMBER, PERSON_ID, PERSON_KEY, ROW_DIGEST, ROW_NUMBER
from sanyi.kernel.tables import ColumnType

Value = Callable[[str], int]


def stored(declared: IntakeContract, frame: pl.DataFrame, people: pl.DataFrame | None = None) -> pl.DataFrame:
    """入湖形式: codes joined, derived columns, persons; ``people`` has person_no, person_key and person_id.

    Columns that nobody filled are null; there is no number of a row in a file and no digest of the row.
    """
    typed = _completed(declared, frame)
    lists = [column.name for column in declared.stored_columns if column.type is ColumnType.CODES]
    derived = [expression.alias(name) for name, expression in declared.derived.items()]
    found = typed.with_columns(pl.col(lists).list.join("|"), *derived)
    if declared.has_person and people is not None:
        found = found.join(people, on="person_no", how="left", maintain_order="left")
    schema = {name: dtype for name, dtype in declared.stored_schema().items() if name != BATCH_NUMBER}
    empty = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items() if name not in found.columns]
    return found.with_columns(empty).select(list(schema))


def with_digests(declared: IntakeContract, frame: pl.DataFrame, first_row: int = 1) -> pl.DataFrame:
    """行号与行摘要: as intake writes them, so that the same row sent once more is nothing new."""
    number = pl.int_range(first_row, first_row + pl.len(), dtype=pl.Int64).alias(ROW_NUMBER)
    return frame.with_columns(number, row_digests(declared, frame).alias(ROW_DIGEST))


def marked(frame: pl.DataFrame) -> pl.DataFrame:
    """无摘要: for rows too many to digest (of lines, a tenth of the build): sent once more, they count as changed."""
    return frame.with_columns(pl.lit("generated").alias(ROW_DIGEST))


def require_right(declared: IntakeContract, frame: pl.DataFrame, value: Value, on: date, county_code: str) -> None:
    """须合约定: the contract and its cross-field checks hold for every row; a wrong row is a fault of the generator.

    ``frame`` has the columns of the contract, persons included; checks of certificates are not asked here.
    """
    contract, full = declared.contract, _completed(declared, frame)
    refusals = contract.check(full.select(contract.column_names))
    if refusals:
        raise RuntimeError(f"generated rows break the contract {contract.name}: {refusals[0].message()}")
    certificate = {CERTIFICATE_IS_WRONG: pl.Boolean(), CERTIFICATE_SEX: pl.Int64(), CERTIFICATE_BORN_ON: pl.Date()}
    full = full.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in certificate.items())
    checks = declared.checks(Terms(value=value, received_on=on, county_code=county_code))
    broken = full.select(
        pl.all_horizontal(check.is_broken, *(pl.col(name).is_not_null() for name in check.needs))
        .fill_null(value=False)
        .any()
        .alias(str(place))
        for place, check in enumerate(checks)
        if not check.is_warning
    )
    names = [checks[int(name)].kind.code for name in broken.columns if broken[name][0]]
    if names:
        raise RuntimeError(f"generated rows of {contract.name} break {names}")


def _completed(declared: IntakeContract, frame: pl.DataFrame) -> pl.DataFrame:
    """All columns of the contract in their types; what nobody filled is null."""
    columns = declared.contract.columns
    missing = [pl.lit(None, dtype=one.type.polars).alias(one.name) for one in columns if one.name not in frame.columns]
    return frame.with_columns(missing).with_columns(pl.col(one.name).cast(one.type.polars) for one in columns)


def commit(lake: Lake, table: str, frames: Iterable[pl.DataFrame], batch_number: int, name: str) -> int:
    """提交: all frames as one batch under a digest made of its name; a batch that is there is not written again."""
    digest = hashlib.sha256(f"{table}|{batch_number}|{name}".encode()).hexdigest()
    return lake.append(table, frames, batch_number=batch_number, digest=digest, metadata={"generated": name})


PERSON_COLUMNS = ("person_no", PERSON_KEY, PERSON_ID)
"""人员列: what ``stored`` joins by ``person_no``."""
