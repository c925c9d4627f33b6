"""门户模型: answers kept for requests that may be repeated."""

from django.conf import settings
from django.db import models


class IdempotentAnswer(models.Model):
    """幂等答复: what a caller's key was answered with; the same key with the same content gets the same answer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    route = models.CharField(max_length=200)
    content_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    content_type = models.CharField(max_length=100, blank=True, default="")
    body = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotent_answer_once_per_key")]

    def __str__(self) -> str:
        return self.key
