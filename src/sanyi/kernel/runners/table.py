"""整表运行 (table runner): a county's table in memory."""

from __future__ import annotations

from typing import Any

import polars as pl

from sanyi.kernel.decision_table import DecisionTable
from sanyi.kernel.parameters import Params
from sanyi.kernel.record_rule import RecordRule
from sanyi.kernel.refusals import Refusal, RefusedError, refuse_if_any
from sanyi.kernel.rulebook import Rulebook
from sanyi.kernel.table_rule import TableRule

RowRule = Rulebook | RecordRule[Any, Any] | DecisionTable
Rule = RowRule | TableRule


def run_table(rule: Rule, frame: pl.DataFrame, params: Params | None = None) -> pl.DataFrame:
    """整表运行: row rules give the frame with their results behind it, table rules their own table."""
    if isinstance(rule, DecisionTable):
        return rule.decide_frame(frame)
    if isinstance(rule, RecordRule):
        return _run_record_rule(rule, frame, params)
    return rule.run(frame, params)


def _run_record_rule(rule: RecordRule[Any, Any], frame: pl.DataFrame, params: Params | None) -> pl.DataFrame:
    """Every row through the function; all refusals together, each with its row."""
    results: list[dict[str, Any]] = []
    refusals: list[Refusal] = []
    names = [name for name in rule.fields if name in frame.columns]
    keywords = rule.keywords(params)
    for number, row in enumerate(frame.select(names).iter_rows(named=True), start=1):
        try:
            results.append(rule.apply_with(row, keywords))
        except RefusedError as error:
            refusals.extend(refusal.at(row=number) for refusal in error.refusals)
    refuse_if_any(refusals)
    outputs = pl.DataFrame(results, schema=dict(rule.outputs), orient="row")
    return frame.with_columns(outputs)
