"""数值写法: millionths as people read them, in the unit and with the decimals of the definition."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from sanyi.governance.indicators.rules.definitions import Version

NOTHING = "—"


def number_text(value_e6: int | None, decimals: int) -> str:
    """数值: with so many decimals, half up; a dash for nothing."""
    if value_e6 is None:
        return NOTHING
    number = Decimal(value_e6).scaleb(-6).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{number:,}"


def value_text(value_e6: int | None, version: Version) -> str:
    """数值及单位: a percent sign stands close, words stand apart."""
    text = number_text(value_e6, version.decimals)
    return text if value_e6 is None else f"{text}{'' if version.unit in '%‰' else ' '}{version.unit}".strip()
