"""分组模型: which job groups which batch, which scheme was decided from when, which months are closed."""

from django.db import models


class BatchGrouping(models.Model):
    """批次分组: one job per accepted batch, however often acceptance is announced."""

    batch_number = models.BigIntegerField("批次号", primary_key=True)
    run_number = models.BigIntegerField("作业号", null=True, unique=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "批次分组"
        constraints = [models.CheckConstraint(condition=models.Q(batch_number__gt=0), name="batch_grouping_has_batch")]

    def __str__(self) -> str:
        return f"{self.batch_number} → {self.run_number}"


class SchemeSwitch(models.Model):
    """启用决定: a county's own decision that a scheme holds from a day on; it wins over the policy file from then."""

    county_code = models.CharField("县", max_length=12)
    scheme = models.CharField("分组方案", max_length=40)
    starts_on = models.DateField("启用日期")
    case_number = models.CharField("办件编号", max_length=40, unique=True)
    decided_by_name = models.CharField("批准人", max_length=80)
    decided_at = models.DateTimeField("批准时间")

    class Meta:
        verbose_name = "方案启用决定"
        constraints = [
            models.CheckConstraint(condition=~models.Q(scheme="") & ~models.Q(case_number=""), name="switch_is_decided")
        ]
        indexes = [models.Index(fields=["county_code", "-starts_on"], name="switch_by_day")]  # the scheme of a day

    def __str__(self) -> str:
        return f"{self.starts_on} {self.scheme}"


class ClosedMonth(models.Model):
    """已锁定月份: stays discharged in it are not grouped anew; ``periods`` are the schemes it keeps."""

    county_code = models.CharField("县", max_length=12)
    month = models.CharField("出院月份", max_length=7)
    periods = models.JSONField("适用方案", default=list)
    closed_by_name = models.CharField("锁定人", max_length=80)
    closed_at = models.DateTimeField("锁定时间", auto_now_add=True)

    class Meta:
        verbose_name = "已锁定月份"
        constraints = [models.UniqueConstraint(fields=["county_code", "month"], name="closed_month_once")]

    def __str__(self) -> str:
        return self.month
