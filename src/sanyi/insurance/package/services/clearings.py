"""年终清算服务: compute from frozen inputs, approve by a second person, pay or recover, reopen with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from sanyi.insurance.package import jobs, workflow
from sanyi.insurance.package.codes import (
    ADVANCE_UNDER_WAY,
    CLEARING_TAKEN,
    NOT_COMPUTED,
    SAME_PERSON,
    SCORE_MISSING,
    AdvanceStep,
    ClearingStep,
    FindingStep,
    Flow,
    HolderKind,
)
from sanyi.insurance.package.models import Clearing, Finding, PackageYear, Share
from sanyi.insurance.package.rules.clearing import SCORE_MAX_E4
from sanyi.insurance.package.services import accounts, budgets, holders, spending, years
from sanyi.insurance.package.services.policy import clearing_due_at, frozen_rules, working_days
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access.codes import Permission
from sanyi.registry.access.rules import Actor
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent

_FIGURES = (
    "budget_fen", "actual_fen", "surplus_fen", "retain_fen", "unreasonable_fen", "fund_share_fen", "holder_share_fen",
    "deposit_back_fen", "entitled_fen",
)  # fmt: skip


def open_clearing(package_year: PackageYear, *, by: Actor) -> Clearing:
    """发起年终清算: with its deadline (30 June of the next year by policy); the chore opens it when the year is over.

    Refuses before the agreement is signed, and a second one.
    """
    years.require_agreed(package_year, "清算", "a clearing")
    try:
        with transaction.atomic():
            return _open(package_year, 1, by)
    except IntegrityError as error:
        taken = current(package_year)
        if taken is None:
            raise
        words = {"holder": holders.name(package_year.holder_code), "year": package_year.year}
        raise RefusedError(CLEARING_TAKEN(**words, number=taken.case.number)) from error


def current(package_year: PackageYear) -> Clearing | None:
    """现行清算: the newest revision; None before the clearing was opened."""
    found = Clearing.objects.select_related("case", "package_year__fund_budget")
    return found.filter(package_year=package_year, is_current=True).first()


def clearings(package_year: PackageYear) -> list[Clearing]:
    """各版清算: the newest first."""
    return list(package_year.clearings.select_related("case").order_by("-revision"))


def compute(clearing: Clearing, score_e4: int | None, *, by: Actor, score_basis: str = "") -> Clearing:
    """测算: the step “compute” with the assessment score (ten-thousandths of a point, 100 points = 1,000,000)."""
    data = {"score_e4": score_e4, "score_basis": score_basis.strip()[:400]}
    cases.act(clearing.case, "compute", by, data=data)
    return _again(clearing)


def approve(clearing: Clearing, *, by: Actor) -> Clearing:
    """审定清算: the step “clear”; posts settlement, return of the deposit and shares in the same transaction."""
    cases.act(clearing.case, "clear", by)
    return _again(clearing)


def settle(clearing: Clearing, *, by: Actor) -> Clearing:
    """拨付或追回: the step “pay”; what is due is paid (or recovered), the rest of the budget returns to the pool."""
    cases.act(clearing.case, "pay", by)
    return _again(clearing)


def reopen(clearing: Clearing, *, reason: str, by: Actor) -> Clearing:
    """重开清算: the step “reopen”; nothing posted is touched. Returns the new revision, which posts differences."""
    cases.act(clearing.case, "reopen", by, reason)
    found = current(clearing.package_year)
    assert found is not None, "a reopened clearing goes on as a new revision"
    return found


def result_of(clearing: Clearing) -> dict[str, Any]:
    """清算结果: as ``jobs.clear_year`` gave it; empty before it was computed."""
    return dict(orjson.loads(clearing.result)) if clearing.result else {}


def replay(clearing: Clearing) -> bool:
    """重算: whether the frozen inputs give the identical bytes again, and both digests are theirs."""
    if not clearing.result or jobs.digest(clearing.inputs) != clearing.inputs_digest:
        return False
    again = jobs.clear_year(clearing.inputs).decode()
    return again == clearing.result and jobs.digest(again) == clearing.result_digest


def _again(clearing: Clearing) -> Clearing:
    return Clearing.objects.select_related("case", "package_year__fund_budget").get(pk=clearing.pk)


def _open(package_year: PackageYear, revision: int, by: Actor, postings: Mapping[str, Any] | None = None) -> Clearing:
    name = holders.name(package_year.holder_code)
    case = cases.open_case(
        workflow.CLEARING,
        subject_kind="package_clearing",
        subject_id=f"{package_year.year}-{package_year.holder_code}-{revision}",
        organisation_code=holders.bureau_code(package_year.holder_code),
        by=by,
        title=f"{name} {package_year.year} 年医保打包清算" + (f"（第 {revision} 版）" if revision > 1 else ""),
        data={"holder": name, "year": package_year.year, "revision": revision},
    )
    made: Clearing = Clearing.objects.create(
        package_year=package_year, revision=revision, case=case, postings=dict(postings or {})
    )
    return made


def _locked(case: Case) -> Clearing:
    rows = Clearing.objects.select_for_update(of=("self",)).select_related("package_year__fund_budget")
    return rows.get(case_id=case.pk)


def _inputs(year: PackageYear, score_e4: int) -> tuple[str, str]:
    """Everything that decides the clearing, in canonical bytes; and the settlement it rests on."""
    under_way = year.advances.select_related("case").filter(state=AdvanceStep.REQUESTED).first()
    if under_way is not None:
        raise RefusedError(ADVANCE_UNDER_WAY(month=under_way.month, number=under_way.case.number))
    spend = spending.year_spend(year.year)
    budget, rules = year.fund_budget, frozen_rules(year.fund_budget)
    charged = jobs.charge(spend.frame, budgets.weights(budget), budgets.singles(budget), rules)
    rows = jobs.rows_of(charged, year.holder_code)
    paid = year.advances.filter(state=AdvanceStep.PAID).order_by("month")
    confirmed = Finding.objects.filter(package_year=year, state=FindingStep.CONFIRMED)
    content = {
        "county_code": year.county_code,
        "year": year.year,
        "holder_code": year.holder_code,
        "holder_kind": year.holder_kind,
        "budget_fen": year.budget_fen,
        "adjustment_fen": year.adjustment_fen,
        "deposit_fen": year.deposit_fen,
        "score_e4": score_e4,
        "unreasonable_fen": confirmed.aggregate(sum=Sum("amount_fen"))["sum"] or 0,
        "advances": [{"month": one.month, "due_fen": one.due_fen, "deducted_fen": one.deducted_fen} for one in paid],
        "spend": rows,
        "members": _members(year, rows),
        "settlement_number": spend.settlement_number,
        "settlement_digest": spend.digest,
        "rules": rules.plain(),
    }
    return jobs.canonical(content).decode(), spend.settlement_number


def _members(year: PackageYear, rows: list[list[Any]]) -> list[dict[str, Any]]:
    """Members of any day of the year with what their own cases inside were worth and cost the fund by item."""
    inside = [row for row in rows if row[1] == Flow.INSIDE]
    return [
        {
            "code": one.code,
            "tier": one.tier.value,
            "inner_value_fen": sum(row[4] for row in inside if row[0] == one.code),
            "cost_fen": sum(row[5] for row in inside if row[0] == one.code),
        }
        for one in holders.members(year.holder_code, HolderKind(year.holder_kind), year.year)
    ]


def _compute(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “compute”: inputs and result are frozen together; a score given before holds until another is given."""
    row = _locked(case)
    score = event.data.get("score_e4")
    score_e4 = row.score_e4 if score is None else int(score)
    if score_e4 is None or not 0 <= score_e4 <= SCORE_MAX_E4:
        raise RefusedError(SCORE_MISSING(year=row.package_year.year))
    inputs, settlement = _inputs(row.package_year, score_e4)
    result = jobs.clear_year(inputs).decode()
    found = orjson.loads(result)
    row.step, row.score_e4, row.settlement_number = ClearingStep.COMPUTED, score_e4, settlement
    row.score_basis = event.data.get("score_basis") or row.score_basis
    row.inputs, row.inputs_digest = inputs, jobs.digest(inputs)
    row.result, row.result_digest = result, jobs.digest(result)
    for name in _FIGURES:
        setattr(row, name, found["cleared"][name])
    row.due_fen = found["due_fen"]
    row.computed_by_id, row.computed_by_name = by.user_id, by.name[:80]
    row.save()


def _clear(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “clear”: another person than who computed it; refuses inputs that have changed since."""
    row = _locked(case)
    if row.computed_by_id is not None and row.computed_by_id == by.user_id:
        raise RefusedError(SAME_PERSON(step="审定清算", step_en="Approve the clearing"))
    assert row.score_e4 is not None, "a computed clearing has a score"
    inputs, _ = _inputs(row.package_year, row.score_e4)
    if inputs != row.inputs or not replay(row):
        raise RefusedError(NOT_COMPUTED(what=_changed(row.inputs, inputs)))
    result = result_of(row)
    Share.objects.bulk_create(
        Share(
            clearing=row, member_code=one["code"], tier=one["tier"], weight=one["weight"], amount_fen=one["amount_fen"]
        )
        for one in result["shares"]
    )
    row.postings = _post(row, cleared_targets(row.package_year, result), by)
    row.step, row.cleared_by_name, row.cleared_at = ClearingStep.CLEARED, by.name[:80], timezone.now()
    row.save(update_fields=["postings", "step", "cleared_by_name", "cleared_at"])


def _changed(before: str, after: str) -> str:
    """Names of what is no longer as it was."""
    old, new = orjson.loads(before), orjson.loads(after)
    return "、".join(sorted(name for name in new if old.get(name) != new[name])) or "结果"


def cleared_targets(year: PackageYear, result: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """清算单据内容: what each document of the clearing stands for: settlement, return of the deposit, shares."""
    cleared, code = result["cleared"], year.holder_code
    settling, deposit = accounts.own(accounts.SETTLING, code), cleared["deposit_fen"]
    back = cleared["deposit_back_fen"]
    spent = min(cleared["actual_fen"], cleared["budget_fen"])
    settlement = {
        accounts.SPENT: spent,
        accounts.KEPT: cleared["retain_fen"],
        accounts.SHARED: cleared["fund_share_fen"],
        accounts.own(accounts.ADVANCED, code): -(result["advanced_fen"] + deposit),
        accounts.OTHERS: -result["direct_open_fen"],
    }
    shares = {accounts.own(accounts.MEMBER, one["code"]): -one["amount_fen"] for one in result["shares"]}
    return {
        "package.settlement": accounts.net(settlement, {settling: -sum(settlement.values())}),
        "package.deposit_return": accounts.net(
            {accounts.own(accounts.DEPOSIT, code): deposit, settling: -back, accounts.FORFEITED: back - deposit}
        ),
        "package.share": accounts.net(shares, {settling: -sum(shares.values())}),
    }


def paid_targets(year: PackageYear, postings: Mapping[str, Mapping[str, int]], entitled_fen: int) -> dict[str, Any]:
    """拨付单据内容: every account of the holder and its members is brought to zero against the bank."""
    heads = (accounts.SETTLING, accounts.MEMBER)
    held = accounts.net(
        *(postings.get(kind, {}) for kind in ("package.settlement", "package.deposit_return", "package.share"))
    )
    payment = {account: -amount for account, amount in held.items() if account.partition(".")[0] in heads}
    pool = year.adjusted_fen - entitled_fen
    return {
        "package.payment": accounts.net(payment, {accounts.BANK: -sum(payment.values())}),
        "package.pool": accounts.net({accounts.POOL: pool, accounts.BANK: -pool}),
    }


def _post(row: Clearing, targets: Mapping[str, Mapping[str, int]], by: Actor) -> dict[str, Any]:
    """Posts each document's difference to what earlier revisions had posted; returns what now stands."""
    stands = dict(row.postings)
    identity = accounts.document_id(row.package_year, f"r{row.revision}")
    name = holders.name(row.package_year.holder_code)
    for kind, target in targets.items():
        words = f"{name} {row.package_year.year} 年{accounts.DOCUMENTS[kind][0]}" + (
            "（差额）" if row.revision > 1 else ""
        )
        accounts.post_change(kind, identity, target, stands.get(kind, {}), description=words, by=by)
        stands[kind] = dict(target)
    return stands


def _pay(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “pay”."""
    row = _locked(case)
    assert row.entitled_fen is not None, "a cleared year has its figures"
    row.postings = _post(row, paid_targets(row.package_year, row.postings, row.entitled_fen), by)
    row.step, row.paid_at = ClearingStep.PAID, timezone.now()
    row.save(update_fields=["postings", "step", "paid_at"])


def _reopen(case: Case, event: CaseEvent, by: Actor) -> None:
    """The step “reopen”: the revision stays as it is; the next one knows what has been posted."""
    row = _locked(case)
    row.step, row.is_current, row.reason = ClearingStep.REOPENED, False, event.reason[:400]
    row.save(update_fields=["step", "is_current", "reason"])
    _open(row.package_year, row.revision + 1, by, row.postings)


def _time_limit(data: Mapping[str, Any], state: str) -> Deadline | datetime | None:
    if state in (ClearingStep.DUE, ClearingStep.COMPUTED):
        return clearing_due_at(int(data["year"]))
    if state == ClearingStep.CLEARED:
        return working_days("settlement_working_days", timezone.localdate())
    return None


cases.register_chart(
    cases.ChartEntry(
        workflow.CLEARING_CHART,
        prefix="QS",
        effects={"compute": _compute, "clear": _clear, "pay": _pay, "reopen": _reopen},
        aside=frozenset({"reopen"}),
        read_permission=Permission.PACKAGE_READ,
        subject_url=lambda case: "/package/{}/{}/".format(*case.subject_id.split("-")[:2]),
        time_limit=_time_limit,
        data_labels={"holder": ("打包对象", "Holder"), "year": ("年度", "Year"), "revision": ("版次", "Revision")},
    )
)
