"""督查督办流程: the task, one unit's share in it, a round, a finding, a quarterly problem."""

from __future__ import annotations

from collections.abc import Iterable

from sanyi.governance.tasks.codes import DutyState, TaskState
from sanyi.kernel.workflow import SYSTEM, State, StateChart, Transition
from sanyi.registry.access.codes import Permission

TASK, DUTY = "governance.task", "governance.duty"
ROUND, FINDING, PROBLEM = "governance.round", "governance.finding", "governance.problem"
_MANAGE, _VERIFY = frozenset({Permission.TASK_MANAGE.value}), frozenset({Permission.TASK_VERIFY.value})
_FILE, _INSTRUCT = frozenset({Permission.TASK_FILE.value}), frozenset({Permission.TASK_INSTRUCT.value})
_REPORT, _ANSWER = frozenset({Permission.PROBLEM_REPORT.value}), frozenset({Permission.PROBLEM_ANSWER.value})
_PROGRAM = frozenset({SYSTEM})
FOLLOWING = (
    TaskState.ASSIGNED,
    TaskState.SIGNED,
    TaskState.IN_PROGRESS,
    TaskState.EXTENDED,
    TaskState.OVERDUE,
    TaskState.ESCALATED,
    TaskState.RETURNED,
    TaskState.FILED,
    TaskState.VERIFIED,
)
"""随单位进展的状态: the program moves a task between these as its units' shares move."""
UNFILED = (
    DutyState.ASSIGNED,
    DutyState.SIGNED,
    DutyState.IN_PROGRESS,
    DutyState.EXTENSION_ASKED,
    DutyState.EXTENDED,
    DutyState.RETURNED,
)
"""未报送的状态: from which a share falls overdue when its deadline has passed."""
_LATE = (DutyState.OVERDUE, DutyState.ESCALATED, DutyState.INSTRUCTED)


def follow(state: TaskState) -> str:
    """随动步骤: the name of the step by which the program moves a task into a state."""
    return f"follow_{state.value}"


def _task_steps() -> tuple[Transition, ...]:
    steps = [
        Transition("assign", "交办", "Assign", "registered", "assigned", _MANAGE, effects=("open_duties",)),
        Transition(
            "renew",
            "自动续期交办",
            "Assign the next period",
            "registered",
            "assigned",
            _PROGRAM,
            effects=("open_duties",),
        ),
        Transition("cancel", "撤销", "Cancel", "registered", "cancelled", _MANAGE, reason_required=True),
        Transition("close", "办结", "Close", "verified", "closed", _VERIFY),
    ]
    for source in FOLLOWING:
        steps += [
            Transition(
                follow(target), f"转为{target.zh}", f"Becomes {target.en.lower()}", source.value, target.value, _PROGRAM
            )
            for target in FOLLOWING
            if target is not source
        ]
        withdraw = ("withdraw_duties",)
        steps.append(
            Transition(
                "cancel", "撤销", "Cancel", source.value, "cancelled", _MANAGE, reason_required=True, effects=withdraw
            )
        )
    return tuple(steps)


TASK_CHART = StateChart(
    name=TASK,
    zh="督办任务",
    en="Supervised task",
    states=tuple(State(state.value, state.zh, state.en) for state in TaskState),
    transitions=_task_steps(),
    initial="registered",
    final=frozenset({"closed", "cancelled"}),
)


def _each(
    sources: Iterable[DutyState],
    name: str,
    zh: str,
    en: str,
    target: DutyState | None,
    actors: frozenset[str],
    *effects: str,
    needs: str = "",
) -> list[Transition]:
    """The same step out of several states; without a target it stays where it is. ``needs``: reason, evidence."""
    return [
        Transition(
            name,
            zh,
            en,
            source.value,
            (target or source).value,
            actors,
            reason_required=needs == "reason",
            evidence_required=needs == "evidence",
            effects=effects,
        )
        for source in sources
    ]


def _duty_steps() -> tuple[Transition, ...]:
    at = DutyState
    filing, reporting = (*UNFILED[1:], *_LATE), (at.IN_PROGRESS, at.EXTENDED, *_LATE)
    asking, closing = (at.SIGNED, at.IN_PROGRESS, at.RETURNED), (*UNFILED, *_LATE, at.FILED)
    verified, returned = ("note_verifying", "follow"), ("note_returning", "follow")
    asked, filed = ("check_extension", "follow"), ("note_filing", "follow")
    steps = [
        _each([at.ASSIGNED], "sign", "签收", "Sign for", at.SIGNED, _FILE, "note_signing", "follow"),
        _each([at.SIGNED], "begin", "开始办理", "Begin", at.IN_PROGRESS, _FILE, "follow"),
        _each(filing, "file", "报送证据", "File evidence", at.FILED, _FILE, *filed, needs="evidence"),
        _each(reporting, "report", "报告进展", "Report progress", None, _FILE, "note_progress", needs="reason"),
        _each(asking, "ask_extension", "申请延期", "Ask for an extension", at.EXTENSION_ASKED, _FILE, *asked,
              needs="reason"),
        _each([at.EXTENSION_ASKED], "grant_extension", "同意延期", "Grant the extension", at.EXTENDED, _MANAGE,
              "extend", "follow", needs="reason"),
        _each([at.EXTENSION_ASKED], "refuse_extension", "不同意延期", "Refuse the extension", at.IN_PROGRESS, _MANAGE,
              "follow", needs="reason"),
        _each([at.FILED], "verify", "核验通过", "Verify", at.VERIFIED, _VERIFY, *verified),
        _each([at.FILED], "return", "退回", "Return", at.RETURNED, _VERIFY, *returned, needs="reason"),
        _each([at.ESCALATED], "instruct", "批示", "Instruct", at.INSTRUCTED, _INSTRUCT, "follow", needs="reason"),
        _each(UNFILED, "fall_overdue", "逾期", "Fall overdue", at.OVERDUE, _PROGRAM, "follow"),
        _each([at.OVERDUE], "escalate", "升级到县领导", "Escalate", at.ESCALATED, _PROGRAM, "follow"),
        _each(closing, "withdraw", "随任务撤销", "Withdraw", at.WITHDRAWN, _PROGRAM),
    ]  # fmt: skip
    return tuple(step for same in steps for step in same)


DUTY_CHART = StateChart(
    name=DUTY,
    zh="督办任务（单位承办）",
    en="A unit's share in a task",
    states=tuple(State(state.value, state.zh, state.en) for state in DutyState),
    transitions=_duty_steps(),
    initial="assigned",
    final=frozenset({"verified", "withdrawn"}),
)

ROUND_CHART = StateChart(
    name=ROUND,
    zh="督查轮次",
    en="Round of supervision",
    states=(
        State("planned", "已计划", "Planned"),
        State("under_way", "督查中", "Under way"),
        State("rectifying", "整改中", "Being rectified"),
        State("closed", "已办结", "Closed"),
        State("cancelled", "已取消", "Cancelled"),
    ),
    transitions=(
        Transition("begin", "开始督查", "Begin", "planned", "under_way", _MANAGE),
        Transition("cancel", "取消", "Cancel", "planned", "cancelled", _MANAGE, reason_required=True),
        Transition("conclude", "结束现场督查", "End the visits", "under_way", "rectifying", _MANAGE),
        Transition(
            "close", "办结", "Close", "rectifying", "closed", _MANAGE, reason_required=True, effects=("all_rectified",)
        ),
    ),
    initial="planned",
    final=frozenset({"closed", "cancelled"}),
)

FINDING_CHART = StateChart(
    name=FINDING,
    zh="督查整改",
    en="Rectification of a finding",
    states=(
        State("found", "待整改", "To be rectified"),
        State("rectified", "已报整改", "Rectification filed"),
        State("verified", "整改到位", "Rectified"),
    ),
    transitions=(
        Transition(
            "rectify",
            "报送整改",
            "File the rectification",
            "found",
            "rectified",
            _FILE,
            reason_required=True,
            evidence_required=True,
            effects=("note_rectifying",),
        ),
        Transition("verify", "核验到位", "Verify", "rectified", "verified", _VERIFY, effects=("other_person",)),
        Transition(
            "return",
            "退回重改",
            "Return",
            "rectified",
            "found",
            _VERIFY,
            reason_required=True,
            effects=("other_person",),
        ),
    ),
    initial="found",
    final=frozenset({"verified"}),
)

PROBLEM_CHART = StateChart(
    name=PROBLEM,
    zh="季度问题",
    en="Quarterly problem",
    states=(
        State("reported", "已报告", "Reported"),
        State("assigned", "已分办", "Assigned"),
        State("answered", "已答复", "Answered"),
        State("resolved", "已解决", "Resolved"),
    ),
    transitions=(
        Transition("assign", "分办", "Assign", "reported", "assigned", _ANSWER, effects=("note_handler",)),
        Transition("forward", "转办", "Hand on", "assigned", "assigned", _ANSWER, reason_required=True,
                   effects=("note_handler",)),
        Transition("answer", "答复", "Answer", "assigned", "answered", _ANSWER, reason_required=True,
                   effects=("note_answer",)),
        Transition("resolve", "确认解决", "Confirm", "answered", "resolved", _REPORT),
        Transition("reopen", "未解决，退回", "Not resolved", "answered", "assigned", _REPORT, reason_required=True,
                   effects=("back_to_handler",)),
    ),
    initial="reported",
    final=frozenset({"resolved"}),
)  # fmt: skip
