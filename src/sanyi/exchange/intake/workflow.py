"""批次流程: received → checked → accepted, rejected or superseded."""

from sanyi.exchange.intake.codes import BatchState
from sanyi.kernel.workflow import SYSTEM, State, StateChart, Transition
from sanyi.registry.access.codes import Permission

NAME = "exchange.intake.batch"
_SYSTEM = frozenset({SYSTEM})
_UPLOAD = frozenset({Permission.BATCH_UPLOAD.value})
_ACCEPT = frozenset({Permission.BATCH_ACCEPT.value})

_R, _C, _G, _A = (state.value for state in (BatchState.RECEIVED, BatchState.CHECKED, BatchState.ACCEPTING,
                                            BatchState.ACCEPTED))  # fmt: skip
_J, _S, _U = (state.value for state in (BatchState.REJECTED, BatchState.SUPERSEDED, BatchState.UNREADABLE))

CHART = StateChart(
    name=NAME,
    zh="数据批次",
    en="Batch of data",
    states=tuple(State(state.value, state.zh, state.en) for state in BatchState),
    transitions=(
        Transition("check", "检查完成", "Checked", _R, _C, _SYSTEM),
        Transition("fail", "无法读取", "Unreadable", _R, _U, _SYSTEM),
        Transition("recheck", "重新检查", "Check again", _C, _R, _UPLOAD | _ACCEPT, effects=("check_again",)),
        Transition("accept", "确认入库", "Accept", _C, _G, _ACCEPT, effects=("decide", "enter_lake")),
        Transition("reject", "退回", "Reject", _C, _J, _UPLOAD | _ACCEPT, reason_required=True, effects=("decide",)),
        Transition("supersede", "被替代", "Superseded", _C, _S, _SYSTEM),
        Transition("finish", "入库完成", "Accepted", _G, _A, _SYSTEM),
    ),
    initial=_R,
    final=frozenset({_A, _J, _S, _U}),
)
"""批次状态图: whoever uploads may send back or check again; accepting needs its own permission.

Effects: ``decide`` notes who decided and when, ``enter_lake`` brings the rows into the lake, ``check_again`` repeats
the check; so an act from the to-do list does the same as the batch's own page.
"""
