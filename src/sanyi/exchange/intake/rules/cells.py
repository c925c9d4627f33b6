"""单元格读取: what people write in a cell becomes a typed value, or an issue. Polars expressions on text columns.

Marks set by the readers of files: a cell that begins with ``MARK`` could not be read as text at all; the letter after
it says why (``F`` formula without a stored result, ``E`` error value, ``L`` number that lost its digits).
"""

from __future__ import annotations

import polars as pl

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.tables import CodeCheck
from sanyi.exchange.mapping.codes import Kind
from sanyi.exchange.mapping.tables import canonical_code_expr
from sanyi.kernel.money import FEN_MAX, parse_yuan_expr
from sanyi.kernel.refusals import RefusalKind
from sanyi.kernel.tables import Column, ColumnType

MARK = "\x00"
_MARKS = {"F": codes.FORMULA_WITHOUT_VALUE, "E": codes.CELL_IS_ERROR, "L": codes.NUMBER_LOST_DIGITS}
_TRIMMED = " \t\r\n\v\f\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff"
_TRIMMED += "".join(map(chr, range(0x2000, 0x200B)))
_BLANK = ("", "-", "--", "—", "——", "－", "/", "NULL", "null", "None", "NaN", "nan", "N/A", "#N/A")
_MINUTES = "分钟"
_SCIENTIFIC = r"^[0-9](\.[0-9]+)?[Ee]\+[0-9]{2}$"
_DIGITS = r"^[+-]?[0-9]{1,15}$"
_PLAIN = r"^[!-&(-~]+$"
_PLAIN_LIST = r"^[0-9A-Za-z.]+(\|[0-9A-Za-z.]+)*$"
_PLAIN_YUAN = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
_PLAIN_CODE = {
    Kind.DIAGNOSIS: r"^[A-Z][0-9]{2}[0-9x.A-WYZ+*]*$",
    Kind.PROCEDURE: r"^[0-9]{2}\.[0-9x.A-WYZ]*$",
}
_PLAIN_CODES = {
    Kind.DIAGNOSIS: r"^[A-Z][0-9]{2}[0-9x.A-WYZ+*]*(\|[A-Z][0-9]{2}[0-9x.A-WYZ+*]*)*$",
    Kind.PROCEDURE: r"^[0-9]{2}\.[0-9x.A-WYZ]*(\|[0-9]{2}\.[0-9x.A-WYZ]*)*$",
}

Issues = list[tuple[RefusalKind, pl.Expr]]
"""问题: kinds with where they hold, in the order in which they are asked; the first that holds counts."""


def blank_to_null(cell: pl.Expr) -> pl.Expr:
    """去空白: trims, also full-width and invisible blanks; dashes for “nothing” and exporters' nulls become null."""
    text = cell.str.strip_chars(_TRIMMED)
    quoted = text.str.strip_prefix('="').str.strip_suffix('"').str.strip_chars(_TRIMMED)
    text = pl.when(text.str.starts_with('="')).then(quoted).otherwise(text)
    return pl.when(~text.is_in(_BLANK)).then(text)


def mark_issues(cell: pl.Expr) -> Issues:
    """读取标记: issues that a reader has set, and undecodable characters."""
    found: Issues = [(kind, cell.str.starts_with(MARK + letter)) for letter, kind in _MARKS.items()]
    return [*found, (codes.TEXT_UNDECODABLE, cell.str.contains("\ufffd", literal=True))]


def unmarked(cell: pl.Expr) -> pl.Expr:
    """去标记: the text behind a reader's mark, for showing it."""
    return cell.str.replace(f"^{MARK}[FEL]", "")


def is_suspect(cell: pl.Expr) -> pl.Expr:
    """是否可疑: whether a cell holds a mark of the reader or an undecodable character."""
    return cell.str.contains(f"[{MARK}\ufffd]")


def plain(column: Column, cell: pl.Expr, check: CodeCheck | None, *, is_technical_name: bool) -> pl.Expr:
    """直接读取: the typed value of a cell that is written in the plainest form, null otherwise.

    Cheap, for the many; what it leaves null although the cell is filled goes through ``typed``, which reads every form
    and agrees with it (a test compares them).
    """
    match column.type:
        case ColumnType.TEXT:
            return cell
        case ColumnType.CODE if column.choices:
            return pl.when(cell.is_in([str(code) for code in column.choices])).then(cell)
        case ColumnType.CODE:
            return pl.when(cell.str.contains(_PLAIN_CODE[check.kind] if check else _PLAIN)).then(cell)
        case ColumnType.CODES:
            is_plain = cell.str.contains(_PLAIN_CODES[check.kind] if check else _PLAIN_LIST)
            if column.choices:
                return pl.lit(None, dtype=pl.List(pl.String))
            return pl.when(is_plain).then(cell.str.split("|"))
        case ColumnType.INTEGER if column.unit == _MINUTES and not is_technical_name:
            return pl.lit(None, dtype=pl.Int64)
        case ColumnType.INTEGER:
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
    number = pl.when(cell.str.contains(_PLAIN_YUAN)).then(cell)
    parts = number.str.split_exact(".", 1)
    cents = parts.struct.field("field_1").fill_null("").str.pad_end(2, "0")
    return (parts.struct.field("field_0") + cents).cast(pl.Int64, strict=False)


def _in_range(at: pl.Expr) -> pl.Expr:
    return pl.when(at.dt.year().is_between(1900, 2199)).then(at)


def typed(column: Column, cell: pl.Expr, check: CodeCheck | None, *, is_technical_name: bool) -> tuple[pl.Expr, Issues]:
    """读取: the typed value (null where unreadable) of a cell already trimmed, and the issues of this type.

    ``is_technical_name`` says that the file names the column in English, whose unit is in the name: amounts are then
    whole fen and durations may be whole minutes.
    """
    readable = pl.when(~cell.str.starts_with(MARK)).then(cell)
    half = readable.str.normalize("NFKC").str.strip_chars()
    match column.type:
        case ColumnType.TEXT:
            return readable, []
        case ColumnType.CODE:
            return _code(column, half, check), [(codes.NUMBER_LOST_DIGITS, half.str.contains(_SCIENTIFIC))]
        case ColumnType.CODES:
            return _codes(column, half, check), []
        case ColumnType.INTEGER if column.unit == _MINUTES:
            return _read(half, _minutes_expr(half, may_be_plain=is_technical_name), codes.DURATION_UNREADABLE)
        case ColumnType.INTEGER:
            named = _choice(column, half)
            return _read(half, whole_number_expr(named, column.unit), codes.INTEGER_UNREADABLE)
        case ColumnType.FEN:
            return _amount(half, is_fen=is_technical_name)
        case ColumnType.BASIS_POINTS:
            return _read(half, _basis_points_expr(half), codes.SHARE_UNREADABLE)
        case ColumnType.DATE:
            return _read(half, instant_expr(half).dt.date(), codes.DATE_UNREADABLE)
        case ColumnType.INSTANT:
            return _read(half, instant_expr(half), codes.DATE_UNREADABLE)
        case ColumnType.BOOLEAN:
            return _read(half, _truth_expr(half), codes.TRUTH_UNREADABLE)


def _read(cell: pl.Expr, value: pl.Expr, kind: RefusalKind) -> tuple[pl.Expr, Issues]:
    return value, [(kind, cell.is_not_null() & value.is_null())]


def _code(column: Column, cell: pl.Expr, check: CodeCheck | None) -> pl.Expr:
    """A code: the choice it names, or its canonical form."""
    plain = cell.str.strip_prefix("'").str.strip_chars()
    return canonical_code_expr(plain, check.kind) if check else _choice(column, plain)


def _codes(column: Column, cell: pl.Expr, check: CodeCheck | None) -> pl.Expr:
    """Several codes: separated by | ; , or 、 and line ends; empty pieces are dropped."""
    pieces = cell.str.replace_all(r"[;,、\r\n]", "|").str.split("|")
    element = pl.element().str.strip_chars()
    element = canonical_code_expr(element, check.kind) if check else _choice(column, element)
    listed = pieces.list.eval(element.filter(element != ""))
    return pl.when(listed.list.len() > 0).then(listed)


def _choice(column: Column, cell: pl.Expr) -> pl.Expr:
    """代码或名称: ``1``, ``男``, ``1 男``, ``1-男``, ``01`` and ``1.0`` all name the choice 1; anything else stays."""
    if not column.choices:
        return cell
    names: dict[str, str] = {}
    for code, label in column.choices.items():
        text = str(code)
        for written in (label, text.lstrip("0") or "0", f"{text}.0", f"{text.lstrip('0')}.0", text.zfill(2)):
            names.setdefault(written.upper(), text)
    names |= {str(code).upper(): str(code) for code in column.choices}
    bare = cell.str.strip_chars().str.to_uppercase()
    head = bare.str.extract(r"^([0-9A-Z]+(?:\.[0-9]+)?)[ \-.、:_]+\D", 1)
    found = pl.coalesce(
        bare.replace_strict(names, default=None, return_dtype=pl.String),
        head.replace_strict(names, default=None, return_dtype=pl.String),
    )
    return pl.coalesce(found, cell)


def whole_number_expr(cell: pl.Expr, unit: str = "") -> pl.Expr:
    """整数（列）: digits, separators in their places, a trailing ``.0`` or the column's own unit; else null."""
    plain = cell.str.strip_suffix(unit).str.strip_chars() if unit else cell
    grouped = plain.str.contains(r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.0*)?$")
    plain = pl.when(grouped).then(plain.str.replace_all(",", "", literal=True)).otherwise(plain)
    plain = plain.str.replace(r"\.0*$", "")
    return pl.when(plain.str.contains(_DIGITS)).then(plain.str.strip_prefix("+")).cast(pl.Int64, strict=False)


def _minutes_expr(cell: pl.Expr, *, may_be_plain: bool) -> pl.Expr:
    """时长（列）: days/hours/minutes to minutes; ``-`` for a missing part counts as 0 of it."""
    form = r"^([0-9]{1,4}|-)\s*/\s*([0-9]{1,2}|-)\s*/\s*([0-9]{1,2}|-)$"
    parts = [cell.str.extract(form, place).replace("-", "0").cast(pl.Int64, strict=False) for place in (1, 2, 3)]
    is_right = (parts[1] <= 23) & (parts[2] <= 59)  # noqa: PLR2004 - hours of a day, minutes of an hour
    spelt = pl.when(is_right).then(parts[0] * 1440 + parts[1] * 60 + parts[2])
    plain = whole_number_expr(cell)
    if not may_be_plain:
        plain = pl.when(plain == 0).then(plain)
    return pl.coalesce(spelt, plain)


def _amount(cell: pl.Expr, *, is_fen: bool) -> tuple[pl.Expr, Issues]:
    if is_fen:
        value = whole_number_expr(cell)
        return value, [(codes.AMOUNT_UNREADABLE, cell.is_not_null() & value.is_null())]
    plain = _without_float_noise(cell)
    value = parse_yuan_expr(plain)
    is_number = plain.str.contains(r"^[+-]?¥?[0-9][0-9,]*\.[0-9]+元?$")
    is_bounded = plain.str.extract(r"^[+-]?¥?([0-9,]+)", 1).str.replace_all(",", "").str.len_chars() < len(str(FEN_MAX))
    is_fine = is_number & is_bounded & plain.str.contains(r"\.[0-9]{2}[0-9]*[1-9][0-9]*元?$")
    unread = cell.is_not_null() & value.is_null()
    return value, [(codes.AMOUNT_TOO_FINE, unread & is_fine), (codes.AMOUNT_UNREADABLE, unread)]


def _without_float_noise(cell: pl.Expr) -> pl.Expr:
    """A binary float written out in full (``0.30000000000000004``) is meant to be what its first digits say."""
    form = r"^([+-]?)([0-9]{1,9})\.([0-9]{9})[0-9]+$"
    sign, whole, decimals = (cell.str.extract(form, place) for place in (1, 2, 3))
    e9 = whole.cast(pl.Int64, strict=False) * 10**9 + decimals.cast(pl.Int64, strict=False)
    e8 = (e9 + 5) // 10
    text = sign + (e8 // 10**8).cast(pl.String) + "." + (e8 % 10**8).cast(pl.String).str.pad_start(8, "0")
    return pl.coalesce(text, cell)


def _basis_points_expr(cell: pl.Expr) -> pl.Expr:
    """万分比（列）: per cent with up to two decimals, or whole basis points."""
    whole = cell.str.extract(r"^([0-9]{1,6})(?:\.[0-9]{1,2})?%$", 1)
    decimals = cell.str.extract(r"^[0-9]{1,6}\.([0-9]{1,2})%$", 1).fill_null("").str.pad_end(2, "0")
    return pl.coalesce((whole + decimals).cast(pl.Int64, strict=False), whole_number_expr(cell))


def _truth_expr(cell: pl.Expr) -> pl.Expr:
    words = {"是": True, "有": True, "1": True, "TRUE": True, "Y": True, "YES": True, "1.0": True, "√": True}
    words |= {"否": False, "无": False, "0": False, "FALSE": False, "N": False, "NO": False, "0.0": False, "×": False}
    return cell.str.to_uppercase().replace_strict(words, default=None, return_dtype=pl.Boolean)


def instant_expr(cell: pl.Expr) -> pl.Expr:
    """日期时间（列）: China time without a zone; a date alone is its midnight. Null for anything that is not a date.

    Reads 2024-01-05, 2024/1/5, 2024.1.5, 2024年1月5日, 20240105, each with a time if wanted (09:30, 09:30:15, 9时30分,
    202401050930), ISO with ``T`` and ``+08:00``, and the serial numbers of Excel from 10000 (1927) to 80000 (2119).
    """
    text = cell.str.replace_all(r"[年月/.]", "-").str.replace(r"[日号]", " ").str.replace(r"[时点]$", ":00")
    text = text.str.replace_all(r"[时点分]", ":").str.replace_all("秒", "", literal=True)
    text = text.str.replace(r"(T)", " ").str.replace(r"\s*\+08:?00$", "").str.strip_chars().str.strip_suffix(":")
    spelt = r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?: +([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:-[0-9]+)?)?)?$"
    compact = r"^([0-9]{4})([0-9]{2})([0-9]{2})(?: *([0-9]{2}):?([0-9]{2})(?::?([0-9]{2}))?)?$"
    return pl.coalesce(_assembled(text, spelt), _assembled(text, compact), _serial_expr(cell))


def _assembled(text: pl.Expr, form: str) -> pl.Expr:
    found = text.str.extract_groups(form)
    parts = [found.struct.field(str(place)) for place in range(1, 7)]
    two = [part.str.pad_start(2, "0") for part in parts]
    clock = [part.fill_null("00") for part in two[3:]]
    written = parts[0] + "-" + two[1] + "-" + two[2] + " " + clock[0] + ":" + clock[1] + ":" + clock[2]
    return written.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us").pipe(_in_range)


def _serial_expr(cell: pl.Expr) -> pl.Expr:
    """Days since 1899-12-30 with a fraction of the day, to the second."""
    serial = pl.when(cell.str.contains(r"^[1-7][0-9]{4}(\.[0-9]+)?$")).then(cell).cast(pl.Float64, strict=False)
    seconds = (serial * 86_400).round().cast(pl.Int64)
    return pl.datetime(1899, 12, 30) + pl.duration(seconds=seconds)
