"""流程登记: the charts of the topic with their effects, time limits and pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from sanyi.governance.tasks import workflow
from sanyi.governance.tasks.services import duties, limits, problems, rounds
from sanyi.registry.access.codes import Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case


def task_url(case: Case) -> str | None:
    """任务页地址."""
    number = case.data.get("task") or case.subject_id
    return reverse("governance.tasks.task", kwargs={"number": number}) if number else None


def finding_limit(data: Mapping[str, Any], state: str) -> datetime | None:
    """整改时限: the day the finding names, until the rectification is filed."""
    return limits.end_of(date.fromisoformat(data["due_on"])) if state == "found" and data.get("due_on") else None


cases.register_chart(
    cases.ChartEntry(
        workflow.TASK_CHART,
        prefix="DB",
        effects={"open_duties": duties.open_duties, "withdraw_duties": duties.withdraw_duties},
        aside=frozenset({"cancel"}),
        read_permission=Permission.TASK_READ,
        subject_url=task_url,
    )
)
cases.register_chart(
    cases.ChartEntry(
        workflow.DUTY_CHART,
        prefix="CB",
        effects=duties.EFFECTS,
        read_permission=Permission.TASK_READ,
        subject_url=task_url,
        time_limit=duties.time_limit,
        data_labels={
            "task": ("任务编号", "Task"),
            "unit": ("承办单位", "Unit"),
            "role": ("分工", "Part"),
            "due_on": ("办理期限", "Deadline"),
            "target": ("目标", "Target"),
        },
    )
)
cases.register_chart(
    cases.ChartEntry(
        workflow.ROUND_CHART,
        prefix="DC",
        effects={"all_rectified": rounds.all_rectified},
        aside=frozenset({"cancel"}),
        read_permission=Permission.TASK_READ,
        subject_url=lambda case: reverse("governance.tasks.round", kwargs={"number": case.number}),
    )
)
cases.register_chart(
    cases.ChartEntry(
        workflow.FINDING_CHART,
        prefix="ZG",
        effects={"note_rectifying": rounds.note_rectifying, "other_person": rounds.other_person},
        read_permission=Permission.TASK_READ,
        subject_url=task_url,
        time_limit=finding_limit,
        data_labels={
            "task": ("任务编号", "Task"),
            "round": ("督查轮次", "Round"),
            "text": ("发现的问题", "Finding"),
            "due_on": ("整改期限", "To be rectified by"),
        },
    )
)
cases.register_chart(
    cases.ChartEntry(
        workflow.PROBLEM_CHART,
        prefix="WT",
        effects={
            "note_handler": problems.note_handler,
            "note_answer": problems.note_answer,
            "back_to_handler": problems.back_to_handler,
        },
        read_permission=Permission.PROBLEM_READ,
        subject_url=lambda case: reverse("governance.tasks.problem", kwargs={"number": case.number}),
        time_limit=problems.time_limit,
        data_labels={
            "institution": ("报告机构", "Institution"),
            "quarter": ("季度", "Quarter"),
            "topic": ("类别", "Topic"),
            "text": ("问题", "Problem"),
        },
    )
)
