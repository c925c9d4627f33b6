"""One small Spark cluster for all conformance tests, or a plain word why there is none."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest

# These programs live for seconds: the second compiler and parallel collectors would cost more than they give.
BRIEFLY = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Two executor processes. Without PySpark: skipped with a message, or failed when SANYI_REQUIRE_ALL is set."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        message = 'PySpark is not installed (pip install "sanyi[spark]"); record = table = Spark was not compared'
        if os.environ.get("SANYI_REQUIRE_ALL"):
            pytest.fail(message)
        pytest.skip(message)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", BRIEFLY)
        session = (
            SparkSession.builder.master("local-cluster[2,1,1024]")
            .config("spark.ui.enabled", "false")
            .config("spark.task.maxFailures", "1")  # a refusal is a refusal the second time, too
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.executorEnv.PYTHONPATH", os.pathsep.join(entry for entry in sys.path if entry))
            .config("spark.sql.session.timeZone", "Asia/Shanghai")
            .config("spark.sql.timestampType", "TIMESTAMP_NTZ")
            .getOrCreate()
        )
        yield session
        session.stop()
