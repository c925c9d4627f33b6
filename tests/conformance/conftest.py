"""One small Spark session for all conformance tests, or a plain word why there is none."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A local Spark session. Without PySpark: skipped with a message, or failed when SANYI_REQUIRE_ALL is set."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        message = 'PySpark is not installed (pip install "sanyi[spark]"); record = table = Spark was not compared'
        if os.environ.get("SANYI_REQUIRE_ALL"):
            pytest.fail(message)
        pytest.skip(message)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "Asia/Shanghai")
        .config("spark.sql.timestampType", "TIMESTAMP_NTZ")
        .getOrCreate()
    )
    yield session
    session.stop()
