"""登录防护: a user name that fails too often in a row is locked for a while, whether it exists or not.

The lock lives in an authentication backend, so that no door can forget it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import authenticate, login
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes
from sanyi.registry.access.models import SignInGuard
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services.actors import IN_SESSION, actor_of_user, identity_of
from sanyi.registry.access.services.limits import limit
from sanyi.registry.access.services.trail import record_write
from sanyi.registry.statements import rows_of


class LockOutBackend(ModelBackend):
    """带锁定的登录后端: Django's own check, refused while locked and counted when it fails."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """登录校验: the user, or None. Refuses while the name is locked, without looking at the password."""
        name = _name(username or "")
        if not name or password is None:
            return None
        _refuse_if_locked(name)
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None:
            _count_failure(name)
        else:
            SignInGuard.objects.filter(username=name).delete()
        return user

    def get_user(self, user_id: int) -> User | None:
        """会话的用户: with the shown name, since every page asks for both."""
        user = next(iter(rows_of(User, "id = %s", [user_id])), None)
        if user is None or not self.user_can_authenticate(user):
            return None
        setattr(user, IN_SESSION, identity_of(user))
        return user


def sign_in(request: HttpRequest, username: str, password: str) -> User:
    """登录: starts the session and records it. Refuses a wrong password and a locked name, each with a sentence."""
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        _refuse_if_locked(_name(username))
        raise RefusedError(
            codes.SIGN_IN_FAILED(failures_max=limit("lock_out_failures_count"), lock_minutes=limit("lock_out_minutes"))
        )
    login(request, user)
    who = actor_of_user(user)
    record_write(who, "sign_in", "user", user.pk, who.organisation_code)
    return user


@transaction.atomic
def unlock(username: str, *, by: Actor) -> None:
    """解锁: lets a locked user try again at once."""
    SignInGuard.objects.filter(username=_name(username)).delete()
    record_write(by, "access.unlock", "user", _name(username))


def _refuse_if_locked(name: str) -> None:
    guard = SignInGuard.objects.filter(username=name, locked_until__gt=timezone.now()).first()
    if guard is not None and guard.locked_until is not None:
        seconds = int((guard.locked_until - timezone.now()).total_seconds())
        raise RefusedError(codes.SIGN_IN_LOCKED(minutes_left=max(1, -(-seconds // 60))))


def _count_failure(name: str) -> None:
    """Counts under a row lock; an old series of failures is forgotten after the lock-out time."""
    now = timezone.now()
    pause = timedelta(minutes=limit("lock_out_minutes"))
    with transaction.atomic():
        SignInGuard.objects.bulk_create([SignInGuard(username=name)], ignore_conflicts=True)
        guard = SignInGuard.objects.select_for_update().get(username=name)
        guard.failures_count = 1 + (guard.failures_count if _is_recent(guard.last_failed_at, now, pause) else 0)
        guard.last_failed_at = now
        if guard.failures_count >= limit("lock_out_failures_count"):
            guard.locked_until, guard.failures_count = now + pause, 0
            record_write(Actor(user_id=None, name=name, is_system=True), "access.lock_out", "user", name)
        guard.save()


def _is_recent(last_failed_at: datetime | None, now: datetime, pause: timedelta) -> bool:
    return last_failed_at is not None and now - last_failed_at < pause


def _name(username: str) -> str:
    return username.strip().casefold()[:150]
