"""指标模型: stored values and where they came from, collected values, closed periods, alerts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from sanyi.governance.indicators.codes import Judgement, NodeKind, Origin, Reason, ValueStatus, Window
from sanyi.governance.indicators.tables import (
    CODE_LENGTH,
    NODE_LENGTH,
    PART_LENGTH,
    PERIOD_LENGTH,
    VERSION_LENGTH,
)

NAME_LENGTH, ORGANISATION_LENGTH, DIGEST_LENGTH = 80, 64, 64


class IndicatorComputation(models.Model):
    """指标计算: one computation of a county's indicators, with everything it was made from."""

    organisation_code = models.CharField("县", max_length=ORGANISATION_LENGTH)
    run_number = models.BigIntegerField("作业", null=True, blank=True)
    years = models.JSONField("年度", default=list)
    provenance = models.JSONField("来源", default=dict)
    value_count = models.PositiveIntegerField("指标值数", default=0)
    changed_count = models.PositiveIntegerField("变动数", default=0)
    computed_at = models.DateTimeField("计算时间", auto_now_add=True)

    class Meta:
        verbose_name = "指标计算"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["organisation_code", "-id"], name="computation_by_county")]

    def __str__(self) -> str:
        return f"{self.organisation_code} #{self.pk}"


class CollectedValue(models.Model):
    """填报值: one entry of a collector for an indicator, node and period; its case says whether it was approved.

    ``numerator`` and ``denominator`` are given, or the value alone. Evidence hangs on the case.
    """

    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="collected_value")
    number = models.CharField("编号", max_length=32, unique=True)
    organisation_code = models.CharField("县", max_length=ORGANISATION_LENGTH)
    collector = models.ForeignKey("registry.Organisation", models.PROTECT, related_name="+", verbose_name="采集单位")
    code = models.CharField("指标代码", max_length=CODE_LENGTH)
    version = models.CharField("版本", max_length=VERSION_LENGTH)
    part = models.CharField("部分", max_length=PART_LENGTH, blank=True, default="")
    node_code = models.CharField("节点", max_length=NODE_LENGTH)
    node_kind = models.CharField("节点种类", max_length=12, choices=NodeKind.choices())
    period = models.CharField("期间", max_length=PERIOD_LENGTH)
    last_on = models.DateField("期末")
    numerator = models.BigIntegerField("分子", null=True, blank=True)
    denominator = models.BigIntegerField("分母", null=True, blank=True)
    value_e6 = models.BigIntegerField("指标值（百万分之一）", null=True, blank=True)
    note = models.CharField("说明", max_length=400, blank=True, default="")
    source_name = models.CharField("来源", max_length=200, blank=True, default="")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    entered_by_name = models.CharField("填报人", max_length=NAME_LENGTH)
    entered_at = models.DateTimeField("填报时间")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_by_name = models.CharField("审定人", max_length=NAME_LENGTH, blank=True, default="")
    approved_at = models.DateTimeField("审定时间", null=True, blank=True)
    is_open = models.BooleanField("办理中", default=True)

    class Meta:
        verbose_name = "填报值"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_code", "code", "part", "node_code", "period"],
                condition=Q(is_open=True),
                name="collected_value_one_open",
            ),
            models.CheckConstraint(
                condition=Q(value_e6__isnull=False) | Q(numerator__isnull=False, denominator__isnull=False),
                name="collected_value_says_something",
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0), name="collected_denominator_is_positive"
            ),
        ]
        indexes = [models.Index(fields=["organisation_code", "period", "code"], name="collected_by_period")]

    def __str__(self) -> str:
        return self.number


class IndicatorValue(models.Model):
    """指标值: of one indicator, node and period. A value that changed stays, no longer current."""

    organisation_code = models.CharField("县", max_length=ORGANISATION_LENGTH)
    code = models.CharField("指标代码", max_length=CODE_LENGTH)
    version = models.CharField("版本", max_length=VERSION_LENGTH)
    part = models.CharField("部分", max_length=PART_LENGTH, blank=True, default="")
    node_code = models.CharField("节点", max_length=NODE_LENGTH)
    node_kind = models.CharField("节点种类", max_length=12, choices=NodeKind.choices())
    period = models.CharField("期间", max_length=PERIOD_LENGTH)
    window = models.CharField("周期", max_length=8, choices=Window.choices())
    last_on = models.DateField("期末")
    numerator = models.BigIntegerField("分子", null=True, blank=True)
    denominator = models.BigIntegerField("分母", null=True, blank=True)
    value_e6 = models.BigIntegerField("指标值（百万分之一）", null=True, blank=True)
    row_count = models.PositiveBigIntegerField("计入的记录", default=0)
    missing_count = models.PositiveBigIntegerField("缺失的记录", default=0)
    status = models.CharField("状态", max_length=16, choices=ValueStatus.choices())
    reason = models.CharField("原因", max_length=32, blank=True, default="", choices=Reason.choices())
    basis = models.CharField("分母依据", max_length=200, blank=True, default="")
    origin = models.CharField("数据来源", max_length=16, choices=Origin.choices())
    definition_digest = models.CharField("定义摘要", max_length=DIGEST_LENGTH)
    computation = models.ForeignKey(
        IndicatorComputation, models.PROTECT, null=True, blank=True, related_name="values", verbose_name="计算"
    )
    collected = models.ForeignKey(
        CollectedValue, models.PROTECT, null=True, blank=True, related_name="values", verbose_name="填报值"
    )
    is_current = models.BooleanField("现行", default=True)
    stored_at = models.DateTimeField("存入时间", auto_now_add=True)

    class Meta:
        verbose_name = "指标值"
        ordering = ["code", "node_code", "last_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_code", "code", "part", "node_code", "period"],
                condition=Q(is_current=True),
                name="indicator_value_one_current",
            ),
            models.CheckConstraint(
                condition=Q(status=ValueStatus.COMPUTED.value, value_e6__isnull=False)
                | Q(status=ValueStatus.NOT_COMPUTABLE.value, value_e6__isnull=True) & ~Q(reason=""),
                name="indicator_value_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(computation__isnull=True) | Q(collected__isnull=True), name="indicator_value_one_source"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_code", "node_code", "period", "code"], name="indicator_value_of_node"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.node_code} {self.period}"


class IndicatorPeriod(models.Model):
    """指标期间: a period that was closed once; its case says whether it is closed now, and why it was unlocked."""

    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="indicator_period")
    organisation_code = models.CharField("县", max_length=ORGANISATION_LENGTH)
    period = models.CharField("期间", max_length=PERIOD_LENGTH)
    is_closed = models.BooleanField("已结账", default=False)
    closed_by_name = models.CharField("结账人", max_length=NAME_LENGTH, blank=True, default="")
    closed_at = models.DateTimeField("结账时间", null=True, blank=True)
    unlocked_by_name = models.CharField("解锁人", max_length=NAME_LENGTH, blank=True, default="")
    unlocked_at = models.DateTimeField("解锁时间", null=True, blank=True)
    unlock_reason = models.CharField("解锁理由", max_length=400, blank=True, default="")

    class Meta:
        verbose_name = "指标期间"
        ordering = ["-period"]
        constraints = [
            models.UniqueConstraint(fields=["organisation_code", "period"], name="indicator_period_once"),
        ]

    def __str__(self) -> str:
        return self.period


class IndicatorAlert(models.Model):
    """指标预警: a value crossed its target; the case stands in the to-do list until somebody has answered it."""

    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="indicator_alert")
    number = models.CharField("编号", max_length=32, unique=True)
    organisation_code = models.CharField("县", max_length=ORGANISATION_LENGTH)
    target_key = models.CharField("目标", max_length=160)
    code = models.CharField("指标代码", max_length=CODE_LENGTH)
    node_code = models.CharField("节点", max_length=NODE_LENGTH)
    period = models.CharField("期间", max_length=PERIOD_LENGTH)
    was = models.CharField("此前判断", max_length=16, blank=True, default="", choices=Judgement.choices())
    now = models.CharField("现在判断", max_length=16, choices=Judgement.choices())
    value = models.ForeignKey(IndicatorValue, models.PROTECT, null=True, blank=True, related_name="alerts")
    value_e6 = models.BigIntegerField("指标值（百万分之一）", null=True, blank=True)
    gap_e6 = models.BigIntegerField("差距（百万分之一）", null=True, blank=True)
    raised_at = models.DateTimeField("预警时间", auto_now_add=True)

    class Meta:
        verbose_name = "指标预警"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_code", "target_key", "node_code", "period", "now"], name="indicator_alert_once"
            )
        ]

    def __str__(self) -> str:
        return self.number
