"""参数确认 (confirming values): a reviewed value becomes dated policy of the county, and can be withdrawn again.

The values stand in the database and are written out to ``SANYI_HOME/policy/confirmed.yaml``, which every process reads
with the other policy files; the file is checked with all of them before it takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sanyi.governance.policy import codes
from sanyi.governance.policy.codes import ItemKind, ItemState
from sanyi.governance.policy.models import ConfirmedValue, ReadItem
from sanyi.kernel.policy import PolicyBook
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.policies import services as policies

FILE_NAME = "confirmed.yaml"
_SCALED = {"%": ("basis_points", 100), "百分点": ("percentage_points_e2", 100), "‰": ("e4", 10), "/万": ("e6", 100),
           "/10万": ("e6", 10), "元": ("fen", 100), "1:n": ("e2", 100)}  # fmt: skip
_WHOLE = {"人": "persons", "工作日": "working_days", "天": "days", "小时": "hours", "分钟": "minutes", "年": "years",
          "个月": "months", "周": "weeks", "家": "institutions", "所": "institutions", "张": "beds",
          "床": "beds", "次": "times", "人次": "visits", "户": "households", "项": "items"}  # fmt: skip


@transaction.atomic
def confirm_value(item: ReadItem, *, by: Actor) -> ConfirmedValue:
    """确认参数: of a reviewed item. Refuses one without jurisdiction or first day, one that is no whole number in its
    unit, one already confirmed from that day, and one with which the policy files would not pass their check.
    """
    payload = item.payload
    if item.kind != ItemKind.VALUE.value or item.state not in (ItemState.ACCEPTED.value, ItemState.CORRECTED.value):
        raise RefusedError(codes.NOT_REVIEWED())
    name = str(payload.get("name_zh") or payload["key"])[:80]
    if not payload.get("jurisdiction_code") or not payload.get("starts_on"):
        raise RefusedError(codes.VALUE_WITHOUT_JURISDICTION(name=name))
    unit, value = stored_value(str(payload["value"]), str(payload.get("unit") or ""), name)
    starts_on = date.fromisoformat(str(payload["starts_on"]))
    key, office = str(payload["key"]), item.document.organisation_code
    _refuse_taken(office, key, str(payload["jurisdiction_code"]), starts_on, name)
    row = ConfirmedValue.objects.create(
        item=item,
        organisation_code=office,
        key=key,
        name_zh=name,
        unit=unit,
        value=value,
        jurisdiction_code=str(payload["jurisdiction_code"]),
        starts_on=starts_on,
        ends_on=date.fromisoformat(str(payload["ends_on"])) if payload.get("ends_on") else None,
        document_number=str(payload.get("document") or item.document.number)[:200],
        basis=_basis(item, payload),
        confirmed_by_name=by.name[:80],
        confirmed_at=timezone.now(),
    )
    write_file(office)
    record_write(
        by, "document.value", "policy_value", key, office, f"确认参数：{name}（{item.document.number}{item.clause}）"
    )
    return row


def _basis(item: ReadItem, payload: dict[str, Any]) -> str:
    shown = f"{payload.get('comparator') or ''}{payload['value']}{payload.get('unit') or ''}"
    return f"{item.clause}：{shown} “{item.quote}”"[:160]


@transaction.atomic
def withdraw_value(row: ConfirmedValue, *, by: Actor) -> None:
    """撤销参数: it leaves the policy file; what was computed with it keeps its own record."""
    ConfirmedValue.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
    write_file(row.organisation_code)
    record_write(by, "document.value", "policy_value", row.key, row.organisation_code, f"撤销参数：{row.name_zh}")


def confirmed(organisation_code: str) -> Any:
    """已确认参数: those in force, by key and first day."""
    rows = ConfirmedValue.objects.filter(organisation_code=organisation_code, withdrawn_at__isnull=True)
    return rows.select_related("item__document").order_by("key", "jurisdiction_code", "starts_on")


def stored_value(text: str, unit: str, name: str) -> tuple[str, Any]:
    """换算: 65 % → 6500 basis points, 1.5 ‰ → 15 ten-thousandths, 1-2 → a table with minimum and maximum."""
    if re.fullmatch(r"[a-z][a-z_]*", text):
        return "code", text
    ends = re.fullmatch(r"(\d+(?:\.\d+)?)[-–](\d+(?:\.\d+)?)", text)
    if ends:
        low, high = (stored_value(part, unit, name) for part in ends.groups())
        return "table", {"minimum": low[1], "maximum": high[1], "unit": low[0]}
    if not re.fullmatch(r"\d+(?:\.\d+)?", text):
        raise RefusedError(codes.VALUE_NOT_WHOLE(name=name, value=f"{text}{unit}"))
    number = Decimal(text)
    code, factor = _SCALED.get(unit, (_WHOLE.get(unit, "count"), 1))
    if unit not in _SCALED and number != number.to_integral_value():
        code, factor = "e2", 100
    scaled = number * factor
    if scaled != scaled.to_integral_value():
        raise RefusedError(codes.VALUE_NOT_WHOLE(name=name, value=f"{text}{unit}"))
    return code, int(scaled)


def _refuse_taken(office: str, key: str, jurisdiction: str, starts_on: date, name: str) -> None:
    taken = ConfirmedValue.objects.filter(
        organisation_code=office,
        key=key,
        jurisdiction_code=jurisdiction,
        starts_on=starts_on,
        withdrawn_at__isnull=True,
    )
    if taken.exists():
        raise RefusedError(codes.VALUE_TAKEN(name=name, starts_on=starts_on))


def policy_file() -> Path:
    """参数文件: of confirmed values, among the county's own policy files."""
    return Path(settings.SANYI_HOME) / "policy" / FILE_NAME


def file_content(rows: Sequence[ConfirmedValue]) -> dict[str, Any]:
    """文件内容: as the policy book reads it; keys that a topic declares are given values alone."""
    declared = {key.key: key for key in policies.declarations().values() if Path(key.file).name != FILE_NAME}
    content: dict[str, Any] = {}
    for row in rows:
        entry = content.setdefault(
            row.key,
            {}
            if row.key in declared
            else {
                "name": {"zh": row.name_zh, "en": row.key.rsplit(".", 1)[-1].replace("_", " ").capitalize()},
                "unit": row.unit,
            },
        )
        value: dict[str, Any] = {"from": row.starts_on}
        if row.ends_on:
            value["to"] = row.ends_on
        value |= {
            "jurisdiction": row.jurisdiction_code,
            "value": row.value,
            "basis": row.basis,
            "document": row.document_number,
        }
        entry.setdefault("values", []).append(value)
    return content


def write_file(organisation_code: str) -> None:
    """写参数文件: all values in force, checked with all other policy files before the file takes its place."""
    rows = list(confirmed(organisation_code))
    target = policy_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.parent / f".draft-{uuid4().hex}.tmp"
    text = "# 由政策文件审核确认生成，请勿手工修改\n" + yaml.safe_dump(
        file_content(rows), allow_unicode=True, sort_keys=True
    )
    checked = Path(settings.SANYI_HOME) / f"draft-policy-{uuid4().hex}"
    checked.mkdir()
    try:
        candidate = checked / FILE_NAME
        candidate.write_text(text if rows else "{}\n", encoding="utf-8")
        others = [path for folder in policies.folders() for path in sorted(folder.rglob("*.y*ml")) if path != target]
        PolicyBook.load(*[path for path in others if checked not in path.parents], *([candidate] if rows else []))
        draft.write_text(text, encoding="utf-8")
        if rows:
            draft.replace(target)
        else:
            target.unlink(missing_ok=True)
    except RefusedError as error:
        raise RefusedError(codes.VALUES_CLASH(problem=error.refusals[0].text())) from error
    finally:
        draft.unlink(missing_ok=True)
        (checked / FILE_NAME).unlink(missing_ok=True)
        checked.rmdir()
    policies.forget()
