"""表检查: holds a frame against its contract, whole columns at a time."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import polars as pl

from sanyi.kernel.refusals import Refusal
from sanyi.kernel.tables import codes
from sanyi.kernel.tables.columns import Column, ColumnType

if TYPE_CHECKING:
    from sanyi.kernel.tables.contract import TableContract

_KINDS = {
    kind.code: kind
    for kind in (
        codes.VALUE_MISSING,
        codes.VALUE_MISSING_WHEN,
        codes.VALUE_TOO_SMALL,
        codes.VALUE_TOO_LARGE,
        codes.CHOICE_UNKNOWN,
        codes.PATTERN_WRONG,
        codes.TEXT_TOO_LONG,
    )
}
_SCHEMA = pl.Schema({"row": pl.Int64, "column": pl.String, "code": pl.String, "value": pl.String})


def check(
    contract: TableContract, frame: pl.DataFrame, *, first_row: int, allow_extra: bool, limit: int | None
) -> list[Refusal]:
    """检查: see ``TableContract.check``."""
    shape = check_shape(contract, frame, allow_extra=allow_extra)
    found = violations(contract, frame)
    rows = found if limit is None else found.head(max(0, limit - len(shape)))
    sentences = _Sentences(contract, first_row)
    refusals = shape + [sentences.refusal(*violation) for violation in rows.iter_rows()]
    return refusals[:limit]


def check_shape(contract: TableContract, frame: pl.DataFrame, *, allow_extra: bool) -> list[Refusal]:
    """检查列: missing columns in the contract's order, then unknown ones, then wrong types."""
    missing = [
        codes.COLUMN_MISSING(column=column.name, label=column.zh, label_en=column.en).at(column=column.name)
        for column in contract.columns
        if column.name not in frame.columns
    ]
    unknown = [] if allow_extra else [n for n in frame.columns if n not in contract and not n.startswith("_")]
    wrong = [
        codes.TYPE_WRONG(
            label=column.zh,
            label_en=column.en,
            expected=column.type.zh,
            expected_en=column.type.en,
            found=str(frame.schema[column.name]),
        ).at(column=column.name)
        for column in contract.columns
        if column.name in frame.columns and not column.type.fits(frame.schema[column.name])
    ]
    return missing + [_unknown_column(contract, name) for name in unknown] + wrong


def violations(contract: TableContract, frame: pl.DataFrame) -> pl.DataFrame:
    """违规明细: row (from 0), column, code, value, by row, column and check. Ill-typed columns are left out."""
    schema = frame.schema
    present = [c for c in contract.columns if c.name in schema and c.type.fits(schema[c.name])]
    if not present or frame.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    typed = frame.select(column.name for column in present)
    others = {c.name: c.type.polars for c in present if schema[c.name] != c.type.polars}
    if others:
        typed = typed.cast(others)  # type: ignore[arg-type]
    plan = contract.plan(tuple(column.name for column in present))
    parts = plan.broken(typed)
    if contract.natural_key and set(typed.columns).issuperset(contract.natural_key) and frame.height > 1:
        parts.append(_repeated_keys(contract, typed.with_row_index("_row"), plan.count))
    if not parts:
        return pl.DataFrame(schema=_SCHEMA)
    return pl.concat(parts).sort("row", "_order").drop("_order")


def _repeated_keys(contract: TableContract, numbered: pl.DataFrame, order: int) -> pl.DataFrame:
    key = list(contract.natural_key)
    words = pl.concat_str([pl.col(name).cast(pl.String) for name in key], separator="，")
    first = pl.col("_row").min().over(key).alias("_first")
    return (
        numbered.select("_row", *key)
        .drop_nulls(key)
        .with_columns(first)
        .filter(pl.col("_row") != pl.col("_first"))
        .select(
            pl.col("_row").cast(pl.Int64).alias("row"),
            pl.lit(key[0]).alias("column"),
            pl.lit(codes.KEY_TWICE.code).alias("code"),
            (pl.col("_first").cast(pl.String) + "|" + words).alias("value"),
            pl.lit(order).alias("_order"),
        )
    )


class _Sentences:
    """Makes refusals from violations; the words that depend on the column alone are made once."""

    def __init__(self, contract: TableContract, first_row: int) -> None:
        self.contract = contract
        self.first_row = first_row
        self.labels, self.labels_en = contract.labels(), contract.labels("en")
        self.words: dict[tuple[str, str], dict[str, Any]] = {}

    def refusal(self, row: int, name: str, code: str, value: str | None) -> Refusal:
        place = {"row": row + self.first_row, "column": name}
        if code == codes.KEY_TWICE.code:
            return self.repeated_key(str(value)).at(**place)
        column = self.contract.column(name)
        if (name, code) not in self.words:
            self.words[name, code] = self.column_words(column, code)
        shown = int(value) if column.type is ColumnType.FEN and value is not None else value
        return _KINDS[code](value=column.shown(shown), **self.words[name, code]).at(**place)

    def repeated_key(self, value: str) -> Refusal:
        first, key = value.split("|", 1)
        return codes.KEY_TWICE(
            first_row=int(first) + self.first_row,
            key=key,
            columns="、".join(self.labels[name] for name in self.contract.natural_key),
            columns_en=", ".join(self.labels_en[name] for name in self.contract.natural_key),
        )

    def column_words(self, column: Column, code: str) -> dict[str, Any]:
        condition = column.condition
        limit = {
            codes.VALUE_TOO_SMALL.code: column.minimum,
            codes.VALUE_TOO_LARGE.code: column.maximum,
            codes.TEXT_TOO_LONG.code: column.max_length,
        }.get(code)
        return {
            "label": column.zh,
            "label_en": column.en,
            "limit": column.shown(limit),
            "unit": column.unit or column.type.zh,
            "unit_en": column.unit or column.type.en,
            "choices": column.choices_text(),
            "condition": condition.text("zh", self.labels) if condition else "",
            "condition_en": condition.text("en", self.labels_en) if condition else "",
            "help": column.help_zh,
            "help_en": column.help_en,
        }


def _unknown_column(contract: TableContract, name: str) -> Refusal:
    known = {label: column for column in contract.columns for label in (column.name, column.zh)}
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return codes.COLUMN_UNKNOWN(
        column=name,
        table=contract.zh,
        table_en=contract.en,
        hint=f"是否应为“{known[close[0]].zh}”（{known[close[0]].name}）？" if close else "",
        hint_en=f"Should it be {known[close[0]].name}?" if close else "",
    ).at(column=name)
