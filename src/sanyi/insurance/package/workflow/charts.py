"""总额打包流程: the year of a holder, a monthly advance, the clearing, a dispute, a finding of the lead hospital."""

from __future__ import annotations

from sanyi.insurance.package.codes import (
    AdvanceStep,
    ClearingStep,
    DisputeStep,
    FindingStep,
    WarningStep,
    YearStep,
)
from sanyi.kernel.workflow import State, StateChart, Transition
from sanyi.registry.access.codes import Permission

YEAR, ADVANCE = "insurance.package.year", "insurance.package.advance"
CLEARING, DISPUTE, FINDING = "insurance.package.clearing", "insurance.package.dispute", "insurance.package.finding"
WARNING = "insurance.package.warning"
_APPLY, _VERIFY = frozenset({Permission.PACKAGE_APPLY.value}), frozenset({Permission.PACKAGE_VERIFY.value})
_MANAGE, _APPROVE = frozenset({Permission.PACKAGE_MANAGE.value}), frozenset({Permission.PACKAGE_APPROVE.value})
_MEMBER = frozenset({"hospital_director", "hospital_insurance_office", "township_doctor", "village_doctor"})
"""成员单位: whoever speaks for a member institution corrects what the lead hospital has found there."""
_Y, _A, _C, _D, _F = YearStep, AdvanceStep, ClearingStep, DisputeStep, FindingStep
_W = WarningStep


def _year_steps() -> tuple[Transition, ...]:
    back = [
        Transition(
            "return",
            "退回",
            "Send back",
            source.value,
            _Y.RETURNED.value,
            actors,
            reason_required=True,
            effects=("step",),
        )
        for source, actors in ((_Y.APPLIED, _VERIFY), (_Y.ENDORSED, _MANAGE), (_Y.REVIEWED, _APPROVE))
    ]
    leave = [
        Transition("withdraw", "撤回申请", "Withdraw", source.value, _Y.WITHDRAWN.value, _APPLY, reason_required=True,
                   effects=("withdraw",))
        for source in (_Y.APPLIED, _Y.RETURNED)
    ]  # fmt: skip
    return (
        Transition("endorse", "出具卫健意见", "Give the health opinion", _Y.APPLIED.value, _Y.ENDORSED.value, _VERIFY,
                   reason_required=True, effects=("step",)),
        Transition("review", "审核通过", "Review", _Y.ENDORSED.value, _Y.REVIEWED.value, _MANAGE, effects=("review",)),
        Transition("file", "备案", "File", _Y.REVIEWED.value, _Y.FILED.value, _APPROVE, effects=("file",)),
        Transition("sign", "牵头医院代表成员签约", "Sign for all members", _Y.FILED.value, _Y.AGREED.value, _APPLY,
                   evidence_required=True, effects=("sign",)),
        Transition("apply_again", "重新申请", "Apply again", _Y.RETURNED.value, _Y.APPLIED.value, _APPLY,
                   effects=("step",)),
        Transition("adjust", "调整预算", "Adjust the budget", _Y.AGREED.value, _Y.AGREED.value, _APPROVE,
                   reason_required=True, effects=("adjust",)),
        Transition("terminate", "解除协议", "Terminate the agreement", _Y.AGREED.value, _Y.TERMINATED.value, _APPROVE,
                   reason_required=True, effects=("terminate",)),
        *back,
        *leave,
    )  # fmt: skip


YEAR_CHART = StateChart(
    name=YEAR,
    zh="医保总额打包",
    en="Package of a year",
    states=tuple(State(step.value, step.zh, step.en) for step in YearStep),
    transitions=_year_steps(),
    initial=_Y.APPLIED.value,
    final=frozenset({_Y.WITHDRAWN.value, _Y.TERMINATED.value}),
)
"""申请、审核、备案、签约: the reviewer does not file what he reviewed."""

ADVANCE_CHART = StateChart(
    name=ADVANCE,
    zh="医保打包月度预拨",
    en="Monthly advance",
    states=tuple(State(step.value, step.zh, step.en) for step in AdvanceStep),
    transitions=(
        Transition("pay", "拨付", "Pay", _A.REQUESTED.value, _A.PAID.value, _APPROVE, effects=("pay",)),
        Transition("cancel", "取消", "Cancel", _A.REQUESTED.value, _A.CANCELLED.value, _MANAGE, reason_required=True,
                   effects=("cancel",)),
    ),
    initial=_A.REQUESTED.value,
    final=frozenset({_A.PAID.value, _A.CANCELLED.value}),
)  # fmt: skip
"""经办与拨付分开: whoever requested an advance does not pay it."""

CLEARING_CHART = StateChart(
    name=CLEARING,
    zh="医保打包年终清算",
    en="Year-end clearing",
    states=tuple(State(step.value, step.zh, step.en) for step in ClearingStep),
    transitions=(
        Transition("compute", "测算", "Compute", _C.DUE.value, _C.COMPUTED.value, _MANAGE, effects=("compute",)),
        Transition("compute", "重新测算", "Compute again", _C.COMPUTED.value, _C.COMPUTED.value, _MANAGE,
                   effects=("compute",)),
        Transition("clear", "审定清算", "Approve the clearing", _C.COMPUTED.value, _C.CLEARED.value, _APPROVE,
                   effects=("clear",)),
        Transition("pay", "拨付或追回", "Pay or recover", _C.CLEARED.value, _C.PAID.value, _APPROVE, effects=("pay",)),
        *(
            Transition("reopen", "重开清算", "Reopen", source.value, _C.REOPENED.value, _APPROVE, reason_required=True,
                       effects=("reopen",))
            for source in (_C.CLEARED, _C.PAID)
        ),
    ),
    initial=_C.DUE.value,
    final=frozenset({_C.REOPENED.value}),
)  # fmt: skip
"""两人原则: whoever computed a clearing does not approve it; a reopened one goes on as a new revision."""

DISPUTE_CHART = StateChart(
    name=DISPUTE,
    zh="医保打包异议",
    en="Dispute about the package",
    states=tuple(State(step.value, step.zh, step.en) for step in DisputeStep),
    transitions=(
        Transition("accept", "采纳", "Accept", _D.RAISED.value, _D.ACCEPTED.value, _MANAGE, reason_required=True,
                   effects=("accept",)),
        Transition("reject", "不采纳", "Reject", _D.RAISED.value, _D.REJECTED.value, _MANAGE, reason_required=True,
                   effects=("answer",)),
        Transition("withdraw", "撤回", "Withdraw", _D.RAISED.value, _D.WITHDRAWN.value, _APPLY, reason_required=True,
                   effects=("answer",)),
        Transition("correct", "办结更正", "Correct", _D.ACCEPTED.value, _D.CORRECTED.value, _MANAGE,
                   effects=("correct",)),
    ),
    initial=_D.RAISED.value,
    final=frozenset({_D.CORRECTED.value, _D.REJECTED.value, _D.WITHDRAWN.value}),
)  # fmt: skip

FINDING_CHART = StateChart(
    name=FINDING,
    zh="医保基金内部监督",
    en="Internal monitoring of the fund",
    states=tuple(State(step.value, step.zh, step.en) for step in FindingStep),
    transitions=(
        Transition("rectify", "报送整改", "Report the correction", _F.FOUND.value, _F.RECTIFIED.value, _MEMBER,
                   reason_required=True, effects=("rectify",)),
        Transition("confirm", "确认整改", "Confirm", _F.RECTIFIED.value, _F.CONFIRMED.value, _APPLY,
                   effects=("confirm",)),
        Transition("return", "退回重改", "Send back", _F.RECTIFIED.value, _F.FOUND.value, _APPLY,
                   reason_required=True, effects=("rectify",)),
    ),
    initial=_F.FOUND.value,
    final=frozenset({_F.CONFIRMED.value}),
)  # fmt: skip

WARNING_CHART = StateChart(
    name=WARNING,
    zh="基金运行预警",
    en="Early warning of the fund",
    states=tuple(State(step.value, step.zh, step.en) for step in WarningStep),
    transitions=(
        Transition("explain", "说明原因和措施", "Explain", _W.RAISED.value, _W.EXPLAINED.value, _APPLY,
                   reason_required=True),
        Transition("note", "已阅", "Take note", _W.EXPLAINED.value, _W.NOTED.value, _MANAGE),
        Transition("return", "退回补充", "Send back", _W.EXPLAINED.value, _W.RAISED.value, _MANAGE,
                   reason_required=True),
    ),
    initial=WarningStep.RAISED.value,
    final=frozenset({WarningStep.NOTED.value}),
)  # fmt: skip
