"""流程 (workflow): state charts, declared once, checked, and asked what may happen next.

A chart is data. Topics declare theirs in ``workflow.py``; the registry's cases store the state and call ``next``. The
kernel knows neither the clock nor the database: the moment a state was entered is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sanyi.kernel import codes
from sanyi.kernel.dates import CHINA, HolidayCalendar
from sanyi.kernel.refusals import Refusal, RefusedError, refuse_if_any
from sanyi.kernel.workflow_check import check_chart

SYSTEM = "system"
"""系统: the actor of transitions that nobody clicks, such as escalation when a deadline has passed."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """办理时限: exactly one of clock hours, hours on working days, or working days.

    ``overdue_transition`` names the transition the system makes when it has passed, if any. Raises ValueError when not
    exactly one positive limit is given.
    """

    hours: int | None = None
    working_days: int | None = None
    working_hours: int | None = None
    overdue_transition: str = ""

    def __post_init__(self) -> None:
        given = [limit for limit in (self.hours, self.working_days, self.working_hours) if limit is not None]
        if len(given) != 1 or given[0] <= 0:
            raise ValueError("a deadline has exactly one of hours, working_days, working_hours, and it is positive")

    def due_at(self, entered_at: datetime, calendar: HolidayCalendar) -> datetime:
        """到期时刻: when the state must have been left, in the time zone of ``entered_at``.

        Working days end at 23:59:59 China time of the last day; the day of entering is not counted. Refuses years that
        the holiday calendar does not cover.
        """
        if self.hours is not None:
            return entered_at + timedelta(hours=self.hours)
        if self.working_hours is not None:
            return calendar.add_working_hours(entered_at, self.working_hours)
        local = entered_at.astimezone(CHINA) if entered_at.tzinfo else entered_at
        day = calendar.add_working_days(local.date(), self.working_days or 0)
        end = datetime.combine(day, time(23, 59, 59), tzinfo=local.tzinfo)
        return end.astimezone(entered_at.tzinfo) if entered_at.tzinfo else end

    def text(self, language: str = "zh") -> str:
        """时限说明: in words."""
        zh = not language.startswith("en")
        if self.hours is not None:
            return f"{self.hours}小时内" if zh else f"within {self.hours} hours"
        if self.working_hours is not None:
            return f"{self.working_hours}小时内（非工作日顺延）" if zh else f"within {self.working_hours} working hours"
        return f"{self.working_days}个工作日内" if zh else f"within {self.working_days} working days"


@dataclass(frozen=True, slots=True)
class State:
    """状态: where a case can be, with the time it may stay there."""

    code: str
    zh: str
    en: str
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """办理步骤: one act that moves a case. ``actors`` are codes of roles or permissions; ``SYSTEM`` acts alone.

    ``effects`` are names that the topic's service understands (for example ``notify_applicant``); the chart only
    promises them.
    """

    name: str
    zh: str
    en: str
    source: str
    target: str
    actors: frozenset[str]
    evidence_required: bool = False
    reason_required: bool = False
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StateChart:
    """状态图: the whole workflow. ``check`` lists its mistakes; ``checked`` refuses them."""

    name: str
    zh: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    initial: str
    final: frozenset[str]
    en: str = ""
    _states: dict[str, State] = field(init=False, repr=False, compare=False, hash=False)
    _transitions: dict[tuple[str, str], Transition] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "states", tuple(self.states))
        object.__setattr__(self, "transitions", tuple(self.transitions))
        final = {self.final} if isinstance(self.final, str) else self.final
        object.__setattr__(self, "final", frozenset(final))
        object.__setattr__(self, "_states", {state.code: state for state in self.states})
        object.__setattr__(self, "_transitions", {(t.source, t.name): t for t in self.transitions})

    def check(self) -> list[Refusal]:
        """检查: unreachable states, dead ends, missing actors, unknown or doubled names; empty when right."""
        return check_chart(self)

    def checked(self) -> StateChart:
        """检查后使用: the chart itself; refuses when ``check`` finds anything."""
        refuse_if_any(self.check())
        return self

    def state(self, code: str) -> State:
        """状态: by its code. Refuses an unknown one."""
        if code not in self._states:
            raise RefusedError(codes.STATE_UNKNOWN(chart=self.zh, chart_en=self.en or self.name, state=code))
        return self._states[code]

    def is_final(self, code: str) -> bool:
        """是否终结: whether the case is done in this state."""
        return self.state(code).code in self.final

    def possible(self, state: str) -> tuple[Transition, ...]:
        """可办步骤: every transition out of a state, in the order of declaration."""
        source = self.state(state).code
        return tuple(t for t in self.transitions if t.source == source)

    def allowed(self, state: str, actor_roles: Iterable[str]) -> tuple[Transition, ...]:
        """本人可办步骤: those of ``possible`` that somebody with these roles or permissions may do."""
        roles = frozenset(actor_roles)
        return tuple(t for t in self.possible(state) if t.actors & roles)

    def transition(self, state: str, name: str) -> Transition:
        """步骤: by state and name. Refuses one that is not possible from here, naming those that are."""
        here = self.state(state)
        found = self._transitions.get((here.code, name))
        if found is None:
            exits = self.possible(state)
            raise RefusedError(
                codes.TRANSITION_UNKNOWN(
                    chart=self.zh,
                    chart_en=self.en or self.name,
                    state=here.zh,
                    state_en=here.en,
                    transition=next((t.zh for t in self.transitions if t.name == name), name),
                    possible="、".join(t.zh for t in exits) or "无（已办结）",
                    possible_en=", ".join(t.en for t in exits) or "nothing, it is closed",
                )
            )
        return found

    def next(
        self, state: str, transition: str, *, actor_roles: Iterable[str], reason: str = "", evidence_count: int = 0
    ) -> State:
        """办理: the state that follows. Refusals come in this order: the step, the actor, the reason, the evidence."""
        step = self.transition(state, transition)
        names = {"transition": step.zh, "transition_en": step.en}
        if not step.actors.intersection(actor_roles):
            actors = "、".join(sorted(step.actors))
            raise RefusedError(
                codes.ACTOR_NOT_ALLOWED(chart=self.zh, chart_en=self.en or self.name, actors=actors, **names)
            )
        if step.reason_required and not reason.strip():
            raise RefusedError(codes.REASON_REQUIRED(**names))
        if step.evidence_required and evidence_count < 1:
            raise RefusedError(codes.EVIDENCE_REQUIRED(**names))
        return self.state(step.target)
