"""特例单议服务: a hospital's application for one stay, two reviewers, caps and limits; approved ones enter settlements.

The amount that is approved is what the case is worth altogether (the patient's part in it), in place of the rule's
price. It takes effect in settlements computed after the approval.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from sanyi.insurance.payment import workflow
from sanyi.insurance.payment.codes import settling as codes
from sanyi.insurance.payment.models import NAME_LENGTH, REASON_LENGTH, SpecialCase
from sanyi.insurance.payment.services import reading
from sanyi.kernel.money import BASIS_POINTS_ALL, format_yuan, parse_yuan
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access import services as access
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent
from sanyi.registry.policies import services as policies

CAPS = "insurance.payment.special_case_caps"
REVIEW_DAYS = "insurance.payment.special_case_working_days"
FILING_DAYS = "insurance.payment.special_case_filing_days"
ASKER = "insurance.payment.special_case"


@dataclass(frozen=True, slots=True)
class Room:
    """单议名额: how many special cases a method may have in a year, and how many are taken (under way or approved)."""

    method: str
    year: int
    stay_count: int
    cap_bp: int
    taken_count: int

    @property
    def cap_count(self) -> int:
        """上限: whole cases, rounded down."""
        return self.stay_count * self.cap_bp // BASIS_POINTS_ALL

    @property
    def left_count(self) -> int:
        """剩余名额."""
        return max(0, self.cap_count - self.taken_count)


def apply(
    institution_code: str,
    settlement_id: str,
    *,
    amount: str,
    ground: str,
    evidence: Iterable[File[Any]],
    by: access.Actor,
) -> SpecialCase:
    """申请单议: for a computed stay of a method that has a cap, with evidence.

    Refuses, in this order: an unknown stay, a closed year, an application after its limit, a missing ground, a wrong
    amount, a method without special cases, a full cap, a second application for the same stay, missing evidence.
    """
    stay = reading.paid_case(institution_code, settlement_id)
    if stay is None:
        raise RefusedError(codes.STAY_UNKNOWN(institution=institution_code, settlement=settlement_id))
    _refuse_late(stay["discharged_on"])
    if not ground.strip():
        raise RefusedError(codes.GROUND_MISSING())
    asked = _amount(amount, stay["total_fen"])
    row = SpecialCase(
        county_code=policies.county(),
        institution_code=institution_code,
        settlement_id=settlement_id,
        person_id=stay.get("person_id") or "",
        discharged_on=stay["discharged_on"],
        method=stay["method"],
        group_code=stay["group_code"] or "",
        total_fen=stay["total_fen"],
        price_fen=stay["price_fen"],
        applied_fen=asked,
        ground=ground.strip()[:REASON_LENGTH],
    )
    try:
        with transaction.atomic():
            _hold_county()
            _refuse_full(row)
            return _opened(row, evidence, by)
    except IntegrityError as error:
        found = of_stay(institution_code, settlement_id)
        if found is None:
            raise
        raise RefusedError(codes.SPECIAL_EXISTS(number=found.case.number)) from error


def decide(
    special: SpecialCase,
    step: str,
    *,
    by: access.Actor,
    reason: str,
    amount: str = "",
    revision: int | None = None,
    evidence: Iterable[File[Any]] = (),
) -> SpecialCase:
    """办理单议: review, approve, reject or withdraw; the two reviews carry the amount in yuan."""
    data = {"amount_fen": _amount(amount, special.total_fen)} if step in ("review", "approve") else {}
    with transaction.atomic():
        if step == "approve":
            _hold_county()
        cases.act(special.case, step, by, reason=reason, evidence=evidence, revision=revision, data=data)
    return SpecialCase.objects.select_related("case").get(pk=special.pk)


def of_stay(institution_code: str, settlement_id: str) -> SpecialCase | None:
    """一例的单议: the newest application for a stay, None without one."""
    found = SpecialCase.objects.select_related("case").filter(
        institution_code=institution_code, settlement_id=settlement_id
    )
    return found.order_by("-pk").first()


def approved(year: int, through: date) -> list[dict[str, Any]]:
    """已核定的单议: of stays discharged in the year up to a day, as settlements freeze them."""
    rows = SpecialCase.objects.filter(
        county_code=policies.county(), outcome=workflow.APPROVED, discharged_on__range=(date(year, 1, 1), through)
    ).order_by("institution_code", "settlement_id")
    names = ("institution_code", "settlement_id", "approved_fen", "case__number")
    return [
        {"institution_code": code, "settlement_id": settlement, "amount_fen": amount, "case_number": number}
        for code, settlement, amount, number in rows.values_list(*names)
    ]


def waiting(year: int, through: date) -> list[str]:
    """未办结的单议: numbers of the cases of a year's stays up to a day."""
    rows = SpecialCase.objects.filter(
        county_code=policies.county(), outcome="", discharged_on__range=(date(year, 1, 1), through)
    )
    return list(rows.order_by("case__number").values_list("case__number", flat=True))


def capped_methods() -> list[str]:
    """有单议的支付方式: those that policy gives a cap today."""
    return list(_caps(timezone.localdate()))


def room(method: str, year: int) -> Room | None:
    """单议名额: of a method in a year, None where policy gives it no cap."""
    cap = _caps(date(year, 12, 31)).get(method)
    if cap is None:
        return None
    taken = SpecialCase.objects.filter(
        county_code=policies.county(), method=method, discharged_on__year=year, outcome__in=("", workflow.APPROVED)
    ).count()
    return Room(method, year, reading.stay_count(method, year), cap, taken)


def _caps(on: date) -> dict[str, int]:
    """Method to its share of the discharges, by policy on a day; none before the first rule."""
    book, county = policies.book(), policies.county()
    if not any(one.covers(on) for one in book.timeline(CAPS, jurisdiction=county)):
        return {}
    rows = book.value(CAPS, jurisdiction=county, on=on, asker=ASKER).value
    return {str(row["method"]): int(row["cap_bp"]) for row in rows}


def filing_until(discharged_on: date) -> date:
    """申请截止日: of a stay."""
    return discharged_on + timedelta(days=_days(FILING_DAYS))


def _opened(row: SpecialCase, evidence: Iterable[File[Any]], by: access.Actor) -> SpecialCase:
    case = cases.open_case(
        workflow.SPECIAL,
        subject_kind="special_case",
        subject_id=f"{row.institution_code}/{row.settlement_id}",
        organisation_code=row.institution_code,
        by=by,
        title=f"特例单议 {row.settlement_id}（{row.group_code or row.method}）",
        data={
            "settlement_id": row.settlement_id,
            "group_code": row.group_code,
            "total": format_yuan(row.total_fen),
            "applied": format_yuan(row.applied_fen),
            "ground": row.ground,
        },
    )
    row.case = case
    row.save()
    moved = cases.act(case, "submit", by, evidence=evidence)
    row.case = moved
    return row


def _refuse_full(row: SpecialCase) -> None:
    """The cap counts what is under way and approved; the row itself is not yet saved."""
    found = room(row.method, row.discharged_on.year)
    if found is None:
        raise RefusedError(codes.METHOD_WITHOUT_SPECIAL(method=reading.method_name(row.method)))
    if found.left_count < 1:
        raise RefusedError(_full(found))


def _full(found: Room) -> Any:
    share = f"{found.cap_bp // 100}.{found.cap_bp % 100:02d}%"
    words = {"year": found.year, "method": reading.method_name(found.method), "stays": found.stay_count}
    return codes.SPECIAL_CAP_REACHED(cap=found.cap_count, count=found.taken_count, share=share, **words)


def _refuse_late(discharged_on: date) -> None:
    until = filing_until(discharged_on)
    if reading.closed(discharged_on.year) is not None:
        raise RefusedError(codes.SPECIAL_YEAR_CLOSED(year=discharged_on.year))
    if timezone.localdate() > until:
        raise RefusedError(codes.SPECIAL_TOO_LATE(discharged_on=str(discharged_on), until=str(until)))


def _amount(text: str, total_fen: int) -> int:
    refused = codes.AMOUNT_WRONG(value=text, total=format_yuan(total_fen))
    try:
        fen = parse_yuan(text.strip())
    except RefusedError:
        raise RefusedError(refused) from None
    if not 0 < fen <= total_fen:
        raise RefusedError(refused)
    return fen


def _hold_county() -> None:
    """Two applications for the last place wait for each other until the transaction ends."""
    from sanyi.registry.organisations.services import Organisation, county_code

    list(Organisation.objects.select_for_update(no_key=True).filter(code=county_code()).values_list("pk"))


def _days(key: str) -> int:
    value = policies.book().value(key, jurisdiction=policies.county(), on=timezone.localdate(), asker=ASKER)
    return int(value.value)


def _time_limit(data: Any, state: str) -> Deadline | None:
    return Deadline(working_days=_days(REVIEW_DAYS)) if state in (workflow.APPLIED, workflow.REVIEWED) else None


def _note_review(case: Case, event: CaseEvent, by: access.Actor) -> None:
    SpecialCase.objects.filter(case_id=case.pk).update(
        first_reviewer_id=by.user_id, first_reviewer_name=by.name[:NAME_LENGTH], proposed_fen=_given(event)
    )


def _note_approval(case: Case, event: CaseEvent, by: access.Actor) -> None:
    """The second reviewer is another person; the cap is counted once more, without this one."""
    row = SpecialCase.objects.get(case_id=case.pk)
    if by.user_id is None or row.first_reviewer_id == by.user_id:
        raise RefusedError(codes.SAME_REVIEWER(name=row.first_reviewer_name))
    found = room(row.method, row.discharged_on.year)
    if found is not None and found.taken_count > found.cap_count:
        raise RefusedError(_full(found))
    SpecialCase.objects.filter(pk=row.pk).update(
        approved_fen=_given(event), outcome=workflow.APPROVED, **_decided(event, by)
    )


def _note_end(case: Case, event: CaseEvent, by: access.Actor) -> None:
    SpecialCase.objects.filter(case_id=case.pk).update(outcome=event.target, **_decided(event, by))


def _decided(event: CaseEvent, by: access.Actor) -> dict[str, Any]:
    return {"decided_by_name": by.name[:NAME_LENGTH], "decided_at": event.at}


def _given(event: CaseEvent) -> int:
    amount = event.data.get("amount_fen")
    if not isinstance(amount, int):
        raise RefusedError(codes.AMOUNT_MISSING())
    return amount


cases.register_chart(
    cases.ChartEntry(
        workflow.SPECIAL_CHART,
        prefix="DY",
        effects={"note_review": _note_review, "note_approval": _note_approval, "note_end": _note_end},
        opener_only=frozenset({"submit", "withdraw"}),
        never_opener=frozenset({"review", "approve", "reject"}),
        subject_url=lambda case: f"/payment/special/{case.number}/",
        time_limit=_time_limit,
        data_labels={
            "settlement_id": ("结算ID", "Settlement"),
            "group_code": ("病种组", "Group"),
            "total": ("医疗总费用（元）", "Total charge (yuan)"),
            "applied": ("申请金额（元）", "Amount applied for (yuan)"),
            "ground": ("申请理由", "Ground"),
        },
    )
)
