"""One meaning everywhere: a record, a table, compiled code, plain Python and Spark give the same groups and traces."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanyi.insurance.grouping import group_frame, group_record, group_table, schemes
from sanyi.insurance.grouping.codes import Status
from sanyi.insurance.grouping.engine import native
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


@settings(max_examples=15)
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


@pytest.mark.sweep
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
