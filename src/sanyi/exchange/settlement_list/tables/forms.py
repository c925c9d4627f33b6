"""列的简写: columns of the national form, so that the lists of columns stay readable."""

from typing import Any

from sanyi.kernel.tables import Column, ColumnType

STANDARD = "医疗保障信息平台 4101 医疗保障基金结算清单信息上传"


def _column(kind: ColumnType, name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    return Column(name, zh, en, kind, standard_code=standard_code, standard=STANDARD, **more)


def text(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    """文字列."""
    return _column(ColumnType.TEXT, name, zh, en, standard_code, **more)


def code(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    """代码列."""
    return _column(ColumnType.CODE, name, zh, en, standard_code, **more)


def several(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    """若干代码列: separated by ``|``."""
    return _column(ColumnType.CODES, name, zh, en, standard_code, **more)


def count(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    """整数列."""
    return _column(ColumnType.INTEGER, name, zh, en, standard_code, **more)


def minutes(name: str, zh: str, en: str, standard_code: str) -> Column:
    """时长列: whole minutes; written as days/hours/minutes in files."""
    return count(
        name,
        zh,
        en,
        standard_code,
        unit="分钟",
        minimum=0,
        maximum=5_256_000,
        help_zh="格式为“天/小时/分钟”，例如37小时24分填1/13/24；没有的留空。",
        help_en="As days/hours/minutes, for example 1/13/24 for 37 h 24 min; empty when there was none.",
    )


def day(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    """日期列."""
    return _column(ColumnType.DATE, name, zh, en, standard_code, **more)


def instant(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    """日期时间列."""
    return _column(ColumnType.INSTANT, name, zh, en, standard_code, **more)


def fen(name: str, zh: str, en: str, standard_code: str, **more: Any) -> Column:
    """金额列: not below zero; yuan in files, fen in the lake."""
    return _column(ColumnType.FEN, name, zh, en, standard_code, **{"minimum": 0, "unit": "元", **more})
