"""Settlements outside the county: checks row by row, and the way through the same intake as every contract."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.conf import settings

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.tables import registered
from sanyi.exchange.lake.services import lake
from sanyi.exchange.outside_stays import services
from sanyi.exchange.outside_stays.tables import OUTSIDE_STAY
from tests.exchange.checking import Checked, checked
from tests.exchange.outside_stays.outside import csv_bytes, row
from tests.registry.county import BUREAU, County

CASES: tuple[tuple[str, dict[str, str | None], list[str]], ...] = (
    ("as the examples", {}, []),
    ("discharged on the day of admission", {"admitted_on": "2025-03-10"}, []),
    ("discharged a day before", {"admitted_on": "2025-03-11"}, ["discharge_before_admission"]),
    ("discharged on the day of sending", {"discharged_on": "2025-04-01"}, []),
    ("discharged after it", {"discharged_on": "2025-04-02"}, ["discharge_to_come"]),
    ("another county's insured", {"insured_place_code": "140829"}, ["not_insured_here"]),
    ("the county's twelve digits", {"insured_place_code": settings.SANYI_COUNTY}, []),
    ("treated in the county", {"institution_place_code": settings.SANYI_COUNTY[:6]}, ["treated_here"]),
    ("the funds paid all", {"fund_payment_fen": "23456.78"}, []),
    ("the funds paid a fen more", {"fund_payment_fen": "23456.79"}, ["fund_over_total"]),
    ("the pooled fund paid a fen more", {"pooled_fund_payment_fen": "12000.01"}, ["pooled_over_fund"]),
    ("more in policy than charged", {"in_policy_fen": "23456.79"}, ["in_policy_over_total"]),
    ("in policy unknown", {"in_policy_fen": None}, []),
    ("a wrong identity number", {"certificate_number": "990830195203140017"}, ["certificate_wrong"]),
    ("a passport is no identity number", {"certificate_type_code": "08", "certificate_number": "E1"}, []),
)  # fmt: skip


@pytest.fixture(scope="module")
def judged() -> Iterator[Checked]:
    """All cases in one file, one row each in their order; the first row of data is row 2."""
    rows = [row(at, **case[1]) for at, case in enumerate(CASES, start=1)]
    declared = registered()[OUTSIDE_STAY.name]
    with checked(csv_bytes(*rows), contract=declared, county_code=settings.SANYI_COUNTY) as found:
        yield found


@pytest.mark.parametrize("at", range(len(CASES)), ids=[case[0] for case in CASES])
def test_a_row(judged: Checked, at: int) -> None:
    issues = judged.issues.filter(pl.col("row_number") == at + 2)
    assert issues["code"].to_list() == [f"exchange.outside_stays.{code}" for code in CASES[at][2]]
    assert judged.rows.filter(pl.col("_row_number") == at + 2).height == (0 if CASES[at][2] else 1)


def test_no_name_number_or_birthday_enters(judged: Checked) -> None:
    assert not {"person_name", "certificate_number", "born_on"} & set(judged.rows.columns)
    assert judged.rows["person_key"].null_count() == 0


def test_the_template_takes_its_own_examples(db: Any) -> None:
    book = openpyxl.load_workbook(BytesIO(intake.template(registered()[OUTSIDE_STAY.name])))
    assert (
        any("异地" in (sheet.title + str(sheet.cell(1, 1).value or "")) for sheet in book) or len(book.sheetnames) > 1
    )
    county = settings.SANYI_COUNTY
    declared = registered()[OUTSIDE_STAY.name]
    with checked(csv_bytes(*services.examples()), contract=declared, county_code=county) as found:
        assert found.codes() == []


def send(county: County, *rows: dict[str, str]) -> Any:
    by = county.actor("insurance_officer", BUREAU)
    batch = intake.receive(csv_bytes(*rows), OUTSIDE_STAY.name, BUREAU, by=by, file_name="异地.csv")
    return batch if batch.state is not BatchState.CHECKED else intake.accept(batch, by=by)


def test_a_corrected_settlement_supersedes_and_a_wrong_one_waits_outside(county: County) -> None:
    first = send(county, row(1), row(2), row(3, fund_payment_fen="99999"))
    assert (first.state, first.written_count, first.refused_count) == (BatchState.ACCEPTED, 2, 1)
    send(county, row(1, fund_payment_fen="11000.00"))
    found = services.current()
    assert found is not None
    paid = dict(found.select("settlement_id", "fund_payment_fen").collect().iter_rows())
    assert paid == {"YD000001": 1_100_000, "YD000002": 1_200_000}
    assert lake().scan(OUTSIDE_STAY.name).collect().height == 3


def test_nothing_was_ever_sent(county: County) -> None:
    assert services.current() is None
