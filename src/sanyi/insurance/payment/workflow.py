"""支付流程: a settlement is computed, closed by a second person and reopened with a reason; a special case is judged
by two reviewers."""

from sanyi.kernel.workflow import SYSTEM, State, StateChart, Transition
from sanyi.registry.access.codes import Permission

CLOSING, SPECIAL = "insurance.payment.closing", "insurance.payment.special_case"
DRAFT, COMPUTED, CLOSED, REOPENED = "draft", "computed", "closed", "reopened"
FILED, APPLIED, REVIEWED = "filed", "applied", "reviewed"
APPROVED, REJECTED, WITHDRAWN = "approved", "rejected", "withdrawn"
_CLOSER = frozenset({Permission.PAYMENT_CLOSE.value})
_APPLICANT = frozenset({Permission.SPECIAL_CASE_APPLY.value})
_REVIEWER = frozenset({Permission.SPECIAL_CASE_REVIEW.value})

CLOSING_CHART = StateChart(
    name=CLOSING,
    zh="支付结算结账",
    en="Closing of a settlement",
    states=(
        State(DRAFT, "待测算", "To be computed"),
        State(COMPUTED, "已测算，待结账", "Computed, to be closed"),
        State(CLOSED, "已结账", "Closed"),
        State(REOPENED, "已重开", "Reopened"),
    ),
    transitions=(
        Transition("compute", "测算完成", "Computed", DRAFT, COMPUTED, frozenset({SYSTEM}),
                   effects=("note_computing",)),
        Transition("compute", "重新测算完成", "Computed again", COMPUTED, COMPUTED, frozenset({SYSTEM}),
                   effects=("note_computing",)),
        Transition("close", "结账", "Close", COMPUTED, CLOSED, _CLOSER, effects=("freeze",)),
        Transition("reopen", "重开", "Reopen", CLOSED, REOPENED, _CLOSER, reason_required=True, effects=("reopen",)),
    ),
    initial=DRAFT,
    final=frozenset({CLOSED, REOPENED}),
)  # fmt: skip
"""两人原则: whoever computed last does not close; a reopened settlement stays as it is, its next revision is new."""

SPECIAL_CHART = StateChart(
    name=SPECIAL,
    zh="特例单议",
    en="Special case",
    states=(
        State(FILED, "待提交", "To be submitted"),
        State(APPLIED, "待初审", "First review"),
        State(REVIEWED, "待复审", "Second review"),
        State(APPROVED, "已核定", "Approved"),
        State(REJECTED, "不予单议", "Rejected"),
        State(WITHDRAWN, "已撤回", "Withdrawn"),
    ),
    transitions=(
        Transition("submit", "提交申请", "Submit", FILED, APPLIED, _APPLICANT, evidence_required=True),
        Transition("review", "初审同意", "First review: agree", APPLIED, REVIEWED, _REVIEWER, reason_required=True,
                   effects=("note_review",)),
        Transition("approve", "复审核定", "Second review: approve", REVIEWED, APPROVED, _REVIEWER,
                   reason_required=True, effects=("note_approval",)),
        Transition("reject", "不予单议", "Reject", APPLIED, REJECTED, _REVIEWER, reason_required=True,
                   effects=("note_end",)),
        Transition("reject", "不予单议", "Reject", REVIEWED, REJECTED, _REVIEWER, reason_required=True,
                   effects=("note_end",)),
        Transition("withdraw", "撤回", "Withdraw", APPLIED, WITHDRAWN, _APPLICANT, reason_required=True,
                   effects=("note_end",)),
        Transition("withdraw", "撤回", "Withdraw", REVIEWED, WITHDRAWN, _APPLICANT, reason_required=True,
                   effects=("note_end",)),
    ),
    initial=FILED,
    final=frozenset({APPROVED, REJECTED, WITHDRAWN}),
)  # fmt: skip
"""两名评审人: the second review is never by whoever made the first; the amount is the second reviewer's."""
