"""Columns that are only kept are copied as they are stored: the file is the one that writing them anew would give."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanyi.insurance.grouping.files import footer, group_file, reading, running, spark, splicing
from sanyi.insurance.grouping.grouper import grouping
from sanyi.kernel.refusals import RefusedError

ORACLE = Path(__file__).parent / "oracle" / "yantai_2023.parquet"
ANSWER = ["status", "mdc", "adrg", "drg"]
CHOSEN = grouping("yantai_2023")
STAYS = pl.read_parquet(ORACLE).head(600)


def rich() -> pl.DataFrame:
    """Stays with columns of every kind that a county's file may hold besides."""
    return STAYS.drop(ANSWER).with_columns(
        ward=pl.lit("五病区").cast(pl.Categorical),
        seen=pl.lit("2025-03-01 08:00").str.to_datetime("%Y-%m-%d %H:%M", time_zone="Asia/Shanghai"),
        fee=pl.col("case_id").cast(pl.Decimal(18, 2)),
        notes=pl.concat_list(pl.col("dept"), pl.col("leaving")),
        bed=pl.struct(pl.col("case_id").alias("floor"), pl.struct(pl.lit(True).alias("window")).alias("place")),
        nothing=pl.lit(None, pl.String),
    )


def by_arrow(**choices: Any) -> Callable[[Path], None]:
    return lambda path: pq.write_table(rich().to_arrow(), path, row_group_size=250, **choices)


def by_duckdb(path: Path) -> None:
    frame = rich().drop("fee", "nothing").with_columns(pl.col("ward").cast(pl.String)).to_arrow()  # noqa: F841
    duckdb.sql(f"copy (select * from frame) to '{path}' (format parquet, codec 'gzip', row_group_size 2048)")


WRITERS: dict[str, Callable[[Path], None]] = {
    "polars": lambda path: rich().write_parquet(path, row_group_size=250),
    "polars, plain": lambda path: rich().write_parquet(path, compression="uncompressed", statistics=False),
    "arrow": by_arrow(),
    "arrow, newer pages": by_arrow(data_page_version="2.0", compression="lz4", write_page_index=True),
    "arrow, no dictionaries": by_arrow(use_dictionary=False, compression="gzip", write_statistics=False),
    "arrow, no stored schema": by_arrow(store_schema=False, data_page_size=512),
    "duckdb": by_duckdb,
}


def anew(source: Path, target: Path, monkeypatch: pytest.MonkeyPatch, **choices: Any) -> None:
    """The same file with every column read and written."""
    with monkeypatch.context() as patch:
        patch.setattr(running, "copyable", lambda path: None)
        group_file(source, target, CHOSEN, **choices)


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("only_results", [False, True])
def test_a_copy_holds_what_writing_anew_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str, only_results: bool
) -> None:
    source, copied, fresh = (tmp_path / f"{name}.parquet" for name in ("stays", "copied", "anew"))
    WRITERS[writer](source)
    assert reading.copyable(source) is not None
    summary = group_file(source, copied, CHOSEN, only_results=only_results)
    anew(source, fresh, monkeypatch, only_results=only_results)
    assert pq.read_schema(copied).equals(pq.read_schema(fresh), check_metadata=True)
    assert pq.read_table(copied).equals(pq.read_table(fresh))
    assert pl.read_parquet(copied).equals(pl.read_parquet(fresh))
    columns = "* exclude (nothing)" if "nothing" in pq.read_schema(copied).names else "*"
    assert duckdb.sql(f"(from '{copied}' select {columns}) except (from '{fresh}' select {columns})").fetchall() == []
    assert summary.stay_count == pq.ParquetFile(copied).metadata.num_rows == 600
    assert pl.read_parquet(copied, columns=ANSWER).equals(STAYS.select(ANSWER))


def test_bytes_of_kept_columns_are_the_source_s(tmp_path: Path) -> None:
    WRITERS["arrow"](tmp_path / "stays.parquet")
    group_file(tmp_path / "stays.parquet", tmp_path / "out.parquet", CHOSEN)
    old, new = ((tmp_path / name).read_bytes() for name in ("stays.parquet", "out.parquet"))
    there, here = (pq.ParquetFile(tmp_path / name).metadata for name in ("stays.parquet", "out.parquet"))
    assert there.num_row_groups == here.num_row_groups == 3
    for group in range(3):
        for leaf in range(there.num_columns):
            a, b = there.row_group(group).column(leaf), here.row_group(group).column(leaf)
            assert a.path_in_schema == b.path_in_schema
            assert old[start(a) :][: a.total_compressed_size] == new[start(b) :][: b.total_compressed_size]


def start(chunk: Any) -> int:
    return int(chunk.dictionary_page_offset or chunk.data_page_offset)


def test_old_results_are_replaced_where_they_stand(tmp_path: Path) -> None:
    frame = STAYS.select("drg", *STAYS.drop("drg").columns).with_columns(drg=pl.lit("?"), mdc=pl.lit(7))
    frame.write_parquet(tmp_path / "stays.parquet")
    group_file(tmp_path / "stays.parquet", tmp_path / "out.parquet", CHOSEN)
    found = pl.read_parquet(tmp_path / "out.parquet")
    assert found.columns == frame.columns
    assert found.select(ANSWER).equals(STAYS.select(ANSWER))


@pytest.mark.parametrize("is_copied", [True, False])
def test_columns_called_as_results_of_another_run_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_copied: bool
) -> None:
    frame = STAYS.with_columns(repairs=pl.lit("无"), trace_rule=pl.lit("x"))
    frame.write_parquet(tmp_path / "stays.parquet")
    if is_copied:
        group_file(tmp_path / "stays.parquet", tmp_path / "out.parquet", CHOSEN)
    else:
        anew(tmp_path / "stays.parquet", tmp_path / "out.parquet", monkeypatch)
    assert pl.read_parquet(tmp_path / "out.parquet").equals(frame)


def test_a_row_group_of_several_pieces_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH_ROWS", 100)
    STAYS.write_parquet(tmp_path / "stays.parquet", row_group_size=350)
    chosen = grouping("yantai_2023", "clean", with_trace=True)
    group_file(tmp_path / "stays.parquet", tmp_path / "out.parquet", chosen)
    found = pq.ParquetFile(tmp_path / "out.parquet").metadata
    assert [found.row_group(number).num_rows for number in range(found.num_row_groups)] == [350, 250]
    monkeypatch.setattr(reading, "BATCH_ROWS", 1000)
    group_file(tmp_path / "stays.parquet", tmp_path / "whole.parquet", chosen)
    assert pl.read_parquet(tmp_path / "whole.parquet").equals(pl.read_parquet(tmp_path / "out.parquet"))


def test_empty_row_groups_are_left_out(tmp_path: Path) -> None:
    table = STAYS.drop(ANSWER).to_arrow()
    with pq.ParquetWriter(tmp_path / "stays.parquet", table.schema) as writer:
        for part in (table.slice(0, 0), table.slice(0, 300), table.slice(0, 0), table.slice(300)):
            writer.write_table(part)
    group_file(tmp_path / "stays.parquet", tmp_path / "out.parquet", CHOSEN)
    assert pl.read_parquet(tmp_path / "out.parquet").select(ANSWER).equals(STAYS.select(ANSWER))


def test_a_damaged_column_is_refused_though_it_is_only_kept(tmp_path: Path) -> None:
    path = tmp_path / "stays.parquet"
    STAYS.with_columns(remark=pl.col("case_id").cast(pl.String) + "号病历").write_parquet(path)
    chunk = next(
        chunk
        for place in range(99)
        if (chunk := pq.ParquetFile(path).metadata.row_group(0).column(place)).path_in_schema == "remark"
    )
    content = bytearray(path.read_bytes())
    content[start(chunk) : start(chunk) + chunk.total_compressed_size] = bytes(chunk.total_compressed_size)
    path.write_bytes(content)
    with pytest.raises(RefusedError, match="不是可以读取的 Parquet 文件"):
        group_file(path, tmp_path / "out.parquet", CHOSEN)
    assert [left.name for left in tmp_path.iterdir()] == ["stays.parquet"]


@pytest.mark.parametrize("only_results", [False, True])
def test_parts_of_many_tasks_join_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only_results: bool
) -> None:
    monkeypatch.setattr(spark, "run_spark_tasks", lambda work, tasks: [work(json.loads(json.dumps(t))) for t in tasks])
    WRITERS["polars"](tmp_path / "stays.parquet")
    chosen = grouping("yantai_2023", "clean", with_trace=True)
    there = spark.group_file_on_spark(
        tmp_path / "stays.parquet", tmp_path / "there.parquet", chosen, only_results=only_results
    )
    here = group_file(tmp_path / "stays.parquet", tmp_path / "here.parquet", chosen, only_results=only_results)
    assert there == here
    assert (tmp_path / "there.parquet").read_bytes() == (tmp_path / "here.parquet").read_bytes()


def test_a_file_without_row_groups_has_no_tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "run_spark_tasks", lambda work, tasks: [work(task) for task in tasks])
    with pq.ParquetWriter(tmp_path / "stays.parquet", STAYS.drop(ANSWER).to_arrow().schema):
        pass
    spark.group_file_on_spark(tmp_path / "stays.parquet", tmp_path / "out.parquet", CHOSEN)
    assert pl.read_parquet(tmp_path / "out.parquet").columns == STAYS.columns


@pytest.mark.parametrize("number", [1, 8, 9])
def test_columns_in_other_files_and_encrypted_ones_are_not_copied(number: int) -> None:
    description = footer.read_footer(ORACLE)
    description[4][1][1][0][1][1][1][0][number] = footer.BINARY, b"elsewhere"
    assert splicing.Stored.of(description, ORACLE.stat().st_size) is None


@pytest.mark.parametrize("place", ["maker", "column", "path"])
def test_descriptions_that_are_no_text_are_not_copied(place: str) -> None:
    description = footer.read_footer(ORACLE)
    wrong = footer.BINARY, b"\xff"
    if place == "maker":
        description[6] = wrong
    elif place == "column":
        description[2][1][1][3][4] = wrong
    else:
        description[4][1][1][0][1][1][1][0][3][1][3][1][1][0] = b"\xff"
    assert splicing.Stored.of(description, ORACLE.stat().st_size) is None


def test_columns_that_lie_outside_the_file_are_not_copied() -> None:
    assert splicing.Stored.of(footer.read_footer(ORACLE), 1000) is None
    assert splicing.Stored.of({}, 1000) is None


def test_a_footer_is_written_as_it_was_read() -> None:
    content = ORACLE.read_bytes()
    assert footer.written(footer.read_footer(ORACLE)) == content[-8 - int.from_bytes(content[-8:-4], "little") : -8]


SCALARS: dict[int, st.SearchStrategy[Any]] = {
    footer.BYTE: st.integers(0, 255),
    footer.I16: st.integers(-(2**15), 2**15 - 1),
    footer.I32: st.integers(-(2**31), 2**31 - 1),
    footer.I64: st.integers(-(2**63), 2**63 - 1),
    footer.DOUBLE: st.binary(min_size=8, max_size=8),
    footer.BINARY: st.binary(max_size=20),
}
VALUES = st.one_of(
    *(st.tuples(st.just(kind), values) for kind, values in SCALARS.items()),
    st.just((footer.TRUE, True)),
    st.just((footer.FALSE, False)),
    *(
        st.tuples(st.sampled_from([footer.LIST, footer.SET]), st.tuples(st.just(kind), st.lists(values, max_size=20)))
        for kind, values in SCALARS.items()
    ),
    st.lists(st.tuples(st.binary(max_size=5), st.integers(-99, 99)), min_size=1, max_size=3).map(
        lambda pairs: (footer.MAP, (footer.BINARY << 4 | footer.I32, pairs))
    ),
)
STRUCTS = st.recursive(
    st.dictionaries(st.integers(1, 300), VALUES, max_size=4),
    lambda inner: st.dictionaries(
        st.integers(1, 300),
        st.one_of(
            st.tuples(st.just(footer.STRUCT), inner),
            st.lists(inner, max_size=20).map(lambda items: (footer.LIST, (footer.STRUCT, items))),
        ),
        max_size=3,
    ),
    max_leaves=6,
)


@settings(max_examples=100)
@given(STRUCTS)
def test_every_struct_comes_back(struct: footer.Struct) -> None:
    assert footer.read_struct(footer.written(struct)) == struct


@settings(max_examples=100)
@given(st.binary(max_size=60))
def test_bytes_that_are_no_struct_are_refused(data: bytes) -> None:
    try:
        found = footer.read_struct(data)
    except ValueError:
        return
    assert footer.read_struct(footer.written(found)) == found
