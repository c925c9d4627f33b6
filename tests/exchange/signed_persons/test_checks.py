"""Signed persons: checks row by row, one agreement per person on a day, and the same intake as every contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import polars as pl
import pytest

from sanyi.exchange.intake import services as intake
from sanyi.exchange.intake.codes import BatchState
from sanyi.exchange.intake.tables import registered
from sanyi.exchange.signed_persons import rules, services
from sanyi.exchange.signed_persons.tables import SIGNED_PERSON
from tests.exchange.checking import Checked, checked
from tests.exchange.files import changed, csv_bytes
from tests.registry.county import BUREAU, County

CASES: tuple[tuple[str, dict[str, str | None], list[str]], ...] = (
    ("as the example", {}, []),
    ("for one day", {"ends_on": "2025-01-01"}, []),
    ("ends a day before it starts", {"ends_on": "2024-12-31"}, ["ends_before_start"]),
    ("starts next year", {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}, []),
    ("a wrong identity number", {"certificate_number": "990830195203140017"}, ["certificate_wrong"]),
    ("another birthday than the card's", {"born_on": "1952-03-15"}, ["birth_against_certificate"]),
    ("no card, no birthday to compare", {"certificate_type_code": "08", "certificate_number": "E1",
                                         "born_on": "1952-03-15"}, []),
    ("signed on the day of birth", {"certificate_type_code": "99", "certificate_number": "XSE1",
                                    "born_on": "2025-01-01"}, []),
    ("signed a day before birth", {"certificate_type_code": "99", "certificate_number": "XSE1",
                                   "born_on": "2025-01-02"}, ["born_after_start"]),
    ("uninsured", {"insurance_type_code": None, "insured_place_code": None}, []),
)  # fmt: skip
DECLARED = registered()[SIGNED_PERSON.name]


def row(number: int = 1, /, **changes: str | None) -> dict[str, str]:
    """A right row after the first example."""
    return changed({**services.examples()[0], "agreement_id": f"QY{number:06d}"}, changes)


@pytest.fixture(scope="module")
def judged() -> Iterator[Checked]:
    """All cases in one file, one row each in their order; the first row of data is row 2."""
    rows = [row(at, **case[1]) for at, case in enumerate(CASES, start=1)]
    with checked(csv_bytes(DECLARED, *rows), contract=DECLARED) as found:
        yield found


@pytest.mark.parametrize("at", range(len(CASES)), ids=[case[0] for case in CASES])
def test_a_row(judged: Checked, at: int) -> None:
    issues = judged.issues.filter(pl.col("row_number") == at + 2)
    assert issues["code"].to_list() == [f"exchange.signed_persons.{code}" for code in CASES[at][2]]
    assert judged.rows.filter(pl.col("_row_number") == at + 2).height == (0 if CASES[at][2] else 1)


def test_of_the_birthday_only_the_year_enters(judged: Checked) -> None:
    assert not {"person_name", "certificate_number", "born_on"} & set(judged.rows.columns)
    assert judged.rows["birth_year"].to_list()[:2] == [1952, 1952]


@pytest.mark.parametrize(("last", "is_doubted"), [("2027-12-31", False), ("2028-01-01", False), ("2028-01-02", True)])
def test_a_period_of_more_than_three_years_is_doubted(last: str, is_doubted: bool) -> None:
    with checked(csv_bytes(DECLARED, row(1, ends_on=last)), contract=DECLARED) as found:
        assert found.codes() == [] and found.rows.height == 1
        assert found.codes(warnings=True) == ["exchange.signed_persons.period_long"] * is_doubted


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_chronic": "可能"}, "exchange.intake.truth_unreadable"),
        ({"born_on": None}, "table.value_missing"),
        ({"ends_on": "2025-02-30"}, "exchange.intake.date_unreadable"),
    ],
)
def test_what_the_form_itself_refuses(changes: dict[str, str | None], code: str) -> None:
    with checked(csv_bytes(DECLARED, row(1, **changes)), contract=DECLARED) as found:
        assert found.codes()[:1] == [code] and found.rows.is_empty()


def agreements(*rows: tuple[str, str, str, date, date]) -> pl.LazyFrame:
    """Rows of person_key, institution_code, agreement_id and the period."""
    names = ["person_key", "institution_code", "agreement_id", "starts_on", "ends_on"]
    return pl.LazyFrame(rows, schema=names, orient="row")


def test_one_agreement_per_person_on_a_day() -> None:
    first, june, last = date(2025, 1, 1), date(2025, 6, 1), date(2025, 12, 31)
    found = agreements(
        ("A", "H1", "1", first, last),
        ("A", "H2", "2", june, last),
        ("B", "H2", "4", first, last),
        ("B", "H1", "9", first, last),
        ("C", "H1", "5", first, date(2025, 5, 31)),
    )
    on_may, on_june = (
        dict(rules.signed_on(found, day).select("person_key", "agreement_id").collect().iter_rows())
        for day in (date(2025, 5, 31), june)
    )
    assert on_may == {"A": "1", "B": "9", "C": "5"} and on_june == {"A": "2", "B": "9"}


def test_the_template_takes_its_own_examples(db: Any) -> None:
    book = openpyxl.load_workbook(BytesIO(intake.template(DECLARED)))
    assert len(book.sheetnames) > 1
    with checked(csv_bytes(DECLARED, *services.examples()), contract=DECLARED) as found:
        assert found.codes() == []


def send(county: County, *rows: dict[str, str]) -> Any:
    by = county.actor("insurance_officer", BUREAU)
    batch = intake.receive(csv_bytes(DECLARED, *rows), SIGNED_PERSON.name, BUREAU, by=by, file_name="签约.csv")
    return batch if batch.state is not BatchState.CHECKED else intake.accept(batch, by=by)


def test_an_agreement_that_was_given_up_is_sent_again(county: County) -> None:
    assert services.current() is None and services.signed_on(date(2025, 6, 1)) is None
    first = send(county, row(1), row(2, ends_on="2024-01-01"))
    assert (first.state, first.written_count, first.refused_count) == (BatchState.ACCEPTED, 1, 1)
    send(county, row(1, ends_on="2025-03-31"))
    on_march, on_april = (services.signed_on(day) for day in (date(2025, 3, 31), date(2025, 4, 1)))
    assert on_march is not None and on_april is not None
    assert on_march.collect()["agreement_id"].to_list() == ["QY000001"] and on_april.collect().is_empty()
