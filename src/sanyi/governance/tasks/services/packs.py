"""评估包与节点目标: what stood on a day, frozen with a digest; and dated milestones with their progress."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from sanyi.governance.tasks import codes
from sanyi.governance.tasks.codes import DutyState, Light, PackKind, TaskState
from sanyi.governance.tasks.models import Milestone, Pack, Task
from sanyi.governance.tasks.services import board, lights, story
from sanyi.governance.tasks.services.registering import county_of
from sanyi.kernel.money import Rounding, divide
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services import record_write
from sanyi.registry.cases import services as cases
from sanyi.registry.policies import services as policies

_DONE = frozenset({TaskState.VERIFIED, TaskState.CLOSED})
ALL_BP = 10_000


@dataclass(frozen=True, slots=True)
class Progress:
    """节点进展: tasks due by the milestone, how many of them are done, and the lights of the rest."""

    milestone: Milestone
    task_count: int
    done_count: int
    lights: dict[str, int]
    starts_on: date
    """起点: the day the first of its tasks was issued or registered."""

    @property
    def done_bp(self) -> int | None:
        """完成率: in basis points; None without tasks."""
        return divide(ALL_BP * self.done_count, self.task_count, Rounding.HALF_UP) if self.task_count else None


@transaction.atomic
def freeze(kind: PackKind, title: str, *, by: Actor, document_number: str = "", on: date | None = None) -> Pack:
    """冻结评估包: tasks, shares, evidence, targets, lights (typed and computed) as they are now, judged for a day."""
    if not title.strip():
        raise RefusedError(codes.TITLE_MISSING())
    day, county, number = on or timezone.localdate(), county_of(by), document_number.strip()
    query = board.own(frozenset({county}))
    if number:
        query = query.filter(document_number=number)
    rows = [_row(task, day) for task in lights.with_shares(query.order_by("number"))]
    content = orjson.dumps(
        {
            "kind": kind.value,
            "title": title.strip(),
            "as_of": day,
            "policy_digest": policies.book().digest,
            "summary": summary(rows),
            "tasks": rows,
        },
        option=orjson.OPT_SORT_KEYS,
    ).decode()
    now = timezone.now()
    made = Pack.objects.create(
        number=cases.next_number("PG", now),
        organisation_code=county,
        kind=kind.value,
        title=title.strip()[:120],
        as_of=day,
        document_number=number[:60],
        task_count=len(rows),
        content=content,
        digest=digest_of(content),
        frozen_by_name=by.name[:80],
        frozen_at=now,
    )
    record_write(by, "pack.freeze", "pack", made.number, county, f"冻结{kind.zh}包，任务 {len(rows)} 项")
    return made


def content_of(pack: Pack) -> dict[str, Any]:
    """评估包内容. Refuses one whose content is no longer what was frozen."""
    if digest_of(pack.content) != pack.digest:
        raise RefusedError(codes.PACK_CHANGED(number=pack.number))
    found: dict[str, Any] = orjson.loads(pack.content)
    return found


def digest_of(content: str) -> str:
    """摘要: SHA-256 of the text."""
    return hashlib.sha256(content.encode()).hexdigest()


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """汇总: tasks by state and light, evidence, computed and typed progress."""
    return {
        "task_count": len(rows),
        "states": dict(sorted(Counter(row["state"] for row in rows).items())),
        "lights": dict(sorted(Counter(row["light"] for row in rows).items())),
        "evidence_count": sum(len(row["evidence"]) for row in rows),
        "computed_count": sum(row["data"] is not None for row in rows),
        "typed_count": sum(unit["typed_percent"] is not None for row in rows for unit in row["units"]),
    }


@transaction.atomic
def set_milestone(title: str, due_on: date, *, by: Actor, document_number: str = "", clause: str = "") -> Milestone:
    """设定节点目标: once for the same title, day and document."""
    if not title.strip():
        raise RefusedError(codes.TITLE_MISSING())
    made, is_new = Milestone.objects.get_or_create(
        organisation_code=county_of(by),
        title=title.strip()[:200],
        due_on=due_on,
        document_number=document_number.strip()[:60],
        defaults={"clause": clause.strip()[:60]},
    )
    if is_new:
        record_write(by, "milestone.set", "milestone", made.pk, made.organisation_code, f"设定节点目标 {due_on}")
    return made


def milestones(county_codes: frozenset[str] | None) -> list[Progress]:
    """节点进展: of every milestone in sight, the earliest first; tasks without a deadline do not count."""
    found = (
        Milestone.objects.all()
        if county_codes is None
        else Milestone.objects.filter(organisation_code__in=county_codes)
    )
    return [progress_of(milestone) for milestone in found]


def progress_of(milestone: Milestone) -> Progress:
    """节点进展: of the tasks due by its day, of its document if it names one."""
    query = Task.objects.filter(organisation_code=milestone.organisation_code, due_on__lte=milestone.due_on)
    if milestone.document_number:
        query = query.filter(document_number=milestone.document_number)
    names = ("case__state", "light", "issued_on", "created_at")
    rows = list(query.exclude(case__state=TaskState.CANCELLED.value).values_list(*names))
    found = Counter(light for _, light, _, _ in rows)
    begun = [issued_on or timezone.localdate(created_at) for _, _, issued_on, created_at in rows]
    return Progress(
        milestone=milestone,
        task_count=len(rows),
        done_count=sum(TaskState(state) in _DONE for state, *_ in rows),
        lights={light.value: found.get(light.value, 0) for light in Light},
        starts_on=min(begun, default=timezone.localdate()),
    )


def _row(task: Task, day: date) -> dict[str, Any]:
    found = lights.lighted(task, day)
    return {
        "number": task.number,
        "document_number": task.document_number,
        "clause": task.clause,
        "title": task.title,
        "period": task.period,
        "state": task.case.state,
        "due_on": task.due_on,
        "target_summary": task.target_summary,
        "targets": task.targets,
        "indicator_code": task.indicator_code,
        "light": found.light.value,
        "why": [
            {"unit": one.unit, "light": one.light.value, "why": one.why.value, "words": one.words_zh, "on": one.on}
            for one in found.reasons
        ],
        "data": {
            "words": found.data.words_zh,
            "as_of": found.data.as_of,
            "value": found.data.value_text,
            "target": found.data.target_text,
            "progress_bp": found.data.progress_bp,
        }
        if found.data
        else None,
        "units": [
            {
                "name": unit.name,
                "is_lead": unit.is_lead,
                "state": unit.case.state if unit.case else DutyState.ASSIGNED.value,
                "due_on": unit.due_on,
                "filed_on": timezone.localdate(unit.filed_at) if unit.filed_at else None,
                "typed_percent": unit.typed_percent,
            }
            for unit in task.units.all()
        ],
        "evidence": [
            {"unit": name, "file": file.file_name, "digest": file.digest, "on": timezone.localdate(file.uploaded_at)}
            for name, file in story.evidence_of(task)
        ],
    }
