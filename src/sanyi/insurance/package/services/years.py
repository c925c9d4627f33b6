"""打包年度服务: application, the bureaus' steps, the agreement, and changes of the budget after it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sanyi.insurance.package import workflow
from sanyi.insurance.package.codes import (
    AGREEMENT_IN_USE,
    ALREADY_APPLIED,
    AMOUNT_NEGATIVE,
    BUDGET_MISSING,
    BUDGET_ZERO,
    NOT_AGREED,
    SAME_PERSON,
    HolderKind,
    YearStep,
)
from sanyi.insurance.package.models import Advance, BudgetChange, PackageYear
from sanyi.insurance.package.rules.advance import BudgetVersion, Schedule, schedule
from sanyi.insurance.package.rules.budget import person_months
from sanyi.insurance.package.services import accounts, holders, unification
from sanyi.insurance.package.services.guarding import refuse_cleared
from sanyi.insurance.package.services.policy import frozen_rules, working_days
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent

_WAITING = {YearStep.APPLIED, YearStep.ENDORSED, YearStep.REVIEWED, YearStep.FILED}


def years(year: int | None = None) -> QuerySet[PackageYear]:
    """打包年度: of this county (and a year), the newest first."""
    found = PackageYear.objects.select_related("case", "fund_budget").filter(county_code=holders.county_code())
    return found if year is None else found.filter(year=year)


def get(year: int, holder_code: str) -> PackageYear | None:
    """一个打包对象的年度: None when there is none."""
    return years(year).filter(holder_code=holder_code).first()


def require(year: int, holder_code: str) -> PackageYear:
    """一个打包对象的年度: refuses when its budget is not set."""
    found = get(year, holder_code)
    if found is None:
        raise RefusedError(BUDGET_MISSING(year=year))
    return found


def plan(package_year: PackageYear) -> Schedule:
    """预拨计划: twelve months and the deposit, by the frozen policy and every change of the budget."""
    versions, budget_fen = [], package_year.budget_fen
    for change in package_year.changes.order_by("number"):
        budget_fen += change.amount_fen
        versions.append(BudgetVersion(change.after_month, budget_fen))
    prepay_bp = frozen_rules(package_year.fund_budget).whole("prepay_bp")
    return schedule(package_year.budget_fen, prepay_bp, versions)


def apply(package_year: PackageYear, *, by: Actor, text: str = "") -> Case:
    """申请打包: the lead hospital for all members. Whether ``by`` may is decided by the calling route.

    Refuses, in this order: a budget of zero, a closed gate (六统一, where the county asks for it), a second one.
    """
    name = holders.name(package_year.holder_code)
    if package_year.budget_fen == 0:
        raise RefusedError(BUDGET_ZERO(holder=name, year=package_year.year))
    _refuse_closed_gate(package_year)
    with transaction.atomic():
        row = PackageYear.objects.select_for_update(of=("self",)).select_related("case").get(pk=package_year.pk)
        if row.case is not None:
            raise RefusedError(ALREADY_APPLIED(holder=name, year=row.year, number=row.case.number))
        case = cases.open_case(
            workflow.YEAR,
            subject_kind="package_year",
            subject_id=f"{row.year}-{row.holder_code}",
            organisation_code=row.holder_code,
            by=by,
            title=f"{name} {row.year} 年医保总额打包",
            data={"holder": name, "year": row.year, "lead": holders.name(row.lead_code), "text": text.strip()[:300]},
        )
        row.case, row.step = case, case.state
        row.save(update_fields=["case", "step"])
    package_year.case, package_year.step = row.case, row.step
    return case


def require_agreed(package_year: PackageYear, what: str, what_en: str) -> None:
    """须已签协议: refuses before the agreement is signed."""
    if package_year.agreed_on is None:
        name = holders.name(package_year.holder_code)
        raise RefusedError(NOT_AGREED(holder=name, year=package_year.year, what=what, what_en=what_en))


def _refuse_closed_gate(package_year: PackageYear) -> None:
    if package_year.holder_kind == HolderKind.CONSORTIUM:
        unification.refuse_closed_gate(package_year.holder_code, timezone.localdate())


def _time_limit(data: object, state: str) -> Deadline | None:
    waiting = state in {step.value for step in _WAITING}
    return working_days("review_working_days", timezone.localdate()) if waiting else None


def _locked(case: Case) -> PackageYear:
    return PackageYear.objects.select_for_update().select_related("fund_budget").get(case_id=case.pk)


def _follow(case: Case, **values: object) -> None:
    PackageYear.objects.filter(case_id=case.pk).update(step=case.state, **values)


def _step(case: Case, event: CaseEvent, by: Actor) -> None:
    """Steps that only move the application."""
    _follow(case)


def _review(case: Case, event: CaseEvent, by: Actor) -> None:
    _follow(case, reviewed_by_id=by.user_id)


def _file(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “file”: another person than the reviewer."""
    row = _locked(case)
    if row.reviewed_by_id is not None and row.reviewed_by_id == by.user_id:
        raise RefusedError(SAME_PERSON(step="备案", step_en="File"))
    _follow(case)


def _sign(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “sign”: the lead hospital signs for all members; the package is funded and the deposit held back."""
    row = _locked(case)
    _refuse_closed_gate(row)
    deposit = plan(row).deposit_fen
    _follow(case, agreed_on=timezone.localdate(), deposit_fen=deposit)
    name = holders.name(row.holder_code)
    accounts.open_chart(row.holder_code, by)
    accounts.post_change(
        "package.appropriation",
        accounts.document_id(row, case.number),
        {accounts.BANK: row.adjusted_fen, accounts.POOL: -row.adjusted_fen},
        {},
        description=f"{name} {row.year} 年打包基金划拨",
        by=by,
    )
    accounts.post_change(
        "package.deposit",
        accounts.document_id(row, case.number),
        _held(row, deposit),
        {},
        description=f"{name} 质量保证金",
        by=by,
    )


def _terminate(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “terminate”: only before anything was advanced or cleared; what the signing posted is posted back."""
    row = _locked(case)
    if row.advances.exclude(state="cancelled").exists() or row.clearings.exists():
        raise RefusedError(AGREEMENT_IN_USE(holder=holders.name(row.holder_code), year=row.year))
    signed = accounts.net({accounts.BANK: row.adjusted_fen, accounts.POOL: -row.adjusted_fen})
    ended = {**signed, **_held(row, row.deposit_fen)}
    identity = accounts.document_id(row, case.number, "end")
    accounts.post_change("package.appropriation", identity, {}, ended, description=event.reason, by=by)
    values = {"case": None, "step": "", "agreed_on": None, "deposit_fen": 0, "reviewed_by_id": None}
    PackageYear.objects.filter(pk=row.pk).update(**values)


def _held(row: PackageYear, deposit_fen: int) -> dict[str, int]:
    code = row.holder_code
    return {accounts.own(accounts.ADVANCED, code): deposit_fen, accounts.own(accounts.DEPOSIT, code): -deposit_fen}


def _adjust(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “adjust”: ``amount_fen`` in the data; the deposit follows, months still to come share the rest."""
    row = _locked(case)
    refuse_cleared(row, "调整预算", "adjusting the budget")
    amount = int(event.data.get("amount_fen") or 0)
    if row.adjusted_fen + amount < 0 or amount == 0:
        raise RefusedError(
            AMOUNT_NEGATIVE(what="调整后的预算", what_en="The adjusted budget", value=row.adjusted_fen + amount)
        )
    months = Advance.objects.filter(package_year=row).exclude(state="cancelled").values_list("month", flat=True)
    before = row.deposit_fen
    number = row.changes.count() + 1
    change = BudgetChange.objects.create(
        package_year=row,
        number=number,
        after_month=max(months, default=0),
        amount_fen=amount,
        deposit_fen=0,
        reason=event.reason,
        made_by_name=by.name[:80],
    )
    row.adjustment_fen += amount
    row.deposit_fen = plan(row).deposit_fen
    insured = event.data.get("insured_by_month")
    if insured:
        person_months(insured)
        row.insured_by_month = list(insured)
    row.save(update_fields=["adjustment_fen", "deposit_fen", "insured_by_month"])
    BudgetChange.objects.filter(pk=change.pk).update(deposit_fen=row.deposit_fen - before)
    target = accounts.net({accounts.BANK: amount, accounts.POOL: -amount}, _held(row, row.deposit_fen - before))
    identity = accounts.document_id(row, f"a{number}")
    accounts.post_change("package.adjustment", identity, target, {}, description=event.reason, by=by)


def _withdraw(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “withdraw”: the holder may apply anew; the case stays as it was."""
    PackageYear.objects.filter(case_id=case.pk).update(case=None, step="", reviewed_by_id=None)


cases.register_chart(
    cases.ChartEntry(
        workflow.YEAR_CHART,
        prefix="ZB",
        effects={
            "step": _step,
            "review": _review,
            "file": _file,
            "sign": _sign,
            "adjust": _adjust,
            "terminate": _terminate,
            "withdraw": _withdraw,
        },
        never_opener=frozenset({"endorse", "review", "file"}),
        aside=frozenset({"adjust", "terminate", "withdraw"}),
        read_permission=Permission.PACKAGE_READ,
        subject_url=lambda case: f"/package/{case.subject_id.replace('-', '/', 1)}/",
        time_limit=_time_limit,
        data_labels={
            "holder": ("打包对象", "Holder"),
            "year": ("年度", "Year"),
            "lead": ("牵头医院", "Lead hospital"),
            "text": ("申请说明", "Statement"),
        },
    )
)
