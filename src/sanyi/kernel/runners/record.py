"""单条运行 (record runner): one record, as a form has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sanyi.kernel import rule_codes
from sanyi.kernel.decision_table import DecisionTable
from sanyi.kernel.parameters import Params
from sanyi.kernel.record_rule import RecordRule
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.rulebook import Rulebook
from sanyi.kernel.runners.table import Rule


def run_record(rule: Rule, row: Mapping[str, Any], params: Params | None = None) -> dict[str, Any]:
    """单条运行: what the rule computes for one record, by name. Refuses what the rule refuses."""
    if isinstance(rule, Rulebook):
        return {line.step: line.value for line in rule.explain(row, params)}
    if isinstance(rule, RecordRule):
        return rule.apply(row, params)
    if isinstance(rule, DecisionTable):
        names = [one.name for one in rule.inputs]
        return dict(rule.decide(**{name: row.get(name) for name in names}).outputs)
    raise RefusedError(rule_codes.RULE_NOT_FOR_RECORDS(rule=rule.zh))
