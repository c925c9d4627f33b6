"""异议与内部监督服务: the lead hospital disputes a month or the clearing; it monitors its members' use of the fund."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from sanyi.insurance.package import workflow
from sanyi.insurance.package.codes import (
    AMOUNT_NEGATIVE,
    MONTH_WRONG,
    NOT_A_MEMBER,
    NOT_CORRECTED,
    NOTHING_TO_DISPUTE,
    REASON_MISSING,
    DisputeStep,
    FindingStep,
    HolderKind,
    MonthState,
)
from sanyi.insurance.package.models import Clearing, Dispute, Finding, MonthAccount, PackageYear
from sanyi.insurance.package.services import holders, years
from sanyi.insurance.package.services.guarding import refuse_cleared
from sanyi.insurance.package.services.policy import working_days
from sanyi.kernel.money import format_yuan
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent


def raise_dispute(
    package_year: PackageYear, *, text: str, by: Actor, month: int | None = None, claim_fen: int | None = None
) -> Dispute:
    """提出异议: about a closed month, or without a month about the computed clearing.

    Refuses, in this order: no text, nothing there to dispute.
    """
    if not text.strip():
        raise RefusedError(REASON_MISSING())
    revision = _revision(package_year, month)
    name = holders.name(package_year.holder_code)
    if revision is None:
        what = ("年终清算", "clearing") if month is None else ("月度核算", "closed month")
        words = {"what": what[0], "what_en": what[1]}
        raise RefusedError(NOTHING_TO_DISPUTE(holder=name, year=package_year.year, **words))
    about = f"{package_year.year} 年清算" if month is None else f"{package_year.year} 年 {month} 月核算"
    with transaction.atomic():
        case = cases.open_case(
            workflow.DISPUTE,
            subject_kind="package_dispute",
            subject_id=f"{package_year.year}-{package_year.holder_code}",
            organisation_code=package_year.holder_code,
            by=by,
            title=f"{name}对{about}的异议",
            data={
                "about": about,
                "text": text.strip()[:400],
                "claim": "" if claim_fen is None else format_yuan(claim_fen),
            },
        )
        made: Dispute = Dispute.objects.create(
            package_year=package_year,
            case=case,
            month=month,
            revision=revision,
            claim_fen=claim_fen,
            text=text.strip()[:400],
            raised_by_name=by.name[:80],
        )
    return made


def raise_finding(
    package_year: PackageYear, *, member_code: str, month: int, amount_fen: int, text: str, by: Actor
) -> Finding:
    """提出内部监督问题: the lead hospital about one member. Its correction confirmed, the amount is unreasonable.

    Refuses, in this order: no text, no month, a negative amount, an agreement not signed, a cleared year, somebody who
    was no member in the year.
    """
    if not text.strip():
        raise RefusedError(REASON_MISSING())
    if not 1 <= month <= 12:
        raise RefusedError(MONTH_WRONG(month=month))
    if amount_fen < 0:
        raise RefusedError(AMOUNT_NEGATIVE(what="涉及金额", what_en="The amount", value=amount_fen))
    years.require_agreed(package_year, "内部监督", "internal monitoring")
    refuse_cleared(package_year, "登记问题", "recording a finding")
    known = {one.code: one.name for one in holders.members(
        package_year.holder_code, HolderKind(package_year.holder_kind), package_year.year
    )}  # fmt: skip
    if member_code not in known:
        words = {"member": holders.name(member_code), "year": package_year.year}
        raise RefusedError(NOT_A_MEMBER(**words, holder=holders.name(package_year.holder_code)))
    with transaction.atomic():
        case = cases.open_case(
            workflow.FINDING,
            subject_kind="package_finding",
            subject_id=f"{package_year.year}-{package_year.holder_code}",
            organisation_code=member_code,
            by=by,
            title=f"{known[member_code]} {package_year.year} 年 {month} 月医保基金使用问题",
            data={"text": text.strip()[:400], "amount": format_yuan(amount_fen)},
        )
        made: Finding = Finding.objects.create(
            package_year=package_year,
            case=case,
            member_code=member_code,
            month=month,
            amount_fen=amount_fen,
            text=text.strip()[:400],
            found_by_name=by.name[:80],
        )
    return made


def _revision(package_year: PackageYear, month: int | None) -> int | None:
    """The newest revision that can be disputed."""
    if month is None:
        found = Clearing.objects.filter(package_year=package_year).exclude(result="").order_by("-revision")
        return found.values_list("revision", flat=True).first()
    held = MonthAccount.objects.filter(package_year=package_year, month=month, state=MonthState.CLOSED)
    return held.values_list("revision", flat=True).first()


def _answer(case: Case, event: CaseEvent, by: Actor) -> None:
    """Steps that end a dispute without a correction."""
    Dispute.objects.filter(case_id=case.pk).update(outcome=case.state)


def _accept(case: Case, event: CaseEvent, by: Actor) -> None:
    Dispute.objects.filter(case_id=case.pk).update(outcome=DisputeStep.ACCEPTED)


def _correct(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “correct”: a later revision of what was disputed must be there; it posted the difference."""
    row = Dispute.objects.select_related("package_year").get(case_id=case.pk)
    revision = _settled_revision(row)
    if revision is None:
        what = ("年终清算", "the clearing") if row.month is None else (f"{row.month} 月核算", f"month {row.month}")
        raise RefusedError(NOT_CORRECTED(what=what[0], what_en=what[1]))
    Dispute.objects.filter(pk=row.pk).update(outcome=DisputeStep.CORRECTED, corrected_revision=revision)


def _settled_revision(row: Dispute) -> int | None:
    if row.month is not None:
        revision = _revision(row.package_year, row.month)
    else:
        held = Clearing.objects.filter(package_year=row.package_year, step__in=("cleared", "paid"), is_current=True)
        revision = held.values_list("revision", flat=True).first()
    return revision if revision is not None and revision > row.revision else None


def _rectify(case: Case, event: CaseEvent, by: Actor) -> None:
    Finding.objects.filter(case_id=case.pk).update(state=case.state)


def _confirm(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “confirm”: the amount counts at the clearing from now on; no longer once the year is cleared."""
    row = Finding.objects.select_related("package_year").get(case_id=case.pk)
    refuse_cleared(row.package_year, "确认整改", "confirming a correction")
    Finding.objects.filter(pk=row.pk).update(state=FindingStep.CONFIRMED)


def _dispute_limit(data: object, state: str) -> Deadline | None:
    is_open = state in (DisputeStep.RAISED, DisputeStep.ACCEPTED)
    return working_days("dispute_working_days", timezone.localdate()) if is_open else None


def _finding_limit(data: object, state: str) -> Deadline | None:
    is_open = state == FindingStep.FOUND
    return working_days("rectify_working_days", timezone.localdate()) if is_open else None


cases.register_chart(
    cases.ChartEntry(
        workflow.DISPUTE_CHART,
        prefix="YY",
        effects={"answer": _answer, "accept": _accept, "correct": _correct},
        opener_only=frozenset({"withdraw"}),
        never_opener=frozenset({"accept", "reject", "correct"}),
        aside=frozenset({"withdraw"}),
        read_permission=Permission.PACKAGE_READ,
        subject_url=lambda case: f"/package/{case.subject_id.replace('-', '/', 1)}/",
        time_limit=_dispute_limit,
        data_labels={
            "about": ("异议对象", "About"),
            "text": ("异议内容", "What is disputed"),
            "claim": ("主张金额（元）", "Claimed (yuan)"),
        },
    )
)
cases.register_chart(
    cases.ChartEntry(
        workflow.FINDING_CHART,
        prefix="NJ",
        effects={"rectify": _rectify, "confirm": _confirm},
        never_opener=frozenset({"rectify"}),
        read_permission=Permission.PACKAGE_READ,
        subject_url=lambda case: f"/package/{case.subject_id.replace('-', '/', 1)}/",
        time_limit=_finding_limit,
        data_labels={"text": ("问题", "Finding"), "amount": ("涉及金额（元）", "Amount (yuan)")},
    )
)
