"""指标流程: a collected value on its way to being approved, a period that is closed and unlocked, an alert."""

from __future__ import annotations

from sanyi.governance.indicators.codes.collecting import CollectedState, PeriodState
from sanyi.kernel.workflow import SYSTEM, State, StateChart, Transition
from sanyi.registry.access.codes import Permission

COLLECTED, PERIOD = "governance.collected_value", "governance.indicator_period"
ALERT = "governance.indicator_alert"
_COLLECT = frozenset({Permission.INDICATOR_COLLECT.value})
_APPROVE = frozenset({Permission.INDICATOR_APPROVE.value})
_CLOSE = frozenset({Permission.INDICATOR_CLOSE.value})
_EXPLAIN = _COLLECT | _CLOSE

COLLECTED_CHART = StateChart(
    name=COLLECTED,
    zh="指标填报",
    en="Collected indicator value",
    states=tuple(State(one.value, one.zh, one.en) for one in CollectedState),
    transitions=(
        Transition("submit", "提交", "Submit", "draft", "submitted", _COLLECT, effects=("note_submitting",)),
        Transition("submit", "更正后提交", "Submit again", "returned", "submitted", _COLLECT,
                   effects=("note_submitting",)),
        Transition("approve", "审定", "Approve", "submitted", "approved", _APPROVE, effects=("note_approving",)),
        Transition("return", "退回", "Return", "submitted", "returned", _APPROVE, reason_required=True,
                   effects=("note_returning",)),
        Transition("withdraw", "撤回", "Withdraw", "draft", "withdrawn", _COLLECT, effects=("note_withdrawing",)),
        Transition("withdraw", "撤回", "Withdraw", "submitted", "withdrawn", _COLLECT, reason_required=True,
                   effects=("note_withdrawing",)),
        Transition("withdraw", "撤回", "Withdraw", "returned", "withdrawn", _COLLECT, effects=("note_withdrawing",)),
    ),
    initial="draft",
    final=frozenset({"approved", "withdrawn"}),
)  # fmt: skip

PERIOD_CHART = StateChart(
    name=PERIOD,
    zh="指标期间",
    en="Period of indicators",
    states=tuple(State(one.value, one.zh, one.en) for one in PeriodState),
    transitions=(
        Transition("close", "结账", "Close", "open", "closed", _CLOSE, effects=("note_closing",)),
        Transition("unlock", "解锁", "Unlock", "closed", "unlocked", _CLOSE, reason_required=True,
                   effects=("note_unlocking",)),
        Transition("close_again", "重新结账", "Close again", "unlocked", "closed", _CLOSE, effects=("note_closing",)),
    ),
    initial="open",
    final=frozenset({"closed"}),
)  # fmt: skip

ALERT_CHART = StateChart(
    name=ALERT,
    zh="指标预警",
    en="Alert of an indicator",
    states=(
        State("raised", "待说明", "To be explained"),
        State("answered", "已说明", "Explained"),
        State("superseded", "已被新的变化取代", "Superseded"),
    ),
    transitions=(
        Transition("answer", "说明原因", "Explain", "raised", "answered", _EXPLAIN, reason_required=True),
        Transition("supersede", "被新的变化取代", "Supersede", "raised", "superseded", frozenset({SYSTEM})),
    ),
    initial="raised",
    final=frozenset({"answered", "superseded"}),
)
"""指标预警: it waits for the unit responsible, or for the office, until somebody says why."""
