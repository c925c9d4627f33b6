"""Spark 任务 (Spark tasks): a function over a list of tasks, one Spark task each, for work that reads and writes files.

Spark only hands out the tasks; each runs the same code as on one machine. PySpark is imported when first used. The
session is the active one, else the one that Spark's own settings (``spark-defaults.conf``, ``spark-submit``) describe.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sanyi.kernel import rule_codes
from sanyi.kernel.refusals import RefusedError

if TYPE_CHECKING:
    import pyarrow as pa


def run_spark_tasks(function: Callable[[str], str], tasks: Sequence[str]) -> list[str]:
    """Spark 任务运行: the results of ``function`` for all tasks, in their order.

    The function must be importable where the tasks run; tasks and results are text. Refuses when PySpark is not
    installed. A failure of any task fails the whole.
    """
    if not tasks:
        return []
    spark = _session()
    numbers = spark.range(0, len(tasks), 1, len(tasks))
    todo = list(tasks)

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow

        for batch in batches:
            ids = batch.column(0).to_pylist()
            results = [function(todo[number]) for number in ids]
            yield pyarrow.RecordBatch.from_pydict({"task": ids, "result": results})

    rows = numbers.mapInArrow(work, "task long, result string").collect()
    return [row["result"] for row in sorted(rows, key=lambda row: row["task"])]


def _session() -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise RefusedError(rule_codes.SPARK_NOT_INSTALLED(module=error.name or "pyspark")) from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    active = SparkSession.getActiveSession()
    if active is not None:
        return active
    return SparkSession.builder.appName("sanyi").config("spark.ui.enabled", "false").getOrCreate()
