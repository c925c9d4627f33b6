"""读取项的样子: what a page draws of a task, a target or a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sanyi.governance.policy.codes import BY_HAND, UNKNOWN_UNIT, ItemKind, ItemState
from sanyi.governance.policy.models import ReadItem
from sanyi.governance.policy.services.confirming import target_text
from sanyi.governance.policy.services.reviewing import COMPARATORS, EDITABLE
from sanyi.registry.doors.answers import language

BADGES = {
    ItemState.PROPOSED.value: "bg-yellow-lt",
    ItemState.ACCEPTED.value: "bg-green-lt",
    ItemState.CORRECTED.value: "bg-blue-lt",
    ItemState.REJECTED.value: "bg-secondary-lt",
}
KIND_BADGES = {
    ItemKind.TASK.value: "bg-azure-lt",
    ItemKind.TARGET.value: "bg-purple-lt",
    ItemKind.VALUE.value: "bg-teal-lt",
}


@dataclass(slots=True)
class ItemView:
    """读取项视图: one card of the review page."""

    item: ReadItem
    kind: str
    kind_badge: str
    state: str
    badge: str
    title: str
    facts: list[tuple[str, str]]
    notes: list[str]
    fields: list[dict[str, Any]] = field(default_factory=list)
    is_open: bool = True
    is_in_use: bool = False
    may_confirm: bool = False
    value_pk: int | None = None
    may_stay_open: bool = False
    """可牵头待定: a task whose lead unit is not known may go to the board all the same."""


def view_of_item(item: ReadItem, *, may_review: bool) -> ItemView:
    """读取项视图: with the form for correcting where the reader may review."""
    payload = item.payload
    view = ItemView(
        item,
        ItemKind(item.kind).label(language()),
        KIND_BADGES[item.kind],
        ItemState(item.state).label(language()),
        BADGES[item.state],
        *_shown(item.kind, payload),
        notes=_notes(item, payload),
        is_open=item.state == ItemState.PROPOSED.value,
    )
    value = getattr(item, "confirmed_value", None)
    view.is_in_use = bool(item.task_number) or (value is not None and value.withdrawn_at is None)
    if may_review:
        view.fields = [_field(name, payload.get(name)) for name in EDITABLE[item.kind]]
        lacks_lead = payload.get("lead_unit") in ("", UNKNOWN_UNIT, None)
        view.may_stay_open = item.kind == ItemKind.TASK.value and view.is_open and lacks_lead
        is_reviewed = item.state in (ItemState.ACCEPTED.value, ItemState.CORRECTED.value)
        view.may_confirm = item.kind == ItemKind.VALUE.value and is_reviewed and value is None
        view.value_pk = value.pk if value is not None and value.withdrawn_at is None else None
    return view


def missed_fields(given: Mapping[str, str]) -> list[dict[str, Any]]:
    """补录栏目: of the form for a task that the reader missed, with what was typed."""
    return [_field(name, given.get(name, "")) for name in EDITABLE[ItemKind.TASK.value]]


def _shown(kind: str, payload: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    if kind == ItemKind.TASK.value:
        facts = [
            (_("牵头"), _text(payload.get("lead_unit")) or _("未读到")),
            (_("配合"), _text(payload.get("supporting_units"))),
            (_("以下各项均须落实"), _text(payload.get("declared_units"))),
            (_("周期"), _text(payload.get("cycle"))),
            (_("期限"), _due(payload)),
        ]
        return str(payload.get("title", "")), [fact for fact in facts if fact[1]]
    if kind == ItemKind.TARGET.value:
        base = _text(payload.get("base_value"))
        year = payload.get("base_year")
        facts = [
            (_("对象"), f"{payload.get('subject', '')} {payload.get('label', '')}".strip()),
            (_("性质"), _text(payload.get("kind"))),
            (_("作用"), role_words().get(str(payload.get("role")), "")),
            (_("基期值"), f"{base}{payload.get('base_unit') or ''}{f'（{year}）' if year else ''}" if base else ""),
            (_("期限"), _due(payload)),
            (_("周期"), _text(payload.get("cycle"))),
        ]
        return target_text(payload), [fact for fact in facts if fact[1]]
    shown = f"{payload.get('comparator') or ''}{payload.get('value', '')}{payload.get('unit') or ''}"
    facts = [
        (_("参数名"), _text(payload.get("key"))),
        (_("辖区"), _text(payload.get("jurisdiction_code")) or _("未知")),
        (_("自"), _text(payload.get("starts_on")) or _("未知")),
    ]
    return f"{payload.get('name_zh', '')} {shown}".strip(), facts


def role_words() -> dict[str, str]:
    """作用名称."""
    return {"goal": _("目标"), "rule": _("规则参数"), "condition": _("适用条件"), "coverage": _("全覆盖"),
            "history": _("历史数"), "mention": _("提及")}  # fmt: skip


def _due(payload: dict[str, Any]) -> str:
    due, printed = _text(payload.get("due_on")), _text(payload.get("due_printed"))
    return f"{due}（{printed}）" if due and printed else due or printed


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    return "" if value is None else str(value)


def _notes(item: ReadItem, payload: dict[str, Any]) -> list[str]:
    notes = []
    if item.kind == ItemKind.TASK.value and payload.get("lead_unit") in ("", UNKNOWN_UNIT, None):
        notes.append(_("牵头单位未知：请更正，或采用为牵头待定，在看板上确定后再交办。"))
    likely = {unit["suggestion"] for unit in item.read.get("units") or [] if unit.get("suggestion")}
    if likely:
        notes.append(_("从其他清单看，“[…]”可能是%(unit)s，请核对原文。") % {"unit": "、".join(sorted(likely))})
    for slip in payload.get("slips") or []:
        printed = _("印作“%(printed)s”") % {"printed": slip["printed"]} if slip["printed"] else ""
        better = _("，宜作“%(suggested)s”") % {"suggested": slip["suggested"]} if slip["suggested"] else ""
        notes.append(f"{printed}{better}{'：' if printed else ''}{slip['reason']}")
    if item.rule == BY_HAND:
        notes.append(_("人工补录，不是程序读出的。"))
    if item.is_kept:
        notes.append(_("沿用此前的审核。"))
    return notes


def _field(name: str, value: object) -> dict[str, Any]:
    labels = {
        "title": _("任务"), "lead_unit": _("牵头单位"), "supporting_units": _("配合单位"),
        "declared_units": _("均须落实的单位"),
        "cycle": _("周期"), "due_on": _("期限"), "subject": _("对象"), "comparator": _("比较符"), "value": _("数值"),
        "upper_value": _("上限"), "unit": _("单位"), "kind": _("性质"), "base_value": _("基期值"), "key": _("参数名"),
        "name_zh": _("名称"), "jurisdiction_code": _("辖区代码"), "starts_on": _("起始日期"), "ends_on": _("终止日期"),
    }  # fmt: skip
    return {
        "name": name,
        "label": labels[name],
        "value": _text(value),
        "type": "date" if name.endswith("_on") else "text",
        "list": "document-units" if name == "lead_unit" else "",
        "choices": COMPARATORS if name == "comparator" else (),
    }
