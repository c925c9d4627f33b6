"""路由与共用词: the route table of the topic, owners of its subjects, and words that its pages share."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.http import HttpRequest

from sanyi.governance.policy import services
from sanyi.governance.policy.codes import DOCUMENT_UNKNOWN, DocumentState, Level
from sanyi.governance.policy.models import PolicyDocument
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.doors.answers import language
from sanyi.registry.doors.routes import Routes
from sanyi.registry.organisations import services as organisations

routes = Routes("governance.policy")
LEVEL_EN = {"nation": "Nation", "province": "Province", "prefecture": "Prefecture", "county": "County"}
STATE_BADGES = {DocumentState.REVIEWING.value: "bg-yellow-lt", DocumentState.CONFIRMED.value: "bg-green-lt"}


def readers(request: HttpRequest, pk: int, **more: object) -> Collection[str] | None:
    """可阅机构: everybody of the county whose library holds the document; None when there is no such document."""
    document = services.get(pk)
    return organisations.subtree(document.organisation_code) if document else None


def owner(request: HttpRequest, pk: int, **more: object) -> str | None:
    """所属县: who reviews and confirms."""
    document = services.get(pk)
    return document.organisation_code if document else None


def found(pk: int) -> PolicyDocument:
    """文件: the guard has found it before."""
    document = services.get(pk)
    if document is None:
        raise RefusedError(DOCUMENT_UNKNOWN())
    return document


def day_of(text: str) -> date | None:
    """日期: of a form field; None for what is no date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def level_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """层级名称."""
    return {level.value: LEVEL_EN[level.value] if language() == "en" else level.zh for level in Level}


def state_words(request: HttpRequest | None = None) -> dict[str | int, str]:
    """状态名称."""
    return DocumentState.mapping(language())
