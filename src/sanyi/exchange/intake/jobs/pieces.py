"""第一步（形式）: texts of some rows become typed columns and issues.

Steps of a check in this order: marks of the reader and unreadable cells, required values, bounds and choices (step
one, here); codes (step two, ``coding.py``); whose row it is and cross-field checks (step three, ``logic.py``). The
``order`` of an issue follows this.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import polars as pl

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.codes import FileKind
from sanyi.exchange.intake.jobs.forms import Left, forms
from sanyi.exchange.intake.jobs.issues import NO_ISSUES, issue_frame, joined, masked
from sanyi.exchange.intake.jobs.sources import ROW_NUMBER, WIDTH
from sanyi.exchange.intake.rules.cells import unmarked
from sanyi.exchange.intake.rules.headers import Header
from sanyi.exchange.intake.tables import ISSUES, IntakeContract
from sanyi.kernel.tables import Column, ColumnType
from sanyi.kernel.tables import codes as table_codes

_MISSING = (table_codes.VALUE_MISSING.code, table_codes.VALUE_MISSING_WHEN.code)


def texts_of(contract: IntakeContract, header: Header, piece: pl.DataFrame) -> pl.DataFrame:
    """约定列的文本: by column name, only of columns the file has; ``piece`` is trimmed already."""
    present = [column.name for column in contract.contract.columns if column.name in header.columns]
    texts = piece.select(ROW_NUMBER, WIDTH, *(f"c{header.columns[name]}" for name in present))
    texts.columns = ["row_number", "width", *present]
    return texts


class ShapeStep:
    """第一步（形式）: built once for a file, used for every piece of it."""

    def __init__(self, contract: IntakeContract, header: Header, kind: FileKind) -> None:
        self.contract, self.header, self.kind = contract, header, kind
        table = contract.contract
        self._columns = {column.name: place for place, column in enumerate(table.columns)}
        self._forms = forms(contract, frozenset(header.columns), frozenset(header.technical))
        self._absent = [(c.name, c.type.polars) for c in table.columns if c.name not in header.columns]
        self._personal = list(table.personal_columns)

    def read(self, texts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """读取: the typed columns with ``row_number``, and the issues of step one."""
        found, left = self._forms.read(texts)
        height = texts.height
        found |= {name: pl.Series(name, [], dtype=dtype).extend_constant(None, height) for name, dtype in self._absent}
        values = texts.select("row_number").hstack([found[name] for name in self._columns])
        unreadable = self._unreadable(texts, left)
        if self.kind is FileKind.CSV:
            unreadable = joined(unreadable, self._too_long(texts))
        missing = self._violations(values, unreadable)
        filled = values.with_columns(pl.col(sorted(self.contract.blank_is_zero)).fill_null(0))
        return filled, joined(unreadable, missing)

    def _unreadable(self, texts: pl.DataFrame, left: Sequence[Left]) -> pl.DataFrame:
        """Issues of cells that no form fits, column by column and in each mistake by mistake."""
        numbers = texts["row_number"]
        parts = [NO_ISSUES]
        for one in left:
            for kind in {kind.code: kind for kind in one.kinds if kind}.values():
                is_so = [other is not None and other.code == kind.code for other in one.kinds]
                rows = pl.DataFrame(
                    {
                        "row_number": numbers.gather(list(compress(one.places, is_so))),
                        "text": pl.Series(list(compress(one.texts, is_so)), dtype=pl.String),
                    }
                )
                value = unmarked(pl.col("text"))
                shown = masked(value) if one.column.is_personal else value
                order = self._columns[one.column.name] * 100
                parts.append(issue_frame(rows, one.column.name, kind, order, value=shown))
        return joined(*parts)

    def _too_long(self, texts: pl.DataFrame) -> pl.DataFrame:
        long = texts.filter(texts["width"] > self.header.width)
        return issue_frame(
            long,
            "",
            codes.ROW_TOO_LONG,
            0,
            value=pl.col("width").cast(pl.String),
            expected=pl.lit(str(self.header.width)),
        )

    def _violations(self, values: pl.DataFrame, unreadable: pl.DataFrame) -> pl.DataFrame:
        """What the table contract itself refuses; a cell that could not be read is not also called empty."""
        found = self.contract.keyless.violations(values.drop("row_number"))
        if found.is_empty():
            return NO_ISSUES
        numbered = found.with_columns(
            values["row_number"].gather(found["row"]).alias("row_number"),
            pl.col("column").replace_strict(self._columns, return_dtype=pl.Int32).alias("_place"),
        )
        known = unreadable.select("row_number", "column", pl.lit(value=True).alias("_is_known"))
        kept = numbered.join(known.unique(), on=["row_number", "column"], how="left", maintain_order="left").filter(
            ~(pl.col("code").is_in(_MISSING) & pl.col("_is_known").fill_null(value=False))
        )
        is_personal = pl.col("column").is_in(self._personal)
        return kept.select(
            "row_number",
            "column",
            "code",
            pl.lit(value=False).alias("is_warning"),
            pl.when(is_personal).then(masked(pl.col("value"))).otherwise(pl.col("value")).alias("value"),
            pl.lit(None, dtype=pl.String).alias("expected"),
            (pl.col("_place") * 100 + 50).cast(ISSUES["order"]).alias("order"),
        )


def is_list(column: Column) -> bool:
    """是否多值列: several codes in one cell."""
    return column.type is ColumnType.CODES
