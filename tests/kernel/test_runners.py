"""Runners: the same rule on one record and on a table; what does not run says so."""

import builtins
import sys
from types import ModuleType
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from sanyi.kernel.record_rule import record_rule
from sanyi.kernel.refusals import RefusedError
from sanyi.kernel.runners import run_record, run_spark, run_spark_groups, run_table, spark
from sanyi.kernel.table_rule import table_rule
from tests.kernel.sample_rules import (
    BASIS,
    BENEFIT,
    BENEFIT_PARAMS,
    MEMBER,
    PAYMENT_PARAMS,
    REFERRAL,
    SHARE,
    Claim,
    payment,
    share,
)
from tests.kernel.test_decision_table import DAY
from tests.kernel.test_rulebook import FRAME, ROW


def test_a_rulebook_on_a_record_and_on_a_table() -> None:
    table = run_table(BENEFIT, FRAME, BENEFIT_PARAMS)
    assert run_record(BENEFIT, ROW, BENEFIT_PARAMS) == table.select(BENEFIT.step_names).row(0, named=True)


def test_a_record_rule_on_a_record_and_on_a_table() -> None:
    frame = FRAME.with_columns(diagnosis_codes=pl.Series([["I10", "E11"], []]))
    table = run_table(payment, frame, PAYMENT_PARAMS)
    assert table.columns == [*frame.columns, *payment.outputs]
    single = [run_record(payment, row, PAYMENT_PARAMS) for row in frame.iter_rows(named=True)]
    assert [row | {"codes": tuple(row["codes"])} for row in table.select(*payment.outputs).rows(named=True)] == single


def test_a_record_rule_on_no_rows() -> None:
    table = run_table(payment, FRAME.clear(), PAYMENT_PARAMS)
    assert table.height == 0
    assert table.schema["codes"] == pl.List(pl.String())


def test_a_record_rule_on_a_bad_table_names_every_row() -> None:
    with pytest.raises(RefusedError) as refused:
        run_table(
            payment, pl.concat([FRAME, FRAME]).with_columns(total_fen=pl.Series([1, None, 1, None])), PAYMENT_PARAMS
        )
    found = [(refusal.place.row, refusal.place.column) for refusal in refused.value.refusals]
    assert found == [(2, "total_fen"), (2, "diagnosis_codes"), (4, "total_fen"), (4, "diagnosis_codes")]
    with pytest.raises(RefusedError):
        run_table(payment, FRAME.drop("total_fen"), PAYMENT_PARAMS)


def test_a_decision_table_on_a_record_and_on_a_table() -> None:
    facts = {"age_years": 90, "is_emergency": False, "seen_on": DAY, "other": 1}
    frame = pl.DataFrame([facts | {"grade_code": "mild"}])
    assert run_record(REFERRAL, facts)["limit_hours"] == 24
    assert run_table(REFERRAL, frame)["limit_hours"].to_list() == [24]


def test_a_table_rule_runs_on_tables_only() -> None:
    frame = pl.DataFrame([("x", "1", 1, 7)], schema=MEMBER.polars_schema(), orient="row")
    assert run_table(share, frame, {"retained_bp": 0})["share_fen"].to_list() == [7]
    with pytest.raises(RefusedError) as refused:
        run_record(share, {}, {"retained_bp": 0})
    assert refused.value.refusals[0].code == "rule.not_for_records"


def test_results_named_as_the_rule() -> None:
    @record_rule("test.tier_twice", version="1", zh="甲", basis=BASIS)
    def twice(claim: Claim) -> int:
        return claim.tier_code * 2

    frame = FRAME.with_columns(diagnosis_codes=pl.Series([["I10"], ["E11"]]))
    assert run_table(twice, frame)["tier_twice"].to_list() == [4, 6]


def test_without_spark_a_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *more: Any, **keywords: Any) -> Any:
        if name.startswith("pyspark"):
            raise ImportError("no", name="pyspark")
        return real(name, *more, **keywords)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(RefusedError) as refused:
        run_spark(BENEFIT, None, BENEFIT_PARAMS)
    assert refused.value.refusals[0].code == "rule.spark_not_installed"
    assert 'pip install "sanyi[spark]"' in refused.value.refusals[0].remedy()


class FakeTypes:
    """Stands for pyspark's type conversion: Spark's types are Arrow's here. The conformance test uses the real one."""

    @staticmethod
    def to_arrow_schema(schema: pa.Schema) -> pa.Schema:
        return schema

    @staticmethod
    def from_arrow_schema(schema: pa.Schema, *, prefer_timestamp_ntz: bool) -> pa.Schema:
        assert prefer_timestamp_ntz
        return schema


class FakeFrame:
    """Stands for a Spark data frame: applies at once what it is given."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.schema = frame.to_arrow().schema
        self.grouped_by: tuple[str, ...] = ()
        self.sparkSession = self  # noqa: N815

    @staticmethod
    def createDataFrame(table: pa.Table) -> "FakeFrame":  # noqa: N802
        return FakeFrame(pl.from_arrow(table))  # type: ignore[arg-type]

    def cogroup(self, other: "FakeFrame") -> "FakePair":
        return FakePair(self.frame, other.frame, self.grouped_by[0])

    def mapInArrow(self, function: Any, schema: pa.Schema) -> pl.DataFrame:  # noqa: N802
        batches = list(function(iter(self.frame.to_arrow().to_batches(max_chunksize=1))))
        return pl.from_arrow(pa.Table.from_batches(batches, schema=schema))  # type: ignore[return-value]

    def groupBy(self, *names: str) -> "FakeFrame":  # noqa: N802
        self.grouped_by = names
        return self

    def applyInArrow(self, function: Any, schema: pa.Schema) -> pl.DataFrame:  # noqa: N802
        groups = self.frame.partition_by(*self.grouped_by)
        return pl.from_arrow(pa.concat_tables([function(group.to_arrow()).cast(schema) for group in groups]))  # type: ignore[return-value]


class FakePair:
    """Stands for two co-grouped Spark data frames: every key of either."""

    def __init__(self, left: pl.DataFrame, right: pl.DataFrame, key: str) -> None:
        self.left, self.right, self.key = left, right, key

    def applyInArrow(self, function: Any, schema: pa.Schema) -> pl.DataFrame:  # noqa: N802
        keys = pl.concat([self.left[self.key], self.right[self.key]]).unique(maintain_order=True)
        pairs = [[side.filter(pl.col(self.key) == key) for side in (self.left, self.right)] for key in keys]
        return pl.from_arrow(pa.concat_tables([function(*(side.to_arrow() for side in pair)) for pair in pairs]))  # type: ignore[return-value]


def plus(more: int, rows: pl.DataFrame) -> pl.DataFrame:
    """How many rows there are and so many more."""
    return pl.DataFrame({"count": [rows.height + more]})


def test_groups_run_with_what_is_given_to_each_even_without_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "_spark_types", lambda: FakeTypes)
    frame, outputs = FakeFrame(pl.DataFrame({"place": ["b", "a", "b"]})), pl.Schema({"count": pl.Int64()})
    found = run_spark_groups(plus, frame, key="place", given={"a": 10, "b": 20, "c": 30}, outputs=outputs)
    assert found["count"].to_list() == [11, 22, 30]
    with pytest.raises(RefusedError) as refused:
        run_spark_groups(plus, frame, key="place", given={"a": 10}, outputs=outputs)
    assert refused.value.refusals[0].code == "rule.group_unknown"
    assert "“place”为“b”的2行" in refused.value.refusals[0].message()


def test_row_rules_go_batch_by_batch_and_table_rules_group_by_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "_spark_types", lambda: FakeTypes)
    assert run_spark(BENEFIT, FakeFrame(FRAME), BENEFIT_PARAMS).equals(run_table(BENEFIT, FRAME, BENEFIT_PARAMS))
    members = pl.DataFrame([("x", "1", 1, 7), ("y", "1", 1, 8)], schema=MEMBER.polars_schema(), orient="row")
    found = run_spark(share, FakeFrame(members), {"retained_bp": 0})
    assert found.sort("consortium_code").equals(run_table(share, members, {"retained_bp": 0}))


def test_spark_types_come_from_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyspark", "pyspark.sql", "pyspark.sql.pandas"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys.modules["pyspark.sql.pandas"], "types", FakeTypes, raising=False)
    assert spark._spark_types() is FakeTypes  # noqa: SLF001


def test_a_table_rule_without_a_group_key_says_that_spark_cannot() -> None:
    whole = table_rule("test.whole", version="1", zh="甲", basis=BASIS, inputs=MEMBER, outputs=SHARE)(
        lambda frame: frame.select("consortium_code", "member_code", share_fen=pl.col("pool_fen"))
    )
    with pytest.raises(RefusedError) as refused:
        run_spark(whole, None)
    assert refused.value.refusals[0].code == "rule.needs_group_key"
