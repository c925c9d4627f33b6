"""流程登记: the charts of the topic with their effects, time limits and pages."""

from __future__ import annotations

from django.urls import reverse

from sanyi.governance.indicators import workflow
from sanyi.governance.indicators.services import collecting, periods
from sanyi.registry.access.codes import Permission
from sanyi.registry.cases import services as cases

cases.register_chart(
    cases.ChartEntry(
        workflow.COLLECTED_CHART,
        prefix="TB",
        effects=collecting.EFFECTS,
        never_opener=frozenset({"approve", "return"}),
        aside=frozenset({"withdraw"}),
        read_permission=Permission.INDICATOR_READ,
        subject_url=lambda case: reverse("governance.indicators.collected", kwargs={"number": case.number}),
        time_limit=collecting.time_limit,
        data_labels={
            "code": ("指标代码", "Indicator"),
            "period": ("期间", "Period"),
            "node": ("节点", "Node"),
            "value": ("指标值", "Value"),
        },
    )
)
cases.register_chart(
    cases.ChartEntry(
        workflow.PERIOD_CHART,
        prefix="JZ",
        effects=periods.EFFECTS,
        aside=frozenset({"close", "unlock"}),
        read_permission=Permission.INDICATOR_READ,
        subject_url=lambda case: reverse("governance.indicators.period", kwargs={"period": case.subject_id}),
        data_labels={"period": ("期间", "Period")},
    )
)
