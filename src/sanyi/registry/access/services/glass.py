"""紧急调阅: a clinician opens one person's record outside the scope, for a reason and for some hours.

Every emergency access opens a case, which an auditor reviews afterwards.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.access.models import BreakGlass
from sanyi.registry.access.rules import Actor
from sanyi.registry.access.services.limits import limit
from sanyi.registry.access.services.trail import record_write


@transaction.atomic
def break_glass(who: Actor, person_id: str, *, reason: str) -> BreakGlass:
    """紧急调阅: opens one person's record to this user until the time limit. Refuses a missing right or reason."""
    # Cases guard themselves with access, so they are imported where a review is opened.
    from sanyi.registry.access.services.actors import decide, refuse_unless
    from sanyi.registry.access.workflow import NAME
    from sanyi.registry.cases import services as cases

    if who.user_id is None:
        raise RefusedError(codes.SIGN_IN_REQUIRED())
    refuse_unless(decide(who, Permission.PERSON_BREAK_GLASS, purpose=Purpose.CARE))
    length_min = limit("glass_reason_characters")
    if len(reason.strip()) < length_min:
        raise RefusedError(codes.GLASS_REASON_NEEDED(length_min=length_min))
    now = timezone.now()
    row = BreakGlass.objects.create(
        user_id=who.user_id,
        person_id=person_id,
        organisation_code=who.organisation_code,
        reason=reason.strip(),
        starts_at=now,
        ends_at=now + timedelta(hours=limit("glass_hours")),
    )
    case = cases.open_case(
        NAME,
        subject_kind="break_glass",
        subject_id=str(row.pk),
        organisation_code=who.organisation_code,
        by=who,
        title=f"紧急调阅复核：{who.name}",
        data={
            "reason": row.reason,
            "person_id": person_id,
            "until": f"{timezone.localtime(row.ends_at):%Y-%m-%d %H:%M}",
        },
    )
    row.case_number = case.number
    row.save(update_fields=["case_number"])
    record_write(
        who,
        "access.break_glass",
        "person",
        person_id,
        who.organisation_code,
        f"紧急调阅，复核件 {case.number}",
        purpose=Purpose.CARE,
        person_ids=[person_id],
    )
    return row
