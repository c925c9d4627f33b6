"""Strict mode returns the published grouper's answers on its own files: status, MDC, ADRG and DRG, every stay."""

from pathlib import Path

import polars as pl
import pytest

from sanyi.insurance.grouping import group_frame, group_table

FOLDER = Path(__file__).parent / "oracle"
ANSWER = ["status", "mdc", "adrg", "drg"]
FILES = [("chs_drg_11", False), ("chs_drg_10", False), ("yantai_2023", False), ("chs_drg_11_trans", True)]


def read(name: str) -> pl.DataFrame:
    return pl.read_parquet(FOLDER / f"{name}.parquet")


@pytest.mark.parametrize(("name", "is_translated"), FILES)
def test_every_stay_of_the_file_agrees(name: str, is_translated: bool) -> None:
    frame = read(name)
    found = group_frame(frame.drop(ANSWER), name.removesuffix("_trans"), translate=is_translated)
    assert found.height == 2000
    assert found.select(ANSWER).equals(frame.select(ANSWER))
    assert found.schema == frame.schema


@pytest.mark.parametrize(("name", "is_translated"), FILES)
def test_the_arrow_form_agrees(name: str, is_translated: bool) -> None:
    frame = read(name)
    table = group_table(frame.to_arrow(), name.removesuffix("_trans"), translate=is_translated)
    assert pl.from_arrow(table.select(ANSWER)).equals(frame.select(ANSWER))


def test_answers_already_in_the_frame_are_replaced_and_the_rest_is_kept() -> None:
    frame = read("yantai_2023")
    wrong = frame.with_columns(pl.lit("?").alias(name) for name in ANSWER).with_columns(ward=pl.lit("五病区"))
    found = group_frame(wrong, "yantai_2023")
    assert found.drop("ward").equals(frame)
    assert found["ward"].unique().to_list() == ["五病区"]


def test_the_order_of_rows_does_not_matter() -> None:
    frame = read("chs_drg_10").sample(fraction=1.0, shuffle=True, seed=3)
    assert group_frame(frame.drop(ANSWER), "chs_drg_10").equals(frame)
