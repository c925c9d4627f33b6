"""方案调整模型: uploaded workbooks with what their check found, versions of schemes, and proposals to switch."""

from django.db import models
from django.db.models import Q


class SchemeVersion(models.Model):
    """方案版本: an imported scheme; its content lies under its key and never changes."""

    key = models.CharField("方案键", max_length=40, unique=True)
    code = models.CharField("方案代码", max_length=20)
    version = models.CharField("版本号", max_length=8)
    name_zh = models.CharField("方案名称", max_length=80)
    name_en = models.CharField("英文名称", max_length=80)
    jurisdiction = models.CharField("公布地", max_length=12)
    starts_on = models.DateField("拟执行日期")
    ends_on = models.DateField("拟停止日期", null=True, blank=True)
    document = models.CharField("文件", max_length=200, blank=True)
    digest = models.CharField("内容摘要", max_length=64, unique=True)
    mdc_count = models.PositiveIntegerField("MDC 数")
    rule_count = models.PositiveIntegerField("规则数")
    drg_count = models.PositiveIntegerField("DRG 数")
    weight_count = models.PositiveIntegerField("权重数")
    warning_count = models.PositiveIntegerField("提示数")
    imported_by_name = models.CharField("导入人", max_length=80)
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)

    class Meta:
        verbose_name = "方案版本"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="scheme_version_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="scheme_version_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class SchemeImport(models.Model):
    """方案导入: one workbook, kept under the digest of its bytes, and the findings of its last check.

    ``run_number`` is the job that checks it; until that is done there are neither findings nor a version.
    """

    file_digest = models.CharField("文件摘要", max_length=64, unique=True)
    file_name = models.CharField("文件名", max_length=200)
    size_bytes = models.PositiveBigIntegerField("文件大小")
    organisation_code = models.CharField("上传机构", max_length=12)
    uploaded_by_name = models.CharField("上传人", max_length=80)
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    run_number = models.BigIntegerField("检查作业", null=True, blank=True)
    findings = models.JSONField("检查结果", default=list)
    error_count = models.PositiveIntegerField("错误数", default=0)
    warning_count = models.PositiveIntegerField("提示数", default=0)
    version = models.ForeignKey(SchemeVersion, models.PROTECT, null=True, related_name="imports")

    class Meta:
        verbose_name = "方案导入"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(version__isnull=True) | Q(error_count=0), name="import_refused_on_errors"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_checked(self) -> bool:
        """是否检查完毕: with a version, or with at least one error."""
        return self.version_id is not None or self.error_count > 0


class SwitchProposal(models.Model):
    """启用提案: one open proposal in a county at a time; its case says where it stands."""

    county_code = models.CharField("县", max_length=12)
    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="switch_proposal")
    scheme = models.CharField("分组方案", max_length=40)
    starts_on = models.DateField("启用日期")
    run_number = models.BigIntegerField("比较作业")
    is_open = models.BooleanField("待审批", default=True)

    class Meta:
        verbose_name = "启用提案"
        constraints = [
            models.UniqueConstraint(fields=["county_code"], condition=Q(is_open=True), name="switch_proposal_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.starts_on}"
