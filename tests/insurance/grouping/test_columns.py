"""Columns of any reasonable type are read alike; anything else is a sentence, never a crash."""

import datetime
import decimal
import math
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from sanyi.insurance.grouping import group_frame, group_record, group_table, number_codes
from sanyi.insurance.grouping.engine import columns
from sanyi.insurance.grouping.files.running import CHINESE_NAMES
from sanyi.insurance.grouping.tables import STAY_TO_GROUP
from sanyi.kernel.refusals import RefusedError

ORACLE = pl.read_parquet(Path(__file__).parent / "oracle" / "yantai_2023.parquet")
ANSWER = ["status", "mdc", "adrg", "drg"]
NUMBERS = ["sex", "age", "age_days", "weight", "los"]


def answers(frame: pl.DataFrame, scheme: str = "yantai_2023") -> pl.DataFrame:
    return group_frame(frame.drop(ANSWER, strict=False), scheme).select(ANSWER)


@pytest.mark.parametrize("kind", [pl.Int32, pl.Int64, pl.UInt64, pl.Float32, pl.Float64, pl.String, pl.Decimal(20, 2)])
def test_numbers_may_have_any_type(kind: Any) -> None:
    frame = ORACLE.with_columns(pl.col(name).cast(pl.Int64).clip(0).cast(kind) for name in NUMBERS)
    assert answers(frame).equals(ORACLE.select(ANSWER))


def test_numbers_as_text_with_blanks_and_decimal_points() -> None:
    frame = ORACLE.with_columns((" " + pl.col(name).cast(pl.String) + ".0 ").alias(name) for name in NUMBERS)
    assert answers(frame).equals(ORACLE.select(ANSWER))


def test_sex_as_words() -> None:
    words = pl.col("sex").cast(pl.String).replace({"1": "男", "2": " 女 "})
    assert answers(ORACLE.with_columns(words)).equals(ORACLE.select(ANSWER))


@pytest.mark.parametrize("kind", [pl.Categorical, pl.Enum(["1", "2", "3", "4", "5", "9"])])
def test_texts_may_be_categories(kind: Any) -> None:
    frame = ORACLE.with_columns(pl.col("leaving").cast(kind), pl.col("dx").cast(pl.Categorical))
    assert answers(frame).equals(ORACLE.select(ANSWER))


def test_codes_may_be_lists_or_use_either_separator() -> None:
    lists = ORACLE.with_columns(
        dx=pl.col("dx").str.split("|"), px=pl.when(pl.col("px") != "").then(pl.col("px").str.split("|"))
    )
    assert answers(lists).equals(ORACLE.select(ANSWER))
    commas = ORACLE.with_columns(dx=pl.col("dx").str.replace("|", ",", literal=True))
    assert answers(commas).equals(ORACLE.select(ANSWER))


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())])
def test_arrow_texts_of_every_kind(kind: pa.DataType) -> None:
    table = ORACLE.drop(ANSWER).to_arrow().select([*NUMBERS, "dept", "leaving", "dx", "px"])
    for name in ("dx", "px", "leaving"):
        place = table.schema.get_field_index(name)
        column = table.column(name).cast(pa.string())
        column = column.dictionary_encode() if pa.types.is_dictionary(kind) else column.cast(kind)
        table = table.set_column(place, name, column)
    found = pl.from_arrow(group_table(table, "yantai_2023").select(ANSWER))
    assert found.equals(ORACLE.select(ANSWER))


def test_codes_may_be_numbered_once_for_all_schemes() -> None:
    texts = ["G40.900|E11.900", "", None, "|", "NOPE", "A00.000,"]
    odd = pl.concat([ORACLE.head(6).with_columns(dx=pl.Series(texts), px=pl.Series(texts[::-1])), ORACLE])
    numbered = number_codes(odd.drop(ANSWER))
    assert numbered.schema["dx"] == pl.List(pl.Int32)
    for scheme in ("yantai_2023", "zhejiang_2022", "chs_drg_10"):
        assert answers(numbered, scheme).equals(answers(odd, scheme))
    beyond = numbered.with_columns(dx=pl.col("dx").list.eval(pl.element() + 10**6))
    assert set(answers(beyond)["status"]) <= {"无法入组", "信息校验不通过", "分组成功"}


def test_leaving_as_a_number() -> None:
    stay = {"sex": 1, "age": 50, "age_days": None, "weight": None, "los": 3, "dx": "S01.800x031|S21.100x002", "px": ""}
    stays = pl.DataFrame([{**stay, "leaving": way} for way in (5, 1, None)])
    expected = ["ZZ17", "ZZ15", "ZZ15"]
    assert group_frame(stays, "changzhou_2022", mode="clean")["drg"].to_list() == expected
    assert (
        group_frame(stays.with_columns(pl.col("leaving").cast(pl.Float64)), "changzhou_2022", mode="clean")[
            "drg"
        ].to_list()
        == expected
    )


@pytest.mark.parametrize(
    "value", [None, math.nan, math.inf, 50.5, "fifty", "", "五十", b"50", decimal.Decimal("1.5"), [50], True, object()]
)
def test_an_age_that_is_no_whole_number_is_unknown(value: Any) -> None:
    assert group_record({"sex": 1, "age": value, "dx": "G40.900"}).status == "信息校验不通过"


@pytest.mark.parametrize("value", [50, 50.0, "50", " 50 ", "５０", "50.00", "+50", decimal.Decimal("50.0")])
def test_an_age_that_is_a_whole_number_is_read(value: Any) -> None:
    assert group_record({"sex": "男", "age": value, "dx": "G40.900"}).drg == "BV15"


def test_numbers_beyond_32_bits_are_no_overflow() -> None:
    stay = {"sex": 1, "age": 2**40, "age_days": -(2**50), "weight": 2**62, "dx": "G40.900", "px": ""}
    frame = pl.DataFrame([stay])
    assert group_frame(frame, "chs_drg_11")["drg"].to_list() == ["BV15"]


@pytest.mark.parametrize("name", ["sex", "age", "age_days", "weight", "dx", "px"])
def test_a_missing_column_is_named(name: str) -> None:
    with pytest.raises(RefusedError, match=f"缺少“{name}”列"):
        group_frame(ORACLE.drop(name))


def test_columns_are_only_needed_where_the_scheme_reads_them() -> None:
    frame = ORACLE.drop(*ANSWER, "los", "leaving", "dept")
    assert group_frame(frame, "yantai_2023").select(ANSWER).equals(ORACLE.select(ANSWER))
    with pytest.raises(RefusedError, match="缺少“leaving”列"):
        group_frame(frame, "changzhou_2022")
    with pytest.raises(RefusedError, match="缺少“dept”列"):
        group_frame(frame, "zhejiang_2022")


def test_intensive_care_hours_are_optional_and_read() -> None:
    stay = {"sex": [1], "age": [60], "age_days": [None], "weight": [None], "los": [9], "leaving": ["1"], "dept": [""],
            "dx": ["I20.000"], "px": [""]}  # fmt: skip
    frame = pl.DataFrame(stay)
    assert group_frame(frame, "foshan_2022")["drg"].to_list() == ["FR39"]
    for hours, drg in ((None, "FR39"), (0, "FR39"), (1, "FR32"), (120, "FR32"), (121, "FR30")):
        found = group_frame(frame.with_columns(icu_hours=pl.lit(hours, pl.Int64)), "foshan_2022")
        assert found["drg"].to_list() == [drg]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("age", pl.Series("age", [datetime.date(2024, 1, 1)])),
        ("age", pl.Series("age", [True])),
        ("dx", pl.Series("dx", [12])),
        ("dx", pl.Series("dx", [[1.5, 2.5]])),
        ("px", pl.Series("px", [b"37.5100"])),
        ("sex", pl.Series("sex", [{"a": 1}])),
    ],
)
def test_an_unreadable_type_is_named(name: str, column: pl.Series) -> None:
    frame = ORACLE.head(1).with_columns(column)
    with pytest.raises(RefusedError, match=f"“{name}”列的类型"):
        group_frame(frame)


def test_an_empty_frame_gives_empty_columns() -> None:
    found = group_frame(ORACLE.head(0).drop(ANSWER), with_trace=True)
    assert found.height == 0
    assert set(ANSWER) < set(found.columns)
    assert found.schema["trace_mcc"] == pl.Int64


def test_columns_of_nulls_are_unknown() -> None:
    frame = pl.DataFrame({name: [None, None] for name in ("sex", "age", "age_days", "weight", "dx", "px")})
    assert group_frame(frame)["status"].to_list() == ["信息校验不通过"] * 2


def test_slices_of_arrow_tables_are_read_where_they_lie() -> None:
    table = ORACLE.to_arrow().slice(700, 900)
    found = pl.from_arrow(group_table(table.drop_columns(ANSWER), "yantai_2023").select(ANSWER))
    assert found.equals(ORACLE.slice(700, 900).select(ANSWER))


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(RefusedError, match="没有名为“烟台”的分组方案.*yantai_2023|没有名为“烟台”"):
        group_frame(ORACLE, "烟台")
    with pytest.raises(RefusedError, match="没有名为“fast”的分组模式"):
        group_frame(ORACLE, mode="fast")


def test_the_contract_names_what_the_grouper_reads() -> None:
    assert {column.name for column in STAY_TO_GROUP.columns} == {"case_id", *columns.ALL}
    assert CHINESE_NAMES["诊断编码"] == "dx"
    assert len(CHINESE_NAMES) == len(STAY_TO_GROUP.columns)
