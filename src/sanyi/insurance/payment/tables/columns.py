"""列: the columns that tables of payment share, and how they are written."""

from __future__ import annotations

from typing import Any

from sanyi.insurance.payment.codes import Method
from sanyi.kernel.tables import Column, ColumnType

CODE, TEXT, INTEGER, FEN = ColumnType.CODE, ColumnType.TEXT, ColumnType.INTEGER, ColumnType.FEN
DATE, BOOLEAN = ColumnType.DATE, ColumnType.BOOLEAN
E6_MAX, E4_MAX = 10**15, 10**17


def code(name: str, zh: str, en: str, **more: Any) -> Column:
    """代码列."""
    return Column(name, zh, en, CODE, **{"max_length": 64, **more})


def key(name: str, zh: str, en: str, **more: Any) -> Column:
    """键列: required."""
    return code(name, zh, en, is_required=True, **more)


def fen(name: str, zh: str, en: str, **more: Any) -> Column:
    """金额列."""
    return Column(name, zh, en, FEN, unit="分", **more)


def total(name: str, zh: str, en: str) -> Column:
    """合计列: sums of many amounts."""
    return Column(name, zh, en, FEN, unit="分", is_required=True, minimum=-(2**62), maximum=2**62)


def count(name: str, zh: str, en: str, **more: Any) -> Column:
    """计数列."""
    return Column(name, zh, en, INTEGER, unit="例", **more)


def e6(name: str, zh: str, en: str) -> Column:
    """百万分之一列."""
    return Column(name, zh, en, INTEGER, unit="百万分之一", minimum=-E6_MAX, maximum=E6_MAX)


def e4(name: str, zh: str, en: str) -> Column:
    """万分之一列."""
    return Column(name, zh, en, INTEGER, unit="万分之一", minimum=-E4_MAX, maximum=E4_MAX)


def flag(name: str, zh: str, en: str, **more: Any) -> Column:
    """是否列."""
    return Column(name, zh, en, BOOLEAN, **more)


def day(name: str, zh: str, en: str, **more: Any) -> Column:
    """日期列."""
    return Column(name, zh, en, DATE, **more)


METHODS = Method.mapping()
INSTITUTION = key("institution_code", "医疗机构代码", "Institution")
SETTLEMENT = key("settlement_id", "结算ID", "Settlement")
CONSORTIUM = key("consortium_code", "就诊机构所属医共体", "Institution's consortium",
                  help_zh="按发生当日的成员关系；不属于任何医共体的为空文本。",
                  help_en="By membership on the day; an empty text when in none.")  # fmt: skip
HOLDER = key("holder_code", "参保人所属打包主体", "Holder of the insured person's package",
              help_zh="参保人归属的医共体；未指定的为就诊机构所属医共体，仍没有的为空文本。",
              help_en="The consortium the person belongs to, else the institution's, else an empty text.")  # fmt: skip
MONTH = key("month", "月份", "Month", max_length=7)
