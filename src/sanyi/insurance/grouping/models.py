"""分组模型: which job groups which batch."""

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
