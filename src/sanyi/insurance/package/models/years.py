"""打包年度模型: the budget of a county's year, each holder's part in it, changes, advances and closed months."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from sanyi.insurance.package.codes import AdvanceStep, Base, HolderKind, MonthState

NAME_LENGTH, REASON_LENGTH = 80, 400


class FundBudget(models.Model):
    """基金预算: of one county and year. Both base numbers are stored, null where one could not be computed.

    ``rules`` are the canonical bytes of the year's package policy, ``figures`` what was entered and what came of it
    (income, each deduction, history, the three principles, indicators of providers).
    """

    county_code = models.CharField("县", max_length=12)
    year = models.PositiveSmallIntegerField("年度")
    base = models.CharField("预算依据", max_length=8, choices=Base.choices())
    income_fen = models.BigIntegerField("筹资收入", null=True, blank=True)
    income_budget_fen = models.BigIntegerField("筹资扣减法预算", null=True, blank=True)
    history_budget_fen = models.BigIntegerField("近三年支出法预算", null=True, blank=True)
    budget_fen = models.BigIntegerField("采用的预算")
    figures = models.JSONField("编制明细", default=dict)
    rules = models.TextField("冻结的政策")
    rules_digest = models.CharField("政策摘要", max_length=64)
    is_assumed = models.BooleanField("用到推定值", default=False)
    set_by_name = models.CharField("编制人", max_length=NAME_LENGTH)
    set_at = models.DateTimeField("编制时间", auto_now=True)

    class Meta:
        verbose_name = "基金预算"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["county_code", "year"], name="fund_budget_once_a_year"),
            models.CheckConstraint(condition=Q(budget_fen__gte=0), name="fund_budget_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.county_code} {self.year}"


class PackageYear(models.Model):
    """打包年度: one holder's package of one year; ``case`` is its application and agreement.

    ``step`` is empty until it is applied for and then follows the case. ``adjustment_fen`` is the sum of the changes
    after signing. ``insured_by_month`` are twelve counts: a member that changes the consortium in June takes its
    insured along from the first of the next month.
    """

    fund_budget = models.ForeignKey(FundBudget, models.PROTECT, related_name="holders")
    county_code = models.CharField("县", max_length=12)
    year = models.PositiveSmallIntegerField("年度")
    holder_code = models.CharField("打包对象", max_length=12)
    holder_kind = models.CharField("对象类别", max_length=12, choices=HolderKind.choices())
    lead_code = models.CharField("牵头医院", max_length=12)
    insured_by_month = models.JSONField("各月参保人数", default=list)
    risk_index_e6 = models.BigIntegerField("风险系数", default=1_000_000)
    budget_fen = models.BigIntegerField("打包预算")
    adjustment_fen = models.BigIntegerField("预算调整", default=0)
    deposit_fen = models.BigIntegerField("质量保证金", default=0)
    case = models.OneToOneField("registry.Case", models.PROTECT, null=True, blank=True, related_name="package_year")
    step = models.CharField("进展", max_length=12, blank=True, default="")
    reviewed_by_id = models.BigIntegerField("审核人", null=True, blank=True)
    agreed_on = models.DateField("签约日期", null=True, blank=True)

    class Meta:
        verbose_name = "打包年度"
        ordering = ["-year", "holder_code"]
        constraints = [
            models.UniqueConstraint(fields=["county_code", "year", "holder_code"], name="package_year_once"),
            models.CheckConstraint(
                condition=Q(budget_fen__gte=0, deposit_fen__gte=0), name="package_year_not_negative"
            ),
            models.CheckConstraint(condition=~Q(step="agreed") | Q(agreed_on__isnull=False), name="package_signed_on"),
        ]

    def __str__(self) -> str:
        return f"{self.holder_code} {self.year}"

    @property
    def adjusted_fen(self) -> int:
        """调整后预算."""
        return self.budget_fen + self.adjustment_fen


class BudgetChange(models.Model):
    """预算调整: after signing, with a reason; posted as a difference, never an edit."""

    package_year = models.ForeignKey(PackageYear, models.PROTECT, related_name="changes")
    number = models.PositiveSmallIntegerField("序号")
    after_month = models.PositiveSmallIntegerField("已预拨至月份")
    amount_fen = models.BigIntegerField("调整金额")
    deposit_fen = models.BigIntegerField("保证金变动")
    reason = models.CharField("理由", max_length=REASON_LENGTH)
    made_by_name = models.CharField("办理人", max_length=NAME_LENGTH)
    made_at = models.DateTimeField("办理时间", auto_now_add=True)

    class Meta:
        verbose_name = "预算调整"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["package_year", "number"], name="budget_change_numbered"),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="budget_change_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.package_year} +{self.amount_fen}"


class Advance(models.Model):
    """月度预拨: what is due for a month, what of it went to others for the holder, and what was paid."""

    package_year = models.ForeignKey(PackageYear, models.PROTECT, related_name="advances")
    month = models.PositiveSmallIntegerField("月份")
    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="package_advance")
    state = models.CharField("状态", max_length=12, choices=AdvanceStep.choices(), default=AdvanceStep.REQUESTED)
    due_fen = models.BigIntegerField("应预拨")
    deducted_fen = models.BigIntegerField("扣减代付", default=0)
    paid_fen = models.BigIntegerField("实际拨付", default=0)
    entry_number = models.BigIntegerField("凭证", null=True, blank=True)
    requested_by_name = models.CharField("经办人", max_length=NAME_LENGTH)
    paid_by_name = models.CharField("拨付人", max_length=NAME_LENGTH, blank=True, default="")
    paid_at = models.DateTimeField("拨付时间", null=True, blank=True)

    class Meta:
        verbose_name = "月度预拨"
        ordering = ["month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["package_year", "month"],
                condition=~Q(state=AdvanceStep.CANCELLED.value),
                name="advance_once_a_month",
            ),
            models.CheckConstraint(condition=Q(month__range=(1, 12)), name="advance_month_is_a_month"),
            models.CheckConstraint(
                condition=Q(due_fen__gte=0, deducted_fen__gte=0, paid_fen__gte=0), name="advance_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(state=AdvanceStep.PAID.value)
                | Q(paid_fen=models.F("due_fen") - models.F("deducted_fen"), paid_at__isnull=False),
                name="advance_paid_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_year} {self.month}"


class MonthAccount(models.Model):
    """月度核算: an accounting view of a month's spending by flow; closed it is frozen, reopened a new revision begins.

    ``inputs`` are the canonical bytes of the holder's part of the spending; ``figures`` the sums per flow.
    """

    package_year = models.ForeignKey(PackageYear, models.PROTECT, related_name="months")
    month = models.PositiveSmallIntegerField("月份")
    revision = models.PositiveSmallIntegerField("版次", default=1)
    state = models.CharField("状态", max_length=12, choices=MonthState.choices(), default=MonthState.CLOSED)
    settlement_number = models.CharField("支付结算", max_length=64)
    inputs = models.TextField("冻结的费用")
    inputs_digest = models.CharField("费用摘要", max_length=64)
    rules_digest = models.CharField("政策摘要", max_length=64)
    figures = models.JSONField("核算结果", default=dict)
    charged_fen = models.BigIntegerField("计入打包")
    direct_fen = models.BigIntegerField("其中代付")
    closed_by_name = models.CharField("锁定人", max_length=NAME_LENGTH)
    closed_at = models.DateTimeField("锁定时间", auto_now_add=True)
    reopened_by_name = models.CharField("重开人", max_length=NAME_LENGTH, blank=True, default="")
    reopened_at = models.DateTimeField("重开时间", null=True, blank=True)
    reason = models.CharField("重开理由", max_length=REASON_LENGTH, blank=True, default="")

    class Meta:
        verbose_name = "月度核算"
        ordering = ["month", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["package_year", "month", "revision"], name="month_account_revision"),
            models.UniqueConstraint(
                fields=["package_year", "month"],
                condition=Q(state=MonthState.CLOSED.value),
                name="month_account_one_closed",
            ),
            models.CheckConstraint(condition=Q(month__range=(1, 12)), name="month_account_is_a_month"),
            models.CheckConstraint(
                condition=~Q(state=MonthState.REOPENED.value) | ~Q(reason=""), name="month_account_reopened_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_year} {self.month} ({self.revision})"
