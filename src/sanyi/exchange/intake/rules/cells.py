"""单元格读取（列）: the plain forms of cells, whole columns at a time. Every other form is read by ``readings.py``.

Marks set by the readers of files: a cell that begins with ``MARK`` could not be read as text at all; the letter after
it says why (``F`` formula without a stored result, ``E`` error value, ``L`` number that lost its digits).
"""

from __future__ import annotations

import polars as pl

from sanyi.exchange.intake.tables import CodeCheck
from sanyi.exchange.mapping.codes import Kind
from sanyi.kernel.tables import Column, ColumnType

MARK = "\x00"
YEARS = (1900, 2199)
"""可信年份: a date outside is a mistake of writing."""

MINUTES = "分钟"
"""时长单位: columns in this unit are written as days/hours/minutes."""

_TRIMMED = " \t\r\n\v\f\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff"
_TRIMMED += "".join(map(chr, range(0x2000, 0x200B)))
_BLANK = ("", "-", "--", "—", "——", "－", "/", "NULL", "null", "None", "NaN", "nan", "N/A", "#N/A")
_DIGITS = r"^[+-]?[0-9]{1,15}$"
_PLAIN = r"^[!-&(-<>-~][!-~]*$"
_LONG_NUMBER = r"^[0-9](\.[0-9]+)?[Ee]\+[0-9]{2}$"
_PLAIN_LIST = r"^[0-9A-Za-z.]+(\|[0-9A-Za-z.]+)*$"
_PLAIN_E4 = r"^[0-9]{1,11}(\.[0-9]{1,4})?$"
_PLAIN_YUAN = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
_PLAIN_CODE = {
    Kind.DIAGNOSIS: r"^[A-Z][0-9]{2}[0-9x.A-WYZ+*]*$",
    Kind.PROCEDURE: r"^[0-9]{2}\.[0-9x.A-WYZ]*$",
}
_PLAIN_CODES = {
    Kind.DIAGNOSIS: r"^[A-Z][0-9]{2}[0-9x.A-WYZ+*]*(\|[A-Z][0-9]{2}[0-9x.A-WYZ+*]*)*$",
    Kind.PROCEDURE: r"^[0-9]{2}\.[0-9x.A-WYZ]*(\|[0-9]{2}\.[0-9x.A-WYZ]*)*$",
}


def blank_to_null(cell: pl.Expr) -> pl.Expr:
    """去空白: trims, also full-width and invisible blanks; dashes for “nothing” and exporters' nulls become null."""
    text = cell.str.strip_chars(_TRIMMED)
    return pl.when(~text.is_in(_BLANK)).then(text)


def unmarked(cell: pl.Expr) -> pl.Expr:
    """去标记: the text behind a reader's mark, for showing it."""
    return cell.str.replace(f"^{MARK}[FEL]", "")


def is_suspect(cell: pl.Expr) -> pl.Expr:
    """是否可疑: whether a cell holds a mark of the reader, an undecodable character, or a text in a formula's dress."""
    return cell.str.contains(f'[{MARK}\ufffd]|^="')


def plain(column: Column, cell: pl.Expr, check: CodeCheck | None, *, is_technical_name: bool) -> pl.Expr:
    """直接读取: the typed value of a trimmed cell that is written in the plainest form, null otherwise.

    Cheap, for the many; what it leaves null although the cell is filled goes through ``readings.py``, which knows every
    form and gives the same values (a test compares them). ``is_technical_name``: see there.
    """
    match column.type:
        case ColumnType.TEXT:
            return cell
        case ColumnType.CODE if column.choices:
            return pl.when(cell.is_in([str(code) for code in column.choices])).then(cell)
        case ColumnType.CODE if check:
            return pl.when(cell.str.contains(_PLAIN_CODE[check.kind])).then(cell)
        case ColumnType.CODE:
            return pl.when(cell.str.contains(_PLAIN) & ~cell.str.contains(_LONG_NUMBER)).then(cell)
        case ColumnType.CODES if column.choices is None:
            is_plain = cell.str.contains(_PLAIN_CODES[check.kind] if check else _PLAIN_LIST)
            return pl.when(is_plain).then(cell.str.split("|"))
        case ColumnType.INTEGER if column.is_decimal and not is_technical_name:
            return _plain_decimal(cell, _PLAIN_E4, 4)
        case ColumnType.INTEGER if column.unit != MINUTES or is_technical_name:
            return pl.when(cell.str.contains(_DIGITS)).then(cell).cast(pl.Int64, strict=False)
        case ColumnType.FEN:
            return _plain_amount(cell, is_fen=is_technical_name)
        case ColumnType.DATE:
            return cell.str.to_date("%Y-%m-%d", strict=False).pipe(_in_range)
        case ColumnType.INSTANT:
            return pl.coalesce(
                cell.str.to_datetime(form, strict=False, time_unit="us").pipe(_in_range)
                for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
            )
    return pl.lit(None, dtype=column.type.polars)


def _plain_amount(cell: pl.Expr, *, is_fen: bool) -> pl.Expr:
    if is_fen:
        return pl.when(cell.str.contains(_DIGITS)).then(cell).cast(pl.Int64, strict=False)
    return _plain_decimal(cell, _PLAIN_YUAN, 2)


def _plain_decimal(cell: pl.Expr, form: str, places: int) -> pl.Expr:
    number = pl.when(cell.str.contains(form)).then(cell)
    parts = number.str.split_exact(".", 1)
    fraction = parts.struct.field("field_1").fill_null("").str.pad_end(places, "0")
    return (parts.struct.field("field_0") + fraction).cast(pl.Int64, strict=False)


def _in_range(at: pl.Expr) -> pl.Expr:
    return pl.when(at.dt.year().is_between(*YEARS)).then(at)
