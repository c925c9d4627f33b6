"""计算服务: the indicators of a county's years by a job, stored with where they came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sanyi.governance.indicators import jobs
from sanyi.governance.indicators.codes import refusals
from sanyi.governance.indicators.models import IndicatorComputation
from sanyi.governance.indicators.services import catalogue, facts, locks, storing
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.policies import services as policies
from sanyi.registry.runs import services as runs

COMPUTE = "governance.indicators.compute"
RULEBOOK = "governance.indicators"
RULEBOOK_VERSION = "1"
PAGE = "/indicators/"


def start(*, by: access.Actor, years: Sequence[int] = ()) -> int:
    """发起计算: of these years, or of all that have stays. Gives its number. Refuses when there are none."""
    wanted = sorted(set(years) or facts.years())
    if not wanted:
        raise RefusedError(refusals.YEAR_WITHOUT_STAYS())
    county = catalogue.county_of(by)
    if not county:
        raise RefusedError(refusals.COUNTY_MISSING())
    asked = {"years": wanted, "county_code": county}
    return int(runs.start(COMPUTE, by=by, organisation_code=county, parameters=asked).number)


def compute(
    years: Sequence[int],
    *,
    county_code: str | None = None,
    run_number: int | None = None,
    report: jobs.Report | None = None,
) -> dict[str, Any]:
    """计算并存入: at once, without a job. Returns how many values there are and how many are new or changed, and the
    closed periods, whose values stay as they were.
    """
    known = facts.bundle(years, county_code)
    found = jobs.compute(known, catalogue.catalogue(), facts.node_kinds(known.county_code), report)
    computation = IndicatorComputation.objects.create(
        organisation_code=known.county_code, run_number=run_number, years=sorted(set(years)), provenance=provenance()
    )
    closed = locks.closed_periods(known.county_code)
    frozen = sorted(name for name in found["period"].unique() if locks.is_within(name, closed))
    changed = storing.store(found, county_code=known.county_code, computation=computation)
    return {"value_count": found.height, "changed_count": changed, "frozen_periods": frozen}


def provenance() -> dict[str, Any]:
    """来源: rulebook and definitions, policy, input tables."""
    return runs.provenance_of(
        {
            "rulebook": RULEBOOK,
            "rulebook_version": RULEBOOK_VERSION,
            "definitions_digest": catalogue.catalogue().digest,
            "policy_digest": policies.book().digest,
            "input_versions": facts.input_versions(),
        }
    )


@runs.run_kind(
    COMPUTE,
    zh="指标计算",
    en="Compute indicators",
    result_url=lambda run: PAGE,
    labels={
        "value_count": ("指标值", "Values"),
        "changed_count": ("新增或变动", "New or changed"),
        "years": ("年度", "Years"),
        "frozen_periods": ("已结账、未重算的期间", "Closed periods, left as they were"),
        "definitions_digest": ("指标定义摘要", "Digest of the definitions"),
    },
)
def _work(progress: runs.Progress, years: list[int], county_code: str) -> dict[str, Any]:
    progress.set(0, message="正在准备病例")
    progress.provenance(**provenance())
    counted = compute(
        years,
        county_code=county_code,
        run_number=progress.number,
        report=lambda done, total: progress.set(done, total, "正在计算"),
    )
    return {**counted, "years": years}
