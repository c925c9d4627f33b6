"""紧急调阅授权: what the decision reads; opening and reviewing stand above, in ``registry.emergency_access``."""

from datetime import timedelta

from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes
from sanyi.registry.access.models import BreakGlass
from sanyi.registry.access.rules import Actor


def grant_glass(who: Actor, person_id: str, *, reason: str, lasting: timedelta) -> BreakGlass:
    """授予紧急调阅: one person's record to this user from now for that long. Refuses one who is not signed in."""
    if who.user_id is None:
        raise RefusedError(codes.SIGN_IN_REQUIRED())
    now = timezone.now()
    return BreakGlass.objects.create(
        user_id=who.user_id,
        person_id=person_id,
        organisation_code=who.organisation_code,
        reason=reason,
        starts_at=now,
        ends_at=now + lasting,
    )
