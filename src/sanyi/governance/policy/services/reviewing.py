"""审核 (reviewing): accept, correct, reject and undo; every decision is kept for the next reading and audited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import BY_HAND, UNKNOWN_UNIT, ItemKind, ItemState
from sanyi.governance.policy.models import KeptCorrection, PolicyDocument, ReadItem
from sanyi.governance.tasks.codes import LEAD_OPEN
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write

EDITABLE: Mapping[str, tuple[str, ...]] = {
    ItemKind.TASK.value: ("title", "lead_unit", "supporting_units", "declared_units", "cycle", "due_on"),
    ItemKind.TARGET.value: ("subject", "comparator", "value", "upper_value", "unit", "due_on", "kind", "base_value"),
    ItemKind.VALUE.value: ("key", "name_zh", "value", "unit", "jurisdiction_code", "starts_on", "ends_on"),
}
"""可更正的栏目: by kind."""
_LISTS = ("supporting_units", "declared_units")
_DATES = ("due_on", "starts_on", "ends_on")
_NUMBERS = ("upper_value", "base_value")
COMPARATORS = ("≥", "≤", ">", "<", "≈", "=", "range")


def get_item(document: PolicyDocument, pk: int) -> ReadItem | None:
    """读取项: of a document, None when there is none."""
    return document.items.filter(pk=pk).first()


def accept(item: ReadItem, *, by: Actor) -> ReadItem:
    """采用: as read. Refuses a task whose lead unit is not known, and an item that was decided meanwhile."""
    refuse_unknown_lead(item, item.read)
    return _decide(item, ItemState.ACCEPTED, None, by)


def correct(item: ReadItem, fields: Mapping[str, Any], *, by: Actor) -> ReadItem:
    """更正: with the fields that a person changed. Refuses what cannot be used, with the reason."""
    corrected = {**item.read, **checked(item.kind, fields)}
    refuse_unknown_lead(item, corrected)
    return _decide(item, ItemState.CORRECTED, corrected, by)


def accept_open(item: ReadItem, *, by: Actor) -> ReadItem:
    """采用，牵头待定: a task whose lead unit is not known goes to the board and waits there for one."""
    return correct(item, {"lead_unit": LEAD_OPEN}, by=by)


def reject(item: ReadItem, *, by: Actor) -> ReadItem:
    """不采用: it stays readable beside its clause."""
    return _decide(item, ItemState.REJECTED, None, by)


@transaction.atomic
def undo(item: ReadItem, *, by: Actor) -> ReadItem:
    """撤销审核: back to proposed. Refuses an item that already serves as a task or a value."""
    if item.task_number or hasattr(item, "confirmed_value"):
        raise RefusedError(codes.ITEM_IN_USE())
    ReadItem.objects.filter(pk=item.pk).update(
        state=ItemState.PROPOSED.value, corrected=None, decided_by_name="", decided_at=None, is_kept=False
    )
    _kept_rows(item).delete()
    _record(item, by, "撤销审核")
    return ReadItem.objects.get(pk=item.pk)


def accept_all(document: PolicyDocument, kind: ItemKind, *, by: Actor) -> tuple[int, int]:
    """全部采用: every proposed item of a kind that can be accepted as it is, on explicit request.

    Gives how many were accepted and how many wait for a correction.
    """
    accepted = waiting = 0
    with transaction.atomic():
        for item in document.items.filter(kind=kind.value, state=ItemState.PROPOSED.value):
            try:
                refuse_unknown_lead(item, item.read)
            except RefusedError:
                waiting += 1
                continue
            _decide(item, ItemState.ACCEPTED, None, by, is_recorded=False)
            accepted += 1
        summary = f"一并采用{kind.zh}{accepted}项"
        record_write(by, "document.review", "policy_document", document.pk, document.organisation_code, summary)
    return accepted, waiting


def refuse_unknown_lead(item: ReadItem, payload: Mapping[str, Any]) -> None:
    """核对牵头单位: a task goes to nobody without one."""
    lead = str(payload.get("lead_unit", ""))
    if item.kind == ItemKind.TASK.value and (not lead or lead == UNKNOWN_UNIT):
        raise RefusedError(codes.LEAD_UNKNOWN(clause=item.clause))


@transaction.atomic
def _decide(
    item: ReadItem, state: ItemState, corrected: dict[str, Any] | None, by: Actor, *, is_recorded: bool = True
) -> ReadItem:
    now = timezone.now()
    changed = ReadItem.objects.filter(pk=item.pk, state=ItemState.PROPOSED.value).update(
        state=state.value, corrected=corrected, decided_by_name=by.name[:80], decided_at=now, is_kept=False
    )
    fresh = ReadItem.objects.select_related("document").get(pk=item.pk)
    if not changed:
        shown = ItemState(fresh.state).label("zh")
        raise RefusedError(codes.ITEM_DECIDED(who=fresh.decided_by_name, state=shown))
    kept = fresh.read if fresh.rule == BY_HAND and state is ItemState.ACCEPTED else corrected
    KeptCorrection.objects.update_or_create(
        organisation_code=fresh.document.organisation_code,
        document_key=fresh.document.key,
        kind=fresh.kind,
        clause=fresh.clause,
        ordinal=fresh.ordinal,
        quote_digest=fresh.quote_digest,
        defaults={"state": state.value, "corrected": kept, "made_by_name": by.name[:80], "made_at": now},
    )
    if is_recorded:
        _record(fresh, by, ItemState(state).label("zh"))
    return fresh


def _kept_rows(item: ReadItem) -> Any:
    return KeptCorrection.objects.filter(
        organisation_code=item.document.organisation_code,
        document_key=item.document.key,
        kind=item.kind,
        clause=item.clause,
        ordinal=item.ordinal,
        quote_digest=item.quote_digest,
    )


def _record(item: ReadItem, by: Actor, what: str) -> None:
    kind = ItemKind(item.kind).label("zh")
    summary = f"{what}：{item.clause} {kind}{item.ordinal}"
    record_write(by, "document.review", "policy_item", item.pk, item.document.organisation_code, summary)


def checked(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """核对栏目: the fields of a kind in the form they are kept in. Refuses what cannot be used."""
    result: dict[str, Any] = {}
    for name in EDITABLE[kind]:
        if name not in fields:
            continue
        raw = fields[name]
        if name in _LISTS:
            parts = raw if isinstance(raw, list | tuple) else re.split(r"[、，,;；\n]", str(raw))
            result[name] = [part.strip() for part in parts if part.strip()]
        elif name in _DATES:
            result[name] = _date(str(raw or "").strip())
        else:
            result[name] = str(raw).strip()[:200]
    _refuse_wrong(kind, result)
    return result


def _date(text: str) -> str | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise RefusedError(codes.CORRECTION_WRONG(problem=f"日期“{text}”应写作2025-12-31的样子")) from None


def _refuse_wrong(kind: str, fields: Mapping[str, Any]) -> None:
    numbers = [*_NUMBERS, *(["value"] if kind == ItemKind.TARGET.value else [])]
    for name in numbers:
        text = fields.get(name, "")
        if text and not re.fullmatch(r"-?\d+(?:\.\d+)?", text):
            raise RefusedError(codes.CORRECTION_WRONG(problem=f"“{text}”不是数字"))
    if fields.get("comparator", "=") not in COMPARATORS:
        raise RefusedError(
            codes.CORRECTION_WRONG(problem=f"比较符“{fields['comparator']}”不在{'、'.join(COMPARATORS)}之中")
        )
    if "title" in fields and not fields["title"]:
        raise RefusedError(codes.CORRECTION_WRONG(problem="任务名称不能为空"))
    code = fields.get("jurisdiction_code", "")
    if code and not re.fullmatch(r"\d{12}", code):
        raise RefusedError(codes.CORRECTION_WRONG(problem=f"辖区代码“{code}”应为12位数字"))
    key = fields.get("key", "a.b")
    if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+", key):
        raise RefusedError(codes.CORRECTION_WRONG(problem=f"参数名“{key}”应为小写英文词、以点分隔"))
