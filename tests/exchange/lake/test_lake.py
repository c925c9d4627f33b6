"""数据湖: what the lake promises, tried on real folders, threads and processes."""

import multiprocessing
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sanyi.exchange.lake import codes
from sanyi.exchange.lake.services import Lake
from sanyi.kernel.refusals import RefusedError


@dataclass(frozen=True)
class Stays:
    name: str = "stay"
    natural_key: tuple[str, ...] = ("institution_code", "stay_id")


def stays(*rows: tuple[str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"institution_code": pl.String, "stay_id": pl.String, "cost": pl.Int64}, orient="row"
    )


def values(frame: pl.LazyFrame) -> set[tuple[str, str, int]]:
    return set(frame.select("institution_code", "stay_id", "cost").collect().rows())


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_it_appends_a_batch_as_one_version(lake: Lake) -> None:
    assert lake.append("stay", stays(("H1", "1", 10), ("H1", "2", 20)), batch_number=1, digest="a") == 0
    assert lake.append("stay", stays(("H1", "3", 30)), batch_number=2, digest="b") == 1
    assert values(lake.scan("stay")) == {("H1", "1", 10), ("H1", "2", 20), ("H1", "3", 30)}
    assert set(lake.scan("stay").collect()["_batch_number"]) == {1, 2}


def test_it_does_not_write_a_batch_twice(lake: Lake) -> None:
    first = lake.append("stay", stays(("H1", "1", 10)), batch_number=1, digest="a")
    lake.append("stay", stays(("H1", "2", 10)), batch_number=2, digest="b")
    assert lake.append("stay", stays(("H1", "1", 10)), batch_number=1, digest="a") == first
    assert lake.version("stay") == 1
    assert lake.scan("stay").collect().height == 2


def test_it_refuses_other_content_under_a_known_batch_number(lake: Lake) -> None:
    lake.append("stay", stays(("H1", "1", 10)), batch_number=1, digest="a")
    with pytest.raises(RefusedError) as caught:
        lake.append("stay", stays(("H1", "1", 11)), batch_number=1, digest="other")
    assert caught.value.refusals[0].code == "exchange.lake.batch_digest_changed"
    assert values(lake.scan("stay")) == {("H1", "1", 10)}


def test_a_correction_supersedes_and_both_stay_readable(lake: Lake) -> None:
    lake.append("stay", stays(("H1", "1", 10), ("H1", "2", 20)), batch_number=1, digest="a")
    lake.append("stay", stays(("H1", "2", 25)), batch_number=2, digest="b")
    assert values(lake.current(Stays())) == {("H1", "1", 10), ("H1", "2", 25)}
    assert values(lake.scan("stay")) == {("H1", "1", 10), ("H1", "2", 20), ("H1", "2", 25)}
    assert values(lake.current(Stays(), version=0)) == {("H1", "1", 10), ("H1", "2", 20)}


def test_an_older_batch_accepted_late_does_not_bring_old_values_back(lake: Lake) -> None:
    lake.append("stay", stays(("H1", "1", 99)), batch_number=7, digest="new")
    lake.append("stay", stays(("H1", "1", 10)), batch_number=5, digest="old")
    assert values(lake.current(Stays())) == {("H1", "1", 99)}


def test_the_natural_key_keeps_institutions_apart(lake: Lake) -> None:
    lake.append("stay", stays(("H1", "1", 10)), batch_number=1, digest="a")
    lake.append("stay", stays(("H2", "1", 50)), batch_number=2, digest="b")
    assert values(lake.current(Stays())) == {("H1", "1", 10), ("H2", "1", 50)}


def test_it_reads_as_of_an_instant(lake: Lake) -> None:
    lake.append("stay", stays(("H1", "1", 10)), batch_number=1, digest="a")
    first = lake.history("stay")[0].at
    while datetime.now(UTC) < first + timedelta(milliseconds=20):
        pass
    lake.append("stay", stays(("H1", "2", 20)), batch_number=2, digest="b")
    assert values(lake.scan("stay", as_of=first)) == {("H1", "1", 10)}
    assert lake.scan("stay", as_of=datetime.now(UTC) + timedelta(hours=1)).collect().height == 2
    with pytest.raises(RefusedError) as caught:
        lake.scan("stay", as_of=first - timedelta(seconds=1))
    assert caught.value.refusals[0].code == "exchange.lake.before_first_version"


def test_as_of_without_a_time_zone_is_a_fault(lake: Lake) -> None:
    lake.append("stay", stays(("H1", "1", 10)), batch_number=1, digest="a")
    with pytest.raises(ValueError, match="time zone"):
        lake.scan("stay", as_of=datetime(2025, 1, 1))


@pytest.mark.parametrize("version", [-1, 1, 99])
def test_it_refuses_a_version_that_does_not_exist(lake: Lake, version: int) -> None:
    lake.append("stay", stays(("H1", "1", 10)), batch_number=1, digest="a")
    with pytest.raises(RefusedError) as caught:
        lake.scan("stay", version=version)
    assert caught.value.refusals[0].code == "exchange.lake.version_absent"


def test_it_refuses_to_read_a_table_that_does_not_exist(lake: Lake) -> None:
    assert not lake.exists("stay")
    assert lake.version("stay") is None
    with pytest.raises(RefusedError) as caught:
        lake.scan("stay")
    assert caught.value.refusals[0].code == "exchange.lake.table_absent"


@pytest.mark.parametrize("name", ["", "../stay", "Stay", "1stay", "stay/other", "病案"])
def test_it_refuses_a_bad_table_name(lake: Lake, name: str) -> None:
    with pytest.raises(RefusedError) as caught:
        lake.append(name, stays(("H1", "1", 10)), batch_number=1, digest="a")
    assert caught.value.refusals[0].code == "exchange.lake.table_name_wrong"


def test_columns_may_come_and_go_but_keep_their_type(lake: Lake) -> None:
    lake.append("stay", stays(("H1", "1", 10)), batch_number=1, digest="a")
    wider = stays(("H1", "2", 20)).with_columns(ward=pl.lit("内科"))
    lake.append("stay", wider, batch_number=2, digest="b")
    lake.append("stay", stays(("H1", "3", 30)), batch_number=3, digest="c")
    wards = lake.scan("stay").select("stay_id", "ward").collect().sort("stay_id")
    assert wards["ward"].to_list() == [None, "内科", None]
    with pytest.raises(RefusedError) as caught:
        lake.append("stay", stays(("H1", "4", 1)).with_columns(cost=pl.lit("x")), batch_number=4, digest="d")
    assert caught.value.refusals[0].code == "exchange.lake.column_type_changed"


def test_compaction_keeps_old_versions_and_the_digest(lake: Lake) -> None:
    for number in range(6):
        lake.append("stay", stays(("H1", str(number), number)), batch_number=number, digest=str(number))
    before, digest = values(lake.scan("stay")), lake.digest("stay")
    version = lake.compact("stay")
    assert version > 5
    assert values(lake.scan("stay")) == before
    assert values(lake.scan("stay", version=2)) == {("H1", "0", 0), ("H1", "1", 1), ("H1", "2", 2)}
    assert lake.digest("stay") == digest
    lake.append("stay", stays(("H1", "9", 9)), batch_number=9, digest="9")
    assert lake.scan("stay").collect().height == 7


def test_the_digest_depends_on_the_batches_alone(tmp_path: Path) -> None:
    one, other = Lake(tmp_path / "one"), Lake(tmp_path / "other")
    for lake, order in ((one, (1, 2, 3)), (other, (3, 1, 2))):
        for number in order:
            lake.append("stay", stays(("H1", str(number), number)), batch_number=number, digest=f"d{number}")
    assert one.digest("stay") == other.digest("stay")
    assert one.digest("stay", version=1) != one.digest("stay")


def test_the_history_names_the_batches(lake: Lake) -> None:
    lake.append("stay", stays(("H1", "1", 10)), batch_number=41, digest="a", metadata={"organisation": "H1"})
    (commit,) = lake.history("stay")
    assert (commit.version, commit.batch_number, commit.digest, commit.row_count) == (0, 41, "a", 1)
    assert commit.metadata["organisation"] == "H1"


def test_it_writes_frames_that_come_one_after_another(lake: Lake) -> None:
    class Parts:
        def __iter__(self) -> Iterator[pl.DataFrame]:
            return (stays(*((f"H{part}", str(row), row) for row in range(50))) for part in range(4))

    lake.append("stay", Parts(), batch_number=1, digest="a")
    assert lake.version("stay") == 0
    assert lake.scan("stay").collect().height == 200


def _typed(part: int) -> pl.DataFrame:
    at = datetime(2025, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
    return stays(*((f"H{part}", str(row), row) for row in range(30))).with_columns(
        on=pl.lit(at.date()),
        at=pl.lit(at).cast(pl.Datetime("us", "UTC")),
        here=pl.lit(at.replace(tzinfo=None)).cast(pl.Datetime("us")),
        yes=pl.Series([None, True, False] * 10),
        none=pl.lit(None, dtype=pl.Int32),
        text=pl.lit("芮城县，“一”\n|"),
        share=pl.lit(0.1 + part),
    )


def test_a_stream_is_one_commit_with_its_count_types_and_rows(lake: Lake) -> None:
    """The first one makes the table, the others enter it beside frames that came whole."""
    for number in range(12):
        parts = [_typed(part + 10 * number) for part in range(3)]
        data = pl.concat(parts) if number == 5 else parts
        assert lake.append("stay", data, batch_number=number, digest=str(number), metadata={"kind": "x"}) == number
    again = lake.append("stay", [_typed(0)], batch_number=11, digest="11")
    commits = lake.history("stay")
    assert again == 11
    assert [(commit.batch_number, commit.digest, commit.row_count) for commit in commits] == [
        (number, str(number), 90) for number in range(12)
    ]
    assert {commit.metadata["kind"] for commit in commits} == {"x"}
    expected = pl.concat([_typed(part + 10 * number) for number in range(12) for part in range(3)])
    found = lake.scan("stay").collect()
    assert_frame_equal(found.drop("_batch_number"), expected, check_row_order=False)
    assert lake.scan("stay").filter(pl.col("_batch_number") == 7).collect().height == 90
    assert lake.scan("stay").filter(pl.col("institution_code") == "H51").collect().height == 30
    assert lake.scan("stay", version=3).select(pl.len()).collect().item() == 360
    assert list(Path(lake.root, "stay", "_delta_log").glob("*.checkpoint.parquet"))
    assert len([path for path in Path(lake.root, "stay").glob("part-*") if ".zstd." not in path.name]) == 11
    lake.compact("stay")
    assert_frame_equal(lake.scan("stay").collect().drop("_batch_number"), expected, check_row_order=False)


def test_a_stream_may_bring_columns_and_leave_some_out(lake: Lake) -> None:
    lake.append("stay", [stays(("H1", "1", 10))], batch_number=1, digest="a")
    lake.append("stay", [stays(("H1", "2", 20)).with_columns(ward=pl.lit("内科"))] * 2, batch_number=2, digest="b")
    lake.append("stay", [stays(("H1", "3", 30))], batch_number=3, digest="c")
    wards = lake.scan("stay").select("stay_id", "ward").collect().sort("stay_id")
    assert wards["ward"].to_list() == [None, "内科", "内科", None]


def test_a_stream_that_breaks_off_leaves_nothing_and_says_why(lake: Lake) -> None:
    def broken() -> Iterator[pl.DataFrame]:
        yield stays(("H1", "1", 10))
        raise RefusedError(codes.TABLE_ABSENT(table="stay"))

    with pytest.raises(RefusedError):
        lake.append("stay", broken(), batch_number=1, digest="a")
    assert not lake.exists("stay")
    assert lake.append("stay", [stays(("H1", "1", 10))], batch_number=1, digest="a") == 0
    with pytest.raises(RefusedError):
        lake.append("stay", broken(), batch_number=2, digest="b")
    assert values(lake.scan("stay")) == {("H1", "1", 10)}


def test_streams_race_for_the_first_commit_and_for_one_batch(tmp_path: Path) -> None:
    for attempt in range(6):
        lake = Lake(tmp_path / str(attempt))
        start = threading.Barrier(4)

        def write(own: int, lake: Lake = lake, start: threading.Barrier = start) -> None:
            start.wait()
            lake.append("stay", [stays(("H1", str(own), own))], batch_number=own, digest=str(own))
            start.wait()
            lake.append("stay", [stays(("H0", "0", 0))] * 2, batch_number=9, digest="shared")

        threads = [threading.Thread(target=write, args=(number,)) for number in (1, 1, 2, 3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = sorted(lake.scan("stay").select("_batch_number").collect()["_batch_number"])
        assert found == [1, 2, 3, 9, 9]
        assert lake.version("stay") == 3


def test_another_handle_sees_what_was_written(lake: Lake) -> None:
    lake.append("stay", stays(("H1", "1", 10)), batch_number=1, digest="a")
    assert values(Lake(f"file://{Path(lake.root).absolute()}").scan("stay")) == {("H1", "1", 10)}


def test_threads_that_write_different_and_equal_batches_all_succeed(lake: Lake) -> None:
    versions: list[int] = []
    faults: list[BaseException] = []

    def write(own: int) -> None:
        try:
            lake.append("stay", stays((f"H{own}", "1", own)), batch_number=own, digest=str(own))
            versions.append(lake.append("stay", stays(("H0", "0", 0)), batch_number=1000, digest="shared"))
        except BaseException as fault:  # noqa: BLE001 - reported below
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(set(versions)) == 1
    assert lake.scan("stay").collect().height == 9


@pytest.mark.parametrize("numbers", [(1, 1, 1, 1), (1, 1, 2, 3)])
def test_a_race_for_the_first_commit_writes_every_batch_once(tmp_path: Path, numbers: tuple[int, ...]) -> None:
    """Where no table exists yet, all of them create it; the losers must look again and not add their rows on top."""
    for attempt in range(12):
        lake = Lake(tmp_path / str(attempt))
        start = threading.Barrier(len(numbers))

        def write(own: int, lake: Lake = lake, start: threading.Barrier = start) -> None:
            start.wait()
            lake.append("stay", stays(("H1", str(own), own)), batch_number=own, digest=str(own))

        threads = [threading.Thread(target=write, args=(number,)) for number in numbers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = sorted(lake.scan("stay").select("_batch_number").collect()["_batch_number"])
        assert found == sorted(set(numbers))
        assert lake.version("stay") == len(found) - 1


def _write_in_a_process(root: str, own: int) -> None:
    lake = Lake(root)
    for number in range(3):
        lake.append("stay", stays((f"H{own}", str(number), 1)), batch_number=own * 10 + number, digest="x")
        lake.append("stay", stays(("H0", str(number), 1)), batch_number=900 + number, digest="shared")


def test_processes_that_write_at_once_all_succeed(lake: Lake) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write_in_a_process, args=(lake.root, own)) for own in (1, 2, 3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    rows = lake.scan("stay").collect()
    assert rows.height == 12
    assert rows.unique(["institution_code", "stay_id"]).height == 12


keys = st.tuples(st.sampled_from(["H1", "H2"]), st.sampled_from(list("123")))
batches = st.lists(st.dictionaries(keys, st.integers(0, 9)), max_size=5)
Batch = dict[tuple[str, str], int]


@given(batches)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_current_equals_a_dictionary_overwritten_in_order(
    tmp_path: Path, batches: list[dict[tuple[str, str], int]]
) -> None:
    """The slow, obvious judge: a dictionary."""
    lake = Lake(tmp_path / uuid4().hex)
    expected: Batch = {}
    written = 0
    for number, batch in enumerate(batches):
        if batch:
            frame = stays(*((key[0], key[1], cost) for key, cost in batch.items()))
            lake.append("stay", frame, batch_number=number, digest=str(number))
            written += frame.height
        expected |= batch
    if not written:
        assert not lake.exists("stay")
        return
    assert values(lake.current(Stays())) == {(*key, cost) for key, cost in expected.items()}
    assert lake.scan("stay").collect().height == written


def test_values_come_back_as_they_went_in(lake: Lake) -> None:
    frame = pl.DataFrame(
        {
            "institution_code": ["H1"],
            "stay_id": ["1"],
            "on": [datetime(2025, 3, 4).date()],
            "at": [datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)],
            "yes": [True],
            "none": pl.Series([None], dtype=pl.Int32),
            "text": ["芮城县，“一”\n|"],
        },
        schema_overrides={"at": pl.Datetime("us", "UTC")},
    )
    lake.append("stay", frame, batch_number=3, digest="x")
    assert_frame_equal(lake.scan("stay").collect().drop("_batch_number"), frame)
