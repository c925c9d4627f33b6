"""Spark tasks: results in the order of the tasks, on a stand-in for Spark; the conformance test uses the real one."""

import sys
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.runners import spark_tasks
from sanyi.kernel.runners.spark_tasks import run_spark_tasks


class FakeNumbers:
    """Stands for ``spark.range``: one batch for each task, handed out in reverse."""

    def __init__(self, count: int) -> None:
        self.count = count

    def mapInArrow(self, function: Callable[[Iterator[Any]], Iterator[Any]], schema: str) -> "FakeNumbers":  # noqa: N802
        assert schema == "task long, result string"
        batches = (pa.RecordBatch.from_pydict({"id": [number]}) for number in reversed(range(self.count)))
        self.rows = [row for batch in function(batches) for row in batch.to_pylist()]
        return self

    def collect(self) -> list[dict[str, Any]]:
        return self.rows


class FakeSession:
    @staticmethod
    def range(start: int, end: int, step: int, partitions: int) -> FakeNumbers:
        assert (start, step, partitions) == (0, 1, end)
        return FakeNumbers(end)


def test_results_come_in_the_order_of_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_tasks, "_session", FakeSession)
    assert run_spark_tasks(str.upper, ["b", "a", "c"]) == ["B", "A", "C"]


def test_no_tasks_need_no_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_tasks, "_session", None)
    assert run_spark_tasks(str.upper, []) == []


def test_without_spark_a_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(RefusedError) as refused:
        run_spark_tasks(str.upper, ["a"])
    assert refused.value.refusals[0].code == "rule.spark_not_installed"


@pytest.mark.parametrize("is_active", [True, False])
def test_the_active_session_is_used_else_one_as_spark_is_set_up(
    monkeypatch: pytest.MonkeyPatch,
    is_active: bool,  # noqa: FBT001
) -> None:
    active, made = object(), object()
    builder = SimpleNamespace(getOrCreate=lambda: made)
    builder.appName = builder.config = lambda *_: builder
    session = SimpleNamespace(getActiveSession=lambda: active if is_active else None, builder=builder)
    for name in ("pyspark", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys.modules["pyspark.sql"], "SparkSession", session, raising=False)
    assert spark_tasks._session() is (active if is_active else made)  # noqa: SLF001
