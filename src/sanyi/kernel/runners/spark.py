"""Spark 运行 (Spark runner): the same rules on a province's table.

Row rules run by ``mapInArrow``, table rules by ``groupBy(key).applyInArrow`` so that a group stays whole. Spark only
scans and moves rows: every value is computed by the same code as on one machine. A refusal inside Spark ends the job
with its sentence in the error, so check a table before sending it. PySpark is optional and imported when first used.
``run_spark_groups`` is for functions that need small tables beside the rows of their group.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
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


def run_spark_groups(
    function: Callable[[Any, pl.DataFrame], pl.DataFrame],
    frame: Any,
    *,
    key: str,
    given: Mapping[str, Any],
    outputs: pl.Schema,
) -> Any:
    """Spark 分组运行: ``function(given[key], rows)`` for every key of ``given``, with all rows of the key, even none.

    Each group gets only its own value, which has to be picklable; ``outputs`` are the columns of the result. Rows of a
    key that is not in ``given`` are refused.
    """
    types = _spark_types()
    schema = types.from_arrow_schema(pl.DataFrame(schema=outputs).to_arrow().schema, prefer_timestamp_ntz=True)
    columns = {key: list(given), "given": [pickle.dumps(value) for value in given.values()]}
    values = pl.DataFrame(columns, schema={key: pl.String(), "given": pl.Binary()})
    groups = frame.sparkSession.createDataFrame(values.to_arrow()).groupBy(key)
    run = one_group(function, key, types.to_arrow_schema(schema))
    return groups.cogroup(frame.groupBy(key)).applyInArrow(run, schema)


def one_group(
    function: Callable[[Any, pl.DataFrame], pl.DataFrame], key: str, schema: pa.Schema
) -> Callable[[pa.Table, pa.Table], pa.Table]:
    """单组函数: from what is given to a group and its rows, both as Arrow tables, to an Arrow table of ``schema``."""

    def run(given: pa.Table, rows: pa.Table) -> pa.Table:
        if not given.num_rows:
            raise RefusedError(rule_codes.GROUP_UNKNOWN(field=key, value=rows[key][0].as_py(), count=rows.num_rows))
        value = pickle.loads(given["given"][0].as_py())  # noqa: S301 made by run_spark_groups
        return function(value, _frame(rows)).to_arrow().cast(schema)

    return run


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
