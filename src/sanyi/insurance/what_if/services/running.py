"""模拟测算: a scenario is computed by a job; what it comes to is kept with it and nowhere else.

No settlement, no ledger entry and no table of the lake is written: the job reads the versions of the base and stores
one row of ``ScenarioResult``.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
import polars as pl
from django.db import transaction

from sanyi.insurance.payment import services as payment
from sanyi.insurance.what_if import codes, jobs
from sanyi.insurance.what_if.codes import Part, ScenarioKind
from sanyi.insurance.what_if.models import WHO_LENGTH, Scenario, ScenarioResult
from sanyi.insurance.what_if.rules import changes as rules
from sanyi.insurance.what_if.services import dip_facts, kept, packages, scenarios
from sanyi.insurance.what_if.services.applied import Applied, applied
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.access import services as access
from sanyi.registry.runs import services as runs

COMPUTE = "what_if.compute"
_WORDS = ("正在测算", "测算完成")


def start(scenario: Scenario, *, by: access.Actor) -> int:
    """发起测算: returns the run's number. Refuses a scenario that changes nothing."""
    if scenario.kind == ScenarioKind.CHANGES.value and not scenario.changes:
        raise RefusedError(codes.NO_CHANGES())
    run = runs.start(
        COMPUTE,
        by=by,
        organisation_code=scenario.organisation_code,
        parameters={"scenario": scenario.pk, "name": by.name[:WHO_LENGTH]},
    )
    return int(run.number)


@runs.run_kind(
    COMPUTE,
    zh="支付模拟测算",
    en="What-if calculation",
    result_url=lambda run: f"/what-if/{run.parameters['scenario']}/",
)
def _work(progress: runs.Progress, scenario: int, name: str) -> dict[str, Any]:
    row = Scenario.objects.filter(pk=scenario).first()
    if row is None or ScenarioResult.objects.filter(run_number=progress.number).exists():
        return {}
    made = scenarios.changes_of(row)
    found = computed(row, applied(row, made), progress)
    return store(row, progress.number, found, changes=made, name=name)


def computed(
    scenario: Scenario, whole: Applied, progress: runs.Progress | None = None
) -> tuple[jobs.Effect, dict[str, Any]]:
    """测算: the effect, and what it was computed from. Refuses a year without stays."""
    all_rules = [whole.base.rules, *(step.rules for step in whole.steps)]
    held = dip_facts.with_catalogues(whole.base.held(), all_rules)
    facts = dip_facts.facts_of(held, all_rules)
    provenance = _provenance(held, whole)
    if progress is not None:
        progress.provenance(**provenance)
        progress.set(0, len(all_rules), "正在测算")
    known = kept.base_result(provenance["input_digests"], whole.base.rules)
    found, results = jobs.compute(
        facts,
        whole.base.rules,
        [step.rules for step in whole.steps],
        base_result=known,
        report=lambda done, total: progress.set(done, total, _WORDS[done == total]) if progress is not None else None,
    )
    if results[0].cases.is_empty():
        raise RefusedError(codes.NO_FACTS(year=scenario.year))
    if known is None:
        kept.keep(results[0], provenance["input_digests"], whole.base.rules)
    rows = packages.effect(
        whole.base.year,
        [one.spend for one in results],
        [whole.base.package, *(step.package for step in whole.steps)],
    )
    found.tables[Part.PACKAGE.value] = rows
    return found, provenance


def store(
    scenario: Scenario,
    run_number: int,
    found: tuple[jobs.Effect, dict[str, Any]],
    *,
    changes: list[rules.Change],
    name: str,
) -> dict[str, Any]:
    """保存结果: once for a run, under a digest over everything shown."""
    effect, provenance = found
    content = orjson.dumps({"summary": effect.summary, "tables": effect.tables}, option=orjson.OPT_SORT_KEYS)
    plain = orjson.loads(content)
    with transaction.atomic():
        ScenarioResult.objects.get_or_create(
            run_number=run_number,
            defaults={
                "scenario": scenario,
                "changes": [change.to_plain() for change in changes],
                "changes_digest": rules.digest(changes),
                "summary": plain["summary"],
                "tables": plain["tables"],
                "provenance": provenance,
                "digest": hashlib.sha256(content).hexdigest(),
                "computed_by_name": name,
            },
        )
    return {"scenario": scenario.pk, "difference_fen": effect.summary["difference_fen"]}


def _provenance(held: payment.Held, whole: Applied) -> dict[str, Any]:
    package = orjson.dumps(whole.steps[-1].package if whole.steps else {}, option=orjson.OPT_SORT_KEYS)
    return {
        "rulebook": "insurance.what_if",
        "rulebook_version": jobs.VERSION,
        "policy_digest": whole.steps[-1].rules.digest if whole.steps else whole.base.rules.digest,
        "base_policy_digest": whole.base.rules.digest,
        "package_digest": hashlib.sha256(package).hexdigest(),
        "base": whole.base.number,
        "input_versions": {name: one["version"] for name, one in held.tables.items()},
        "input_digests": {
            **{name: one["digest"] for name, one in held.tables.items()},
            "institutions": _digest(held.institutions),
            "specials": _digest(held.specials),
            "through": held.through,
            "catalogues": _digest(held.catalogues),
        },
    }


def _digest(content: Any) -> str:
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def frames(result: ScenarioResult, part: Part) -> pl.DataFrame:
    """结果表: the rows of one part."""
    rows = result.tables.get(part.value) or []
    return pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame()


__all__ = ["COMPUTE", "computed", "frames", "start", "store"]
