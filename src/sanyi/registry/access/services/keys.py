"""接口密钥: machines identify themselves by a key that is scoped, expires and can be revoked."""

import hmac as constant_time
import secrets
from collections.abc import Iterable
from datetime import timedelta

from cryptography.hazmat.primitives import hashes
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes, rules
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.models import ApiKey
from sanyi.registry.access.rules import Actor, Grant
from sanyi.registry.access.services.limits import limit
from sanyi.registry.access.services.trail import record_write

MARK = "sanyi"
ROLE = "machine"


def bearer_secret(request: HttpRequest) -> str:
    """请求中的密钥: the text after ``Authorization: Bearer``, or nothing."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def actor_of_key(secret: str) -> Actor:
    """密钥的行为人: reaches the key's organisation alone. Refuses unknown, expired and revoked keys alike."""
    parts = secret.split("_")
    key = ApiKey.objects.select_related("user").filter(prefix=parts[1]).first() if len(parts) == 3 else None
    now = timezone.now()
    is_right = key is not None and constant_time.compare_digest(key.digest, _digest(secret))
    if key is None or not is_right or key.revoked_at is not None or key.expires_at <= now or not key.user.is_active:
        raise RefusedError(codes.KEY_INVALID())
    if key.last_used_on != timezone.localdate():
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=timezone.localdate())
    grant = Grant(
        role=ROLE,
        organisation_code=key.organisation_code,
        purposes=frozenset(Purpose(value) for value in key.purposes),
        permissions=frozenset(Permission(value) for value in key.permissions),
        organisations=frozenset({key.organisation_code}),
        ends_at=key.expires_at,
    )
    return Actor(user_id=key.user_id, name=key.name, grants=(grant,), key_id=key.pk)


@transaction.atomic
def issue_key(
    *,
    by: Actor,
    name: str,
    user: User,
    organisation_code: str,
    permissions: Iterable[Permission],
    purposes: Iterable[Purpose],
    days: int,
) -> tuple[ApiKey, str]:
    """签发密钥: the stored key and its secret, which is shown this once.

    Refuses a term outside 1 to ``key_days_max`` days and anything that reaches further than the issuer.
    """
    wanted, uses, now = sorted(set(permissions)), sorted(set(purposes)), timezone.now()
    days_max = limit("key_days_max")
    if not 1 <= days <= days_max:
        raise RefusedError(codes.KEY_TERM_TOO_LONG(days_max=days_max))
    _refuse_wider(by, [Permission.KEY_MANAGE], [Purpose.ADMINISTRATION], organisation_code)
    _refuse_wider(by, wanted, uses, organisation_code)
    prefix = secrets.token_hex(6)
    secret = f"{MARK}_{prefix}_{secrets.token_hex(32)}"
    key = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        user=user,
        organisation_code=organisation_code,
        permissions=wanted,
        purposes=uses,
        created_by_id=by.user_id,
        expires_at=now + timedelta(days=days),
    )
    record_write(by, "key.issue", "api_key", key.pk, organisation_code, f"签发接口密钥“{name}”，{days} 天")
    return key, secret


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Actor) -> None:
    """撤销密钥: at once and for good."""
    _refuse_wider(by, [Permission.KEY_MANAGE], [Purpose.ADMINISTRATION], key.organisation_code)
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    record_write(by, "key.revoke", "api_key", key.pk, key.organisation_code, f"撤销接口密钥“{key.name}”")


def _refuse_wider(
    by: Actor, permissions: Iterable[Permission], purposes: Iterable[Purpose], organisation_code: str
) -> None:
    now = timezone.now()
    for permission in permissions:
        for purpose in purposes:
            decision = rules.decide(by, permission, purpose=purpose, on=now, organisation_code=organisation_code)
            if not decision:
                raise RefusedError(codes.KEY_TOO_WIDE(permission=permission.zh))


def _digest(secret: str) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(secret.encode())
    return digest.finalize().hex()
