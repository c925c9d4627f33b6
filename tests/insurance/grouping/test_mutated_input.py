"""Whatever happened to a file before it came here: no crash, a status for every stay, or a sentence for the table."""

from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanyi.insurance.grouping import explain, group_frame, group_table
from sanyi.insurance.grouping.codes import Status
from sanyi.insurance.grouping.engine import columns
from sanyi.kernel.refusals import RefusedError
from tests.insurance.grouping.random_stays import RandomStays

SCHEMES = ["chs_drg_11", "zhejiang_2022", "foshan_2022", "changzhou_2022", "suzhou_2023", "yunnan_2023"]
HUGE = "A00.000|" * 20_000 + "霍" * 10_000
TEXTS: dict[str, Any] = {
    "missing": lambda column: pl.lit(None),
    "missing texts": lambda column: pl.lit(None, pl.String),
    "empty": lambda column: pl.lit(""),
    "huge": lambda column: pl.lit(HUGE),
    "other separators": lambda column: column.cast(pl.String).str.replace_all(r"[|,]", "；"),
    "doubled separators": lambda column: column.cast(pl.String).str.replace_all("|", "||", literal=True),
    "separators alone": lambda column: pl.lit("|,|,"),
    "control characters": lambda column: pl.lit("\0\n\t\ufeff"),
    "lower case": lambda column: column.cast(pl.String).str.to_lowercase(),
    "full width": lambda column: pl.lit("Ａ００．０００"),
    "lists": lambda column: column.cast(pl.String).str.split("|"),
    "empty lists": lambda column: pl.lit([], pl.List(pl.String)),
    "categories": lambda column: column.cast(pl.String).cast(pl.Categorical),
    "text of numbers": lambda column: pl.lit("1e400"),
}
NUMBERS: dict[str, Any] = {
    "fractions": lambda column: pl.lit(0.5),
    "not a number": lambda column: pl.lit(float("nan")),
    "infinite": lambda column: pl.lit(float("inf")),
    "greatest": lambda column: pl.lit(2**64 - 1, pl.UInt64),
    "least": lambda column: pl.lit(-(2**63), pl.Int64),
    "greatest of 128 bits": lambda column: pl.lit(2**127 - 1, pl.Int128),
    "without sign, of 128 bits": lambda column: pl.lit(2**127, pl.UInt128),
    "booleans": lambda column: pl.lit(True),
    "dates": lambda column: pl.date(2025, 1, 1),
}
MUTATIONS = TEXTS | NUMBERS
STATUSES = {str(status) for status in Status}


@given(
    st.sampled_from(SCHEMES),
    st.sampled_from(["strict", "clean"]),
    st.booleans(),
    st.dictionaries(st.sampled_from(columns.ALL), st.sampled_from(sorted(MUTATIONS)), min_size=1, max_size=4),
)
def test_a_mutated_table_gives_every_stay_a_status_or_is_refused(
    scheme: str, mode: str, is_translated: bool, mutated: dict[str, str]
) -> None:
    frame = RandomStays(scheme, 77).frame(12)
    frame = frame.with_columns(MUTATIONS[kind](pl.col(name)).alias(name) for name, kind in mutated.items())
    try:
        found = group_frame(frame, scheme, mode, is_translated, with_trace=True)
    except RefusedError as error:
        assert {refusal.place.column for refusal in error.refusals} <= mutated.keys()
        return
    assert found.height == frame.height
    assert set(found["status"]) <= STATUSES
    assert found.select("mdc", "adrg", "drg").null_count().sum_horizontal().item() == 0


@pytest.mark.parametrize("name", columns.ALL)
def test_a_column_that_is_absent_is_refused_or_not_needed(name: str) -> None:
    frame = RandomStays("changzhou_2022", 5).frame(4).drop(name)
    try:
        assert set(group_frame(frame, "changzhou_2022")["status"]) <= STATUSES
    except RefusedError as error:
        assert [refusal.place.column for refusal in error.refusals] == [name]
        assert name in {*columns.REQUIRED, *columns.REQUIRED_WHEN_READ}


def test_columns_nobody_knows_are_kept_and_not_read() -> None:
    frame = RandomStays("chs_drg_11", 6).frame(5).with_columns(ward=pl.lit("五"), 主诉=pl.lit(None), **{"": pl.lit(1)})
    found = group_frame(frame)
    assert found.select(frame.columns).equals(frame)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary()])
def test_texts_of_any_arrow_kind_are_read_alike_or_refused(kind: pa.DataType) -> None:
    frame = RandomStays("chs_drg_11", 7).frame(20)
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    place = table.schema.get_field_index("dx")
    mutated = table.set_column(place, "dx", table.column("dx").cast(kind))
    if pa.types.is_binary(kind):
        with pytest.raises(RefusedError):
            group_table(mutated)
    else:
        assert group_table(mutated).column("drg").to_pylist() == group_frame(frame)["drg"].to_list()


@pytest.mark.parametrize("kind", [pl.Int8, pl.UInt64, pl.Int128, pl.UInt128, pl.Float32, pl.Decimal(20, 3), pl.String])
def test_ages_of_any_kind_of_number_are_read_alike(kind: Any) -> None:
    frame = RandomStays("chs_drg_11", 8).frame(30).filter(pl.col("age") >= 0)
    mutated = frame.with_columns(pl.col("age").cast(kind))
    assert group_frame(mutated)["drg"].equals(group_frame(frame)["drg"])


def test_a_code_that_is_no_text_of_unicode_has_reasons_too() -> None:
    lines = explain({"sex": 1, "age": 50, "dx": "\ud800|G40.900", "px": ["\udfff"]})
    assert lines[-1].zh == "结果：无法入组。"
