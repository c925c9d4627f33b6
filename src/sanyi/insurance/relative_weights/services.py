"""权重测算服务: start a measurement, carry it out as a job, read its rows, and the stays behind one weight.

The lake takes the rows under the number of the run. A run started again after a crash reads the versions it had noted,
finds its own commit and changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from sanyi.exchange.lake import services as lakes
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.grouping import services as grouping
from sanyi.insurance.grouping.codes import Status
from sanyi.insurance.grouping.tables import GROUPED_STAY
from sanyi.insurance.relative_weights import jobs, tables
from sanyi.insurance.relative_weights.codes import MONTH_WRONG, NOTHING_TO_MEASURE
from sanyi.insurance.relative_weights.rules.options import Options, Trimming
from sanyi.insurance.relative_weights.rules.trimming import marked
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs

MEASURE = "relative_weights.measure"
RUNS_SHOWN = 20
PERIOD = ("scheme", "first_month", "last_month", "institution_codes")
CHOICE = ("method", "is_stay_limited", "is_early_leaving_excluded")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def start(
    *,
    by: access.Actor,
    scope: access.Scope,
    organisation_code: str,
    scheme: str,
    first_month: str,
    last_month: str,
    method: str,
    is_stay_limited: bool,
    is_early_leaving_excluded: bool,
) -> int:
    """发起测算: of the grouped stays of a scheme in a period, as far as the scope reaches. Returns the run's number.

    Refuses a wrong period, an unknown method, and nothing to measure.
    """
    for month in (first_month, last_month):
        if not _MONTH.fullmatch(month):
            raise RefusedError(MONTH_WRONG(value=month))
    if last_month < first_month:
        raise RefusedError(MONTH_WRONG(value=last_month))
    choice = {
        "method": method,
        "is_stay_limited": is_stay_limited,
        "is_early_leaving_excluded": is_early_leaving_excluded,
    }
    options_on(last_day(last_month), **choice)
    codes = [code for code in grouping.institutions() if code in scope]
    period = {"scheme": scheme, "first_month": first_month, "last_month": last_month, "institution_codes": codes}
    stays = _base(None, None, **period).select(pl.len(), pl.col("total_fen").sum()).collect().row(0)
    if not stays[0] or not stays[1]:
        raise RefusedError(NOTHING_TO_MEASURE())
    run = runs.start(MEASURE, by=by, organisation_code=organisation_code, parameters=period | choice)
    return int(run.number)


def options_on(on: date, **choice: Any) -> Options:
    """某日的测算口径: of this county, with what was chosen."""
    return Options.of(policies.book(), jurisdiction=policies.county(), on=on, **choice)


def last_day(month: str) -> date:
    """月末: the day whose policy holds for a period that ends with the month."""
    first = date.fromisoformat(f"{month}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def schemes_with_stays(scope: access.Scope) -> list[str]:
    """有分组病例的方案: within the scope, in the order of codes."""
    rows = grouping.grouped_stays().select("institution_code", "scheme").unique().collect()
    return sorted({scheme for code, scheme in rows.iter_rows() if code in scope})


def recent(scope: access.Scope) -> list[Any]:
    """最近的测算: runs with results in the scope, the newest first."""
    lake = lakes.lake()
    if not lake.exists(tables.RELATIVE_WEIGHT.name):
        return []
    rows = lake.scan(tables.RELATIVE_WEIGHT.name).select("run_number", "organisation_code").unique().collect()
    numbers = sorted({number for number, code in rows.iter_rows() if code in scope}, reverse=True)
    return [run for run in map(runs.get, numbers[:RUNS_SHOWN]) if run is not None]


def owner_of(number: int) -> str | None:
    """测算所属机构: None when there is no such measurement."""
    run = runs.get(number)
    return run.organisation_code if run is not None and run.kind == MEASURE else None


def weights_of(number: int) -> pl.DataFrame:
    """一次测算的结果: rows of RELATIVE_WEIGHT in the order of groups; empty before the run is done."""
    lake = lakes.lake()
    if not lake.exists(tables.RELATIVE_WEIGHT.name):
        return tables.RELATIVE_WEIGHT.empty()
    rows = lake.scan(tables.RELATIVE_WEIGHT.name).filter(pl.col("run_number") == number)
    return rows.select(tables.RELATIVE_WEIGHT.column_names).collect().sort("drg")


def options_of(run: Any) -> Options:
    """一次测算的口径: as it was noted with the run, not as policy says today."""
    noted = dict(run.result["options"])
    noted["trimming"] = Trimming(**noted["trimming"])
    noted["early_leaving_ways"] = tuple(noted["early_leaving_ways"])
    noted["assumed"] = frozenset(noted["assumed"])
    return Options(**noted)


def stays_behind(run: Any, drg: str) -> pl.LazyFrame:
    """一个权重背后的病例: grouped stays of the group with ``reason`` (kept or why not), as the run read them."""
    versions = run.provenance["input_versions"]
    grouped, lists = versions[GROUPED_STAY.name], versions[SETTLEMENT_LIST.name]
    base = (
        _base(grouped, lists, **{name: run.parameters[name] for name in PERIOD}).filter(pl.col("drg") == drg).collect()
    )
    kept = marked(base, options_of(run)).select(*jobs.STAY, "reason")
    return grouping.grouped_stays(grouped).join(kept.lazy(), on=jobs.STAY, how="inner")


def rules_digest() -> str:
    """规则摘要: sha256 over the rules of this topic."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "rules").glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@runs.run_kind(MEASURE, zh="相对权重测算", en="Relative weights", result_url=lambda run: f"/weights/{run.number}/")
def _work(progress: runs.Progress, **parameters: Any) -> dict[str, Any]:
    lake = lakes.lake()
    # Started again after a crash, the job reads the same versions, so that it finds its own commit unchanged.
    versions = progress.checkpoint.get("versions") or {
        name: lake.version(name) for name in (GROUPED_STAY.name, SETTLEMENT_LIST.name)
    }
    progress.save_checkpoint(versions=versions)
    period = {name: parameters[name] for name in PERIOD}
    choice = {name: parameters[name] for name in CHOICE}
    options = options_on(last_day(parameters["last_month"]), **choice)
    progress.set(0, 3, "正在读取病例")
    stays = _base(versions[GROUPED_STAY.name], versions[SETTLEMENT_LIST.name], **period).collect()
    provenance = _provenance(lake, versions)
    progress.provenance(**provenance)
    progress.set(1, 3, "正在测算")
    published = grouping.weights().filter(pl.col("scheme") == period["scheme"]).select("drg", "weight_e6")
    frame, summary, published_cmi = jobs.measure(
        stays,
        options,
        published,
        scheme=period["scheme"],
        run_number=progress.number,
        organisation_code=progress.organisation_code,
    )
    progress.set(2, 3, "正在保存")
    metadata = {"provenance": orjson.dumps(provenance).decode(), "run_number": str(progress.number)}
    digest = hashlib.sha256(frame.write_csv().encode()).hexdigest()
    lake.append(tables.RELATIVE_WEIGHT.name, frame, batch_number=progress.number, digest=digest, metadata=metadata)
    progress.set(3, 3, "测算完成")
    noted = asdict(options) | {"assumed": sorted(options.assumed), "early_leaving_ways": [*options.early_leaving_ways]}
    return {"summary": asdict(summary), "published_cmi_e6": published_cmi, "options": noted}


def _base(grouped: int | None, lists: int | None, **period: Any) -> pl.LazyFrame:
    """The stays of a period as they stood in these versions (None: now)."""
    lake = lakes.lake()
    if lake.exists(SETTLEMENT_LIST.name):
        settlements = lake.current(SETTLEMENT_LIST, lists)
    else:
        settlements = SETTLEMENT_LIST.empty().lazy()
    is_grouped = pl.col("status") == Status.GROUPED.value
    stays = grouping.grouped_stays(grouped).with_columns(is_grouped=is_grouped)
    return jobs.base(stays, settlements, **period)


def _provenance(lake: lakes.Lake, versions: dict[str, int | None]) -> dict[str, Any]:
    return {
        "rulebook": "insurance.relative_weights",
        "rulebook_version": rules_digest(),
        "policy_digest": policies.book().digest,
        "input_versions": versions,
        "input_digests": {name: lake.digest(name, version) for name, version in versions.items()},
    }
