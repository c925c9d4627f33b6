"""支付模拟模型: scenarios and their results; both stand apart from settlements, ledger and lake."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sanyi.insurance.what_if.codes import ScenarioKind

NAME_LENGTH, WHO_LENGTH = 60, 80


class Scenario(models.Model):
    """模拟方案: values changed against a base. ``base_number`` is a year's settlement; empty: the values in force.

    ``changes`` are stored in the order in which they were made; effects are told apart in that order.
    """

    name = models.CharField("名称", max_length=NAME_LENGTH)
    kind = models.CharField("种类", max_length=16, default=ScenarioKind.CHANGES.value)
    county_code = models.CharField("县", max_length=12)
    organisation_code = models.CharField("所属机构", max_length=12)
    year = models.PositiveSmallIntegerField("年度")
    base_number = models.CharField("基准清算", max_length=40, blank=True, default="")
    changes = models.JSONField("改动", default=list)
    revision = models.PositiveIntegerField("修订号", default=1)
    created_by = models.ForeignKey("auth.User", models.SET_NULL, null=True, related_name="+")
    created_by_name = models.CharField("建立人", max_length=WHO_LENGTH)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    changed_by_name = models.CharField("修改人", max_length=WHO_LENGTH, blank=True, default="")
    changed_at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = "模拟方案"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in ScenarioKind]), name="what_if_scenario_kind_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="what_if_scenario_has_name"),
        ]
        indexes = [models.Index(fields=["organisation_code", "year"], name="what_if_by_organisation")]

    def __str__(self) -> str:
        return self.name


class ScenarioResult(models.Model):
    """模拟结果: what a scenario came to, with what it was computed from; the newest one counts."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="results")
    run_number = models.BigIntegerField("测算作业", unique=True)
    changes = models.JSONField("测算时的改动", default=list)
    changes_digest = models.CharField("改动摘要", max_length=64)
    summary = models.JSONField("汇总", default=dict)
    tables = models.JSONField("影响", default=dict)
    provenance = models.JSONField("出处", default=dict)
    digest = models.CharField("结果摘要", max_length=64)
    computed_by_name = models.CharField("测算人", max_length=WHO_LENGTH)
    computed_at = models.DateTimeField("测算时间", auto_now_add=True)

    class Meta:
        verbose_name = "模拟结果"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.scenario} #{self.run_number}"
