"""接入模型: batches; where a batch stands is the state of its case."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from sanyi.exchange.intake.codes import BatchState, FileKind
from sanyi.exchange.mapping.codes import Edition


class BatchQuerySet(models.QuerySet["Batch"]):
    """批次查询."""

    def in_state(self, *states: BatchState) -> "BatchQuerySet":
        """按状态: batches whose case is in one of these states."""
        return self.filter(case__state__in=[state.value for state in states])


class Batch(models.Model):
    """数据批次: one file or message of one sender under one contract, with what its check found.

    ``number`` orders batches: of rows with one natural key the greater number is current. ``attempt`` counts how often
    the same file was received anew on purpose; two uploads at once are one attempt.
    """

    number = models.BigAutoField("批次号", primary_key=True)
    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="batch")
    contract = models.CharField("数据约定", max_length=60)
    contract_version = models.CharField("约定版本", max_length=20)
    organisation_code = models.CharField("上报机构", max_length=12)
    file_name = models.CharField("文件名", max_length=200)
    file_kind = models.CharField("文件种类", max_length=10, blank=True, choices=FileKind.choices())
    size_bytes = models.PositiveBigIntegerField("文件大小")
    file_digest = models.CharField("文件摘要", max_length=64)
    edition = models.CharField("编码版本", max_length=16, choices=Edition.choices(), default=Edition.INSURANCE_2)
    attempt = models.PositiveSmallIntegerField("次数", default=1)
    received_at = models.DateTimeField("接收时间")
    received_by_name = models.CharField("上传人", max_length=80)
    checked_at = models.DateTimeField("检查时间", null=True, blank=True)
    worker = models.CharField("检查进程", max_length=120, blank=True)
    run_number = models.BigIntegerField("作业号", null=True, blank=True)
    staging = models.CharField("暂存目录", max_length=80, blank=True)
    content_digest = models.CharField("内容摘要", max_length=64, blank=True)
    row_count = models.PositiveBigIntegerField("行数", default=0)
    new_count = models.PositiveBigIntegerField("新增", default=0)
    changed_count = models.PositiveBigIntegerField("更正", default=0)
    unchanged_count = models.PositiveBigIntegerField("未变", default=0)
    refused_count = models.PositiveBigIntegerField("拒绝", default=0)
    warned_count = models.PositiveBigIntegerField("存疑", default=0)
    report = models.JSONField("检查报告", default=dict)
    provenance = models.JSONField("来源", default=dict)
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    decided_by_name = models.CharField("处理人", max_length=80, blank=True)
    lake_version = models.BigIntegerField("数据湖版本", null=True, blank=True)
    written_count = models.PositiveBigIntegerField("入库行数", default=0)
    announced_at = models.DateTimeField("通知时间", null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "数据批次"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "organisation_code", "file_digest", "edition", "attempt"],
                name="batch_once_per_file_and_attempt",
            ),
            models.CheckConstraint(
                condition=Q(row_count=F("new_count") + F("changed_count") + F("unchanged_count") + F("refused_count")),
                name="batch_counts_add_up",
            ),
            models.CheckConstraint(
                condition=Q(warned_count__lte=F("new_count") + F("changed_count") + F("unchanged_count")),
                name="batch_warned_rows_can_enter",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by_name="")
                | Q(decided_at__isnull=False, decided_by_name__gt=""),
                name="batch_decision_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(written_count=0) | Q(lake_version__isnull=False), name="batch_written_rows_have_a_version"
            ),
            models.CheckConstraint(condition=Q(size_bytes__gt=0) & Q(attempt__gt=0), name="batch_is_not_empty"),
        ]
        indexes = [
            models.Index(fields=["organisation_code", "-number"], name="batch_by_organisation"),  # the list of batches
            models.Index(fields=["contract", "organisation_code", "file_digest"], name="batch_by_file"),  # same file?
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def state(self) -> BatchState:
        """状态: of its case."""
        return BatchState(self.case.state)

    @property
    def accepted_count(self) -> int:
        """可入库行数."""
        return self.new_count + self.changed_count + self.unchanged_count

    @property
    def waiting(self) -> list[dict[str, Any]]:
        """待选定编码: of the last check."""
        return list(self.report.get("waiting", []))

    @property
    def refusals(self) -> list[dict[str, Any]]:
        """整个文件的拒绝: in both languages, for a file that could not be read."""
        return list(self.report.get("refusals", []))
