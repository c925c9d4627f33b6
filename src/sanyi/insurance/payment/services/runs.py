"""支付测算: a month's pre-settlement or a year is computed by a job, its rows go into the lake under the job's number.

The job notes the versions it reads in its checkpoint. Started again after a crash it reads the same, finds its own
commits and changes nothing; the settlement's row and its case move in one transaction after the last commit.
"""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import polars as pl
from django.db import IntegrityError, transaction
from django.utils import timezone

from sanyi.exchange.lake import services as lakes
from sanyi.insurance.payment import jobs, workflow
from sanyi.insurance.payment.codes import settling as codes
from sanyi.insurance.payment.jobs import YearResult
from sanyi.insurance.payment.models import NAME_LENGTH, FrozenRules, Settlement
from sanyi.insurance.payment.rules.rule_set import RuleSet
from sanyi.insurance.payment.services import line_checks, reading, rule_sets, summaries, year_facts
from sanyi.insurance.payment.services.held import Held, hold
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.tables import TableContract
from sanyi.registry.access import services as access
from sanyi.registry.cases import services as cases
from sanyi.registry.cases.services import Case, CaseEvent
from sanyi.registry.organisations import services as organisations
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs
from sanyi.registry.runs.codes import RunState

MONTH, YEAR = "payment.month", "payment.year"
FIRST_YEAR, LAST_YEAR = 2015, 2100
UNDER_WAY = (RunState.QUEUED.value, RunState.RUNNING.value, RunState.CANCELLING.value)
_PERIOD = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?")


def start(year: int, month: int | None = None, *, by: access.Actor) -> int:
    """发起测算: of a month (with all months of the year before it) or of the whole year. Returns the run's number.

    Refuses a wrong period, a closed period or year, and one that is being computed.
    """
    pk = _opened(year, month, by).pk
    with transaction.atomic():
        settlement = Settlement.objects.select_for_update().select_related("case").get(pk=pk)
        if settlement.state in (workflow.CLOSED, workflow.REOPENED) or running(settlement) is not None:
            raise _refused(settlement)
        run = runs.start(
            YEAR if month is None else MONTH,
            by=by,
            organisation_code=settlement.case.organisation_code,
            parameters={"settlement": settlement.pk, "user": by.user_id, "name": by.name[:NAME_LENGTH]},
        )
        Settlement.objects.filter(pk=pk).update(started_run_number=run.number)
    return int(run.number)


def period_of(text: str) -> tuple[int, int | None]:
    """期间: year and month of ``2025`` or ``2025-03``. Refuses anything else."""
    found = _PERIOD.fullmatch(text.strip())
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise RefusedError(codes.PERIOD_WRONG(value=text))
    return int(found[1]), int(found[2]) if found[2] else None


def last_day(year: int, month: int | None) -> date:
    """期末: the last day of a month, or of the year."""
    return date(year, month or 12, calendar.monthrange(year, month or 12)[1])


def open_revision(year: int, month: int | None, revision: int, by: access.Actor) -> Settlement:
    """建立版次: the row of a period with the case that it moves in; the database lets one be in force."""
    period = f"{year}" if month is None else f"{year}-{month:02d}"
    words = f"{year}年度支付清算" if month is None else f"{year}年{month}月支付预结算"
    case = cases.open_case(
        workflow.CLOSING,
        subject_kind="payment_settlement",
        subject_id=f"{period}/{revision}",
        organisation_code=county_of(by),
        by=by,
        title=f"{words}（第{revision}版）" if revision > 1 else words,
        data={"period": period, "revision": revision},
    )
    return Settlement.objects.create(
        county_code=policies.county(), year=year, month=month, revision=revision, case=case, state=workflow.DRAFT
    )


def county_of(by: access.Actor) -> str:
    """所属县: the organisation at the top of whoever acts, else that of this installation."""
    return organisations.root(by.organisation_code) if by.organisation_code else organisations.county_code()


def compute(held: Held, rules: RuleSet, through_month: int | None) -> YearResult:
    """计算: a pure function of what is held; used by the job, the replay and whoever asks what another rule gives."""
    return jobs.settle_year(year_facts.of_held(held, rules), rules, through_month=through_month)


def result_frames(result: YearResult) -> list[tuple[TableContract, pl.DataFrame]]:
    """结果表: each contract with its rows in the order of its key, as they are stored and compared."""
    return [
        (contract, contract.conform(frame).select(contract.column_names).sort(contract.natural_key))
        for contract, frame in summaries.frames_of(result)
    ]


def digest_of_all(digests: Mapping[str, str]) -> str:
    """总摘要: over the digests of all result tables."""
    return hashlib.sha256(orjson.dumps(dict(digests), option=orjson.OPT_SORT_KEYS)).hexdigest()


@runs.run_kind(MONTH, zh="支付月度预结算", en="Monthly pre-settlement", result_url=lambda run: _page(run))
def _work_on_month(progress: runs.Progress, **parameters: Any) -> dict[str, Any]:
    return _work(progress, **parameters)


@runs.run_kind(YEAR, zh="支付年度清算", en="Settlement of a year", result_url=lambda run: _page(run))
def _work_on_year(progress: runs.Progress, **parameters: Any) -> dict[str, Any]:
    return _work(progress, **parameters)


def _work(progress: runs.Progress, settlement: int, user: int | None, name: str) -> dict[str, Any]:
    row = Settlement.objects.select_related("case").get(pk=settlement)
    progress.set(0, 4, "正在确定输入")
    noted = progress.checkpoint.get("held")
    held = Held.from_plain(noted) if noted else hold(row.year, through=last_day(row.year, row.month))
    rules = rule_sets.kept_or_now(progress.checkpoint.get("rules"), row.year)
    kept = rule_sets.keep(rules)
    progress.save_checkpoint(held=held.to_plain(), rules=kept.digest)
    progress.provenance(**_provenance(held, rules))
    progress.set(1, 4, "正在计算")
    result = compute(held, rules, row.month)
    frames = result_frames(result)
    progress.set(2, 4, "正在保存结果")
    stored = _write(progress, frames, {"settlement": row.number, "period": row.period})
    summary = summaries.summary_of(result) | {"lines": line_checks.line_check(held, rules)}
    progress.set(3, 4, "正在登记")
    _note(row, progress.number, held, kept, stored, summary, who=(user, name))
    progress.set(4, 4, "测算完成")
    return {"period": row.period, "settlement": row.number, **summaries.counts_of(summary)}


def _write(
    progress: runs.Progress, frames: list[tuple[TableContract, pl.DataFrame]], about: Mapping[str, str]
) -> dict[str, tuple[int, str]]:
    """One commit per table under the number of the run: versions and digests by table."""
    lake = lakes.lake()
    stored: dict[str, tuple[int, str]] = {}
    for contract, frame in frames:
        digest = jobs.digest(frame)
        version = lake.append(
            contract.name,
            frame,
            batch_number=progress.number,
            digest=digest,
            metadata={**about, "run_number": str(progress.number)},
        )
        stored[contract.name] = (version, digest)
        progress.check_cancelled()
    return stored


@transaction.atomic
def _note(
    row: Settlement,
    run_number: int,
    held: Held,
    rules: FrozenRules,
    stored: Mapping[str, tuple[int, str]],
    summary: Mapping[str, Any],
    who: tuple[int | None, str],
) -> None:
    """Results and state in one transaction; a run that was started again after this finds it done."""
    locked = Settlement.objects.select_for_update().select_related("case").get(pk=row.pk)
    if locked.run_number == run_number:
        return
    if locked.state not in (workflow.DRAFT, workflow.COMPUTED):
        raise _refused(locked)
    digests = {name: digest for name, (_, digest) in stored.items()}
    Settlement.objects.filter(pk=row.pk).update(
        rules=rules,
        inputs=held.to_plain(),
        summary=dict(summary),
        result_digests=digests,
        result_versions={name: version for name, (version, _) in stored.items()},
        result_digest=digest_of_all(digests),
        run_number=run_number,
        computed_by_id=who[0],
        computed_by_name=who[1],
        computed_at=timezone.now(),
        state=workflow.COMPUTED,
    )
    cases.act(locked.case, "compute", access.SYSTEM, data={"run_number": run_number})


def _opened(year: int, month: int | None, by: access.Actor) -> Settlement:
    """The row in force, made when there is none; two who start at once get the same."""
    period_of(f"{year}" if month is None else f"{year}-{month:02d}")
    if month is not None and (whole := reading.closed(year)) is not None:
        raise RefusedError(codes.YEAR_CLOSED(year=whole.year))
    found = reading.in_force(year, month)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return open_revision(year, month, 1, by)
    except IntegrityError:
        found = reading.in_force(year, month)
        if found is None:
            raise
        return found


def running(settlement: Settlement) -> int | None:
    """正在测算的作业: of a settlement, None when nothing computes it."""
    if settlement.started_run_number is None:
        return None
    run = runs.get(settlement.started_run_number)
    return int(run.number) if run is not None and run.state in UNDER_WAY else None


def _refused(settlement: Settlement) -> RefusedError:
    number = running(settlement)
    if settlement.state in (workflow.CLOSED, workflow.REOPENED) or number is None:
        return RefusedError(codes.SETTLEMENT_CLOSED(period=settlement.period, number=settlement.number))
    return RefusedError(codes.COMPUTING(period=settlement.period, run=number))


@cache
def rules_digest() -> str:
    """规则摘要: sha256 over the rules and jobs of this topic."""
    digest, topic = hashlib.sha256(), Path(__file__).resolve().parents[1]
    for path in sorted([*(topic / "rules").rglob("*.py"), *(topic / "jobs").rglob("*.py")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _provenance(held: Held, rules: RuleSet) -> dict[str, Any]:
    return {
        "rulebook": "insurance.payment",
        "rulebook_version": rules_digest(),
        "policy_digest": rules.digest,
        "input_versions": {name: one["version"] for name, one in held.tables.items()},
        "input_digests": {name: one["digest"] for name, one in held.tables.items()},
    }


def _page(run: Any) -> str:
    number = Settlement.objects.filter(pk=run.parameters["settlement"]).values_list("case__number", flat=True).first()
    return f"/payment/settlements/{number}/"


def note_computing(case: Case, event: CaseEvent, by: access.Actor) -> None:
    """记测算: the row was written by the job in the same transaction."""
