"""编码映射模型: questions that wait for a person, and the choices of a county."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sanyi.exchange.mapping.codes import Edition, Kind


class MappingQuestion(models.Model):
    """待选定编码: one code of one edition in one county; its case says where it stands."""

    county_code = models.CharField("县", max_length=12)
    kind = models.CharField("编码种类", max_length=12, choices=Kind.choices())
    edition = models.CharField("编码版本", max_length=16, choices=Edition.choices())
    code = models.CharField("编码", max_length=40)
    name = models.CharField("名称", max_length=200, blank=True)
    case = models.OneToOneField("registry.Case", models.PROTECT, related_name="mapping_question")
    is_open = models.BooleanField("待选定", default=True)
    row_count = models.PositiveBigIntegerField("涉及行数", default=0)
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)

    class Meta:
        verbose_name = "待选定编码"
        constraints = [
            models.UniqueConstraint(
                fields=["county_code", "kind", "edition", "code"],
                condition=Q(is_open=True),
                name="mapping_question_once_while_open",
            ),
        ]
        indexes = [
            models.Index(fields=["is_open", "-row_count"], name="mapping_question_by_weight"),  # the list of open ones
        ]

    def __str__(self) -> str:
        return self.code


class CodeChoice(models.Model):
    """已选定编码: what a code becomes in this county, who said so and when; an older choice is kept, replaced."""

    county_code = models.CharField("县", max_length=12)
    kind = models.CharField("编码种类", max_length=12, choices=Kind.choices())
    edition = models.CharField("编码版本", max_length=16, choices=Edition.choices())
    code = models.CharField("编码", max_length=40)
    target_code = models.CharField("医保版2.0编码", max_length=40)
    reason = models.CharField("理由", max_length=200, blank=True)
    question = models.ForeignKey(MappingQuestion, models.PROTECT, null=True, related_name="choices")
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    chosen_by_name = models.CharField("选定人", max_length=80)
    chosen_at = models.DateTimeField("选定时间")
    replaced_at = models.DateTimeField("改选时间", null=True, blank=True)

    class Meta:
        verbose_name = "已选定编码"
        constraints = [
            models.UniqueConstraint(
                fields=["county_code", "kind", "edition", "code"],
                condition=Q(replaced_at__isnull=True),
                name="code_choice_one_in_force",
            ),
            models.CheckConstraint(condition=~Q(target_code=""), name="code_choice_has_target"),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True) | Q(replaced_at__gte=models.F("chosen_at")),
                name="code_choice_replaced_after_chosen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} → {self.target_code}"
