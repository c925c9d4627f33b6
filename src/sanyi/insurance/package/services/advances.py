"""月度预拨服务: request a month's advance, pay it within the working days of policy, once."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from sanyi.insurance.package import workflow
from sanyi.insurance.package.codes import (
    ADVANCE_ORDER,
    ADVANCE_TAKEN,
    ADVANCE_UNDER_WAY,
    MONTH_WRONG,
    SAME_PERSON,
    AdvanceStep,
    MonthState,
)
from sanyi.insurance.package.models import Advance, MonthAccount, PackageYear
from sanyi.insurance.package.services import accounts, holders, years
from sanyi.insurance.package.services.guarding import refuse_cleared
from sanyi.insurance.package.services.policy import frozen_rules, working_days
from sanyi.kernel.money import format_yuan
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent


def request(package_year: PackageYear, month: int, *, by: Actor) -> Advance:
    """申请月度预拨: what is due by plan, less what the bureau paid to others in closed months. The clock starts.

    Refuses, in this order: no month, an agreement that is not signed, a cleared year, a month that has one already, an
    advance still under way, and a month before its turn.
    """
    if not 1 <= month <= 12:
        raise RefusedError(MONTH_WRONG(month=month))
    years.require_agreed(package_year, "预拨", "an advance")
    refuse_cleared(package_year, "预拨", "an advance")
    name = holders.name(package_year.holder_code)
    try:
        with transaction.atomic():
            row = PackageYear.objects.select_for_update().select_related("fund_budget").get(pk=package_year.pk)
            _refuse_out_of_turn(row, month, name)
            due = years.plan(row).due_fen[month - 1]
            deducted = _deducted(row, due)
            case = cases.open_case(
                workflow.ADVANCE,
                subject_kind="package_advance",
                subject_id=f"{row.year}-{row.holder_code}-{month}",
                organisation_code=holders.bureau_code(row.holder_code),
                by=by,
                title=f"{name} {row.year} 年 {month} 月预拨",
                data={"holder": name, "month": f"{row.year}-{month:02d}", "due": format_yuan(due),
                      "paid": format_yuan(due - deducted)},
            )  # fmt: skip
            made: Advance = Advance.objects.create(
                package_year=row, month=month, case=case, due_fen=due, deducted_fen=deducted,
                requested_by_name=by.name[:80],
            )  # fmt: skip
    except IntegrityError as error:
        taken = _of_month(package_year, month)
        if taken is None:
            raise
        words = {"holder": name, "year": package_year.year, "month": month, "number": taken.case.number}
        raise RefusedError(ADVANCE_TAKEN(**words)) from error
    return made


def advances(package_year: PackageYear) -> list[Advance]:
    """各月预拨: in the order of months, cancelled ones included."""
    return list(package_year.advances.select_related("case"))


def pay(advance: Advance, *, by: Actor) -> Advance:
    """拨付: the step “pay” of its case. Who requested it does not pay it."""
    cases.act(advance.case, "pay", by)
    return Advance.objects.select_related("case", "package_year").get(pk=advance.pk)


def _of_month(package_year: PackageYear, month: int) -> Advance | None:
    found = Advance.objects.select_related("case").filter(package_year=package_year, month=month)
    return found.exclude(state=AdvanceStep.CANCELLED).first()


def _refuse_out_of_turn(row: PackageYear, month: int, name: str) -> None:
    taken = _of_month(row, month)
    if taken is not None:
        raise RefusedError(ADVANCE_TAKEN(holder=name, year=row.year, month=month, number=taken.case.number))
    held = {one.month: one for one in row.advances.select_related("case").exclude(state=AdvanceStep.CANCELLED)}
    for earlier in range(1, month):
        if earlier not in held:
            raise RefusedError(ADVANCE_ORDER(missing=earlier, month=month))
        if held[earlier].state != AdvanceStep.PAID:
            raise RefusedError(ADVANCE_UNDER_WAY(month=earlier, number=held[earlier].case.number))


def _deducted(row: PackageYear, due_fen: int) -> int:
    """Paid to others in closed months and not yet deducted, as far as the advance reaches."""
    if not frozen_rules(row.fund_budget).get("direct_deducted"):
        return 0
    closed = MonthAccount.objects.filter(package_year=row, state=MonthState.CLOSED)
    direct = closed.aggregate(sum=Sum("direct_fen"))["sum"] or 0
    before = row.advances.exclude(state=AdvanceStep.CANCELLED).aggregate(sum=Sum("deducted_fen"))["sum"] or 0
    return max(0, min(due_fen, direct - before))


def _time_limit(data: object, state: str) -> Deadline | None:
    if state != AdvanceStep.REQUESTED:
        return None
    return working_days("settlement_working_days", timezone.localdate())


def _pay(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “pay”: state and entry in one transaction, once."""
    row = Advance.objects.select_for_update().select_related("package_year").get(case_id=case.pk)
    if case.opened_by_id is not None and case.opened_by_id == by.user_id:
        raise RefusedError(SAME_PERSON(step="拨付", step_en="Pay"))
    year = row.package_year
    refuse_cleared(year, "拨付", "paying an advance")
    paid = row.due_fen - row.deducted_fen
    target = {
        accounts.own(accounts.ADVANCED, year.holder_code): row.due_fen,
        accounts.BANK: -paid,
        accounts.OTHERS: -row.deducted_fen,
    }
    entry = accounts.post_change(
        "package.advance",
        accounts.document_id(year, f"{row.month:02d}"),
        target,
        {},
        description=f"{holders.name(year.holder_code)} {year.year} 年 {row.month} 月预拨",
        by=by,
    )
    Advance.objects.filter(pk=row.pk, state=AdvanceStep.REQUESTED).update(
        state=AdvanceStep.PAID, paid_fen=paid, entry_number=entry, paid_by_name=by.name[:80], paid_at=timezone.now()
    )


def _cancel(case: Case, event: CaseEvent, by: Actor) -> None:
    Advance.objects.filter(case_id=case.pk, state=AdvanceStep.REQUESTED).update(state=AdvanceStep.CANCELLED)


cases.register_chart(
    cases.ChartEntry(
        workflow.ADVANCE_CHART,
        prefix="YB",
        effects={"pay": _pay, "cancel": _cancel},
        never_opener=frozenset({"pay"}),
        aside=frozenset({"cancel"}),
        read_permission=Permission.PACKAGE_READ,
        subject_url=lambda case: "/package/{}/{}/".format(*case.subject_id.split("-")[:2]),
        time_limit=_time_limit,
        data_labels={
            "holder": ("打包对象", "Holder"),
            "month": ("月份", "Month"),
            "due": ("应预拨（元）", "Due (yuan)"),
            "paid": ("扣减代付后拨付（元）", "To be paid (yuan)"),
        },
    )
)
