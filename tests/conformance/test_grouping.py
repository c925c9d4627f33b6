"""One meaning everywhere: a record, a table, compiled code, plain Python and Spark give the same groups and traces."""

import filecmp
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanyi.insurance.grouping import group_frame, group_record, group_table, schemes
from sanyi.insurance.grouping.codes import Status
from sanyi.insurance.grouping.engine import native
from sanyi.insurance.grouping.files import group_file
from sanyi.insurance.grouping.grouper import grouping
from tests.insurance.grouping.random_stays import COLUMNS, RandomStays

ORACLE = Path(__file__).parents[1] / "insurance" / "grouping" / "oracle" / "yantai_2023.parquet"
SCHEMES = schemes()["scheme"].to_list()
ANSWER = ["status", "mdc", "adrg", "drg"]

TEXTS = (
    st.none()
    | st.text(alphabet="AGK0189.x+*|, \ufeff霍\0", max_size=40)
    | st.sampled_from(["", ",", "|", ",|,", "A00.000|"])
)
NUMBERS = st.none() | st.integers(-5, 130) | st.sampled_from([0, 28, 29, 1499, 1500, 2**31 - 1, -(2**31)])
GARBAGE = st.fixed_dictionaries({
    "sex": st.sampled_from([None, 0, 1, 2, 9]), "age": st.none() | st.integers(-5, 130), "age_days": NUMBERS,
    "weight": NUMBERS, "los": NUMBERS, "icu_hours": NUMBERS, "dept": TEXTS, "leaving": TEXTS, "dx": TEXTS, "px": TEXTS,
})  # fmt: skip


def plainly(monkeypatch: pytest.MonkeyPatch, frame: pl.DataFrame, *words: Any, **choice: Any) -> pl.DataFrame:
    with monkeypatch.context() as context:
        context.setenv("SANYI_NO_NUMBA", "1")
        return group_frame(frame, *words, **choice)


def compiled(frame: pl.DataFrame, *words: Any, **choice: Any) -> pl.DataFrame:
    native.load("kernel")
    native.load("code_splitter")
    assert native.module("kernel") is not None
    return group_frame(frame, *words, **choice)


def check_all_ways(frame: pl.DataFrame, scheme: str, mode: str, is_translated: bool) -> pl.DataFrame:
    table = compiled(frame, scheme, mode, is_translated, with_trace=True)
    assert table.select(frame.columns).equals(frame)
    with pytest.MonkeyPatch.context() as patch:
        assert plainly(patch, frame, scheme, mode, is_translated, with_trace=True).equals(table)
    arrow = group_table(frame.to_arrow(), scheme, mode, is_translated, with_trace=True)
    assert pl.from_arrow(arrow).equals(table)
    for row in table.to_dicts():
        one = group_record({name: row[name] for name in frame.columns}, scheme, mode, is_translated)
        assert (one.status, one.mdc, one.adrg, one.drg) == tuple(row[name] for name in ANSWER)
        assert one.trace.as_row() == {name: value for name, value in row.items() if name.startswith("trace_")}
        assert "|".join(one.repairs) == row.get("repairs", "")
    return table


@settings(max_examples=30)
@given(
    scheme=st.sampled_from(SCHEMES),
    mode=st.sampled_from(["strict", "clean"]),
    is_translated=st.booleans(),
    seed=st.integers(0, 10**6),
    garbage=st.lists(GARBAGE, max_size=4),
)
def test_every_way_gives_the_same(
    scheme: str, mode: str, is_translated: bool, seed: int, garbage: list[dict[str, Any]]
) -> None:
    stays = RandomStays(scheme, seed).frame(8, is_translated)
    frame = pl.concat([stays, pl.DataFrame([{"case_id": 0, **row} for row in garbage], schema=COLUMNS)])
    check_all_ways(frame, scheme, mode, is_translated)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_gives_the_same_in_every_way(scheme: str) -> None:
    check_all_ways(RandomStays(scheme, 41).frame(40), scheme, "strict", is_translated=False)


@settings(max_examples=25)
@given(scheme=st.sampled_from(SCHEMES), rows=st.lists(GARBAGE, min_size=1, max_size=30), is_translated=st.booleans())
def test_no_input_crashes_and_every_stay_has_a_status(
    scheme: str, rows: list[dict[str, Any]], is_translated: bool
) -> None:
    frame = pl.DataFrame([{"case_id": 0, **row} for row in rows], schema=COLUMNS)
    found = compiled(frame, scheme, "clean", is_translated, with_trace=True)
    assert found.height == len(rows)
    assert set(found["status"]) <= {str(status) for status in Status}
    assert found.select(ANSWER).null_count().sum_horizontal().item() == 0


@given(st.lists(GARBAGE, min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_stays_do_not_touch_each_other(rows: list[dict[str, Any]], random: Any) -> None:
    frame = pl.DataFrame([{"case_id": number, **row} for number, row in enumerate(rows)], schema=COLUMNS)
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = compiled(frame[order], "zhejiang_2022", with_trace=True)
    assert shuffled.sort("case_id").equals(compiled(frame, "zhejiang_2022", with_trace=True))


ON_A_CLUSTER = """
import json, sys
from pathlib import Path
from pyspark.sql import SparkSession
from typer.testing import CliRunner
from sanyi.insurance.grouping.files.spark import group_file_on_spark
from sanyi.insurance.grouping.grouper import grouping
from sanyi.web.command_line import application
folder = Path(sys.argv[1])
spark = (SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", "false")
         .config("spark.driver.host", "127.0.0.1").config("spark.executorEnv.PYTHONPATH", sys.argv[2]).getOrCreate())
summary = group_file_on_spark(folder / "stays.parquet", folder / "there.parquet",
                              grouping("yantai_2023", "clean", with_trace=True))
done = CliRunner().invoke(application, ["group", str(folder / "year"), "--scheme", "yantai_2023", "--engine", "spark",
                                        "--out", str(folder / "grouped")])
assert done.exit_code == 0, done.output
said = done.output
members = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size()
spark.stop()
print(json.dumps({"members": members, "stays": summary.stay_count, "statuses": summary.status_counts, "said": said}))
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """What two executor processes made of one file and of a folder with two; one Spark for the whole module."""
    if importlib.util.find_spec("pyspark") is None:
        message = 'PySpark is not installed (pip install "sanyi[spark]"); table = Spark was not compared'
        if os.environ.get("SANYI_REQUIRE_ALL"):
            pytest.fail(message)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("cluster")
    frame = pl.read_parquet(ORACLE)
    frame.write_parquet(folder / "stays.parquet", row_group_size=700)
    (folder / "year").mkdir()
    for month in range(2):
        frame.slice(month * 1000, 1000).write_parquet(folder / "year" / f"{month:02d}.parquet")
    path = os.pathsep.join(entry for entry in sys.path if entry)
    environment = {
        **os.environ,
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": path,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # these programs live for seconds
    }
    done = subprocess.run(
        [sys.executable, "-c", ON_A_CLUSTER, str(folder), path], check=False, env=environment, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()[:4000]
    return folder, json.loads(done.stdout.decode().splitlines()[-1])


@pytest.mark.spark
def test_two_executor_processes_write_the_same_bytes(cluster: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    folder, told = cluster
    assert told["members"] == 3  # two executors and the driver
    here = group_file(
        folder / "stays.parquet", tmp_path / "here.parquet", grouping("yantai_2023", "clean", with_trace=True)
    )
    assert told["stays"] == here.stay_count
    assert told["statuses"] == here.status_counts
    assert filecmp.cmp(tmp_path / "here.parquet", folder / "there.parquet", shallow=False)


@pytest.mark.spark
def test_spark_takes_a_folder_and_leaves_the_parts(cluster: tuple[Path, dict[str, Any]]) -> None:
    folder, told = cluster
    parts = sorted((folder / "grouped").glob("*.parquet"))
    assert pl.concat([pl.read_parquet(part) for part in parts]).equals(pl.read_parquet(ORACLE))
    assert "已分组 2000 例" in told["said"]
    assert sorted(path.name for path in folder.iterdir()) == ["grouped", "stays.parquet", "there.parquet", "year"]
