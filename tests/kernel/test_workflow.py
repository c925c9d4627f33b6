"""State charts: what may happen next, for whom and until when; and every mistake a chart can have."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sanyi.kernel.dates import HolidayCalendar
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import SYSTEM, Deadline, State, StateChart, Transition

CALENDAR = HolidayCalendar.load()
OPEN = State("open", "已登记", "registered", Deadline(working_days=5, overdue_transition="escalate"))
ASSIGNED = State("assigned", "已交办", "assigned", Deadline(hours=24))
CLOSED = State("closed", "已办结", "closed")
ASSIGN = Transition("assign", "交办", "assign", "open", "assigned", frozenset({"reform_office"}))
ESCALATE = Transition("escalate", "升级", "escalate", "open", "open", frozenset({SYSTEM}))
CLOSE = Transition(
    "close",
    "办结",
    "close",
    "assigned",
    "closed",
    frozenset({"reform_office", "county_leader"}),
    evidence_required=True,
    reason_required=True,
    effects=("notify",),
)
RETURN = Transition("return", "退回", "return", "assigned", "open", frozenset({"health_bureau"}))
CHART = StateChart(
    "governance.task",
    "督办事项",
    (OPEN, ASSIGNED, CLOSED),
    (ASSIGN, ESCALATE, CLOSE, RETURN),
    "open",
    frozenset({"closed"}),
    en="task",
)


def test_the_chart_is_right() -> None:
    assert CHART.check() == []
    assert CHART.checked() is CHART


def test_the_right_actor_moves_the_case() -> None:
    assert CHART.next("open", "assign", actor_roles=["reform_office"]) is ASSIGNED
    done = CHART.next("assigned", "close", actor_roles={"county_leader"}, reason="完成", evidence_count=1)
    assert done is CLOSED
    assert CHART.is_final("closed")
    assert not CHART.is_final("open")
    assert CHART.transition("assigned", "close").effects == ("notify",)


def test_possible_and_allowed_steps() -> None:
    assert CHART.possible("assigned") == (CLOSE, RETURN)
    assert CHART.allowed("assigned", ["health_bureau"]) == (RETURN,)
    assert CHART.allowed("assigned", []) == ()


@pytest.mark.parametrize(
    ("state", "step", "roles", "given", "code"),
    [
        ("open", "close", ["reform_office"], {}, "workflow.transition_unknown"),
        ("closed", "assign", ["reform_office"], {}, "workflow.transition_unknown"),
        ("open", "burn", ["reform_office"], {}, "workflow.transition_unknown"),
        ("lost", "assign", ["reform_office"], {}, "workflow.state_unknown"),
        ("open", "assign", ["resident"], {}, "workflow.actor_not_allowed"),
        ("open", "assign", [], {}, "workflow.actor_not_allowed"),
        ("assigned", "close", ["reform_office"], {"evidence_count": 1}, "workflow.reason_required"),
        ("assigned", "close", ["reform_office"], {"reason": "  ", "evidence_count": 1}, "workflow.reason_required"),
        ("assigned", "close", ["reform_office"], {"reason": "完成"}, "workflow.evidence_required"),
    ],
)
def test_everything_else_is_refused(state: str, step: str, roles: list[str], given: dict, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        CHART.next(state, step, actor_roles=roles, **given)
    assert refused.value.refusals[0].code == code


def test_the_refusal_names_what_is_possible() -> None:
    with pytest.raises(RefusedError, match="“督办事项”当前处于“已交办”，不能办理“交办”。当前可办理：办结、退回。"):
        CHART.next("assigned", "assign", actor_roles=["reform_office"])
    with pytest.raises(RefusedError, match="无（已办结）"):
        CHART.next("closed", "assign", actor_roles=["reform_office"])


def test_deadlines() -> None:
    friday = datetime(2025, 6, 6, 17)
    assert Deadline(hours=24).due_at(friday, CALENDAR) == datetime(2025, 6, 7, 17)
    assert Deadline(working_hours=24).due_at(friday, CALENDAR) == datetime(2025, 6, 9, 17)
    assert Deadline(working_days=5).due_at(friday, CALENDAR) == datetime(2025, 6, 13, 23, 59, 59)
    assert Deadline(working_days=1).due_at(datetime(2026, 2, 14, 9), CALENDAR).date() == date(2026, 2, 24)


def test_deadlines_of_instants_with_a_zone_are_counted_in_china() -> None:
    """Thursday 20:00 in UTC is already Friday in China."""
    entered = datetime(2025, 6, 5, 20, tzinfo=UTC)
    due = Deadline(working_days=1).due_at(entered, CALENDAR)
    assert due == datetime(2025, 6, 9, 15, 59, 59, tzinfo=UTC)
    assert due.tzinfo is UTC


def test_deadlines_in_words() -> None:
    found = [Deadline(hours=2).text(), Deadline(working_hours=24).text(), Deadline(working_days=5).text()]
    assert found == ["2小时内", "24小时内（非工作日顺延）", "5个工作日内"]
    found = [Deadline(hours=2).text("en"), Deadline(working_hours=24).text("en"), Deadline(working_days=5).text("en")]
    assert found == ["within 2 hours", "within 24 working hours", "within 5 working days"]


@pytest.mark.parametrize("limits", [{}, {"hours": 0}, {"hours": -1}, {"hours": 1, "working_days": 1}])
def test_a_deadline_is_exactly_one_positive_limit(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Deadline(**limits)  # type: ignore[arg-type]


ISLAND = State("island", "孤岛", "island")
LOOP_A, LOOP_B = State("loop_a", "甲", "a"), State("loop_b", "乙", "b")
MISTAKES = {
    "unknown initial": (replace(CHART, initial="start"), "初始状态“start”未声明"),
    "unknown final": (replace(CHART, final=frozenset({"closed", "gone"})), "终结状态“gone”未声明"),
    "no final": (replace(CHART, final=frozenset()), "没有终结状态"),
    "unknown source": (
        replace(CHART, transitions=(*CHART.transitions, replace(RETURN, name="x", source="nowhere"))),
        "步骤“x”的起点“nowhere”未声明",
    ),
    "unknown target": (
        replace(CHART, transitions=(*CHART.transitions, replace(RETURN, name="x", target="nowhere"))),
        "步骤“x”的终点“nowhere”未声明",
    ),
    "state twice": (replace(CHART, states=(*CHART.states, OPEN)), "状态“open”声明了2次"),
    "transition twice": (replace(CHART, transitions=(*CHART.transitions, ASSIGN)), "步骤“assign”重复"),
    "no actor": (
        replace(CHART, transitions=(replace(ASSIGN, actors=frozenset()), ESCALATE, CLOSE, RETURN)),
        "没有写明由谁办理",
    ),
    "unreachable": (
        replace(CHART, states=(*CHART.states, ISLAND), final=frozenset({"closed", "island"})),
        "状态“island”从初始状态走不到",
    ),
    "dead end": (
        replace(
            CHART,
            states=(*CHART.states, ISLAND),
            transitions=(*CHART.transitions, replace(RETURN, name="sink", target="island")),
        ),
        "状态“island”没有出路",
    ),
    "only way out leads back": (
        replace(
            CHART,
            states=(*CHART.states, ISLAND),
            transitions=(
                *CHART.transitions,
                replace(RETURN, name="sink", target="island"),
                replace(RETURN, name="again", source="island", target="island"),
            ),
        ),
        "状态“island”没有出路",
    ),
    "no end from a loop": (
        replace(
            CHART,
            states=(*CHART.states, LOOP_A, LOOP_B),
            transitions=(
                *CHART.transitions,
                replace(RETURN, name="enter", target="loop_a"),
                replace(RETURN, name="there", source="loop_a", target="loop_b"),
                replace(RETURN, name="back", source="loop_b", target="loop_a"),
            ),
        ),
        "走不到任何终结状态",
    ),
    "overdue step missing": (
        replace(CHART, transitions=(ASSIGN, CLOSE, RETURN)),
        "超时后的步骤“escalate”不存在",
    ),
    "overdue step not the system's": (
        replace(CHART, transitions=(ASSIGN, replace(ESCALATE, actors=frozenset({"auditor"})), CLOSE, RETURN)),
        "不由系统办理",
    ),
    "state without a name": (
        replace(CHART, states=(OPEN, replace(ASSIGNED, en=" "), CLOSED)),
        "“assigned”缺少中文或英文名称",
    ),
    "transition without a name": (
        replace(CHART, transitions=(replace(ASSIGN, zh=""), ESCALATE, CLOSE, RETURN)),
        "“assign”缺少中文或英文名称",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_of_a_chart_is_found(name: str) -> None:
    chart, words = MISTAKES[name]
    found = chart.check()
    assert any(words in refusal.message() for refusal in found), [refusal.message() for refusal in found]
    assert all(refusal.code == "workflow.chart_wrong" and refusal.place.key for refusal in found)
    with pytest.raises(RefusedError):
        chart.checked()


def test_a_chart_may_name_its_one_final_state_as_text() -> None:
    assert replace(CHART, final="closed") == CHART  # type: ignore[arg-type]
