"""幂等: a request that carries ``Idempotency-Key`` is carried out once, however often it is sent.

The key's row, the change and the stored answer are one transaction. A second request with the same key waits for the
first; a process that dies leaves nothing behind, so sending again is safe. Refusals are kept, except those where
trying again can help; faults are not kept.
"""

import re
from collections.abc import Callable
from datetime import timedelta

from cryptography.hazmat.primitives import hashes
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access.rules import Actor
from sanyi.registry.doors import codes
from sanyi.registry.doors.models import IdempotentAnswer
from sanyi.registry.doors.routes import Route

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_DAYS = 7
_KEY = re.compile(r"[\x21-\x7e]{8,100}")
_PASSING = frozenset({401, 403, 409, 429})


def once(request: HttpRequest, route: Route, who: Actor, carry_out: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """只做一次: the stored answer if the key is known, otherwise the answer of ``carry_out``, stored.

    Refuses a malformed key and a key that was used for another route or content.
    """
    key, user_id = request.headers.get(HEADER, ""), who.user_id
    if user_id is None or not _KEY.fullmatch(key):
        raise RefusedError(codes.IDEMPOTENCY_KEY_WRONG())
    digest = content_digest(request, route)
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = IdempotentAnswer.objects.create(
                    user_id=user_id, key=key, route=route.full_name, content_digest=digest
                )
        except IntegrityError:
            return _replay(IdempotentAnswer.objects.get(user_id=user_id, key=key), digest)
        response = _carried_out(carry_out)
        if response.status_code >= 500 or response.status_code in _PASSING or not isinstance(response, HttpResponse):
            row.delete()
            return response
        row.status, row.body = response.status_code, response.content
        row.content_type = response.headers.get("Content-Type", "")
        row.save(update_fields=["status", "body", "content_type"])
    return response


def content_digest(request: HttpRequest, route: Route) -> str:
    """内容摘要: SM3 over the address, the fields and the files, or over the body; files are read in pieces."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(f"{request.method} {route.full_name} {request.get_full_path()}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        for name in sorted(request.POST):
            digest.update(f"{name}={request.POST.getlist(name)!r}\n".encode())
        for name in sorted(request.FILES):
            for file in request.FILES.getlist(name):
                digest.update(f"{name}:{file.name}:{file.size}\n".encode())
                for piece in file.chunks():
                    digest.update(piece)
                file.seek(0)
    else:
        digest.update(request.body)
    return digest.finalize().hex()


def forget_old() -> int:
    """清理: drops answers older than seven days; returns how many."""
    return IdempotentAnswer.objects.filter(created_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]


def _carried_out(carry_out: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """An answer of 400 and above undoes whatever the view had written."""
    with transaction.atomic():
        response = carry_out()
        if response.status_code >= 400:
            transaction.set_rollback(True)
    return response


def _replay(row: IdempotentAnswer, digest: str) -> HttpResponse:
    if row.content_digest != digest:
        raise RefusedError(codes.IDEMPOTENCY_REUSED())
    response = HttpResponse(bytes(row.body), status=row.status, content_type=row.content_type)
    response[REPLAYED] = "true"
    return response
