"""密钥核对: finds the key that a request carries; only digests are stored and compared."""

import hmac as constant_time

from cryptography.hazmat.primitives import hashes
from django.http import HttpRequest
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes
from sanyi.registry.access.models import ApiKey


def bearer_secret(request: HttpRequest) -> str:
    """请求中的密钥: the text after ``Authorization: Bearer``, or nothing."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def key_of(secret: str) -> ApiKey:
    """密钥: that a secret opens. Refuses unknown, expired and revoked keys and disabled users alike."""
    parts = secret.split("_")
    key = ApiKey.objects.select_related("user").filter(prefix=parts[1]).first() if len(parts) == 3 else None
    is_right = key is not None and constant_time.compare_digest(key.digest, digest_of(secret))
    if key is None or not is_right or key.revoked_at is not None or not key.user.is_active:
        raise RefusedError(codes.KEY_INVALID())
    if key.expires_at <= timezone.now():
        raise RefusedError(codes.KEY_INVALID())
    if key.last_used_on != timezone.localdate():
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=timezone.localdate())
    return key


def digest_of(secret: str) -> str:
    """摘要: SM3; the secret is 256 random bits, so it needs no salt."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(secret.encode())
    return digest.finalize().hex()
