"""分组作业的办理: an accepted batch is grouped by a job of its own; everything can be grouped anew at any time.

A batch's rows are grouped only as far as they are current, so that an older file accepted late does not bring old
groups back. The lake takes the rows under the number of the run: a run that is started again after a crash finds its
rows there and changes nothing.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import orjson
import polars as pl
from django.db import IntegrityError, transaction

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.lake.tables import BATCH_NUMBER
from sanyi.exchange.settlement_list.tables import FUND_COLUMNS, SETTLEMENT_LIST
from sanyi.insurance.grouping import jobs, tables
from sanyi.insurance.grouping.codes import MONTH_WRONG
from sanyi.insurance.grouping.models import BatchGrouping
from sanyi.insurance.grouping.services import switches
from sanyi.insurance.grouping.services.choice import periods, weights
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs

BATCH, ALL = "grouping.batch", "grouping.all"
STAYS_PAGE = "/grouping/stays/"


def group_batch(batch_number: int, *, organisation_code: str, by: access.Actor = access.SYSTEM) -> int:
    """批次分组: starts the job of an accepted batch, once; asked again it returns the number of the known job."""
    known = run_of_batch(batch_number)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            link = BatchGrouping.objects.create(batch_number=batch_number)
            run = runs.start(
                BATCH, by=by, organisation_code=organisation_code, parameters={"batch_number": batch_number}
            )
            BatchGrouping.objects.filter(pk=link.pk).update(run_number=run.number)
    except IntegrityError:
        known = run_of_batch(batch_number)
        assert known is not None, "another request holds the batch"
        return known
    return int(run.number)


def subscribe() -> None:
    """订阅“已入库”: every accepted batch of settlement lists is grouped by a job of its own."""
    from sanyi.exchange.intake import services as intake

    def group_accepted(batch: intake.AcceptedBatch) -> None:
        """分组已入库批次: repeatable; a batch has one job however often it is announced."""
        if batch.contract == SETTLEMENT_LIST.name and batch.written_count:
            group_batch(batch.number, organisation_code=batch.organisation_code)

    intake.on_accepted(group_accepted)


def run_of_batch(batch_number: int) -> int | None:
    """批次的分组作业: its number, None when the batch was never grouped."""
    link = BatchGrouping.objects.filter(batch_number=batch_number, run_number__isnull=False).first()
    return link.run_number if link else None


def regroup_all(*, by: access.Actor, organisation_code: str) -> int:
    """全部重新分组: with today's schemes, weights and policy; closed months stay as they are. Returns its number."""
    return int(runs.start(ALL, by=by, organisation_code=organisation_code).number)


def regroup(first_month: str, last_month: str, *, by: access.Actor, organisation_code: str) -> int:
    """重新分组: the stays discharged in these months. Refuses a closed month, and what is no span of months."""
    first, _ = switches.days_of(first_month)
    _, last = switches.days_of(last_month)
    if last < first:
        raise RefusedError(MONTH_WRONG(month=last_month))
    switches.refuse_closed(_months(first, last))
    asked = {"first_month": first_month, "last_month": last_month}
    return int(runs.start(ALL, by=by, organisation_code=organisation_code, parameters=asked).number)


def _months(first: date, last: date) -> list[str]:
    count = (last.year - first.year) * 12 + last.month - first.month
    return [
        f"{first.year + (first.month - 1 + n) // 12}-{(first.month - 1 + n) % 12 + 1:02d}" for n in range(count + 1)
    ]


@runs.run_kind(BATCH, zh="批次病例分组", en="Group a batch", result_url=lambda run: STAYS_PAGE)
def _work_on_batch(progress: runs.Progress, batch_number: int) -> dict[str, Any]:
    return _work(progress, pl.col(BATCH_NUMBER) == batch_number)


@runs.run_kind(ALL, zh="病例重新分组", en="Group stays anew", result_url=lambda run: STAYS_PAGE)
def _work_on_all(progress: runs.Progress, first_month: str = "", last_month: str = "") -> dict[str, Any]:
    month = pl.col("discharged_at").dt.strftime("%Y-%m")
    closed = [row.month for row in switches.closed_months()]
    wanted = ~month.is_in(closed)
    if first_month:
        wanted &= month.is_between(pl.lit(first_month), pl.lit(last_month))
    if closed:
        progress.log(f"{'、'.join(sorted(closed))} 已锁定，沿用原分组结果。")
    return _work(progress, wanted)


def _work(progress: runs.Progress, wanted: pl.Expr) -> dict[str, Any]:
    lake = lakes.lake()
    version = progress.checkpoint.get("version", lake.version(SETTLEMENT_LIST.name))
    if version is None:
        return {"stay_count": 0}
    # Started again after a crash, the job reads the same version, so that it finds its own commit unchanged.
    progress.save_checkpoint(version=version)
    settlements = lake.current(SETTLEMENT_LIST, version).filter(wanted).collect()
    progress.set(0, settlements.height, "正在分组")
    provenance = _provenance(version, lake.digest(SETTLEMENT_LIST.name, version))
    progress.provenance(**provenance)
    result = jobs.group(
        settlements,
        periods=periods(),
        weights=weights(),
        fund_columns=FUND_COLUMNS,
        source_version=version,
        run_number=progress.number,
        report=lambda done, total: progress.set(done, total),
    )
    if result.without_scheme_count:
        progress.log(f"{result.without_scheme_count} 例出院日期不在任何分组方案的有效期内，未分组。")
    written = _write(lake, result.stays, progress.number, provenance) if result.stays.height else None
    progress.set(settlements.height, settlements.height, "分组完成")
    return {
        "stay_count": result.stays.height,
        "without_scheme_count": result.without_scheme_count,
        "status_counts": dict(result.stays["status"].value_counts().iter_rows()),
        "version": written,
    }


def _provenance(version: int, digest: str) -> dict[str, Any]:
    from sanyi.insurance.grouping.engine.library import data_digest

    facts = {
        "rulebook": "insurance.grouping",
        "rulebook_version": data_digest(),
        "policy_digest": policies.book().digest,
        "input_versions": {SETTLEMENT_LIST.name: version},
        "input_digests": {SETTLEMENT_LIST.name: digest},
    }
    return runs.provenance_of(facts)


def _write(lake: lakes.Lake, stays: pl.DataFrame, run_number: int, provenance: dict[str, Any]) -> int:
    """One commit under the number of the run; its digest covers every value: another result would be refused."""
    ordered = stays.sort(tables.GROUPED_STAY.natural_key)
    digest = hashlib.sha256(ordered.write_csv().encode()).hexdigest()
    metadata = {"provenance": orjson.dumps(provenance).decode(), "run_number": str(run_number)}
    return lake.append(tables.GROUPED_STAY.name, ordered, batch_number=run_number, digest=digest, metadata=metadata)
