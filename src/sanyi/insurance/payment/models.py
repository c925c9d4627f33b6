"""支付结算模型: settlements of months and years with what was frozen, their rule sets, and special cases."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

NAME_LENGTH, REASON_LENGTH = 80, 400


class FrozenRules(models.Model):
    """冻结的规则集: the canonical bytes of a rule set under their digest; never changed, shared by settlements."""

    digest = models.CharField("摘要", max_length=64, primary_key=True)
    content = models.TextField("内容")

    class Meta:
        verbose_name = "冻结的规则集"

    def __str__(self) -> str:
        return self.digest[:12]


class Settlement(models.Model):
    """支付结算: one computation of a month (pre-settlement) or a year (no ``month``); its case says where it stands.

    ``revision`` counts the reopenings of a period; only the newest revision can be computed and closed, older ones
    stay as they were. ``inputs`` names the version and digest of every table read and holds what is not in the lake
    (tiers, memberships, special cases, the version of the catalogues); with ``rules`` it suffices to compute the same
    bytes again. ``state`` follows the case and is written by its effects alone.
    """

    county_code = models.CharField("县", max_length=12)
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("月份", null=True, blank=True)
    revision = models.PositiveSmallIntegerField("版次", default=1)
    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="payment_settlement")
    state = models.CharField("状态", max_length=16)
    rules = models.ForeignKey(FrozenRules, models.PROTECT, null=True, related_name="settlements")
    inputs = models.JSONField("冻结的输入", default=dict)
    summary = models.JSONField("汇总", default=dict)
    result_digest = models.CharField("结果摘要", max_length=64, blank=True, default="")
    result_digests = models.JSONField("各结果表摘要", default=dict)
    result_versions = models.JSONField("各结果表版本", default=dict)
    run_number = models.BigIntegerField("测算作业", null=True, blank=True)
    started_run_number = models.BigIntegerField("最近发起的作业", null=True, blank=True)
    computed_by = models.ForeignKey("auth.User", models.SET_NULL, null=True, related_name="+")
    computed_by_name = models.CharField("测算人", max_length=NAME_LENGTH, blank=True, default="")
    computed_at = models.DateTimeField("测算时间", null=True, blank=True)
    closed_by_name = models.CharField("结账人", max_length=NAME_LENGTH, blank=True, default="")
    closed_at = models.DateTimeField("结账时间", null=True, blank=True)
    reason = models.CharField("重开理由", max_length=REASON_LENGTH, blank=True, default="")
    reopened_by_name = models.CharField("重开人", max_length=NAME_LENGTH, blank=True, default="")
    reopened_at = models.DateTimeField("重开时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "支付结算"
        ordering = ["-year", F("month").desc(nulls_first=True), "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["county_code", "year", "month", "revision"],
                condition=Q(month__isnull=False),
                name="settlement_of_month_once",
            ),
            models.UniqueConstraint(
                fields=["county_code", "year", "revision"],
                condition=Q(month__isnull=True),
                name="settlement_of_year_once",
            ),
            models.UniqueConstraint(
                fields=["county_code", "year", "month"],
                condition=Q(month__isnull=False) & ~Q(state="reopened"),
                name="settlement_of_month_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["county_code", "year"],
                condition=Q(month__isnull=True) & ~Q(state="reopened"),
                name="settlement_of_year_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)), name="settlement_month_is_a_month"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(rules__isnull=False, run_number__isnull=False) & ~Q(result_digest=""),
                name="settlement_computed_has_results",
            ),
        ]
        indexes = [models.Index(fields=["county_code", "state"], name="settlement_by_state")]

    def __str__(self) -> str:
        return f"{self.period} ({self.revision})"

    @property
    def number(self) -> str:
        """编号: that of its case."""
        return str(self.case.number)

    @property
    def period(self) -> str:
        """期间: ``2025`` or ``2025-03``."""
        return f"{self.year}" if self.month is None else f"{self.year}-{self.month:02d}"

    @property
    def is_year(self) -> bool:
        """是否年度清算."""
        return self.month is None


class SpecialCase(models.Model):
    """特例单议: one stay that its hospital asks to have paid apart, and what two reviewers decided.

    ``outcome`` follows the case: empty while it is under way, then approved, rejected or withdrawn. One application a
    stay at a time; the ``method`` is what the stay would be paid by, and the cap is that of the method.
    """

    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="payment_special_case")
    county_code = models.CharField("县", max_length=12)
    institution_code = models.CharField("医疗机构", max_length=12)
    settlement_id = models.CharField("结算ID", max_length=64)
    person_id = models.CharField("居民编号", max_length=64, blank=True, default="")
    discharged_on = models.DateField("出院日期")
    method = models.CharField("支付方式", max_length=24)
    group_code = models.CharField("病种组", max_length=160, blank=True, default="")
    total_fen = models.BigIntegerField("医疗总费用")
    price_fen = models.BigIntegerField("按规则的价值", null=True, blank=True)
    applied_fen = models.BigIntegerField("申请金额")
    ground = models.CharField("申请理由", max_length=REASON_LENGTH)
    first_reviewer = models.ForeignKey("auth.User", models.SET_NULL, null=True, related_name="+")
    first_reviewer_name = models.CharField("初审人", max_length=NAME_LENGTH, blank=True, default="")
    proposed_fen = models.BigIntegerField("初审金额", null=True, blank=True)
    approved_fen = models.BigIntegerField("核定金额", null=True, blank=True)
    outcome = models.CharField("结果", max_length=16, blank=True, default="")
    decided_by_name = models.CharField("办结人", max_length=NAME_LENGTH, blank=True, default="")
    decided_at = models.DateTimeField("办结时间", null=True, blank=True)
    applied_at = models.DateTimeField("申请时间", auto_now_add=True)

    class Meta:
        verbose_name = "特例单议"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution_code", "settlement_id"],
                condition=Q(outcome__in=("", "approved")),
                name="special_case_one_per_stay",
            ),
            models.CheckConstraint(
                condition=Q(outcome="approved", approved_fen__gte=0) | (~Q(outcome="approved") & Q(approved_fen=None)),
                name="special_case_amount_when_approved",
            ),
            models.CheckConstraint(condition=Q(applied_fen__gt=0), name="special_case_asks_for_money"),
        ]
        indexes = [models.Index(fields=["county_code", "discharged_on"], name="special_case_by_day")]

    def __str__(self) -> str:
        return f"{self.institution_code}/{self.settlement_id}"
