"""亮灯规则: a light from evidence, deadlines and rectification, and from data where data exist; the worst one shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sanyi.governance.tasks.codes import DutyState, Light, Why
from sanyi.governance.tasks.tables import LightEvidence

SEVERITY = {Light.GREY: 0, Light.GREEN: 1, Light.YELLOW: 2, Light.RED: 3}


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """单位办理要素: what the light of one unit's share depends on. ``filed_on`` is the day of the evidence in force;
    ``rectify_by`` the earliest deadline of findings that are not rectified.
    """

    state: DutyState
    due_on: date | None
    filed_on: date | None = None
    sign_due_on: date | None = None
    rectify_by: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """亮灯理由: a light, why, the day that matters and, for data, what they say."""

    light: Light
    why: Why
    on: date | None = None
    unit: str = ""
    words_zh: str = ""
    words_en: str = ""


def duty_reasons(duty: DutyFacts, on: date, *, yellow_days: int) -> list[Reason]:
    """单位亮灯理由: of one unit's share on a day. Yellow from ``yellow_days`` before the deadline to the deadline
    itself, red from the day after it.
    """
    found = [_of_share(duty, on, yellow_days)]
    if duty.rectify_by is not None:
        late = on > duty.rectify_by
        why = Why.RECTIFICATION_OVERDUE if late else Why.RECTIFYING
        found.append(Reason(Light.RED if late else Light.YELLOW, why, duty.rectify_by))
    return found


def _of_share(duty: DutyFacts, on: date, yellow_days: int) -> Reason:
    due = duty.due_on
    if duty.state is DutyState.WITHDRAWN:
        return Reason(Light.GREY, Why.WITHDRAWN)
    is_late = due is not None and duty.filed_on is not None and duty.filed_on > due
    if duty.state is DutyState.VERIFIED:
        return Reason(Light.GREEN, Why.DONE_LATE if is_late else Why.DONE_ON_TIME, duty.filed_on)
    if duty.state is DutyState.FILED:
        light = Light.YELLOW if is_late else Light.GREEN
        return Reason(light, Why.FILED_LATE if is_late else Why.FILED_ON_TIME, duty.filed_on)
    if due is not None and on > due:
        return Reason(Light.RED, Why.OVERDUE, due)
    if duty.state is DutyState.RETURNED:
        return Reason(Light.YELLOW, Why.RETURNED, due)
    if due is not None and (due - on).days <= yellow_days:
        return Reason(Light.YELLOW, Why.DUE_SOON, due)
    if duty.state is DutyState.ASSIGNED and duty.sign_due_on is not None and on > duty.sign_due_on:
        return Reason(Light.YELLOW, Why.UNSIGNED, duty.sign_due_on)
    return Reason(Light.GREEN, Why.ON_TRACK if due is not None else Why.NO_DEADLINE, due)


def data_reason(found: LightEvidence) -> Reason:
    """数据亮灯理由: what the indicator says."""
    return Reason(found.light, Why.DATA, found.as_of, words_zh=found.words_zh, words_en=found.words_en)


def worst(reasons: Iterable[Reason]) -> Light:
    """任务亮灯: the worst of all; grey when there is nothing to go by."""
    lights = [reason.light for reason in reasons]
    return max(lights, key=lambda light: SEVERITY[light], default=Light.GREY)


def percent_may_be_typed(indicator_code: str, evidence: LightEvidence | None) -> bool:
    """可否填报进度: only where nothing can be computed: the task has no indicator and no data speak of it."""
    return not indicator_code and (evidence is None or evidence.light is Light.GREY)


def counts(lights: Sequence[Light]) -> dict[Light, int]:
    """各灯数量: every light, those without a task included."""
    return {light: sum(one is light for one in lights) for light in Light}
