"""结账与重开: a second person closes what was computed, which freezes it; reopening makes a new revision.

What a closed settlement was computed from and what came out are kept under digests and can be computed again; a
reopened one stays as it is, and the next revision shows the difference per institution and per case.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import IntegrityError, transaction
from django.utils import timezone

from sanyi.exchange.lake import services as lakes
from sanyi.insurance.payment import jobs, tables, workflow
from sanyi.insurance.payment.codes import Method, Unpayable
from sanyi.insurance.payment.codes import settling as codes
from sanyi.insurance.payment.models import NAME_LENGTH, REASON_LENGTH, Settlement
from sanyi.insurance.payment.services import held, reading, rule_sets, runs, specials
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.workflow import Deadline
from sanyi.registry.access import services as access
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent
from sanyi.registry.policies import services as policies

SETTLING_DAYS = "insurance.payment.settlement_working_days"


def close(settlement: Settlement, *, by: access.Actor, reason: str = "", revision: int | None = None) -> Settlement:
    """结账: freezes inputs, rules and results. Refuses, in this order: what somebody else has moved meanwhile, an
    actor who may not, one who computed it, a period not over, stays that cannot be paid, special cases under way (of a
    year), inputs that changed since, and results that are not what was computed.
    """
    cases.act(settlement.case, "close", by, reason=reason.strip()[:REASON_LENGTH], revision=revision)
    return _fresh(settlement)


def reopen(settlement: Settlement, *, by: access.Actor, reason: str, revision: int | None = None) -> Settlement:
    """重开: with a reason; returns the new revision, which is to be computed. Refuses a month of a closed year."""
    if not reason.strip():
        raise RefusedError(codes.REASON_MISSING())
    try:
        cases.act(settlement.case, "reopen", by, reason=reason.strip()[:REASON_LENGTH], revision=revision)
    except IntegrityError as error:
        raise RefusedError(codes.SETTLEMENT_CLOSED(period=settlement.period, number=settlement.number)) from error
    found = reading.in_force(settlement.year, settlement.month)
    assert found is not None, "reopening has made the next revision"
    return found


def obstacles(settlement: Settlement) -> list[RefusedError]:
    """不能结账的原因: all of them, for the page; the same that ``close`` refuses, whoever closes."""
    found = []
    for check in (_refuse_early, _refuse_unpayable, _refuse_waiting, _refuse_changed):
        try:
            check(settlement)
        except RefusedError as error:
            found.append(error)
    return found


def unpayable(settlement: Settlement) -> pl.DataFrame:
    """不能支付的病例: rows of PAID_CASE without an amount, each with its reason."""
    return reading.table(settlement, tables.PAID_CASE).filter(pl.col("unpayable_reason").is_not_null())


def newer_inputs(settlement: Settlement) -> list[str]:
    """测算之后有新版本的表: their names; new files of later months are no obstacle, but are worth knowing."""
    lake, known = lakes.lake(), settlement.inputs.get("tables", {})
    return sorted(name for name, one in known.items() if lake.version(name) != one["version"])


def differences(settlement: Settlement) -> pl.DataFrame:
    """版次差异: per institution, fund due by the revision before and by this one; empty for a first revision."""
    before = _before(settlement)
    if before is None:
        none = _institution_sums(settlement).head(0)
        return none.with_columns(before_fen="inner_value_fen", difference_fen="inner_value_fen")
    old = _institution_sums(before).rename({"inner_value_fen": "before_fen"})
    joined = _institution_sums(settlement).join(old, on="institution_code", how="full", coalesce=True)
    filled = joined.with_columns(pl.col("inner_value_fen", "before_fen").fill_null(0))
    return filled.with_columns(difference_fen=pl.col("inner_value_fen") - pl.col("before_fen")).sort("institution_code")


def case_differences(settlement: Settlement) -> pl.DataFrame:
    """逐例差异: contract PAYMENT_DIFFERENCE, the stays whose fund due is another than in the revision before."""
    before = _before(settlement)
    if before is None:
        return tables.PAYMENT_DIFFERENCE.empty()
    return jobs.differences(reading.table(before, tables.PAID_CASE), reading.table(settlement, tables.PAID_CASE))


def _before(settlement: Settlement) -> Settlement | None:
    same = [one for one in reading.settlements(settlement.year) if one.month == settlement.month]
    return next((one for one in same if one.revision == settlement.revision - 1), None)


def _institution_sums(settlement: Settlement) -> pl.DataFrame:
    rows = reading.table(settlement, tables.PAID_INSTITUTION)
    return rows.group_by("institution_code").agg(pl.col("inner_value_fen").sum()).sort("institution_code")


def _refuse_early(settlement: Settlement) -> None:
    last_on = runs.last_day(settlement.year, settlement.month)
    if last_on >= timezone.localdate():
        raise RefusedError(codes.PERIOD_NOT_OVER(period=settlement.period, last_on=str(last_on)))


def _refuse_unpayable(settlement: Settlement) -> None:
    reasons = settlement.summary.get("unpayable", {})
    count = sum(reasons.values())
    if count:
        words = "；".join(
            f"{Unpayable(name).zh.partition('；')[0]}（{many} 例）" for name, many in sorted(reasons.items())
        )
        raise RefusedError(codes.UNPAYABLE_STAYS(period=settlement.period, count=count, reasons=words))


def _refuse_waiting(settlement: Settlement) -> None:
    if not settlement.is_year:
        return
    numbers = specials.waiting(settlement.year, runs.last_day(settlement.year, None))
    if numbers:
        shown = "、".join(numbers[:5]) + ("等" if len(numbers) > 5 else "")
        raise RefusedError(codes.SPECIALS_WAITING(period=settlement.period, count=len(numbers), numbers=shown))


def _refuse_changed(settlement: Settlement) -> None:
    """Rules, tiers, memberships and special cases must be those of the computation."""
    last_on = runs.last_day(settlement.year, settlement.month)
    changed = []
    if settlement.rules_id != rule_sets.rule_set(settlement.year).digest:
        changed.append(("政策参数", "the policy"))
    if settlement.inputs.get("specials") != specials.approved(settlement.year, last_on):
        changed.append(("特例单议", "the special cases"))
    if settlement.inputs.get("institutions") != held.institutions(settlement.year):
        changed.append(("机构级别或医共体成员", "the tiers or memberships"))
    if _uses_dip(settlement) and settlement.inputs.get("catalogues") != held.catalogues(settlement.year):
        changed.append(("DIP 病种目录", "the DIP catalogues"))
    if changed:
        words = {"what": "、".join(zh for zh, _ in changed), "what_en": " and ".join(en for _, en in changed)}
        raise RefusedError(codes.INPUTS_CHANGED(period=settlement.period, **words))


def _uses_dip(settlement: Settlement) -> bool:
    rows = reading.table(settlement, tables.PAID_CASE)
    return bool((rows["method"] == Method.DIP.value).any())


def _refuse_damaged(settlement: Settlement) -> None:
    for name, digest in settlement.result_digests.items():
        if jobs.digest(reading.table(settlement, reading.BY_NAME[name])) != digest:
            raise RefusedError(codes.RESULT_MISSING(period=settlement.period, table=name, run=settlement.run_number))


def _of(case: Case) -> Settlement:
    return Settlement.objects.select_for_update().select_related("case").get(case_id=case.pk)


def _freeze(case: Case, event: CaseEvent, by: access.Actor) -> None:
    """The step “close”: everything is checked again under the lock of the case."""
    settlement = _of(case)
    if by.user_id is None or settlement.computed_by_id == by.user_id:
        raise RefusedError(codes.NOT_BY_COMPUTER(name=settlement.computed_by_name, period=settlement.period))
    for check in (_refuse_early, _refuse_unpayable, _refuse_waiting, _refuse_changed, _refuse_damaged):
        check(settlement)
    Settlement.objects.filter(pk=settlement.pk).update(
        state=workflow.CLOSED, closed_by_name=by.name[:NAME_LENGTH], closed_at=event.at
    )


def _reopen(case: Case, event: CaseEvent, by: access.Actor) -> None:
    """The step “reopen”: the old revision stays as it is, the next one begins as a draft."""
    settlement = _of(case)
    if not settlement.is_year and reading.closed(settlement.year) is not None:
        raise RefusedError(codes.YEAR_CLOSED(year=settlement.year))
    Settlement.objects.filter(pk=settlement.pk).update(
        state=workflow.REOPENED,
        reason=event.reason[:REASON_LENGTH],
        reopened_by_name=by.name[:NAME_LENGTH],
        reopened_at=event.at,
    )
    with transaction.atomic():
        runs.open_revision(settlement.year, settlement.month, settlement.revision + 1, by)


def _fresh(settlement: Settlement) -> Settlement:
    return Settlement.objects.select_related("case", "rules").get(pk=settlement.pk)


def _time_limit(data: Any, state: str) -> Deadline | None:
    if state != workflow.COMPUTED:
        return None
    value = policies.book().value(
        SETTLING_DAYS, jurisdiction=policies.county(), on=timezone.localdate(), asker=workflow.CLOSING
    )
    return Deadline(working_days=int(value.value))


cases.register_chart(
    cases.ChartEntry(
        workflow.CLOSING_CHART,
        prefix="ZF",
        effects={"note_computing": runs.note_computing, "freeze": _freeze, "reopen": _reopen},
        aside=frozenset({"reopen"}),
        subject_url=lambda case: f"/payment/settlements/{case.number}/",
        time_limit=_time_limit,
        data_labels={"period": ("期间", "Period"), "revision": ("版次", "Revision")},
    )
)
