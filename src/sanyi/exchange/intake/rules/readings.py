"""单元格读取（逐个）: every form in which people write a value. Plain functions, called once per distinct text.

A reading is the value, or the kind of refusal that says why there is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sanyi.exchange.intake import codes
from sanyi.exchange.intake.rules.cells import MARK, MINUTES, YEARS
from sanyi.exchange.intake.tables import CodeCheck
from sanyi.exchange.mapping.tables import canonical_code
from sanyi.kernel.codes import YUAN_TOO_FINE
from sanyi.kernel.money import parse_yuan
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.tables import Column, ColumnType

Reading = Any
"""读数: a value of the column's type, or a ``RefusalKind``."""

_MARKS = {"F": codes.FORMULA_WITHOUT_VALUE, "E": codes.CELL_IS_ERROR, "L": codes.NUMBER_LOST_DIGITS}
_LONG_NUMBER = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+[0-9]{2}")
_SEPARATOR = re.compile(r"[|;,、\r\n]")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.0*)?")
_GROUPED_DECIMAL = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_WHOLE = re.compile(r"([+-]?[0-9]{1,15})(?:\.0*)?")
_DURATION = re.compile(r"([0-9]{1,4}|-)\s*/\s*([0-9]{1,2}|-)\s*/\s*([0-9]{1,2}|-)")
_SHARE = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,2}))?%")
_DECIMAL = re.compile(r"([+-]?)([0-9]{1,11})(?:\.([0-9]{1,4})?0*)?")
_FLOAT_NOISE = re.compile(r"([+-]?)([0-9]{1,9})\.([0-9]{9})[0-9]+")
_SPELT = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?"
    r"(?:[T ]*([0-9]{1,2})[:时点](?:([0-9]{1,2})(?:[:分]([0-9]{1,2})?(?:\.[0-9]+)?秒?)?)?)?(?: *\+08:?00)?"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[T ]?([0-9]{2}):?([0-9]{2})(?::?([0-9]{2}))?)?")
_SERIAL = re.compile(r"[1-7][0-9]{4}(?:\.([0-9]+))?")
_EPOCH = date(1899, 12, 30)
_SECONDS_OF_DAY = 86_400
_TRUE = frozenset({"是", "有", "1", "TRUE", "Y", "YES", "1.0", "√"})
_FALSE = frozenset({"否", "无", "0", "FALSE", "N", "NO", "0.0", "×"})


def reader(column: Column, check: CodeCheck | None, *, is_technical_name: bool) -> Callable[[str], Reading]:
    """读法: the function that reads the trimmed cells of a column.

    ``is_technical_name`` says that the file names the column in English, whose unit is in the name: amounts are then
    whole fen and durations may be whole minutes.
    """
    read = _reader_of_type(column, check, is_technical_name=is_technical_name)

    def of_cell(text: str) -> Reading:
        if text.startswith(MARK):
            return _MARKS[text[1]]
        if "\ufffd" in text:
            return codes.TEXT_UNDECODABLE
        if text.startswith('="') and text.endswith('"'):
            text = text[2:-1].strip()
        return read(text if column.type is ColumnType.TEXT else unicodedata.normalize("NFKC", text).strip())

    return of_cell


def _reader_of_type(column: Column, check: CodeCheck | None, *, is_technical_name: bool) -> Callable[[str], Reading]:
    names = choice_names(column)
    match column.type:
        case ColumnType.TEXT:
            return str
        case ColumnType.CODE:
            return lambda text: read_code(text, names, check)
        case ColumnType.CODES:
            return lambda text: read_codes(text, names, check)
        case ColumnType.INTEGER if column.unit == MINUTES:
            return lambda text: read_minutes(text, may_be_plain=is_technical_name)
        case ColumnType.INTEGER if column.is_decimal and not is_technical_name:
            return read_e4
        case ColumnType.INTEGER:
            return lambda text: read_whole_number(choice(text, names), column.unit)
        case ColumnType.FEN:
            return read_fen if is_technical_name else read_yuan
        case ColumnType.BASIS_POINTS:
            return read_share
        case ColumnType.DATE:
            return read_date
        case ColumnType.INSTANT:
            return read_instant
        case ColumnType.BOOLEAN:
            return read_truth
    raise AssertionError(column.type)


def choice_names(column: Column) -> dict[str, str]:
    """取值写法: every spelling of every choice, in capitals, to its code; ``1``, ``01``, ``1.0`` and ``男`` name 1."""
    names: dict[str, str] = {}
    for code, label in (column.choices or {}).items():
        text = str(code)
        bare = text.lstrip("0") or "0"
        for written in (label, unicodedata.normalize("NFKC", label), bare, f"{text}.0", f"{bare}.0", text.zfill(2)):
            names.setdefault(written.upper(), text)
    return names | {str(code).upper(): str(code) for code in column.choices or {}}


def choice(text: str, names: Mapping[str, str]) -> str:
    """取值: the code that a text names, also as ``1 男``, ``1-男`` or ``1.男``; a text that names none stays."""
    if not names:
        return text
    bare = text.upper()
    if bare in names:
        return names[bare]
    head = re.match(r"([0-9A-Z][0-9A-Z_]*(?:\.[0-9]+)?)[ .、:_-]+[^0-9]", bare)
    return names.get(head[1], text) if head else text


def read_code(text: str, names: Mapping[str, str], check: CodeCheck | None) -> Reading:
    """代码: in its canonical form. A number that a program has written with an exponent has lost its digits."""
    if _LONG_NUMBER.fullmatch(text):
        return codes.NUMBER_LOST_DIGITS
    plain = text.removeprefix("'").strip()
    return canonical_code(plain, check.kind) if check else choice(plain, names)


def read_codes(text: str, names: Mapping[str, str], check: CodeCheck | None) -> list[str] | None:
    """若干代码: separated by | ; , 、 or line ends; empty pieces are dropped; None when nothing is left."""
    pieces = [piece.strip() for piece in _SEPARATOR.split(text)]
    found = [canonical_code(p, check.kind) if check else choice(p, names) for p in pieces if p]
    return found or None


def read_whole_number(text: str, unit: str = "") -> Reading:
    """整数: digits, separators in their places, a trailing ``.0`` or the column's own unit."""
    plain = text.removesuffix(unit).strip() if unit else text
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    found = _WHOLE.fullmatch(plain)
    return int(found[1]) if found else codes.INTEGER_UNREADABLE


def read_e4(text: str) -> Reading:
    """四位小数: a decimal with up to four places, times ten thousand; separators in their places; no more places."""
    plain = text.replace(",", "") if _GROUPED_DECIMAL.fullmatch(text) else text
    found = _DECIMAL.fullmatch(_without_noise(plain))
    if found is None:
        return codes.DECIMAL_UNREADABLE
    value = int(found[2]) * 10_000 + int((found[3] or "").ljust(4, "0"))
    return -value if found[1] == "-" else value


def read_minutes(text: str, *, may_be_plain: bool) -> Reading:
    """时长: days/hours/minutes to minutes; ``-`` for a missing part counts as 0 of it. A plain number is in no unit."""
    found = _DURATION.fullmatch(text)
    if found:
        days, hours, minutes = (0 if part == "-" else int(part) for part in found.groups())
        return days * 1440 + hours * 60 + minutes if hours <= 23 and minutes <= 59 else codes.DURATION_UNREADABLE  # noqa: PLR2004
    plain = read_whole_number(text)
    return plain if isinstance(plain, int) and (may_be_plain or plain == 0) else codes.DURATION_UNREADABLE


def read_fen(text: str) -> Reading:
    """以分为单位的金额: a whole number."""
    value = read_whole_number(text)
    return value if isinstance(value, int) else codes.AMOUNT_UNREADABLE


def read_yuan(text: str) -> Reading:
    """以元为单位的金额, to fen: as ``kernel.money.parse_yuan``; a binary float written out in full is what it means."""
    try:
        return parse_yuan(_without_noise(text))
    except RefusedError as refused:
        is_fine = refused.refusals[0].code == YUAN_TOO_FINE.code
        return codes.AMOUNT_TOO_FINE if is_fine else codes.AMOUNT_UNREADABLE


def _without_noise(text: str) -> str:
    """A binary float written out in full, to eight places."""
    noisy = _FLOAT_NOISE.fullmatch(text)
    if not noisy:
        return text
    e8 = (int(noisy[2]) * 10**9 + int(noisy[3]) + 5) // 10
    return f"{noisy[1]}{e8 // 10**8}.{e8 % 10**8:08d}"


def read_share(text: str) -> Reading:
    """万分比: per cent with up to two decimals, or whole basis points."""
    found = _SHARE.fullmatch(text)
    if found:
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    value = read_whole_number(text)
    return value if isinstance(value, int) else codes.SHARE_UNREADABLE


def read_truth(text: str) -> Reading:
    """是否: as people tick it."""
    word = text.upper()
    return True if word in _TRUE else False if word in _FALSE else codes.TRUTH_UNREADABLE


def read_date(text: str) -> Reading:
    """日期: the day of ``read_instant``."""
    at = read_instant(text)
    return at.date() if isinstance(at, datetime) else at


def read_instant(text: str) -> Reading:
    """日期时间: China time without a zone; a date alone is its midnight.

    Reads 2024-01-05, 2024/1/5, 2024.1.5, 2024年1月5日, 20240105, each with a time if wanted (09:30, 09:30:15, 9时30分,
    202401050930), ISO with ``T`` and ``+08:00``, and the serial numbers of Excel from 10000 (1927) to 79999 (2119).
    """
    found = _SPELT.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        try:
            at = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the lake's instants have no zone
        except ValueError:
            return codes.DATE_UNREADABLE
        return at if YEARS[0] <= year <= YEARS[1] else codes.DATE_UNREADABLE
    serial = _SERIAL.fullmatch(text)
    return _of_serial(text, serial[1] or "") if serial else codes.DATE_UNREADABLE


def _of_serial(text: str, decimals: str) -> datetime:
    """Days since 1899-12-30 with a fraction of the day, to the nearest second."""
    days = int(text.partition(".")[0])
    scale = 10 ** len(decimals)
    seconds = (int(decimals or "0") * _SECONDS_OF_DAY * 2 + scale) // (2 * scale)
    midnight = datetime(_EPOCH.year, _EPOCH.month, _EPOCH.day)  # noqa: DTZ001
    return midnight + timedelta(days=days, seconds=seconds)
