"""接入页面的门: the route table of the topic and the words its pages share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState, FileKind
from sanyi.exchange.mapping.codes import Edition
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.services import Routes
from sanyi.registry.organisations import services as organisations

routes = Routes("exchange.intake")
BADGES = {
    BatchState.RECEIVED.value: "bg-blue-lt",
    BatchState.CHECKED.value: "bg-yellow-lt",
    BatchState.ACCEPTING.value: "bg-blue-lt",
    BatchState.ACCEPTED.value: "bg-green-lt",
    BatchState.REJECTED.value: "bg-secondary-lt",
    BatchState.SUPERSEDED.value: "bg-secondary-lt",
    BatchState.UNREADABLE.value: "bg-red-lt",
}


def owner(request: object, number: int | str, **more: object) -> str | None:
    """批次所属机构: None when there is no such batch."""
    batch = intake.get(int(number))
    return batch.organisation_code if batch else None


def state_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """状态名称."""
    return BatchState.mapping(language())


def kind_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """文件种类名称."""
    return FileKind.mapping(language())


def edition_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """编码版本名称."""
    return Edition.mapping(language())


def contract_words(request: HttpRequest | None = None) -> dict[str, str]:
    """数据约定名称."""
    is_en = language() == "en"
    return {name: one.contract.en if is_en else one.contract.zh for name, one in intake.registered().items()}


def organisation_words(codes: Mapping[Any, Any] | set[str]) -> dict[str, str]:
    """机构名称: by code; an unknown code stands for itself."""
    wanted = set(codes)
    known = organisations.names(wanted)
    return {code: known.get(code, code) for code in wanted}


def notice_lines(notices: list[dict[str, Any]]) -> list[dict[str, str]]:
    """提示说明: what was noticed about a file, in sentences."""
    from sanyi.exchange.intake.codes import Notice

    found = []
    for notice in notices:
        label = Notice(notice["code"]).label(language())
        if "count" in notice:
            found.append({"label": label, "text": f"{notice['count']:,}"})
        elif "rows" in notice:
            found.append({"label": label, "text": _("第 %(rows)s 行") % {"rows": _short(notice["rows"])}})
        else:
            found.append({"label": label, "text": _short(notice["names"])})
    return found


def _short(items: list[Any], most: int = 40) -> str:
    shown = "、".join(str(item) for item in items[:most])
    return shown + ("……" if len(items) > most else "")


def month_words(month: str) -> str:
    """月份: 2025-03 as 2025年3月."""
    if not month:
        return _("日期不明")
    day = date.fromisoformat(f"{month}-01")
    return f"{day:%Y-%m}" if language() == "en" else f"{day.year}年{day.month}月"
