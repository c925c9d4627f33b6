"""任务全貌: the timeline of a task and all its shares, its evidence, and what a reader may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sanyi.governance.tasks.models import Task, TaskUnit
from sanyi.kernel.workflow import Transition
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent, Evidence


@dataclass(frozen=True, slots=True)
class Line:
    """时间线一行: when, who (a unit or the whole task), the step, the words, the files, a typed progress."""

    at: datetime
    subject: str
    step_zh: str
    step_en: str
    actor_name: str
    reason: str
    files: list[Evidence]
    case_number: str
    percent: str


def timeline(task: Task) -> list[Line]:
    """时间线: of the task, its units' shares and its findings, the newest first."""
    subjects: dict[int, str] = {task.case_id: ""}
    subjects |= {unit.case_id: unit.name for unit in task.units.all() if unit.case_id is not None}
    subjects |= {finding.case_id: f"{finding.number}" for finding in task.findings.all()}
    events = CaseEvent.objects.filter(case_id__in=subjects).select_related("case").prefetch_related("evidence")
    lines = [_line(event, subjects[event.case_id]) for event in events.order_by("-at", "-pk")]
    return [line for line in lines if line is not None]


def evidence_of(task: Task) -> list[tuple[str, Evidence]]:
    """证据目录: unit and file, in the order filed."""
    names = {unit.case_id: unit.name for unit in task.units.all() if unit.case_id is not None}
    files = Evidence.objects.filter(case_id__in=names).select_related("case", "event").order_by("pk")
    return [(names[file.case_id], file) for file in files]


def acts_of(task: Task, actor: Actor) -> tuple[Transition, ...]:
    """可办步骤: of the task as a whole, those that somebody clicks."""
    return cases.possible_acts(task.case, actor)


def acts_of_share(unit: TaskUnit, actor: Actor) -> tuple[Transition, ...]:
    """可办步骤: of one unit's share; who filed the evidence is not offered to verify it."""
    if unit.case is None:
        return ()
    steps = cases.possible_acts(unit.case, actor)
    is_own = unit.filed_by_id is not None and unit.filed_by_id == actor.user_id
    return tuple(step for step in steps if not (is_own and step.name in {"verify", "return"}))


def _line(event: CaseEvent, subject: str) -> Line | None:
    chart = cases.entry_of(event.case.chart).chart
    step = next(
        (one for one in chart.transitions if one.name == event.transition and one.source == event.source),
        None,
    )
    zh, en = (step.zh, step.en) if step else _first_words(event.case)
    return Line(
        at=event.at,
        subject=subject,
        step_zh=zh,
        step_en=en,
        actor_name=event.actor_name,
        reason=event.reason,
        files=list(event.evidence.all()),
        case_number=event.case.number,
        percent=str(event.data.get("percent") or ""),
    )


def _first_words(case: Case) -> tuple[str, str]:
    words = {"governance.duty": ("交办到单位", "Assigned to the unit"), "governance.finding": ("督查发现", "Found")}
    return words.get(case.chart, ("登记", "Registered"))
