"""办件模型: cases, their timeline, evidence and notices; a case's state changes through the services alone."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q

CODE_LENGTH = 64
GUARDED = frozenset({"state", "revision", "state_entered_at", "deadline_at", "closed_at", "escalated_at"})


class StateChangedOutsideWorkflowError(RuntimeError):
    """流程外改状态: a fault of the program; cases move by ``cases.services.act`` and nothing else."""


class CaseQuerySet(models.QuerySet["Case"]):
    """办件查询: refuses to write what only the workflow may write."""

    def update(self, **values: Any) -> int:
        """更新: raises StateChangedOutsideWorkflowError for the guarded fields."""
        if GUARDED & values.keys():
            raise StateChangedOutsideWorkflowError(f"cases: {sorted(GUARDED & values.keys())} belong to the workflow")
        return super().update(**values)

    def moved(self, **values: Any) -> int:
        """流程内更新: for the services of this topic alone."""
        return super().update(**values)

    def delete(self) -> NoReturn:
        """不可删除: a case is closed, never deleted."""
        raise StateChangedOutsideWorkflowError("cases are never deleted")


class NumberSeries(models.Model):
    """编号: the last number given in a series such as ``FH-2026``."""

    name = models.CharField(max_length=32, primary_key=True)
    last_number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """办件: where something stands in its workflow, who owns it, and until when it must move.

    ``revision`` grows with every act; whoever acts on an older revision is told. Topics with fields of their own point
    to a case with a OneToOneField.
    """

    number = models.CharField(max_length=32, unique=True)
    chart = models.CharField(max_length=80)
    state = models.CharField(max_length=CODE_LENGTH)
    revision = models.PositiveIntegerField(default=0)
    organisation_code = models.CharField(max_length=CODE_LENGTH)
    subject_kind = models.CharField(max_length=CODE_LENGTH, blank=True, default="")
    subject_id = models.CharField(max_length=128, blank=True, default="")
    title = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    opened_by_name = models.CharField(max_length=80, blank=True, default="")
    opened_at = models.DateTimeField()
    state_entered_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    is_deadline_assumed = models.BooleanField(default=False)
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(organisation_code="") & ~Q(state=""), name="case_is_complete"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=models.F("opened_at")),
                name="case_closes_after_it_opens",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_code", "chart", "state"], name="case_by_organisation"),
            models.Index(fields=["subject_kind", "subject_id"], name="case_by_subject"),
            models.Index(fields=["deadline_at"], name="case_by_deadline", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """保存: new cases, and later only what the workflow does not own."""
        fields = kwargs.get("update_fields")
        if not self._state.adding:
            if fields is None:
                kwargs["update_fields"] = [
                    field.name
                    for field in self._meta.concrete_fields
                    if field.name not in GUARDED and field.name != "id"
                ]
                self._refuse_moved()
            elif GUARDED & set(fields):
                raise StateChangedOutsideWorkflowError(f"case {self.number}: {sorted(GUARDED & set(fields))}")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """不可删除."""
        raise StateChangedOutsideWorkflowError(f"case {self.number} is never deleted")

    def _refuse_moved(self) -> None:
        stored = Case.objects.values("state", "revision").get(pk=self.pk)
        if stored["state"] != self.state or stored["revision"] != self.revision:
            raise StateChangedOutsideWorkflowError(f"case {self.number} moves by cases.services.act alone")


class CaseEvent(models.Model):
    """办理记录: one line of the timeline; ``revision`` is the case's after the act and makes double acts impossible."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    revision = models.PositiveIntegerField()
    transition = models.CharField(max_length=CODE_LENGTH)
    source = models.CharField(max_length=CODE_LENGTH, blank=True, default="")
    target = models.CharField(max_length=CODE_LENGTH)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(max_length=80)
    reason = models.TextField(blank=True, default="")
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["revision"]
        constraints = [models.UniqueConstraint(fields=["case", "revision"], name="case_event_once_per_revision")]

    def __str__(self) -> str:
        return f"{self.transition} → {self.target}"


class Evidence(models.Model):
    """证据材料: a file kept under the digest of its content."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence")
    event = models.ForeignKey(CaseEvent, models.PROTECT, null=True, related_name="evidence")
    file_name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_by_name = models.CharField(max_length=80)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(size_bytes__gt=0), name="evidence_is_not_empty")]

    def __str__(self) -> str:
        return self.file_name


class Notification(models.Model):
    """通知: tells a user that a case waits, moved or is overdue."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    case = models.ForeignKey(Case, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=16)
    text_zh = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "read_at", "-created_at"], name="notification_by_user")]

    def __str__(self) -> str:
        return self.text_zh
