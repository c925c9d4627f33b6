"""页面格式: how money, counts, weights, shares, dates and names are written on every page."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

register = template.Library()
NOTHING = "—"


@register.simple_tag
def icon(name: str) -> SafeString:
    """图标: a Tabler icon, hidden from screen readers because a text always stands beside it."""
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.filter
def count(value: Any) -> str:
    """计数: whole number with thousands separators; a dash for nothing."""
    return NOTHING if value is None or value == "" else f"{int(value):,}"


@register.filter
def yuan(fen: Any) -> str:
    """元: whole fen as yuan with two decimals and thousands separators."""
    return NOTHING if fen is None or fen == "" else _scaled(int(fen), 100, 2)


@register.filter
def wan_yuan(fen: Any) -> str:
    """万元: whole fen as ten thousand yuan with two decimals, for figures of a county (display only)."""
    return NOTHING if fen is None or fen == "" else _scaled(int(fen), 1_000_000, 2)


@register.filter
def weight(value_e6: Any) -> str:
    """权重: a weight times a million, with four decimals."""
    return NOTHING if value_e6 is None or value_e6 == "" else _scaled(int(value_e6), 1_000_000, 4)


@register.filter
def ratio(value_e6: Any) -> str:
    """指数: an index times a million, with two decimals."""
    return NOTHING if value_e6 is None or value_e6 == "" else _scaled(int(value_e6), 1_000_000, 2)


@register.filter
def hundredths(value_e2: Any) -> str:
    """百分之一: hundredths with two decimals, for days and the like."""
    return NOTHING if value_e2 is None or value_e2 == "" else _scaled(int(value_e2), 100, 2)


@register.filter
def percent(share_bp: Any) -> str:
    """百分比: basis points with two decimals and a percent sign."""
    return NOTHING if share_bp is None or share_bp == "" else _scaled(int(share_bp), 100, 2) + "%"


@register.filter
def unlocalized(value: Any) -> str:
    """无格式数字: for attributes that a browser reads."""
    return str(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """日期: year-month-day in China's time; a dash for nothing."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{value:%Y-%m-%d}"


@register.filter
def moment(value: datetime | None) -> str:
    """时间: year-month-day hour:minute in China's time; a dash for nothing."""
    if value is None:
        return NOTHING
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


@register.filter
def label(thing: Any) -> str:
    """名称: the Chinese or English name of whatever carries ``zh`` and ``en`` (codes, columns, roles, policies)."""
    if thing is None:
        return NOTHING
    if isinstance(thing, Mapping):
        return str(thing["en"] if is_english() and thing.get("en") else thing["zh"])
    english = getattr(thing, "en", "") or getattr(thing, "name_en", "")
    chinese = getattr(thing, "zh", "") or getattr(thing, "name_zh", "") or str(thing)
    if is_english():
        return str(english) if english else gettext(str(chinese))
    return str(chinese)


@register.filter
def pairs(mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None) -> list[tuple[str, Any]]:
    """键值: the items of a mapping, in order."""
    if not mapping:
        return []
    return list(mapping.items()) if isinstance(mapping, Mapping) else list(mapping)


@register.filter
def chart_rows(chart: Mapping[str, Any]) -> list[dict[str, Any]]:
    """图表数据行: the numbers of a chart as rows of a table, for readers, print and screen readers."""
    decimals = int(chart.get("decimals") or 0)
    series = chart.get("series", [])
    return [
        {
            "name": name,
            "values": [_number(one["values"][index], int(one.get("decimals", decimals))) for one in series],
        }
        for index, name in enumerate(chart.get("categories", []))
    ]


def is_english() -> bool:
    """是否英文页面: whether the reader has chosen English."""
    return (get_language() or "").startswith("en")


def _number(value: Any, decimals: int) -> str:
    return NOTHING if value is None else f"{value:,.{decimals}f}"


def _scaled(value: int, scale: int, decimals: int) -> str:
    """An integer over its scale, rounded half up away from zero for display, with thousands separators."""
    exact = Decimal(value) / Decimal(scale)
    return f"{exact.quantize(Decimal(1).scaleb(-decimals), rounding='ROUND_HALF_UP'):,}"
