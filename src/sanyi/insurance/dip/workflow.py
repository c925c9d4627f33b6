"""启用病种目录流程: proposed by whoever manages catalogues, decided by somebody else who may approve."""

from sanyi.kernel.workflow import Deadline, State, StateChart, Transition
from sanyi.registry.access.codes import Permission

NAME = "insurance.dip.switch"
PROPOSED, APPROVED, REJECTED, WITHDRAWN = "proposed", "approved", "rejected", "withdrawn"
_PROPOSER = frozenset({Permission.SCHEME_IMPORT.value})
_APPROVER = frozenset({Permission.SCHEME_APPROVE.value})

CHART = StateChart(
    name=NAME,
    zh="DIP 病种目录启用",
    en="Switch of the DIP catalogue",
    states=(
        State(PROPOSED, "待审批", "To be decided", Deadline(working_days=10)),
        State(APPROVED, "已批准", "Approved"),
        State(REJECTED, "已驳回", "Rejected"),
        State(WITHDRAWN, "已撤回", "Withdrawn"),
    ),
    transitions=(
        Transition("approve", "批准启用", "Approve", PROPOSED, APPROVED, _APPROVER, effects=("switch",)),
        Transition("reject", "驳回", "Reject", PROPOSED, REJECTED, _APPROVER, reason_required=True, effects=("close",)),
        Transition(
            "withdraw", "撤回", "Withdraw", PROPOSED, WITHDRAWN, _PROPOSER, reason_required=True, effects=("close",)
        ),
    ),
    initial=PROPOSED,
    final=frozenset({APPROVED, REJECTED, WITHDRAWN}),
)
"""两人原则: the proposer never decides (``never_opener``); only the proposer withdraws (``opener_only``)."""
