"""督查轮次服务: plan a round, draw its tasks, record findings, follow them until they are rectified."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from sanyi.governance.tasks import codes, workflow
from sanyi.governance.tasks.codes import Draw, Light, TaskState
from sanyi.governance.tasks.models import Finding, Round, Task, TaskUnit
from sanyi.governance.tasks.rules.drawing import Candidate, draw
from sanyi.governance.tasks.services import lights
from sanyi.governance.tasks.services.duties import refuse_own
from sanyi.governance.tasks.services.registering import county_of
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent

_OPEN = tuple(state.value for state in workflow.FOLLOWING)


@dataclass(frozen=True, slots=True)
class Plan:
    """督查计划: what is drawn and how; ``seed`` is made when a sample has none, and kept with the round."""

    title: str
    starts_on: date
    ends_on: date
    how: Draw
    sample_count: int = 0
    unit_code: str = ""
    seed: str = ""


@transaction.atomic
def plan_round(plan: Plan, *, by: Actor) -> Round:
    """制定督查计划: draws at once from the tasks that are assigned and not closed.

    Refuses a plan without a title or with its dates turned round, a sample without a size, and a draw that finds
    nothing.
    """
    if not plan.title.strip():
        raise RefusedError(codes.TITLE_MISSING())
    if plan.ends_on < plan.starts_on:
        raise RefusedError(codes.DATES_TURNED())
    if plan.how is Draw.SAMPLE and plan.sample_count < 1:
        raise RefusedError(codes.SAMPLE_COUNT_MISSING())
    county = county_of(by)
    seed = plan.seed.strip() or (secrets.token_hex(8) if plan.how is Draw.SAMPLE else "")
    numbers = draw(_candidates(county), plan.how, seed=seed, sample_count=plan.sample_count, unit_code=plan.unit_code)
    if not numbers:
        raise RefusedError(codes.DRAW_EMPTY())
    case = cases.open_case(
        workflow.ROUND, subject_kind="round", organisation_code=county, by=by, title=plan.title.strip()
    )
    made = Round.objects.create(
        case=case,
        number=case.number,
        organisation_code=county,
        title=plan.title.strip()[:120],
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        draw=plan.how.value,
        seed=seed,
        sample_count=plan.sample_count or None,
        unit_id=plan.unit_code or None,
    )
    made.tasks.set(Task.objects.filter(number__in=numbers))
    Case.objects.filter(pk=case.pk).update(subject_id=made.number)
    return made


@transaction.atomic
def find(round_: Round, task_number: str, position: int, text: str, due_on: date, *, by: Actor) -> Finding:
    """记录问题: about one unit of a drawn task; it stands in the unit's to-do list until it is rectified.

    Refuses outside the time of the visits, a task that was not drawn, an empty text, and a missing day.
    """
    state = Case.objects.select_for_update().get(pk=round_.case_id).state
    if state != "under_way":
        raise RefusedError(codes.ROUND_NOT_UNDER_WAY(number=round_.number))
    unit = TaskUnit.objects.filter(task__rounds=round_, task__number=task_number, position=position)
    share = unit.select_related("task").first()
    if share is None or share.organisation_id is None:
        raise RefusedError(codes.ROUND_TASK_FOREIGN(number=task_number))
    if not text.strip():
        raise RefusedError(codes.FINDING_EMPTY())
    if due_on < round_.starts_on:
        raise RefusedError(codes.RECTIFY_BY_WRONG(starts_on=round_.starts_on))
    case = cases.open_case(
        workflow.FINDING,
        subject_kind="finding",
        organisation_code=share.organisation_id,
        by=by,
        title=f"{share.task.title[:80]}：{text.strip()[:80]}",
        data={"task": share.task.number, "round": round_.title, "due_on": due_on.isoformat(), "text": text.strip()},
    )
    found = Finding.objects.create(
        case=case,
        number=case.number,
        round=round_,
        task=share.task,
        unit=share,
        text=text.strip()[:400],
        due_on=due_on,
    )
    lights.refresh(tasks=[share.task_id])
    return found


def note_rectifying(case: Case, event: CaseEvent, by: Actor) -> None:
    """记整改: who filed it, for the two-person rule."""
    Finding.objects.filter(case_id=case.pk).update(filed_by_id=by.user_id)


def other_person(case: Case, event: CaseEvent, by: Actor) -> None:
    """双人规则: and the result goes back to the task's light."""
    finding = Finding.objects.get(case_id=case.pk)
    refuse_own(finding.filed_by_id, by)
    lights.refresh(tasks=[finding.task_id])


def all_rectified(case: Case, event: CaseEvent, by: Actor) -> None:
    """办结督查: only when every finding is rectified."""
    count = Finding.objects.filter(round__case_id=case.pk, case__closed_at__isnull=True).count()
    if count:
        raise RefusedError(codes.FINDINGS_OPEN(count=count))


def _candidates(county: str) -> list[Candidate]:
    lights.refresh()
    tasks = Task.objects.filter(organisation_code=county, case__state__in=_OPEN).exclude(
        case__state=TaskState.VERIFIED.value
    )
    return [
        Candidate(
            task.number,
            Light(task.light),
            frozenset(unit.organisation_id for unit in task.units.all() if unit.organisation_id),
        )
        for task in tasks.prefetch_related("units")
    ]
