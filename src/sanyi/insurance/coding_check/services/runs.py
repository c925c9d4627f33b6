"""质控作业的办理: the accepted stays of a month or a batch are checked by a job; its findings go to the lake.

The lake takes the findings under the number of the run: a run that is started again after a crash finds them there and
changes nothing, because it reads the same versions as before.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import orjson
import polars as pl

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.lake.tables import BATCH_NUMBER
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.coding_check import tables
from sanyi.insurance.coding_check.codes import refusals
from sanyi.insurance.coding_check.jobs.checking import CheckedTable, check_settlements
from sanyi.insurance.coding_check.services.checkers import thresholds, yardstick_of
from sanyi.insurance.grouping import data_digest
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.tables import GROUPED_STAY
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs

CHECK = "coding_check.check"
RUNS_SHOWN = 20
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def start_check(
    *,
    by: access.Actor,
    scope: access.Scope,
    organisation_code: str,
    month: str = "",
    batch_number: int | None = None,
    institution_code: str = "",
) -> int:
    """发起质控: of the accepted stays of a month of discharge, or of a batch, in the scope given.

    Returns the number of the job. Refuses neither a month nor a batch, a wrong month, and nothing to check.
    """
    if month and not _MONTH.fullmatch(month):
        raise RefusedError(refusals.MONTH_WRONG(value=month))
    if not month and batch_number is None:
        raise RefusedError(refusals.PERIOD_MISSING())
    present = _accepted(month, batch_number).select(pl.col("institution_code").unique()).collect()
    wanted = [code for code in present["institution_code"].sort() if code in scope]
    if institution_code:
        wanted = [code for code in wanted if code == institution_code]
    if not wanted:
        raise RefusedError(refusals.NOTHING_TO_CHECK())
    parameters = {"month": month, "batch_number": batch_number, "institution_codes": wanted}
    return int(runs.start(CHECK, by=by, organisation_code=organisation_code, parameters=parameters).number)


def months_with_stays(scope: access.Scope) -> list[str]:
    """有已入库病例的出院月份: newest first."""
    rows = _accepted("", None).select("institution_code", _month_expr().alias("month")).unique().collect()
    return sorted({month for code, month in rows.iter_rows() if code in scope}, reverse=True)


def institutions_with_stays(scope: access.Scope) -> list[str]:
    """有已入库病例的机构: in the order of codes."""
    rows = _accepted("", None).select(pl.col("institution_code").unique().sort()).collect()
    return [code for code in rows["institution_code"] if code in scope]


def recent_checks(scope: access.Scope) -> list[Any]:
    """最近的质控作业: those that checked stays in the scope, the newest first."""
    lake = lakes.lake()
    if not lake.exists(tables.CHECKED_STAY.name):
        return []
    rows = lake.scan(tables.CHECKED_STAY.name).select("run_number", "institution_code").unique().collect()
    numbers = sorted({number for number, code in rows.iter_rows() if code in scope}, reverse=True)
    return [run for run in map(runs.get, numbers[:RUNS_SHOWN]) if run is not None]


def _accepted(month: str, batch_number: int | None, version: int | None = None) -> pl.LazyFrame:
    """Current settlements of a month or a batch; none when nothing was ever accepted."""
    lake = lakes.lake()
    if not lake.exists(SETTLEMENT_LIST.name):
        return SETTLEMENT_LIST.empty().lazy().with_columns(pl.lit(0, dtype=pl.Int64).alias(BATCH_NUMBER))
    rows = lake.current(SETTLEMENT_LIST, version)
    if month:
        rows = rows.filter(_month_expr() == month)
    return rows if batch_number is None else rows.filter(pl.col(BATCH_NUMBER) == batch_number)


def _month_expr() -> pl.Expr:
    return pl.col("discharged_at").dt.strftime("%Y-%m")


def _result_url(run: Any) -> str:
    return f"/coding-check/runs/{run.number}/"


@runs.run_kind(CHECK, zh="病案编码质控", en="Check of coding", result_url=_result_url)
def _work(
    progress: runs.Progress, month: str, batch_number: int | None, institution_codes: list[str]
) -> dict[str, Any]:
    lake = lakes.lake()
    version = progress.checkpoint.get("version", lake.version(SETTLEMENT_LIST.name))
    if version is None:
        return {"stays_count": 0, "findings_count": 0, "refused_stays_count": 0, "without_scheme_count": 0}
    # Started again after a crash, the job reads the same version, so that it finds its own commits unchanged.
    grouped = progress.checkpoint.get("grouped_version", lake.version(GROUPED_STAY.name))
    progress.save_checkpoint(version=version, grouped_version=grouped)
    rows = _accepted(month, batch_number, version)
    settlements = rows.filter(pl.col("institution_code").is_in(institution_codes)).collect()
    progress.set(0, settlements.height, "正在质控")
    provenance = _provenance(lake, version, grouped)
    progress.provenance(**provenance)
    done = check_settlements(
        settlements,
        periods=grouping.periods(),
        thresholds_of=thresholds,
        yardstick_of=lambda scheme: yardstick_of(scheme, grouped),
        run_number=progress.number,
        report=lambda count, total: progress.set(count, total),
    )
    if done.without_scheme_count:
        progress.log(f"{done.without_scheme_count} 例出院日期不在任何分组方案的有效期内，未质控。")
    _store(lake, done, progress.number, provenance)
    progress.set(settlements.height, settlements.height, "质控完成")
    return {
        "stays_count": done.stays.height,
        "findings_count": done.findings.height,
        "refused_stays_count": int((done.stays["refuse_count"] > 0).sum()),
        "without_scheme_count": done.without_scheme_count,
    }


def _provenance(lake: lakes.Lake, version: int, grouped: int | None) -> dict[str, Any]:
    return {
        "rulebook": "insurance.coding_check",
        "rulebook_version": rules_digest(),
        "policy_digest": policies.book().digest,
        "input_versions": {SETTLEMENT_LIST.name: version, GROUPED_STAY.name: grouped},
        "input_digests": {SETTLEMENT_LIST.name: lake.digest(SETTLEMENT_LIST.name, version)},
    }


def rules_digest() -> str:
    """规则摘要: sha256 over the shipped limits, the rules and the tables of the grouper."""
    digest = hashlib.sha256(data_digest().encode())
    for path in sorted([*tables.TOPIC.glob("data/*.parquet"), *tables.TOPIC.glob("rules/*.py")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _store(lake: lakes.Lake, done: CheckedTable, run_number: int, provenance: dict[str, Any]) -> None:
    """One commit each under the number of the run; its digest covers every value: another result would be refused."""
    metadata = {"provenance": orjson.dumps(provenance).decode(), "run_number": str(run_number)}
    for contract, frame in ((tables.FINDING, done.findings), (tables.CHECKED_STAY, done.stays)):
        if frame.height:
            digest = hashlib.sha256(frame.write_csv().encode()).hexdigest()
            lake.append(contract.name, frame, batch_number=run_number, digest=digest, metadata=metadata)
