"""作业模型: one row per run, and its log."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sanyi.registry.runs.codes import RunState


class Run(models.Model):
    """作业: what was asked for, how far it is, and where its result came from.

    ``worker`` and ``attempts_count`` together say who may write: whoever does not hold them any more has lost the run.
    ``breaks_count`` counts the workers that died of it.
    """

    number = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=80)
    state = models.CharField(max_length=12, default=RunState.QUEUED.value)
    progress_count = models.BigIntegerField(default=0)
    total_count = models.BigIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True, default="")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_by_name = models.CharField(max_length=80, blank=True, default="")
    organisation_code = models.CharField(max_length=64)
    parameters = models.JSONField(default=dict)
    checkpoint = models.JSONField(default=dict)
    provenance = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    refusals = models.JSONField(default=list)
    worker = models.CharField(max_length=120, blank=True, default="")
    attempts_count = models.PositiveIntegerField(default=0)
    breaks_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in RunState]), name="run_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(progress_count__gte=0) & Q(total_count__gte=0), name="run_counts_are_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["cancelled", "failed", "done"], finished_at__isnull=False)
                | Q(state__in=["queued", "running", "cancelling"], finished_at__isnull=True),
                name="run_has_end_when_finished",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_code", "-number"], name="run_by_organisation"),
            models.Index(fields=["state", "heartbeat_at"], name="run_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.number}"

    @property
    def status(self) -> RunState:
        """状态: as a code with its names."""
        return RunState(self.state)

    @property
    def share_percent(self) -> int | None:
        """进度百分数: 0 to 100, None while the total is unknown."""
        if self.state == RunState.DONE.value:
            return 100
        return min(100, 100 * self.progress_count // self.total_count) if self.total_count else None


class RunLogLine(models.Model):
    """作业日志: sentences with their time; never a person's data, never the content of a row."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="log")
    at = models.DateTimeField(auto_now_add=True)
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text
