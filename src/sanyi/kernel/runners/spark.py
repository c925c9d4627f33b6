"""Spark 运行 (Spark runner): the same rules on a province's table.

Row rules run by ``mapInArrow``, table rules by ``groupBy(key).applyInArrow`` so that a group stays whole. Spark only
scans and moves rows: every value is computed by the same code as on one machine. A refusal inside Spark ends the job
with its sentence in the error, so check a table before sending it. PySpark is optional and imported when first used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from sanyi.kernel import rule_codes
from sanyi.kernel.parameters import Params
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.runners.table import Rule, run_table
from sanyi.kernel.table_rule import TableRule

if TYPE_CHECKING:
    import pyarrow as pa


def run_spark(rule: Rule, frame: Any, params: Params | None = None) -> Any:
    """Spark 运行: from a Spark data frame to one with the results of ``run_table``.

    The order of rows is Spark's. Refuses when PySpark is not installed, and table rules without a group key.
    """
    if isinstance(rule, TableRule) and not rule.group_key:
        raise RefusedError(rule_codes.RULE_NEEDS_GROUP_KEY(rule=rule.zh))
    types = _spark_types()
    sample = run_table(rule, _frame(types.to_arrow_schema(frame.schema).empty_table()), params)
    schema = types.from_arrow_schema(sample.to_arrow().schema, prefer_timestamp_ntz=True)
    run = whole_table(rule, params, types.to_arrow_schema(schema))
    if isinstance(rule, TableRule):
        return frame.groupBy(*rule.group_key).applyInArrow(run, schema)
    return frame.mapInArrow(batch_by_batch(run), schema)


def whole_table(rule: Rule, params: Params | None, schema: pa.Schema) -> Callable[[pa.Table], pa.Table]:
    """整表函数: the rule from an Arrow table to an Arrow table of ``schema``."""

    def run(table: pa.Table) -> pa.Table:
        return run_table(rule, _frame(table), params).to_arrow().cast(schema)

    return run


def batch_by_batch(run: Callable[[pa.Table], pa.Table]) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """逐批函数: the same over record batches."""

    def batches(iterator: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow

        for batch in iterator:
            yield from run(pyarrow.Table.from_batches([batch])).to_batches()

    return batches


def _spark_types() -> Any:
    try:
        from pyspark.sql.pandas import types
    except ImportError as error:
        raise RefusedError(rule_codes.SPARK_NOT_INSTALLED(module=error.name or "pyspark")) from error
    return types


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame
