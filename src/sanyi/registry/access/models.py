"""权限模型: grants, emergency access, sign-in protection, machine keys and the audit trail."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q

CODE_LENGTH = 64


class UserIdentity(models.Model):
    """用户身份: the name shown for a user, and the person or staff member the user is."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="identity")
    display_name = models.CharField(max_length=80)
    person_id = models.CharField(max_length=CODE_LENGTH, blank=True, default="", db_index=True)
    staff_number = models.CharField(max_length=CODE_LENGTH, blank=True, default="")

    def __str__(self) -> str:
        return self.display_name


class RoleGrant(models.Model):
    """角色授权: a role at an organisation, for some purposes, from an instant (inclusive) to another (exclusive)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=CODE_LENGTH)
    organisation_code = models.CharField(max_length=CODE_LENGTH)
    purposes = models.JSONField(default=list, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="role_grant_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(role="") & ~Q(organisation_code=""), name="role_grant_is_complete"),
            models.UniqueConstraint(
                fields=["user", "role", "organisation_code", "starts_at"], name="role_grant_is_given_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.organisation_code}"


class BreakGlass(models.Model):
    """紧急调阅: access to one person's record outside one's scope, with a reason and an end; reviewed afterwards."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="break_glass")
    person_id = models.CharField(max_length=CODE_LENGTH, db_index=True)
    organisation_code = models.CharField(max_length=CODE_LENGTH, help_text="机构: where the user works")
    reason = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    case_number = models.CharField(max_length=CODE_LENGTH, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="break_glass_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(reason=""), name="break_glass_has_reason"),
        ]
        indexes = [models.Index(fields=["user", "ends_at"], name="break_glass_by_user")]

    def __str__(self) -> str:
        return f"紧急调阅 {self.pk}"


class SignInGuard(models.Model):
    """登录防护: consecutive failures of a user name (known or not) and the instant until which it is locked."""

    username = models.CharField(max_length=150, unique=True)
    failures_count = models.PositiveIntegerField(default=0)
    last_failed_at = models.DateTimeField(null=True, blank=True)
    locked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.username


class ApiKey(models.Model):
    """接口密钥: lets a machine act for a user, within named permissions at one organisation, for a time.

    Only the SM3 digest of the secret is stored; the secret has 256 random bits, so no salt is needed.
    """

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    organisation_code = models.CharField(max_length=CODE_LENGTH)
    permissions = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"


class TrailChangedError(RuntimeError):
    """改动审计记录: a fault of the program; entries are added and never changed."""


class TrailQuerySet(models.QuerySet["AuditEntry"]):
    """审计记录查询: reads alone."""

    def update(self, **values: Any) -> NoReturn:
        """不可更新."""
        raise TrailChangedError("audit entries are never changed")

    def delete(self) -> NoReturn:
        """不可删除."""
        raise TrailChangedError("audit entries are never deleted")


class AuditHead(models.Model):
    """审计链头: the one row that serialises the chain; it holds the last entry's sequence and digest."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="audit_head_is_one")]

    def __str__(self) -> str:
        return f"#{self.sequence}"


class AuditEntry(models.Model):
    """审计记录: one write, or one read of one or more persons; every entry carries the digest of the one before."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    actor_name = models.CharField(max_length=80)
    via = models.CharField(max_length=CODE_LENGTH, blank=True, default="", help_text="角色、密钥或紧急调阅")
    verb = models.CharField(max_length=CODE_LENGTH)
    subject_kind = models.CharField(max_length=CODE_LENGTH)
    subject_id = models.CharField(max_length=128)
    organisation_code = models.CharField(max_length=CODE_LENGTH, blank=True, default="")
    actor_organisation_code = models.CharField(max_length=CODE_LENGTH, blank=True, default="")
    purpose = models.CharField(max_length=32, blank=True, default="")
    route = models.CharField(max_length=200, blank=True, default="")
    summary = models.TextField(blank=True, default="")
    person_ids = models.JSONField(default=list)
    key_id = models.CharField(max_length=8)
    previous_digest = models.CharField(max_length=64, blank=True, default="")
    digest = models.CharField(max_length=64)

    objects = TrailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_code", "-sequence"], name="audit_by_organisation"),
            models.Index(fields=["actor_organisation_code", "-sequence"], name="audit_by_actor_home"),
            models.Index(fields=["user", "-sequence"], name="audit_by_user"),
        ]

    def __str__(self) -> str:
        return f"#{self.sequence} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """写入: once."""
        if not self._state.adding:
            raise TrailChangedError(f"audit entry {self.sequence} is never changed")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """不可删除."""
        raise TrailChangedError(f"audit entry {self.sequence} is never deleted")


class AuditPerson(models.Model):
    """审计涉及人员: an index over the persons of an entry, so that "who read this person" is one look-up."""

    entry = models.ForeignKey(AuditEntry, models.DO_NOTHING, related_name="persons")
    person_id = models.CharField(max_length=CODE_LENGTH)
    organisation_code = models.CharField(max_length=CODE_LENGTH, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "person_id"], name="audit_person_once_per_entry")]
        indexes = [
            models.Index(fields=["person_id", "entry"], name="audit_by_person"),
            models.Index(fields=["organisation_code", "entry"], name="audit_by_person_home"),
        ]

    def __str__(self) -> str:
        return self.person_id
