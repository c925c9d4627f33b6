"""一段数据的检查: texts of some rows become typed columns and issues.

Steps in this order: marks of the reader and unreadable cells, required values, bounds and choices (step one); codes
(step two, ``coding.py``); whose row it is and cross-field checks (step three). ``order`` in an issue follows this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import FileKind
from sanyi.exchange.intake.jobs.sources import ROW_NUMBER, WIDTH
from sanyi.exchange.intake.rules.cells import is_suspect, plain, unmarked
from sanyi.exchange.intake.rules.headers import Header
from sanyi.exchange.intake.rules.readings import reader
from sanyi.exchange.intake.tables import ISSUES, CodeCheck, IntakeContract, RowCheck
from sanyi.kernel.refusals import RefusalKind
from sanyi.kernel.tables import Column, ColumnType
from sanyi.kernel.tables import codes as table_codes

STEP_SHAPE, STEP_CODES, STEP_LOGIC, STEP_KEYS = 0, 100_000, 200_000, 300_000
"""检查步骤: where the orders of each step begin."""


def texts_of(contract: IntakeContract, header: Header, piece: pl.DataFrame) -> pl.DataFrame:
    """约定列的文本: by column name, only of columns the file has; ``piece`` is trimmed already."""
    return piece.select(
        pl.col(ROW_NUMBER).alias("row_number"),
        pl.col(WIDTH).alias("width"),
        *(
            pl.col(f"c{header.columns[column.name]}").alias(column.name)
            for column in contract.contract.columns
            if column.name in header.columns
        ),
    )


class ShapeStep:
    """第一步（形式）: built once for a file, used for every piece of it."""

    def __init__(self, contract: IntakeContract, header: Header, kind: FileKind) -> None:
        self.contract, self.header, self.kind = contract, header, kind
        self._keyless = replace(contract.contract, natural_key=())
        self._columns = {column.name: place for place, column in enumerate(contract.contract.columns)}
        checks: Mapping[str, CodeCheck] = {check.column: check for check in contract.codes}
        self._readers = {
            column.name: reader(column, checks.get(column.name), is_technical_name=column.name in header.technical)
            for column in contract.contract.columns
        }
        self._present = [column for column in contract.contract.columns if column.name in header.columns]
        self._absent = [column for column in contract.contract.columns if column.name not in header.columns]
        self._plain = [
            plain(c, pl.col(c.name), checks.get(c.name), is_technical_name=c.name in header.technical).alias(c.name)
            for c in self._present
        ]

    def read(self, texts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """读取: the typed columns with ``row_number``, and the issues of step one."""
        values = texts.lazy().select("row_number", *self._plain).collect()
        left = texts.select(
            (pl.col(c.name).is_not_null() & (values[c.name].is_null() | is_suspect(pl.col(c.name)))).alias(c.name)
            for c in self._present
        )
        has_left = left.select(pl.all().any()).row(0, named=True)
        parts = [pl.DataFrame(schema=ISSUES)]
        for column in self._present:
            if has_left[column.name]:
                rows = texts.filter(left[column.name]).select("row_number", column.name)
                values, issues = self._read_closely(values, rows, column)
                parts.append(issues)
        if self.kind is FileKind.CSV:
            parts.append(self._too_long(texts))
        schema = self.contract.contract.polars_schema()
        values = values.with_columns(pl.lit(None, dtype=schema[c.name]).alias(c.name) for c in self._absent)
        values = values.select("row_number", *schema.names())
        unreadable = pl.concat(parts)
        missing = self._violations(texts, values, unreadable)
        filled = values.with_columns(pl.col(name).fill_null(0) for name in self.contract.blank_is_zero)
        return filled, pl.concat([unreadable, missing])

    def _read_closely(
        self, values: pl.DataFrame, rows: pl.DataFrame, column: Column
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Cells of one column that are not in the plainest form: every form people write, or an issue."""
        name = column.name
        texts = rows[name].unique(maintain_order=True)
        read = [self._readers[name](text) for text in texts]
        values_of = [None if isinstance(one, RefusalKind) else one for one in read]
        kinds = [one if isinstance(one, RefusalKind) else None for one in read]
        known = pl.DataFrame(
            {
                name: texts,
                "_value": pl.Series(values_of, dtype=column.type.polars),
                "_code": pl.Series([kind.code if kind else None for kind in kinds], dtype=pl.String),
            }
        )
        found = rows.join(known, on=name, how="left", maintain_order="left")
        is_read = pl.col("row_number").is_in(rows["row_number"].implode())
        merged = values.join(found.select("row_number", "_value"), on="row_number", how="left", maintain_order="left")
        merged = merged.with_columns(pl.when(is_read).then("_value").otherwise(name).alias(name)).drop("_value")
        parts = [pl.DataFrame(schema=ISSUES)]
        for kind in {kind.code: kind for kind in kinds if kind}.values():
            parts.append(_issues(found.filter(pl.col("_code") == kind.code), column, kind, self._columns[name] * 100))
        return merged, pl.concat(parts)

    def _too_long(self, texts: pl.DataFrame) -> pl.DataFrame:
        long = texts.filter(pl.col("width") > self.header.width)
        return issue_frame(
            long,
            "",
            codes.ROW_TOO_LONG,
            0,
            value=pl.col("width").cast(pl.String),
            expected=pl.lit(str(self.header.width)),
        )

    def _violations(self, texts: pl.DataFrame, values: pl.DataFrame, unreadable: pl.DataFrame) -> pl.DataFrame:
        """What the table contract itself refuses; a cell that could not be read is not also called empty."""
        found = self._keyless.violations(values.drop("row_number"))
        if found.is_empty():
            return pl.DataFrame(schema=ISSUES)
        numbered = found.with_columns(
            values["row_number"].gather(found["row"]).alias("row_number"),
            pl.col("column").replace_strict(self._columns, return_dtype=pl.Int32).alias("_place"),
        )
        is_missing = pl.col("code").is_in([table_codes.VALUE_MISSING.code, table_codes.VALUE_MISSING_WHEN.code])
        known = unreadable.select("row_number", "column", pl.lit(value=True).alias("_is_known"))
        kept = numbered.join(known.unique(), on=["row_number", "column"], how="left").filter(
            ~(is_missing & pl.col("_is_known").fill_null(value=False))
        )
        personal = list(self.contract.contract.personal_columns)
        shown = pl.when(pl.col("column").is_in(personal)).then(masked(pl.col("value"))).otherwise(pl.col("value"))
        return kept.select(
            "row_number",
            "column",
            "code",
            pl.lit(value=False).alias("is_warning"),
            shown.alias("value"),
            pl.lit(None, dtype=pl.String).alias("expected"),
            (pl.col("_place") * 100 + 50).cast(pl.Int32).alias("order"),
        )


def logic_step(
    contract: IntakeContract,
    checks: Sequence[RowCheck],
    frame: pl.DataFrame,
    refused: pl.DataFrame,
    senders: frozenset[str] | None,
    sender: str,
) -> pl.DataFrame:
    """第三步（逻辑）: issues of the sender and of the cross-field checks; ``refused`` are the errors found so far."""
    asked = [*_sender_check(contract, senders, sender), *checks]
    flags = frame.select(
        (pl.all_horizontal(check.is_broken, *(pl.col(name).is_not_null() for name in check.needs)))
        .fill_null(value=False)
        .alias(f"f{n}")
        for n, check in enumerate(asked)
    )
    if not asked:
        return pl.DataFrame(schema=ISSUES)
    broken = flags.select(pl.all().any()).row(0)
    parts = [pl.DataFrame(schema=ISSUES)]
    for n, check in enumerate(asked):
        if not broken[n]:
            continue
        rows = frame.filter(flags[f"f{n}"])
        if check.needs:
            known = refused.filter(pl.col("column").is_in([*check.needs, check.column]))
            rows = rows.join(known.select("row_number"), on="row_number", how="anti")
        column = contract.contract.column(check.column)
        shown = masked(check.value) if column.is_personal else check.value
        parts.append(
            issue_frame(
                rows,
                check.column,
                check.kind,
                STEP_LOGIC + n,
                value=shown,
                expected=check.expected,
                is_warning=check.is_warning,
            )
        )
    return pl.concat(parts)


def _sender_check(contract: IntakeContract, senders: frozenset[str] | None, sender: str) -> list[RowCheck]:
    if senders is None or contract.not_sender is None:
        return []
    name = contract.contract.organisation_column
    return [
        RowCheck(
            kind=contract.not_sender,
            column=name,
            needs=(name,),
            is_broken=~pl.col(name).is_in(sorted(senders)),
            value=pl.col(name),
            expected=pl.lit(sender),
        )
    ]


def _issues(rows: pl.DataFrame, column: Column, kind: RefusalKind, order: int) -> pl.DataFrame:
    value = unmarked(pl.col(column.name))
    return issue_frame(rows, column.name, kind, order, value=masked(value) if column.is_personal else value)


def issue_frame(
    rows: pl.DataFrame,
    column: str,
    kind: RefusalKind,
    order: int,
    *,
    value: pl.Expr | None = None,
    expected: pl.Expr | None = None,
    is_warning: bool = False,
) -> pl.DataFrame:
    """问题明细: one issue for each of the rows."""
    nothing = pl.lit(None, dtype=pl.String)
    return rows.select(
        pl.col("row_number"),
        pl.lit(column).alias("column"),
        pl.lit(kind.code).alias("code"),
        pl.lit(is_warning).alias("is_warning"),
        (nothing if value is None else value.cast(pl.String).str.slice(0, 200)).alias("value"),
        (nothing if expected is None else expected.cast(pl.String).str.slice(0, 200)).alias("expected"),
        pl.lit(order, dtype=pl.Int32).alias("order"),
    )


def masked(text: pl.Expr) -> pl.Expr:
    """脱敏: the first two and the last character of a personal text; short ones are hidden altogether."""
    is_long = text.str.len_chars() > 6  # noqa: PLR2004 - below, three characters would show too much
    return (
        pl.when(is_long)
        .then(text.str.slice(0, 2) + "****" + text.str.slice(-1))
        .otherwise(pl.when(text.is_not_null()).then(pl.lit("***")))
    )


def is_list(column: Column) -> bool:
    """是否多值列: several codes in one cell."""
    return column.type is ColumnType.CODES
