"""紧急调阅: a clinician opens one person's record outside the scope, for a reason and for some hours.

Every emergency access opens a case, which an auditor reviews afterwards.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import codes
from sanyi.registry.access import services as access
from sanyi.registry.access.codes import Permission, Purpose
from sanyi.registry.cases import services as cases
from sanyi.registry.emergency_access.workflow import NAME, review_chart
from sanyi.registry.policies import services as policies


@transaction.atomic
def open_record(who: access.Actor, person_id: str, *, reason: str) -> access.BreakGlass:
    """紧急调阅: opens one person's record to this user until the time limit. Refuses a missing right or reason."""
    if who.user_id is None:
        raise RefusedError(codes.SIGN_IN_REQUIRED())
    access.refuse_unless(access.decide(who, Permission.PERSON_BREAK_GLASS, purpose=Purpose.CARE))
    length_min = limit("reason_characters")
    if len(reason.strip()) < length_min:
        raise RefusedError(codes.GLASS_REASON_NEEDED(length_min=length_min))
    lasting = timedelta(hours=limit("hours"))
    row = access.grant_glass(who, person_id, reason=reason.strip(), lasting=lasting)
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
    access.record_write(
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


def limit(name: str) -> int:
    """参数值: a whole number of this topic's policy, in force today in this county, such as ``hours``."""
    found = policies.book().value(
        f"registry.emergency_access.{name}",
        jurisdiction=policies.county(),
        on=timezone.localdate(),
        asker="registry.emergency_access",
    )
    return int(found.value)


def register() -> None:
    """登记: the review that follows every emergency access."""
    cases.register_chart(
        cases.ChartEntry(
            review_chart(limit("review_working_days")),
            prefix="FH",
            opener_only=frozenset({"explain"}),
            never_opener=frozenset({"justify", "reject", "ask"}),
            read_permission=Permission.ACCESS_REVIEW,
            data_labels={
                "person_id": ("居民编号", "Person"),
                "reason": ("调阅理由", "Reason"),
                "until": ("有效至", "Open until"),
            },
        )
    )
