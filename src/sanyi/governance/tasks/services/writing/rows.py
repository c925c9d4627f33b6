"""打印内容: rows of the ledger, of a notice and of a pack, the same for Word and Excel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from sanyi.governance.tasks.codes import DutyState, Light, TaskState, Why
from sanyi.governance.tasks.models import Pack, Task
from sanyi.governance.tasks.services import lights, packs

LEDGER_HEADS = ("编号", "任务内容", "目标", "牵头单位", "配合单位", "办理期限", "状态", "亮灯", "文号", "条款")
NOTICE_HEADS = ("责任单位", "分工", "办理状态", "办理期限", "签收", "报送", "亮灯", "进度")
PACK_HEADS = ("编号", "文号", "条款", "任务内容", "目标", "责任单位", "办理期限", "状态", "亮灯", "亮灯理由", "数据",
              "填报进度", "证据")  # fmt: skip


def ledger_rows(tasks: Iterable[Task]) -> list[Sequence[str]]:
    """台账行."""
    return [
        (
            task.number,
            f"{task.title}（{task.period}）" if task.period else task.title,
            task.target_summary,
            task.lead_unit,
            "、".join(unit.name for unit in task.units.all() if not unit.is_lead),
            day(task.due_on),
            TaskState(task.case.state).zh,
            Light(task.light).zh,
            task.document_number,
            task.clause,
        )
        for task in tasks
    ]


def notice_rows(task: Task) -> list[Sequence[str]]:
    """督查通知中各单位的行."""
    found = lights.lighted(task, timezone.localdate())
    rows: list[Sequence[str]] = []
    for unit in task.units.all():
        own = [reason.light for reason in found.reasons if reason.unit == unit.name]
        light = max(own, key=list(Light).index, default=Light.GREY)
        percent = "" if unit.typed_percent is None else f"{unit.typed_percent}%（填报）"
        rows.append(
            (
                unit.name,
                "牵头" if unit.is_lead else "配合",
                DutyState(unit.case.state).zh if unit.case else "未交办",
                day(unit.due_on),
                day(unit.signed_at and timezone.localdate(unit.signed_at)),
                day(unit.filed_at and timezone.localdate(unit.filed_at)),
                light.zh,
                percent,
            )
        )
    return rows


def pack_rows(pack: Pack) -> list[Sequence[str]]:
    """评估包行: from what was frozen."""
    return [_pack_row(row) for row in packs.content_of(pack)["tasks"]]


def day(value: Any) -> str:
    """日期文字: empty for none."""
    return "" if not value else str(value)[:10]


def _pack_row(row: dict[str, Any]) -> Sequence[str]:
    typed = [f"{unit['name']} {unit['typed_percent']}%" for unit in row["units"] if unit["typed_percent"] is not None]
    data = row["data"]
    why = [f"{one['unit']}{'：' if one['unit'] else ''}{one['words'] or WHY.get(one['why'], '')}" for one in row["why"]]
    return (
        row["number"],
        row["document_number"],
        row["clause"],
        row["title"],
        row["target_summary"],
        "、".join(unit["name"] for unit in row["units"]),
        day(row["due_on"]),
        TaskState(row["state"]).zh,
        Light(row["light"]).zh,
        "；".join(why),
        f"{data['words']}（截至 {data['as_of']}）" if data else "",
        "；".join(typed),
        "；".join(f"{one['unit']}：{one['file']}（{one['digest'][:12]}）" for one in row["evidence"]),
    )


WHY = {why.value: why.zh for why in Why}
