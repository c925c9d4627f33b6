"""运行器 (runners): the same rule on one record, on a table, and in Spark.

``run_record(rule, row, params)``, ``run_table(rule, frame, params)``, ``run_spark(rule, spark_frame, params)`` take a
rulebook, a record rule, a decision table or (not for one record) a table rule. ``run_spark_groups`` runs a
function on each whole group with what is given to it, ``run_spark_tasks`` hands out files to a function that reads and
writes them. Nothing else in Sanyi knows Spark.
"""

from sanyi.kernel.runners.record import run_record
from sanyi.kernel.runners.spark import run_spark, run_spark_groups
from sanyi.kernel.runners.spark_tasks import run_spark_tasks
from sanyi.kernel.runners.table import RowRule, Rule, run_table

__all__ = ["RowRule", "Rule", "run_record", "run_spark", "run_spark_groups", "run_spark_tasks", "run_table"]
