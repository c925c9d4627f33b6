"""统一管理模型: each dimension of each group, dated from the day it was reached."""

from django.db import models
from django.db.models import F, Q


class UnificationState(models.Model):
    """统一管理状态: one dimension of one group; its case says where it stands.

    Once verified it holds from ``reached_on`` and no longer from ``revoked_on``; what is revoked stays
    as it is and a new row begins.
    """

    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="unification_state")
    number = models.CharField("编号", max_length=32, unique=True)
    group_code = models.CharField("医疗集团", max_length=12)
    dimension = models.CharField("统一事项", max_length=32)
    reached_on = models.DateField("达到日期", null=True, blank=True)
    filed_by_id = models.BigIntegerField("报送人", null=True, blank=True)
    filed_by_name = models.CharField("报送人姓名", max_length=80, blank=True, default="")
    verified_on = models.DateField("核验日期", null=True, blank=True)
    verified_by_name = models.CharField("核验人", max_length=80, blank=True, default="")
    revoked_on = models.DateField("取消日期", null=True, blank=True)
    is_current = models.BooleanField("现行", default=True)

    class Meta:
        verbose_name = "统一管理状态"
        ordering = ["group_code", "dimension", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group_code", "dimension"], condition=Q(is_current=True), name="unification_one_current"
            ),
            models.CheckConstraint(
                condition=Q(verified_on__isnull=True) | Q(reached_on__isnull=False, filed_by_name__gt=""),
                name="unification_verified_was_filed",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("reached_on"), is_current=False),
                name="unification_revoked_after_reached",
            ),
        ]

    def __str__(self) -> str:
        return self.number
