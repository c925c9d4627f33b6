"""A whole year straight into a lake: every table, once, and read back by the services' own rules."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sanyi.demo.year import write_year
from sanyi.exchange.claim_lines.rules import differences
from sanyi.exchange.claim_lines.tables import CLAIM_LINE
from sanyi.exchange.lake.services import Lake
from sanyi.exchange.outpatient_visits.tables import OUTPATIENT_VISIT
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from sanyi.insurance.grouping.tables import GROUPED_STAY

TABLES = ("settlement_list", "grouped_stay", "outside_stay", "signed_person", "outpatient_visit", "claim_line")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """A county of 1,200 in two pieces."""
    folder = tmp_path_factory.mktemp("year")
    return folder, write_year(folder, "ruicheng", 1_200, chunk_residents=700)


def test_every_table_holds_every_row_once(written: tuple[Path, dict[str, int]]) -> None:
    folder, rows = written
    assert set(rows) == set(TABLES) and min(rows.values()) > 10
    for name in TABLES:
        found = pl.read_delta(str(folder / name))
        assert found.height == rows[name] and found["_batch_number"].unique().sort().to_list() == [1, 2]
    again = write_year(folder, "ruicheng", 1_200, chunk_residents=700)
    assert Lake(folder).scan("claim_line").select(pl.len()).collect().item() == rows["claim_line"]
    assert sum(again.values()) <= sum(rows.values())


def test_stays_are_grouped_and_lines_belong_to_settlements(written: tuple[Path, dict[str, int]]) -> None:
    lake = Lake(written[0])
    lists, grouped = lake.current(SETTLEMENT_LIST).collect(), lake.current(GROUPED_STAY).collect()
    key = ["institution_code", "settlement_id"]
    assert lists.height == grouped.height and lists.join(grouped, on=key, how="anti").is_empty()
    assert (grouped["status"] == "分组成功").mean() > 0.9 and grouped["total_fen"].sum() == lists["total_fen"].sum()
    visits = lake.current(OUTPATIENT_VISIT)
    totals = pl.concat([visits.select(*key, "total_fen"), lists.lazy().select(*key, "total_fen")])
    lines = lake.current(CLAIM_LINE)
    assert differences(lines, totals).collect().is_empty()
    assert lines.join(totals, on=key, how="anti").collect().is_empty()


def test_without_lines_the_rest_is_the_same(tmp_path: Path) -> None:
    rows = write_year(tmp_path, "ruicheng", 400, has_lines=False)
    assert set(rows) == set(TABLES) - {"claim_line"} and not (tmp_path / "claim_line").exists()
