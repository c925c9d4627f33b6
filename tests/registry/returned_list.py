"""A workflow made for the tests of cases: a settlement list that is sent back, corrected and accepted."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import SYSTEM, Deadline, State, StateChart, Transition
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Case
from tests.registry import county as small

EFFECTS: list[str] = []
CHART = StateChart(
    name="tests.return",
    zh="退回办理",
    en="Return",
    states=(
        State("open", "待处理", "Open", Deadline(hours=24, overdue_transition="remind")),
        State("late", "已催办", "Reminded", Deadline(working_days=3)),
        State("sent", "待审核", "Sent", Deadline(hours=2)),
        State("done", "已办结", "Done"),
    ),
    transitions=(
        Transition("remind", "催办", "Remind", "open", "late", frozenset({SYSTEM})),
        Transition("send", "提交", "Send", "open", "sent", frozenset({"hospital_insurance_office"}), True),
        Transition("send", "提交", "Send", "late", "sent", frozenset({"hospital_insurance_office"}), True),
        Transition(
            "accept", "通过", "Accept", "sent", "done", frozenset({Permission.BATCH_ACCEPT.value}), effects=("count",)
        ),
        Transition("reject", "退回", "Reject", "sent", "open", frozenset({"insurance_officer"}), reason_required=True),
        Transition("withdraw", "撤回", "Withdraw", "sent", "open", frozenset({Permission.CASE_ACT.value})),
    ),
    initial="open",
    final=frozenset({"done"}),
)


def register() -> None:
    """The chart, with an effect that is counted."""
    EFFECTS.clear()
    cases.register_chart(
        cases.ChartEntry(
            CHART,
            prefix="TT",
            effects={"count": lambda case, event, by: EFFECTS.append(f"{case.number} {event.transition} {by.name}")},
            opener_only=frozenset({"withdraw"}),
            never_opener=frozenset({"accept"}),
            subject_url=lambda case: f"/batches/{case.subject_id}/",
        )
    )


def open_case(by: access.Actor, organisation_code: str = small.HOSPITAL) -> Case:
    return cases.open_case(
        CHART.name,
        subject_kind="batch",
        subject_id="7",
        organisation_code=organisation_code,
        by=by,
        title="三月结算清单退回",
        data={"拒绝行数": 3},
    )


def pdf(content: bytes = b"%PDF-1.7 x", name: str = "说明.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def refused(error: pytest.ExceptionInfo[RefusedError]) -> str:
    return error.value.refusals[0].code


def sent(county: small.County) -> Case:
    case = open_case(county.actor("insurance_officer"))
    return cases.act(case, "send", county.actor("hospital_insurance_office"), evidence=[pdf()])
