"""清算模型: the clearing of a holder's year with what was frozen, its shares, disputes, findings, released streams."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sanyi.insurance.package.codes import ClearingStep, DisputeStep, FindingStep, Stream, Tier
from sanyi.insurance.package.models.years import NAME_LENGTH, REASON_LENGTH, PackageYear


class Clearing(models.Model):
    """年终清算: one revision of a holder's year. ``inputs`` and ``result`` are canonical bytes; equal in, equal out.

    ``postings`` are the lines each document stands for after this revision; a later one posts only the differences.
    """

    package_year = models.ForeignKey(PackageYear, models.PROTECT, related_name="clearings")
    revision = models.PositiveSmallIntegerField("版次", default=1)
    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="package_clearing")
    step = models.CharField("进展", max_length=12, choices=ClearingStep.choices(), default=ClearingStep.DUE)
    is_current = models.BooleanField("现行", default=True)
    settlement_number = models.CharField("支付结算", max_length=64, blank=True, default="")
    score_e4 = models.PositiveIntegerField("考核得分", null=True, blank=True)
    score_basis = models.CharField("得分依据", max_length=REASON_LENGTH, blank=True, default="")
    inputs = models.TextField("冻结的输入", blank=True, default="")
    inputs_digest = models.CharField("输入摘要", max_length=64, blank=True, default="")
    result = models.TextField("清算结果", blank=True, default="")
    result_digest = models.CharField("结果摘要", max_length=64, blank=True, default="")
    budget_fen = models.BigIntegerField("调整后预算", null=True, blank=True)
    actual_fen = models.BigIntegerField("实际费用", null=True, blank=True)
    surplus_fen = models.BigIntegerField("结余（负为超支）", null=True, blank=True)
    retain_fen = models.BigIntegerField("结余留用", null=True, blank=True)
    unreasonable_fen = models.BigIntegerField("不合理费用", null=True, blank=True)
    fund_share_fen = models.BigIntegerField("基金分担", null=True, blank=True)
    holder_share_fen = models.BigIntegerField("医共体自担", null=True, blank=True)
    deposit_back_fen = models.BigIntegerField("返还保证金", null=True, blank=True)
    entitled_fen = models.BigIntegerField("应得合计", null=True, blank=True)
    due_fen = models.BigIntegerField("应拨付（负为应追回）", null=True, blank=True)
    postings = models.JSONField("记账内容", default=dict)
    computed_by_id = models.BigIntegerField("测算人", null=True, blank=True)
    computed_by_name = models.CharField("测算人姓名", max_length=NAME_LENGTH, blank=True, default="")
    cleared_by_name = models.CharField("审定人", max_length=NAME_LENGTH, blank=True, default="")
    cleared_at = models.DateTimeField("审定时间", null=True, blank=True)
    paid_at = models.DateTimeField("结清时间", null=True, blank=True)
    reason = models.CharField("重开理由", max_length=REASON_LENGTH, blank=True, default="")

    class Meta:
        verbose_name = "年终清算"
        ordering = ["package_year", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["package_year", "revision"], name="clearing_revision_once"),
            models.UniqueConstraint(fields=["package_year"], condition=Q(is_current=True), name="clearing_one_current"),
            models.CheckConstraint(
                condition=Q(step=ClearingStep.DUE.value) | ~Q(result="") & ~Q(inputs="") & Q(score_e4__isnull=False),
                name="clearing_computed_has_results",
            ),
            models.CheckConstraint(
                condition=~Q(step=ClearingStep.REOPENED.value) | Q(is_current=False) & ~Q(reason=""),
                name="clearing_reopened_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_year} ({self.revision})"


class Share(models.Model):
    """内部分配: one member's part of the surplus kept (positive) or of the overspend borne (negative)."""

    clearing = models.ForeignKey(Clearing, models.PROTECT, related_name="shares")
    member_code = models.CharField("成员", max_length=12)
    tier = models.CharField("层级", max_length=12, choices=Tier.choices())
    weight = models.BigIntegerField("权数")
    amount_fen = models.BigIntegerField("分配金额")

    class Meta:
        verbose_name = "内部分配"
        ordering = ["member_code"]
        constraints = [models.UniqueConstraint(fields=["clearing", "member_code"], name="share_once_a_member")]

    def __str__(self) -> str:
        return f"{self.member_code} {self.amount_fen}"


class Dispute(models.Model):
    """异议: about a closed month, or (without a month) about the clearing; ``revision`` is the one disputed."""

    package_year = models.ForeignKey(PackageYear, models.PROTECT, related_name="disputes")
    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="package_dispute")
    month = models.PositiveSmallIntegerField("月份", null=True, blank=True)
    revision = models.PositiveSmallIntegerField("版次")
    claim_fen = models.BigIntegerField("主张金额", null=True, blank=True)
    text = models.CharField("异议内容", max_length=REASON_LENGTH)
    outcome = models.CharField("结果", max_length=12, choices=DisputeStep.choices(), default=DisputeStep.RAISED)
    corrected_revision = models.PositiveSmallIntegerField("更正版次", null=True, blank=True)
    raised_by_name = models.CharField("提出人", max_length=NAME_LENGTH)
    raised_at = models.DateTimeField("提出时间", auto_now_add=True)

    class Meta:
        verbose_name = "异议"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)), name="dispute_month_is_a_month"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=DisputeStep.CORRECTED.value) | Q(corrected_revision__gt=models.F("revision")),
                name="dispute_corrected_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_year} #{self.pk}"


class Finding(models.Model):
    """内部监督: what the lead hospital found in a member's use of the fund; confirmed amounts count as unreasonable."""

    package_year = models.ForeignKey(PackageYear, models.PROTECT, related_name="findings")
    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="package_finding")
    member_code = models.CharField("成员", max_length=12)
    month = models.PositiveSmallIntegerField("月份")
    amount_fen = models.BigIntegerField("涉及金额")
    text = models.CharField("问题", max_length=REASON_LENGTH)
    state = models.CharField("进展", max_length=12, choices=FindingStep.choices(), default=FindingStep.FOUND)
    found_by_name = models.CharField("提出人", max_length=NAME_LENGTH)
    found_at = models.DateTimeField("提出时间", auto_now_add=True)

    class Meta:
        verbose_name = "内部监督"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="finding_not_negative"),
            models.CheckConstraint(condition=Q(month__range=(1, 12)), name="finding_month_is_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.member_code} {self.month}"


class PackageStream(models.Model):
    """四打包资金: one of the four money streams of a holder's year.

    Fund and disease-group fees are parts of the package's budget and leave by its advances; the other two are released
    by quarter, for people served and for health results.
    """

    package_year = models.ForeignKey(PackageYear, models.PROTECT, related_name="streams")
    stream = models.CharField("资金", max_length=16, choices=Stream.choices())
    amount_fen = models.BigIntegerField("年度金额")
    revision = models.PositiveSmallIntegerField("版次", default=1)
    set_by_name = models.CharField("填报人", max_length=NAME_LENGTH)
    set_at = models.DateTimeField("填报时间", auto_now=True)

    class Meta:
        verbose_name = "四打包资金"
        ordering = ["stream"]
        constraints = [
            models.UniqueConstraint(fields=["package_year", "stream"], name="package_stream_once"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="package_stream_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.package_year} {self.stream}"


class StreamRelease(models.Model):
    """四打包拨付: of one stream and quarter, by people served and health results; posted once."""

    stream = models.ForeignKey(PackageStream, models.PROTECT, related_name="releases")
    quarter = models.PositiveSmallIntegerField("季度")
    target_count = models.PositiveIntegerField("应服务人数")
    served_count = models.PositiveIntegerField("实际服务人数")
    score_e4 = models.PositiveIntegerField("健康结果得分")
    due_fen = models.BigIntegerField("季度金额")
    amount_fen = models.BigIntegerField("拨付金额")
    entry_number = models.BigIntegerField("凭证", null=True, blank=True)
    released_by_name = models.CharField("拨付人", max_length=NAME_LENGTH)
    released_at = models.DateTimeField("拨付时间", auto_now_add=True)

    class Meta:
        verbose_name = "四打包拨付"
        ordering = ["quarter"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "quarter"], name="stream_release_once_a_quarter"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="stream_release_quarter"),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, amount_fen__lte=models.F("due_fen")), name="stream_release_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream} Q{self.quarter}"
