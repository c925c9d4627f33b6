"""确认 (confirming): accepted tasks of a document enter the board of supervision, accepted values the policy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import DocumentState, ItemKind, ItemState
from sanyi.governance.policy.models import PolicyDocument, ReadItem
from sanyi.governance.policy.rules.quantities import RATIO_UNIT
from sanyi.governance.tasks import services as board
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.policies.services import county

_CYCLES = ("每月", "每季度", "每半年", "每年")
_USED = (ItemState.ACCEPTED.value, ItemState.CORRECTED.value)


def confirm(document: PolicyDocument, *, by: Actor) -> list[str]:
    """确认文件: the reviewed tasks are registered, each once; gives their numbers. The rest stays out.

    Refuses a document of which no task has been accepted.
    """
    items = list(document.items.filter(kind=ItemKind.TASK.value, state__in=_USED))
    if not items:
        raise RefusedError(codes.NOT_REVIEWED())
    targets = targets_by_clause(document)
    with transaction.atomic():
        numbers = board.register_tasks(source_of(document), [new_task(item, targets) for item in items], by=by)
        for item, number in zip(items, numbers, strict=True):
            ReadItem.objects.filter(pk=item.pk).update(task_number=number)
        PolicyDocument.objects.filter(pk=document.pk).update(
            state=DocumentState.CONFIRMED.value, confirmed_by_name=by.name[:80], confirmed_at=timezone.now()
        )
        summary = f"确认政策文件，登记任务{len(numbers)}项"
        record_write(by, "document.confirm", "policy_document", document.pk, document.organisation_code, summary)
    return numbers


def source_of(document: PolicyDocument) -> board.TaskSource:
    """任务来源: as the board wants it."""
    return board.TaskSource(
        document_number=document.number,
        document_title=document.title,
        document_id=str(document.pk),
        jurisdiction_code=document.jurisdiction_code or county(),
        issued_on=document.issued_on,
    )


def targets_by_clause(document: PolicyDocument) -> dict[str, list[dict[str, Any]]]:
    """条款目标: accepted or corrected goals by clause."""
    found: dict[str, list[dict[str, Any]]] = {}
    for item in document.items.filter(kind=ItemKind.TARGET.value, state__in=_USED):
        payload = item.payload
        if payload.get("role") in ("goal", "coverage"):
            found.setdefault(item.clause, []).append(_shown_target(payload))
    return found


def _shown_target(payload: dict[str, Any]) -> dict[str, Any]:
    wanted = (
        "subject",
        "label",
        "comparator",
        "value",
        "upper_value",
        "unit",
        "base_value",
        "base_year",
        "due_on",
        "kind",
    )
    return {**{name: payload.get(name) for name in wanted}, "text": target_text(payload)}


def target_text(payload: dict[str, Any]) -> str:
    """目标写法: 县域内基层就诊率 ≥65%, alternatives joined by 或."""
    name = str(payload.get("subject") or "")
    alternatives = payload.get("alternatives") or [payload]
    own = {**alternatives[0], **{key: payload.get(key) for key in ("comparator", "value", "upper_value", "unit")}}
    return f"{name} {' 或 '.join(quantity_text(each) for each in [own, *alternatives[1:]])}".strip()


def quantity_text(quantity: dict[str, Any]) -> str:
    """数量写法: ≥65%, 1–1.5‰, 约70%, ≥全国平均水平, 较2020年提高5百分点."""
    change = {"increase": "提高", "decrease": "下降"}.get(str(quantity.get("change") or ""), "")
    reference = str(quantity.get("reference") or "")
    sign = {"range": "", "=": "", "≈": "约"}.get(str(quantity["comparator"]), str(quantity["comparator"]))
    if not quantity.get("value"):
        return f"{sign}{reference}"
    number = f"{quantity['value']}–{quantity['upper_value']}" if quantity.get("upper_value") else str(quantity["value"])
    if quantity.get("unit") == RATIO_UNIT:
        return f"{sign}1∶{number}"
    against = f"较{reference}" if change and reference else ""
    return f"{against}{change}{sign}{number}{quantity.get('unit') or ''}"


def new_task(item: ReadItem, targets: dict[str, list[dict[str, Any]]]) -> board.NewTask:
    """新任务: from a reviewed item, with the goals of its clause."""
    payload = item.payload
    own = targets.get(item.clause, [])
    due = payload.get("due_on")
    cycle = str(payload.get("cycle") or "")
    names = [*_names(payload.get("supporting_units")), *_names(payload.get("declared_units"))]
    return board.NewTask(
        clause=item.clause,
        title=str(payload["title"]),
        quote=item.quote,
        lead_unit=str(payload["lead_unit"]),
        supporting_units=tuple(dict.fromkeys(name for name in names if name != codes.UNKNOWN_UNIT)),
        cycle=cycle if cycle in _CYCLES and payload.get("issued_on", True) else "",
        due_on=date.fromisoformat(str(due)) if due else None,
        target_summary="；".join(str(target["text"]) for target in own),
        targets=own,
        ordinal=item.ordinal,
    )


def _names(value: object) -> Sequence[str]:
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return [part for part in re.split(r"[、,，]", str(value or "")) if part]
