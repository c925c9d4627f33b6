"""One meaning on a table and in Spark with two executors: rules of every shape, and grouping, byte for byte."""

import filecmp
import random
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from sanyi.insurance.grouping.files import group_file
from sanyi.insurance.grouping.files.spark import group_file_on_spark
from sanyi.insurance.grouping.grouper import grouping
from sanyi.kernel.runners import run_spark, run_spark_tasks, run_table
from sanyi.kernel.tables import Column, ColumnType, TableContract
from sanyi.web.command_line import application
from tests.kernel.sample_rules import (
    BENEFIT,
    BENEFIT_PARAMS,
    CLAIM,
    MEMBER,
    PAYMENT_PARAMS,
    REFERRAL,
    payment,
    points_e2,
    share,
)

pytestmark = pytest.mark.spark
ORACLE = Path(__file__).parents[1] / "insurance" / "grouping" / "oracle" / "yantai_2023.parquet"
ROWS = 500


def claims() -> pl.DataFrame:
    chance = random.Random(20250302)
    rows = []
    for number in range(ROWS):
        admitted_on = date(2023, 1, 1) + timedelta(chance.randrange(1000))
        rows.append(
            {
                "claim_id": f"C{number:05}",
                "tier_code": chance.choice([1, 2, 3]),
                "total_fen": chance.choice([chance.randrange(-300, 300), chance.randrange(-(10**11), 10**11)]),
                "own_fen": chance.choice([None, chance.randrange(10**6)]),
                "admitted_on": admitted_on,
                "discharged_on": admitted_on + timedelta(chance.randrange(40)),
                "diagnosis_codes": chance.sample(["I10", "E11.9", "J18.9", "O80"], chance.randrange(5)),
            }
        )
    return pl.DataFrame(rows, schema=CLAIM.polars_schema())


def facts() -> pl.DataFrame:
    chance = random.Random(20250303)
    rows = [
        {
            "age_years": chance.randrange(151),
            "is_emergency": chance.random() < 0.2,
            "grade_code": chance.choice(["mild", "middle", "severe", None]),
            "seen_on": date(2024, 1, 1) + timedelta(chance.randrange(1000)),
        }
        for _ in range(ROWS)
    ]
    return pl.DataFrame(rows, schema=REFERRAL.contract.polars_schema())


def members() -> pl.DataFrame:
    chance = random.Random(20250304)
    rows = [(f"G{n % 7}", f"M{n:03}", chance.randrange(1, 1000), 10**9 + n % 7) for n in range(100)]
    chance.shuffle(rows)
    return pl.DataFrame(rows, schema=MEMBER.polars_schema(), orient="row")


def to_spark(spark: Any, frame: pl.DataFrame) -> Any:
    return spark.createDataFrame(frame.to_arrow()).repartition(2)


def from_spark(frame: Any) -> pl.DataFrame:
    found = pl.from_arrow(frame.toArrow())
    assert isinstance(found, pl.DataFrame)
    return found


CASES: dict[str, tuple[Any, dict[str, Any], Any, list[str]]] = {
    "rulebook": (BENEFIT, BENEFIT_PARAMS, claims, ["claim_id"]),
    "record rule": (payment, PAYMENT_PARAMS, claims, ["claim_id"]),
    "record rule with one value": (points_e2, {}, claims, ["claim_id"]),
    "decision table": (REFERRAL, {}, facts, ["age_years", "is_emergency", "grade_code", "seen_on"]),
    "table rule": (share, {"retained_bp": 777}, members, ["consortium_code", "member_code"]),
}


@pytest.mark.parametrize("name", CASES)
def test_table_equals_spark(spark: Any, name: str) -> None:
    rule, params, rows, key = CASES[name]
    expected = run_table(rule, rows(), params).sort(key)
    found = from_spark(run_spark(rule, to_spark(spark, rows()), params)).sort(key)
    assert found.schema == expected.schema
    assert found.equals(expected)


def test_instants_keep_their_china_time_through_spark(spark: Any) -> None:
    columns = (Column("seen_at", "时刻", "seen", ColumnType.INSTANT),)
    contract = TableContract("seen", "就诊", "Seen", "1", columns, ())
    frame = pl.DataFrame({"seen_at": [datetime(2025, 1, 1, 0, 30), datetime(1988, 7, 1, 12), None]})
    there = spark.createDataFrame(frame.to_arrow())
    assert dict(there.dtypes)["seen_at"] == "timestamp_ntz"
    assert contract.conform(from_spark(there)).equals(frame)


def test_a_refusal_inside_spark_ends_the_job_with_its_sentence(spark: Any) -> None:
    bad = claims().with_columns(tier_code=pl.lit(9, dtype=pl.Int64))
    with pytest.raises(Exception, match="不在允许的取值之内"):
        run_spark(BENEFIT, to_spark(spark, bad), BENEFIT_PARAMS).count()


def test_tasks_give_the_same_results_in_spark_as_here(spark: Any) -> None:
    tasks = [f"task {number}" for number in range(7)]
    assert run_spark_tasks(str.upper, tasks) == [task.upper() for task in tasks]


def executors_of(spark: Any) -> int:
    """How many have joined; the second may come a moment later than the first."""
    context, deadline = spark.sparkContext._jsc.sc(), time.monotonic() + 90
    while (joined := context.getExecutorMemoryStatus().size() - 1) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)  # the driver is counted, too
    return int(joined)


def test_two_executor_processes_group_to_the_same_bytes(spark: Any, tmp_path: Path) -> None:
    assert executors_of(spark) == 2
    pl.read_parquet(ORACLE).write_parquet(tmp_path / "stays.parquet", row_group_size=700)
    chosen = grouping("yantai_2023", "clean", with_trace=True)
    there = group_file_on_spark(tmp_path / "stays.parquet", tmp_path / "there.parquet", chosen)
    here = group_file(tmp_path / "stays.parquet", tmp_path / "here.parquet", chosen)
    assert there.stay_count == here.stay_count
    assert there.status_counts == here.status_counts
    assert filecmp.cmp(tmp_path / "here.parquet", tmp_path / "there.parquet", shallow=False)


def test_the_command_takes_a_folder_and_leaves_the_parts(spark: Any, tmp_path: Path) -> None:
    frame = pl.read_parquet(ORACLE)
    (tmp_path / "year").mkdir()
    for month in range(2):
        frame.slice(month * 1000, 1000).write_parquet(tmp_path / "year" / f"{month:02d}.parquet")
    words = ["group", str(tmp_path / "year"), "--scheme", "yantai_2023", "--engine", "spark"]
    done = CliRunner().invoke(application, [*words, "--out", str(tmp_path / "grouped")])
    assert done.exit_code == 0, done.output
    assert "已分组 2000 例" in done.output
    parts = sorted((tmp_path / "grouped").glob("*.parquet"))
    assert pl.concat([pl.read_parquet(part) for part in parts]).equals(frame)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grouped", "year"]
