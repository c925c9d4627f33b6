"""调整建议: what a scenario changes, written as dated values of the county's policy, checked with all other files.

Nothing is put in force here: the file is handed over, and whoever keeps the county's policy folder puts it there.
"""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from sanyi.insurance.what_if import codes
from sanyi.insurance.what_if.codes import ScenarioKind
from sanyi.insurance.what_if.models import Scenario, ScenarioResult
from sanyi.insurance.what_if.rules.changes import Change, replaced
from sanyi.insurance.what_if.services import catalogue, scenarios
from sanyi.kernel.money import format_yuan
from sanyi.kernel.policy import PolicyBook
from sanyi.kernel.refusals import RefusedError
from sanyi.registry.policies import services as policies

DOCUMENT_MAX, BASIS_MAX = 100, 200


def policy_file(scenario: Scenario, *, starts_on: str, document: str, basis: str) -> str:
    """政策文件: of the keys that a computed scenario changes, from a day to come.

    Each key's value of that day is taken and changed in the same places. Refuses a scenario without a result of its
    present changes, a day that has passed, a missing basis, and a file that the check of the policy files refuses.
    """
    result = _computed(scenario)
    day = _day(starts_on)
    document, basis = document.strip()[:DOCUMENT_MAX], basis.strip()[:BASIS_MAX]
    if not document or not basis:
        raise RefusedError(codes.BASIS_MISSING())
    content = {
        key: {"values": [_entry(key, changes, day, document, basis, _note(scenario, result))]}
        for key, changes in _by_key(scenarios.changes_of(scenario)).items()
    }
    text = _head(scenario, day) + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
    _refuse_wrong(text, day)
    return text


def _computed(scenario: Scenario) -> ScenarioResult:
    result = scenarios.result_of(scenario)
    if scenario.kind != ScenarioKind.CHANGES.value or not scenario.changes:
        raise RefusedError(codes.NO_CHANGES())
    if result is None or scenarios.is_outdated(scenario, result):
        raise RefusedError(codes.NOT_COMPUTED(name=scenario.name))
    return result


def _day(text: str) -> date:
    today = timezone.localdate()
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.min
    if day <= today:
        example = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        raise RefusedError(codes.PROPOSAL_DATE_WRONG(value=text[:20], example=example.isoformat()))
    return day


def _by_key(changes: list[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.key, []).append(change)
    return found


def _entry(key: str, changes: list[Change], day: date, document: str, basis: str, note: str) -> dict[str, Any]:
    value = catalogue.plain(policies.book().value(key, jurisdiction=policies.county(), on=day, asker="what_if").value)
    for change in changes:
        try:
            value = replaced(value, change.path, change.value)
        except KeyError:
            declared = policies.declarations()[key]
            path = catalogue.path_text(change.path)
            raise RefusedError(codes.PATH_UNKNOWN(name=declared.name_zh, path=path)) from None
    return {
        "from": day,
        "jurisdiction": policies.county(),
        "value": value,
        "document": document,
        "basis": basis,
        "note": note,
    }


def _note(scenario: Scenario, result: ScenarioResult) -> str:
    difference = format_yuan(result.summary["difference_fen"])
    return f"模拟方案 {scenario.pk}“{scenario.name}”：按 {scenario.year} 年数据，应付基金变化 {difference} 元"


def _head(scenario: Scenario, day: date) -> str:
    return f"# 县级政策参数：自 {day} 起执行；由支付模拟方案 {scenario.pk} 导出，放入本县政策目录后生效。\n"


def _refuse_wrong(text: str, day: date) -> None:
    """The file is held against all the others as `sanyi check-policy` does it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "what-if.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            PolicyBook.load(*policies.folders(), path)
        except RefusedError as error:
            what = "；".join(refusal.message() for refusal in error.refusals[:3])
            raise RefusedError(codes.POLICY_REFUSED(starts_on=day.isoformat(), what=what)) from None
