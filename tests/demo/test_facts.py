"""The year's files: who sends what when, in which form, and the same bytes again."""

from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from sanyi.demo import facts, samples
from sanyi.demo.facts import File, files_of_year
from sanyi.demo.settlement_lists import REFUSED, as_form, as_sent
from sanyi.demo.workbooks import workbook
from sanyi.exchange.settlement_list.tables import SETTLEMENT_LIST
from tests.demo.conftest import SEED, Made, made

LEAD = "芮城县人民医院"


@pytest.fixture(scope="module")
def small() -> Made:
    """As many residents as a newcomer's first county has."""
    return made("ruicheng", 20_000, SEED)


@pytest.fixture(scope="module")
def files(small: Made) -> list[File]:
    """All files of the year."""
    county = small.county
    return list(files_of_year(county, small.lists, as_sent(small.lists, county.profile, county.draws)))


def test_every_stay_is_sent_once_but_the_lead_hospitals_last_month(small: Made, files: list[File]) -> None:
    first = pl.concat([file.rows.select("settlement_id") for file in files if "更正" not in file.name])
    kept = facts.last_month_of_lead(small.county, small.lists)
    assert first.height == first.n_unique() == small.lists.height - kept.height
    assert kept.height > 50 and set(kept["institution_name"]) == {LEAD}
    assert first.join(kept, on="settlement_id").height == 0


def test_hospitals_send_by_month_and_small_institutions_by_quarter(files: list[File]) -> None:
    count = Counter(file.name.split("-")[0] for file in files if "更正" not in file.name)
    assert count[LEAD] == 11 and count["芮城县中医医院"] == 12
    assert all(number <= 4 for name, number in count.items() if name.startswith("阳城镇"))


def test_a_file_holds_one_institution_and_its_own_months(files: list[File]) -> None:
    for file in files:
        assert file.rows["institution_code"].unique().to_list() == [file.institution_code]
        if "更正" not in file.name and LEAD in file.name:
            month = int(file.name.split("年")[1][:2])
            right = file.rows.filter(pl.col("refused") == "")
            assert (right["discharged_at"].dt.month() == month).all()


def test_files_come_after_their_month_and_before_today(files: list[File]) -> None:
    for file in files:
        month = 6 if "更正" in file.name else int(file.name.split("年")[1][:2])
        first_day = date(2025 + month // 12, month % 12 + 1, 1)
        assert 2 <= (file.received_at.date() - first_day).days <= 14


def test_the_correction_holds_the_true_rows_of_what_was_wrong(small: Made, files: list[File]) -> None:
    (correction,) = [file for file in files if "更正" in file.name]
    sent = as_sent(small.lists, small.county.profile, small.county.draws)
    early = sent.filter((pl.col("refused") != "") & (small.lists["discharged_at"].dt.month() <= 6))
    expected = early.filter(pl.col("institution_name") == LEAD)
    assert sorted(correction.rows["settlement_id"]) == sorted(expected["settlement_id"])
    true = small.lists.join(correction.rows.select("settlement_id"), on="settlement_id", how="semi")
    assert as_form(correction.rows).equals(as_form(true))


def test_two_files_wait_for_somebody_to_accept_them(files: list[File]) -> None:
    waiting = [file for file in files if file.waits]
    assert len(waiting) == 2 and all("12月" in file.name for file in waiting)


def test_files_come_in_three_forms_that_read_back(files: list[File]) -> None:
    by_kind = {file.kind: file for file in files}
    assert set(by_kind) == {"xlsx", "csv", "gb18030.csv"}
    form = as_form(by_kind["xlsx"].rows)
    sheet = CalamineWorkbook.from_filelike(BytesIO(by_kind["xlsx"].content())).get_sheet_by_index(0).to_python()
    assert sheet[0] == form.columns and len(sheet) == form.height + 1
    assert [cell or None for cell in sheet[1]] == list(form.row(0))
    for kind, encoding in (("csv", "utf-8-sig"), ("gb18030.csv", "gb18030")):
        form = as_form(by_kind[kind].rows)
        text = by_kind[kind].content().decode(encoding)
        back = pl.read_csv(text.encode(), infer_schema_length=0)
        assert back.equals(form)


def test_the_same_rows_are_the_same_bytes(small: Made, files: list[File]) -> None:
    county = small.county
    again = list(files_of_year(county, small.lists, as_sent(small.lists, county.profile, county.draws)))
    assert [file.name for file in again] == [file.name for file in files]
    for one, other in list(zip(files, again, strict=True))[::9]:
        assert one.content() == other.content()
    form = as_form(small.lists.head(5))
    assert workbook(form, SETTLEMENT_LIST.zh) == workbook(form, SETTLEMENT_LIST.zh)


def test_the_sample_has_one_row_of_every_mistake(small: Made, tmp_path: Path) -> None:
    wrong, right = samples.write(tmp_path / "samples", small.county, small.lists)
    one, other = (CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python() for path in (wrong, right))
    assert one[0] == other[0] and len(one) == len(other)
    assert sum(a != b for a, b in zip(one, other, strict=True)) == len(REFUSED)
