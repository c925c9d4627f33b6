"""政策文件模型: documents with their clauses, what was read of them, corrections that stay, values and precedence."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sanyi.governance.policy.codes import DocumentState, ItemKind, ItemState, Validity


class PolicyDocument(models.Model):
    """政策文件: one file of a county's library, kept unchanged under its digest."""

    organisation_code = models.CharField("所属机构", max_length=12)
    number = models.CharField("文号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200)
    issuer = models.CharField("发文机关", max_length=80, blank=True)
    issued_on = models.DateField("成文日期", null=True, blank=True)
    level = models.CharField("层级", max_length=12, blank=True)
    jurisdiction_code = models.CharField("辖区", max_length=12, blank=True)
    jurisdiction_name = models.CharField("辖区名称", max_length=40, blank=True)
    publication_status = models.CharField("公开属性", max_length=20, blank=True)
    head = models.JSONField("文件头", default=dict)
    problems = models.JSONField("提示", default=list)
    noise = models.JSONField("夹杂文字", default=list)
    file_name = models.CharField("文件名", max_length=200)
    file_digest = models.CharField("文件摘要", max_length=64)
    file_format = models.CharField("格式", max_length=8)
    size_bytes = models.PositiveIntegerField("大小")
    page_count = models.PositiveIntegerField("页数", default=0)
    reader_version = models.CharField("读取规则版本", max_length=12)
    state = models.CharField(
        "状态", max_length=12, choices=DocumentState.choices(), default=DocumentState.REVIEWING.value
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_by_name = models.CharField("上传人", max_length=80)
    uploaded_at = models.DateTimeField("上传时间")
    read_at = models.DateTimeField("读取时间")
    confirmed_by_name = models.CharField("确认人", max_length=80, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = "政策文件"
        constraints = [
            models.UniqueConstraint(fields=["organisation_code", "file_digest"], name="policy_document_file_once"),
        ]
        indexes = [models.Index(fields=["organisation_code", "-issued_on"], name="policy_document_by_date")]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def key(self) -> str:
        """文件键: what corrections are kept under: the number, otherwise the title."""
        return (self.number or self.title)[:200]


class PolicyClause(models.Model):
    """条款: of a document of the library."""

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="clauses")
    position = models.PositiveIntegerField("顺序")
    address = models.CharField("条款地址", max_length=60)
    parent = models.CharField("上级条款", max_length=60, blank=True)
    kind = models.CharField("种类", max_length=12)
    printed_marker = models.CharField("印刷编号", max_length=20, blank=True)
    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文")
    page = models.PositiveIntegerField("页", default=0)
    line = models.PositiveIntegerField("行", default=0)
    repaired = models.CharField("修复说明", max_length=120, blank=True)

    class Meta:
        verbose_name = "条款"
        constraints = [models.UniqueConstraint(fields=["document", "address"], name="policy_clause_address_once")]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.address


class ReadItem(models.Model):
    """读取项: a task, a target or a value as read, what a person made of it, and where it stands in the document."""

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField("顺序")
    kind = models.CharField("种类", max_length=8, choices=ItemKind.choices())
    clause = models.CharField("条款地址", max_length=60, blank=True)
    ordinal = models.PositiveIntegerField("序号", default=1)
    rule = models.CharField("读取规则", max_length=40)
    quote = models.CharField("摘引", max_length=60, blank=True)
    quote_digest = models.CharField("摘引摘要", max_length=64)
    read = models.JSONField("读取结果", default=dict)
    corrected = models.JSONField("更正结果", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=ItemState.choices(), default=ItemState.PROPOSED.value)
    decided_by_name = models.CharField("审核人", max_length=80, blank=True)
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    is_kept = models.BooleanField("沿用此前更正", default=False)
    task_number = models.CharField("任务编号", max_length=40, blank=True)

    class Meta:
        verbose_name = "读取项"
        constraints = [
            models.UniqueConstraint(fields=["document", "kind", "clause", "ordinal"], name="policy_item_once"),
            models.CheckConstraint(
                condition=~Q(state=ItemState.CORRECTED.value) | Q(corrected__isnull=False),
                name="policy_item_corrected_has_correction",
            ),
        ]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.clause} {self.kind} {self.ordinal}"

    @property
    def payload(self) -> dict[str, object]:
        """采用值: the correction where there is one, otherwise what was read."""
        return dict(self.corrected if self.corrected is not None else self.read)


class KeptCorrection(models.Model):
    """保留的更正: applied again whenever the same clause with the same words is read again."""

    organisation_code = models.CharField("所属机构", max_length=12)
    document_key = models.CharField("文件键", max_length=200)
    kind = models.CharField("种类", max_length=8, choices=ItemKind.choices())
    clause = models.CharField("条款地址", max_length=60, blank=True)
    ordinal = models.PositiveIntegerField("序号", default=1)
    quote_digest = models.CharField("摘引摘要", max_length=64)
    state = models.CharField("状态", max_length=10, choices=ItemState.choices())
    corrected = models.JSONField("更正结果", null=True, blank=True)
    made_by_name = models.CharField("更正人", max_length=80)
    made_at = models.DateTimeField("更正时间")

    class Meta:
        verbose_name = "保留的更正"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_code", "document_key", "kind", "clause", "ordinal", "quote_digest"],
                name="policy_correction_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_key} {self.clause}"


class ConfirmedValue(models.Model):
    """已确认参数: a value that a person took from a document into the county's policy."""

    item = models.OneToOneField(ReadItem, models.PROTECT, related_name="confirmed_value")
    organisation_code = models.CharField("所属机构", max_length=12)
    key = models.CharField("参数", max_length=120)
    name_zh = models.CharField("名称", max_length=80)
    unit = models.CharField("单位", max_length=40)
    value = models.JSONField("取值")
    jurisdiction_code = models.CharField("辖区", max_length=12)
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("终止日期", null=True, blank=True)
    document_number = models.CharField("文件", max_length=200)
    basis = models.CharField("依据", max_length=160)
    confirmed_by_name = models.CharField("确认人", max_length=80)
    confirmed_at = models.DateTimeField("确认时间")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "已确认参数"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_code", "key", "jurisdiction_code", "starts_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="confirmed_value_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Precedence(models.Model):
    """适用决定: which wording or figure prevails in the county, why and from when; an older decision is kept."""

    organisation_code = models.CharField("所属机构", max_length=12)
    subject = models.CharField("事项", max_length=120)
    subject_name = models.CharField("事项名称", max_length=80)
    document_number = models.CharField("采用文件", max_length=200)
    clause = models.CharField("条款地址", max_length=60)
    shown = models.CharField("采用数值", max_length=120)
    reason = models.CharField("理由", max_length=300)
    starts_on = models.DateField("自何日起")
    decided_by_name = models.CharField("决定人", max_length=80)
    decided_at = models.DateTimeField("决定时间")
    replaced_at = models.DateTimeField("改定时间", null=True, blank=True)

    class Meta:
        verbose_name = "适用决定"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_code", "subject"],
                condition=Q(replaced_at__isnull=True),
                name="precedence_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.subject_name


class DocumentValidity(models.Model):
    """文件效力: of a document number, with its day and citation, set by a person; an older record is kept."""

    organisation_code = models.CharField("所属机构", max_length=12)
    document_number = models.CharField("文号", max_length=60)
    state = models.CharField("效力", max_length=10, choices=Validity.choices())
    since = models.DateField("自何日起")
    replaced_by = models.CharField("替代文件", max_length=60, blank=True)
    citation = models.CharField("依据", max_length=200)
    decided_by_name = models.CharField("登记人", max_length=80)
    decided_at = models.DateTimeField("登记时间")
    replaced_at = models.DateTimeField("改登时间", null=True, blank=True)

    class Meta:
        verbose_name = "文件效力"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_code", "document_number"],
                condition=Q(replaced_at__isnull=True),
                name="document_validity_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_number} {self.state}"
