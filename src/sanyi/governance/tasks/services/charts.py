"""流程登记: the charts of the topic with their effects, time limits and pages."""

from __future__ import annotations

from django.urls import reverse

from sanyi.governance.tasks import workflow
from sanyi.governance.tasks.services import duties
from sanyi.registry.access.codes import Permission
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.models import Case


def task_url(case: Case) -> str | None:
    """任务页地址."""
    number = case.data.get("task") or case.subject_id
    return reverse("governance.tasks.task", kwargs={"number": number}) if number else None


cases.register_chart(
    cases.ChartEntry(
        workflow.TASK_CHART,
        prefix="DB",
        effects={"open_duties": duties.open_duties, "withdraw_duties": duties.withdraw_duties},
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
