"""新旧方案比较: start one, carry it out as a job, read its tables and the stays behind a pair of groups.

The lake takes the tables under the number of the run. A run started again after a crash reads the versions it had
noted, finds its own commits and changes nothing.
"""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.grouping import data_digest
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.codes import MONTH_WRONG, SCHEME_UNKNOWN
from sanyi.insurance.relative_weights import Options
from sanyi.insurance.relative_weights import services as relative_weights
from sanyi.insurance.scheme_change.codes import NOTHING_TO_COMPARE, SAME_SCHEME, WEIGHTS_MISSING, Basis
from sanyi.insurance.scheme_change.jobs import comparing as jobs
from sanyi.insurance.scheme_change.services.workbooks import is_known
from sanyi.insurance.scheme_change.tables import comparison as tables
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.tables import TableContract
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs

COMPARE = "scheme_change.compare"
RUNS_SHOWN = 20
STAY = ["institution_code", "settlement_id"]


def start(
    *,
    by: access.Actor,
    scope: access.Scope,
    organisation_code: str,
    old: str,
    new: str,
    first_month: str,
    last_month: str,
    basis: str = Basis.OWN.value,
    method: str = "none",
) -> int:
    """发起比较: of the settlement lists of some months within the scope. Returns the run's number.

    Refuses an unknown scheme, twice the same, a wrong period, weights that are not known, and nothing to compare.
    """
    for scheme in (old, new):
        if not is_known(scheme):
            raise RefusedError(SCHEME_UNKNOWN(scheme=scheme, known="、".join(grouping.scheme_names())))
    if old == new:
        raise RefusedError(SAME_SCHEME())
    first, _ = grouping.days_of(first_month)
    _, last = grouping.days_of(last_month)
    if last < first:
        raise RefusedError(MONTH_WRONG(month=last_month))
    options_on(last, method)
    if Basis(basis) is Basis.PUBLISHED:
        _weights(old, new, last, is_required=True)
    asked = {"old": old, "new": new, "first_month": first_month, "last_month": last_month}
    found = settlements(None, scope, first, last).select("institution_code").unique().collect()
    codes = sorted(found["institution_code"].to_list())
    if not codes:
        raise RefusedError(NOTHING_TO_COMPARE())
    parameters = asked | {"basis": basis, "method": method, "institution_codes": codes}
    return int(runs.start(COMPARE, by=by, organisation_code=organisation_code, parameters=parameters).number)


def options_on(on: date, method: str) -> Options:
    """某日的测算口径: all stays count, costs are trimmed as chosen."""
    return relative_weights.options_on(on, method=method, is_stay_limited=False, is_early_leaving_excluded=False)


def settlements(version: int | None, scope: Any, first: date, last: date) -> pl.LazyFrame:
    """结算清单: current ones discharged from a day to a day, of the institutions in scope."""
    lake = lakes.lake()
    if not lake.exists(SETTLEMENT_LIST.name):
        return SETTLEMENT_LIST.empty().lazy().filter(pl.lit(False))
    rows = lake.current(SETTLEMENT_LIST, version).filter(pl.col("discharged_at").dt.date().is_between(first, last))
    codes = rows.select(pl.col("institution_code").unique()).collect()["institution_code"].to_list()
    return rows.filter(pl.col("institution_code").is_in([code for code in codes if code in scope]))


def comparison(number: int) -> Any | None:
    """一次比较: its run, None when there is no such comparison."""
    run = runs.get(number)
    return run if run is not None and run.kind == COMPARE else None


def owner_of(number: int) -> str | None:
    """比较所属机构: None when there is no such comparison."""
    run = comparison(number)
    return run.organisation_code if run is not None else None


def recent(scope: access.Scope) -> list[Any]:
    """最近的比较: done ones in the scope, the newest first."""
    lake = lakes.lake()
    if not lake.exists(tables.MIGRATION.name):
        return []
    rows = lake.scan(tables.MIGRATION.name).select("run_number", "organisation_code").unique().collect()
    numbers = sorted({number for number, code in rows.iter_rows() if code in scope}, reverse=True)
    found = (run for run in map(comparison, numbers) if run is not None and run.state == "done")
    return list(islice(found, RUNS_SHOWN))


def table_of(contract: TableContract, number: int) -> pl.DataFrame:
    """比较结果: the rows of one table of a comparison; empty before the run is done."""
    lake = lakes.lake()
    if not lake.exists(contract.name):
        return contract.empty()
    rows = lake.scan(contract.name).filter(pl.col("run_number") == number)
    return rows.select(contract.column_names).collect()


def compared_stays(run: Any) -> pl.LazyFrame:
    """比较的病例: grouped stays as they are now, with the groups of both schemes in this comparison."""
    own = table_of(tables.COMPARED_STAY, run.number).select(*STAY, "old_group", "new_group")
    return grouping.grouped_stays().join(own.lazy(), on=STAY, how="inner")


def rules_digest() -> str:
    """规则摘要: sha256 over the rules and jobs of this topic."""
    digest = hashlib.sha256()
    here = Path(__file__).resolve().parent.parent
    for path in sorted([*(here / "rules").glob("*.py"), *(here / "jobs").glob("*.py")]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@runs.run_kind(
    COMPARE, zh="新旧方案比较", en="Comparison of schemes", result_url=lambda run: f"/scheme-change/{run.number}/"
)
def _work(progress: runs.Progress, **asked: Any) -> dict[str, Any]:
    lake = lakes.lake()
    # Started again after a crash, the job reads the same version, so that it finds its own commits unchanged.
    version = progress.checkpoint.get("version", lake.version(SETTLEMENT_LIST.name))
    progress.save_checkpoint(version=version)
    first, last = grouping.days_of(asked["first_month"])[0], grouping.days_of(asked["last_month"])[1]
    progress.set(0, 1, "正在读取病例")
    rows = settlements(version, frozenset(asked["institution_codes"]), first, last).sort(STAY).collect()
    provenance = _provenance(lake, version, asked)
    progress.provenance(**provenance)
    sides = [
        jobs.Side(scheme, weights)
        for scheme, weights in zip(
            (asked["old"], asked["new"]), _weights(asked["old"], asked["new"], last), strict=True
        )
    ]
    progress.set(0, rows.height, "正在用新旧方案分组")
    found = jobs.compare(
        rows,
        *sides,
        basis=Basis(asked["basis"]),
        options=options_on(last, asked["method"]),
        report=lambda done, total: progress.set(done, total),
    )
    progress.set(rows.height, rows.height, f"已比较 {rows.height} 例")
    progress.check_cancelled()  # from here on it is too late: the tables are written
    frames = (
        (tables.COMPARED_STAY, found.stays),
        (tables.INSTITUTION, found.institutions),
        (tables.HOMOGENEITY, found.homogeneity),
        (tables.MIGRATION, found.migration),
    )
    metadata = {"provenance": orjson.dumps(provenance).decode(), "run_number": str(progress.number)}
    for contract, frame in frames:
        named = jobs.with_run(frame, contract.name, progress.number, progress.organisation_code)
        digest = hashlib.sha256(named.write_csv().encode()).hexdigest()
        lake.append(contract.name, named, batch_number=progress.number, digest=digest, metadata=metadata)
    return {"summary": found.summary}


def _weights(old: str, new: str, on: date, *, is_required: bool = False) -> list[pl.DataFrame]:
    found = [grouping.published_weights(scheme, on) for scheme in (old, new)]
    for scheme, weights in zip((old, new), found, strict=True):
        if is_required and not weights.drop_nulls("weight_e6").height:
            raise RefusedError(WEIGHTS_MISSING(scheme=grouping.scheme_names().get(scheme, scheme)))
    return found


def _provenance(lake: lakes.Lake, version: int | None, asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "rulebook": "insurance.scheme_change",
        "rulebook_version": rules_digest(),
        "scheme_tables": data_digest(),
        "schemes": {"old": asked["old"], "new": asked["new"]},
        "policy_digest": policies.book().digest,
        "input_versions": {SETTLEMENT_LIST.name: version},
        "input_digests": {SETTLEMENT_LIST.name: lake.digest(SETTLEMENT_LIST.name, version)},
    }
