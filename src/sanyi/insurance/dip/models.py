"""DIP 模型: catalogues, uploaded files with what their check found, decisions which catalogue holds, and proposals."""

from django.db import models
from django.db.models import Q

from sanyi.insurance.dip.codes import Origin


class DipCatalogue(models.Model):
    """病种目录: built or imported; its content lies under its digest and never changes."""

    key = models.CharField("目录键", max_length=80, unique=True)
    code = models.CharField("目录代码", max_length=40)
    version = models.CharField("版本号", max_length=20)
    name_zh = models.CharField("目录名称", max_length=80)
    jurisdiction = models.CharField("适用地", max_length=12)
    starts_on = models.DateField("执行日期")
    ends_on = models.DateField("停止日期", null=True, blank=True)
    document = models.CharField("文件", max_length=200, blank=True)
    origin = models.CharField("来源", max_length=8, choices=[(one.value, one.zh) for one in Origin])
    organisation_code = models.CharField("建立机构", max_length=64)
    digest = models.CharField("内容摘要", max_length=64, unique=True)
    row_count = models.PositiveIntegerField("病种数")
    core_count = models.PositiveIntegerField("核心病种数")
    mixed_count = models.PositiveIntegerField("综合病种数")
    basic_count = models.PositiveIntegerField("基层病种数")
    factor_count = models.PositiveIntegerField("辅助系数数")
    is_assumed = models.BooleanField("含推定值")
    summary = models.JSONField("测算说明", default=dict)
    run_number = models.BigIntegerField("作业", null=True, blank=True)
    created_by_name = models.CharField("建立人", max_length=80)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "DIP 病种目录"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="dip_catalogue_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="dip_catalogue_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class DipImport(models.Model):
    """目录导入: one file, kept under the digest of its bytes, what was said about it, and the findings of its check."""

    file_digest = models.CharField("文件摘要", max_length=64)
    file_name = models.CharField("文件名", max_length=200)
    size_bytes = models.PositiveBigIntegerField("文件大小")
    organisation_code = models.CharField("上传机构", max_length=64)
    uploaded_by_name = models.CharField("上传人", max_length=80)
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    head = models.JSONField("目录首部", default=dict)
    run_number = models.BigIntegerField("检查作业", null=True, blank=True)
    findings = models.JSONField("检查结果", default=list)
    error_count = models.PositiveIntegerField("错误数", default=0)
    warning_count = models.PositiveIntegerField("提示数", default=0)
    catalogue = models.ForeignKey(DipCatalogue, models.PROTECT, null=True, related_name="imports")

    class Meta:
        verbose_name = "DIP 目录导入"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(catalogue__isnull=True) | Q(error_count=0), name="dip_import_refused_on_errors"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_checked(self) -> bool:
        """是否检查完毕: with a catalogue, or with at least one error."""
        return self.catalogue_id is not None or self.error_count > 0


class DipSwitch(models.Model):
    """启用决定: that a catalogue holds in a county from a day on, until a later one does or it ends."""

    county_code = models.CharField("县", max_length=12)
    catalogue = models.ForeignKey(DipCatalogue, models.PROTECT, related_name="switches")
    starts_on = models.DateField("启用日期")
    case_number = models.CharField("办件编号", max_length=40, unique=True)
    decided_by_name = models.CharField("批准人", max_length=80)
    decided_at = models.DateTimeField("批准时间")

    class Meta:
        verbose_name = "DIP 目录启用决定"
        constraints = [models.CheckConstraint(condition=~Q(case_number=""), name="dip_switch_is_decided")]
        indexes = [models.Index(fields=["county_code", "-starts_on"], name="dip_switch_by_day")]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.catalogue_id}"


class DipProposal(models.Model):
    """启用提案: one open proposal in a county at a time; its case says where it stands."""

    county_code = models.CharField("县", max_length=12)
    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="dip_proposal")
    catalogue = models.ForeignKey(DipCatalogue, models.PROTECT, related_name="proposals")
    starts_on = models.DateField("启用日期")
    is_open = models.BooleanField("待审批", default=True)

    class Meta:
        verbose_name = "DIP 目录启用提案"
        constraints = [
            models.UniqueConstraint(fields=["county_code"], condition=Q(is_open=True), name="dip_proposal_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.catalogue_id} {self.starts_on}"
