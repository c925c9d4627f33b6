"""接口密钥: machines identify themselves by a key that is scoped, expires and can be revoked.

A key acts for a user and never reaches further than that user does at the moment of use.
"""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.models import ApiKey
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services.actors import actor_of_user, decide, refuse_unless
from sanyi.registry.access.services.key_secrets import digest_of
from sanyi.registry.access.services.limits import limit
from sanyi.registry.access.services.trail import record_write

MARK = "sanyi"


@transaction.atomic
def issue_key(
    *, by: Actor, name: str, user: User, organisation_code: str, permissions: Iterable[Permission], days: int
) -> tuple[ApiKey, str]:
    """签发密钥: the stored key and its secret, which is shown this once.

    Refusals in this order: an issuer who may not manage keys at this organisation, a term outside 1 to
    ``key_days_max`` days, permissions that the represented user does not hold there.
    """
    _refuse_unless_managing(by, organisation_code)
    wanted, days_max = sorted(set(permissions)), limit("key_days_max")
    if not 1 <= days <= days_max:
        raise RefusedError(codes.KEY_TERM_TOO_LONG(days_max=days_max))
    represented = actor_of_user(user)
    for permission in wanted:
        if not decide(represented, permission, purpose=tuple(Purpose), organisation_code=organisation_code):
            raise RefusedError(codes.KEY_TOO_WIDE(permission=permission.zh, name=represented.name))
    prefix = secrets.token_hex(6)
    secret = f"{MARK}_{prefix}_{secrets.token_hex(32)}"
    key = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        digest=digest_of(secret),
        user=user,
        organisation_code=organisation_code,
        permissions=wanted,
        created_by_id=by.user_id,
        expires_at=timezone.now() + timedelta(days=days),
    )
    record_write(by, "key.issue", "api_key", key.pk, organisation_code, f"签发接口密钥“{name}”，{days} 天")
    return key, secret


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Actor) -> None:
    """撤销密钥: at once and for good. Refuses whoever may not manage keys at its organisation."""
    _refuse_unless_managing(by, key.organisation_code)
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    record_write(by, "key.revoke", "api_key", key.pk, key.organisation_code, f"撤销接口密钥“{key.name}”")


def _refuse_unless_managing(by: Actor, organisation_code: str) -> None:
    refuse_unless(
        decide(by, Permission.KEY_MANAGE, purpose=Purpose.ADMINISTRATION, organisation_code=organisation_code)
    )
